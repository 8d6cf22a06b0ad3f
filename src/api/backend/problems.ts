/** The errors that all makes of services have in common. */
import type { OverspanError } from '../../base/errors.ts';
import { formatAddress, formatU64, type Address, type NetworkId } from '../../base/ids.ts';
import { apiError } from '../errors.ts';
import { backendNames, type BackendKind } from './backend.ts';

/** The network is not the service's. */
export function networkUnknown(kind: BackendKind, id: NetworkId): OverspanError {
  const network = formatU64(id);
  const where =
    kind === 'central' ? 'ZeroTier Central shows this account' : 'the controller here has';
  return apiError('NETWORK_NOT_OWNED', `${where} no network ${network}`, {
    remedy: 'see: overspan network list',
    details: { network },
  });
}

/** The network has no such member. */
export function memberUnknown(id: NetworkId, address: Address): OverspanError {
  const [network, member] = [formatU64(id), formatAddress(address)];
  return apiError('MEMBER_UNKNOWN', `network ${network} has no member ${member}`, {
    remedy: `see: overspan member list ${network}`,
    details: { network, member },
  });
}

/** The daemon owns no networks at all. */
export function noController(): OverspanError {
  return apiError('CONTROLLER_NOT_RUNNING', 'the daemon runs without a controller', {
    remedy:
      'run the command where the controller is, or start it: overspan up, without --no-controller',
  });
}

/** The make lets in again whoever asks, but on a private network: a ban would be a word. */
export function noBans(kind: BackendKind): OverspanError {
  return serviceLacks(
    kind,
    'knows no bans',
    'on a private network: overspan member deauthorize NETWORK MEMBER keeps it out; make the network private where it is not',
  );
}

/** The make has no such thing. @param what - the end of a sentence that begins with its name */
export function serviceLacks(kind: BackendKind, what: string, remedy: string): OverspanError {
  return apiError('SERVICE_LACKS', `${backendNames[kind]} ${what}`, {
    remedy,
    details: { service: kind },
  });
}
