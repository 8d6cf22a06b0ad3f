/** Networks and nodes as arguments of commands. */
import { parseAddress, parseNetworkId, type Address, type NetworkId } from '../base/ids.ts';
import { escapeText } from '../base/escape.ts';
import { parseJoinText } from '../base/join-text.ts';
import { cliError } from './errors.ts';

/** Sixteen hexadecimal digits. @throws OPTION_INVALID */
export function networkArgument(word: string): NetworkId {
  const id = parseNetworkId(word);
  if (id !== null) return id;
  throw cliError('OPTION_INVALID', `"${escapeText(word)}" is no network`, {
    remedy: 'a network is 16 hexadecimal digits, for example 8056c2e21c000001',
  });
}

/** A network, or an invitation to one: its 16 digits, a dash, and 32 digits. @throws OPTION_INVALID */
export function joinArgument(word: string): {
  readonly id: NetworkId;
  readonly token: string | null;
} {
  return parseJoinText(word) ?? { id: networkArgument(word.trim()), token: null };
}

/** Ten hexadecimal digits. @throws OPTION_INVALID */
export function addressArgument(word: string): Address {
  const address = parseAddress(word);
  if (address !== null) return address;
  throw cliError('OPTION_INVALID', `"${escapeText(word)}" is no address of a node`, {
    remedy: 'an address is 10 hexadecimal digits, for example 1a2b3c4d5e',
  });
}
