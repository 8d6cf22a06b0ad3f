/** Which records are wanted. */
import type { Address, NetworkId } from '../../base/ids.ts';
import { messageNetworks } from './message-networks.ts';
import type { TraceRecord } from './trace-record.ts';

/** A record is wanted when it passes every list; an empty list passes all. */
export interface TraceFilter {
  /** Verb numbers, of packets that could be opened. */
  readonly verbs: ReadonlySet<number>;
  /** Sources and destinations. */
  readonly addresses: ReadonlySet<Address>;
  /** Networks that a message is about. */
  readonly networks: ReadonlySet<NetworkId>;
}

/** Whether a record passes. */
export function passes(filter: TraceFilter, record: TraceRecord): boolean {
  const { verbs, addresses, networks } = filter;
  if (verbs.size === 0 && addresses.size === 0 && networks.size === 0) return true;
  if (record.kind !== 'packet') {
    // Nothing but its destination is known of a piece, and nothing at all of the rest.
    if (verbs.size > 0 || networks.size > 0 || record.kind !== 'piece') return false;
    return addresses.has(record.destination);
  }
  const { source, destination, contents } = record;
  if (addresses.size > 0 && !addresses.has(source) && !addresses.has(destination)) return false;
  if (verbs.size > 0 && (contents === null || !verbs.has(contents.verb))) return false;
  if (networks.size === 0) return true;
  const message = contents?.message ?? null;
  return message !== null && messageNetworks(message).some((id) => networks.has(id));
}
