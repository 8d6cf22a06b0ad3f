/** A store that tells listeners of each change of networks, members and invitations as it is saved. */
import type { EventHub } from '../api/v1/event-hub.ts';
import { formatAddress, formatU64 } from '../base/ids.ts';
import type { DurableStore, StoreChange } from '../controller/store.ts';

/** The same store, overheard. */
export function observedStore(store: DurableStore, events: EventHub): DurableStore {
  return {
    load: () => store.load(),
    save: (change) => {
      store.save(change);
      tell(events, change);
    },
    flushed: () => store.flushed(),
    audit: (query) => store.audit(query),
  };
}

function tell(events: EventHub, change: StoreChange): void {
  switch (change.kind) {
    case 'network': {
      const { networkId, revision } = change.record;
      events.emit('network', { network: formatU64(networkId), revision });
      return;
    }
    case 'network-deleted':
      events.emit('network', { network: formatU64(change.networkId), isDeleted: true });
      return;
    case 'member': {
      const { networkId, address, revision, authorization } = change.record;
      events.emit('member', {
        network: formatU64(networkId),
        address: formatAddress(address),
        revision,
        isAuthorized: authorization !== null,
      });
      return;
    }
    case 'member-deleted':
      events.emit('member', {
        network: formatU64(change.networkId),
        address: formatAddress(change.address),
        isDeleted: true,
      });
      return;
    case 'invite':
      events.emit('invite', {
        network: formatU64(change.record.networkId),
        id: change.record.id,
        usesLeft: change.record.usesLeft,
      });
      return;
    case 'invite-deleted':
      events.emit('invite', {
        network: formatU64(change.networkId),
        id: change.id,
        isDeleted: true,
      });
      return;
    default:
  }
}
