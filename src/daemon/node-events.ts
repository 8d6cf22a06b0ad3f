/** What happens to the node itself, for who listens to /api/v1: in the words in which it is shown there. */
import type { JoinStatusV1 } from '../api/schema/v1-node.ts';
import type { EventHub } from '../api/v1/event-hub.ts';
import { formatAddress, formatU64 } from '../base/ids.ts';
import type { NetworkStatus, NodeEvent } from '../core/events.ts';

const joinStatuses: Readonly<Record<NetworkStatus, JoinStatusV1>> = {
  requesting: 'requesting-configuration',
  ok: 'ok',
  'access-denied': 'access-denied',
  'not-found': 'not-found',
  'authentication-required': 'authentication-required',
  'port-error': 'port-error',
  'client-too-old': 'client-too-old',
};

/** Tells it. */
export function tellEvent(events: EventHub, event: NodeEvent): void {
  switch (event.kind) {
    case 'online':
      events.emit('online', { isOnline: event.isOnline });
      return;
    case 'path': {
      const { address, endpoint, state } = event;
      events.emit('path', { address: formatAddress(address), endpoint: endpoint.key, state });
      return;
    }
    case 'network': {
      const { networkId, status } = event;
      events.emit('joined', { network: formatU64(networkId), status: joinStatuses[status] });
      return;
    }
    case 'remote-trace':
      events.emit('trace', { source: formatAddress(event.source), count: event.traces.length });
      return;
    default:
  }
}
