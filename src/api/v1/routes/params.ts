/** What stands in paths. */
import { parseAddress, parseNetworkId, type Address, type NetworkId } from '../../../base/ids.ts';
import { escapeText } from '../../../base/escape.ts';
import { apiError } from '../../errors.ts';

type Params = Readonly<Record<string, string>>;

/** @throws API_PATH_INVALID */
export function networkOf({ network = '' }: Params): NetworkId {
  const id = parseNetworkId(network);
  if (id !== null) return id;
  throw invalid(network, 'a network has 16 hexadecimal digits');
}

/** @throws API_PATH_INVALID */
export function memberOf({ member = '' }: Params): Address {
  const address = parseAddress(member);
  if (address !== null) return address;
  throw invalid(member, 'the address of a node has 10 hexadecimal digits');
}

/** A world: 16 digits, or 10 of them where zeros go before. @throws API_PATH_INVALID */
export function moonIdOf({ moon = '' }: Params): bigint {
  if (/^([0-9a-f]{10}|[0-9a-f]{16})$/i.test(moon)) return BigInt(`0x${moon}`);
  throw invalid(moon, 'a moon has 10 or 16 hexadecimal digits');
}

function invalid(word: string, remedy: string): Error {
  return apiError('API_PATH_INVALID', `${JSON.stringify(escapeText(word, 100))} is no id`, {
    remedy,
  });
}
