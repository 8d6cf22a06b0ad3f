/**
 * The body of OK(WHOIS): identities, back to back (vl1 3.6). The reference sends one and uses the first alone.
 */
import type { Codec } from '../codec.ts';
import { identity, type Identity } from '../identity.ts';
import { itemsMax } from './verb.ts';

const identityBytes = 71;
const identitiesMax = itemsMax(identityBytes);

/** The answer to a WHOIS. */
export interface OkWhois {
  /** At least one. Not checked against their addresses yet. */
  readonly identities: readonly Identity[];
}

/** OK(WHOIS)'s codec. */
export const okWhois: Codec<OkWhois> = {
  name: 'OK(WHOIS)',
  layout: [{ name: 'identities', size: '71 each, to the end', note: 'one or more' }],
  read(reader) {
    const identities: Identity[] = [];
    do {
      if (identities.length === identitiesMax) reader.fail('too-many');
      identities.push(identity.read(reader));
    } while (reader.remaining >= identityBytes);
    return { identities };
  },
  write(writer, { identities }) {
    for (const each of identities) identity.write(writer, each);
  },
  describe: ({ identities }) => identities.map((each) => identity.describe(each)).join(' '),
  toJson: ({ identities }) => ({ identities: identities.map((each) => identity.toJson(each)) }),
};
