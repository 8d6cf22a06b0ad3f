/** What a node tells, as lines of the log. */
import { assertNever } from '../base/errors.ts';
import { formatAddress, formatU64 } from '../base/ids.ts';
import type { NodeEvent } from '../core/events.ts';
import type { Log } from './log.ts';

/** Logs an event; those that are done rather than told are somebody else's. */
export function logEvent(log: Log, event: Exclude<NodeEvent, { kind: 'tap' | 'persist' }>): void {
  switch (event.kind) {
    case 'online':
      log.info(event.isOnline ? 'online' : 'offline');
      return;
    case 'network':
      log.info('network', { network: formatU64(event.networkId), status: event.status });
      return;
    case 'path':
      log.debug(`path ${event.state}`, {
        peer: formatAddress(event.address),
        endpoint: event.endpoint.key,
      });
      return;
    case 'peer':
      log.debug('peer', { peer: formatAddress(event.identity.address) });
      return;
    case 'user-message':
      log.debug('user message', { peer: formatAddress(event.source), bytes: event.data.length });
      return;
    case 'remote-trace':
      log.debug('remote trace', { peer: formatAddress(event.source), traces: event.traces.length });
      return;
    case 'identity-collision':
      log.error('another node has our address: this identity cannot be used any more', {
        remedy: 'stop, move identity.secret away, and start again',
      });
      return;
    default:
      assertNever(event);
  }
}
