/** Addresses of members as the service writes them: what it names is an address. */
import { parseAddress, type Address } from '../../../src/base/ids.ts';

/** The address of ten digits. */
export function knownAddress(text: string): Address {
  const address = parseAddress(text);
  if (address === null) throw new Error('invariant broken: the service names members by address');
  return address;
}
