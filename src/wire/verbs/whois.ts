/**
 * WHOIS (0x04): addresses whose identities are wanted (vl1 3.8); the answer is OK(WHOIS).
 *
 *     address 5 × 1 or more
 */
import { formatAddress, type Address } from '../../base/ids.ts';
import { itemsMax, type VerbCodec } from './verb.ts';

const addressesMax = itemsMax(5);

/** A question to a root. */
export interface Whois {
  /** At least one; the reference asks for one at a time. */
  readonly addresses: readonly Address[];
}

/** WHOIS's codec. */
export const whois: VerbCodec<Whois> = {
  name: 'WHOIS',
  verb: 0x04,
  dropReasons: ['truncated', 'too-many'],
  layout: [{ name: 'addresses', size: '5 each, to the end', note: 'one or more' }],
  read(reader) {
    const addresses: Address[] = [];
    do addresses.push(reader.u40() as Address);
    while (reader.remaining >= 5 && addresses.length < addressesMax);
    if (reader.remaining >= 5) reader.fail('too-many');
    return { addresses };
  },
  write(writer, { addresses }) {
    for (const address of addresses) writer.u40(address);
  },
  describe: ({ addresses }) => addresses.map(formatAddress).join(' '),
  toJson: ({ addresses }) => ({ addresses: addresses.map(formatAddress) }),
};
