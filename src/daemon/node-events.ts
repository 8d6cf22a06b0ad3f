/** What happens to the node itself, for who listens to /api/v1: in the words in which it is shown there. */
import type { EventHub } from '../api/v1/event-hub.ts';
import { joinStatuses } from '../api/v1/node-views.ts';
import { formatAddress, formatU64 } from '../base/ids.ts';
import type { NodeEvent } from '../core/events.ts';
import { statusNames } from './node-service.ts';

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
      events.emit('joined', {
        network: formatU64(networkId),
        status: joinStatuses[statusNames[status]],
      });
      return;
    }
    case 'remote-trace':
      events.emit('trace', { source: formatAddress(event.source), count: event.traces.length });
      return;
    default:
  }
}
