/** Which networks a message is about. */
import type { NetworkId } from '../../base/ids.ts';
import { qualifier, qualifierIds } from '../credentials/certificate-of-membership.ts';
import type { Message } from '../verbs/index.ts';

/** The networks that are named in a message, in its order, perhaps repeatedly; none of those that are about none. */
export function messageNetworks(message: Message): readonly NetworkId[] {
  switch (message.name) {
    case 'FRAME':
    case 'EXT_FRAME':
    case 'MULTICAST_FRAME':
    case 'MULTICAST_GATHER':
    case 'NETWORK_CONFIG':
    case 'NETWORK_CONFIG_REQUEST':
      return [message.value.networkId];
    case 'MULTICAST_LIKE':
      return message.value.likes.map(({ networkId }) => networkId);
    case 'NETWORK_CREDENTIALS': {
      const { value } = message;
      const memberships = value.certificatesOfMembership.flatMap((each) => {
        const network = qualifier(each, qualifierIds.networkId);
        return network === null ? [] : [network.value as NetworkId];
      });
      const others = [
        ...(value.capabilities ?? []),
        ...(value.tags ?? []),
        ...(value.revocations ?? []),
        ...(value.certificatesOfOwnership ?? []),
      ];
      return [...memberships, ...others.map(({ networkId }) => networkId)];
    }
    case 'OK':
      return 'networkId' in message.value.body.value ? [message.value.body.value.networkId] : [];
    case 'ERROR':
      return 'networkId' in message.value.body ? [message.value.body.networkId] : [];
    default:
      return [];
  }
}
