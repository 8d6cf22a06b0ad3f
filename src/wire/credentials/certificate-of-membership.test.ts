import { describe, expect, it } from 'vitest';

import { hex, loadBytes, loadVectors } from '../../../test/vectors/load.ts';
import { latin1Text, toHex } from '../../base/bytes.ts';
import type { Address, NetworkId } from '../../base/ids.ts';
import { Secret } from '../../base/secret.ts';
import { nodeProvider } from '../../io/crypto/node-provider.ts';
import { decode, encode, isDrop } from '../codec.ts';
import {
  agrees,
  certificateOfMembership,
  issueCertificateOfMembership,
  qualifier,
  qualifierIds,
  signCertificateOfMembership,
  verifyCertificateOfMembership,
  type CertificateOfMembership,
} from './certificate-of-membership.ts';

const provider = nodeProvider();
const vectors = loadVectors<{
  readonly controller: { readonly secret: string };
  readonly peer: { readonly public: string };
  readonly cases: readonly { name: string; steps: readonly { wire: string }[] }[];
  readonly com_agreement: readonly {
    readonly name: string;
    readonly mine: string;
    readonly theirs: string;
    readonly their_identity: string;
    readonly agrees: boolean;
  }[];
}>('credentials-refused.json');

/** An empty text stands for none. */
function read(wire: string): CertificateOfMembership | null {
  if (wire === '') return null;
  const value = decode(certificateOfMembership, hex(wire));
  if (isDrop(value)) throw new Error(value);
  return value;
}

/** SHA-384 of address ‖ public key. @param identity - text */
function fingerprint(identity: string): Uint8Array {
  const [address, , publicKey] = identity.split(':');
  return provider.sha384(hex(`${address!}${publicKey!}`));
}

describe('agreement of two certificates', () => {
  it.each(vectors.com_agreement)('is $agrees: $name', (given) => {
    const theirs = fingerprint(given.their_identity);
    expect(agrees(read(given.mine), read(given.theirs), theirs)).toBe(given.agrees);
  });

  it('needs qualifiers on both sides', () => {
    const mine = read(vectors.com_agreement[0]!.mine)!;
    const theirs = fingerprint(vectors.com_agreement[0]!.their_identity);
    const empty = read('0100000000000000')!;
    expect(agrees(empty, mine, theirs)).toBe(false);
    expect(agrees(mine, empty, theirs)).toBe(false);
  });

  it('asks for all of a fingerprint as soon as mine has a word of it, and for none of any other qualifier', () => {
    const given = vectors.com_agreement.find((entry) => entry.agrees)!;
    const mine = read(given.mine)!;
    const theirs = fingerprint(given.their_identity);
    const only = (...ids: bigint[]): CertificateOfMembership => ({
      ...mine,
      qualifiers: ids.map((id) => qualifier(mine, id) ?? { id, value: 1n, maxDelta: 0n }),
    });
    for (const word of [3n, 4n, 5n, 6n])
      expect(agrees(only(1n, word), only(1n, word), theirs), `${word}`).toBe(false);
    expect(agrees(only(1n, 7n), only(1n, 7n), theirs)).toBe(true);
  });
});

describe('issuing', () => {
  it('gives the certificate that the reference issued, byte for byte', () => {
    const secret = new Secret(hex(vectors.controller.secret.split(':')[3]!));
    const issued = issueCertificateOfMembership(provider, secret, {
      networkId: 0x75a7e56dfd000abcn as NetworkId,
      issuedTo: Number.parseInt(vectors.peer.public.slice(0, 10), 16) as Address,
      fingerprint: fingerprint(vectors.peer.public),
      timestamp: 1_700_000_000_000n,
      window: 1_800_000n,
    });
    const good = vectors.cases.find(({ name }) => name === 'COM good')!;
    expect(toHex(encode(certificateOfMembership, issued))).toBe(good.steps[0]!.wire);
  });
});

describe('the captured certificate of B (vl2, appendix B)', () => {
  const com = read(latin1Text(loadBytes('captures/com-B.hex')).trim())!;
  const controllerPublic = latin1Text(loadBytes('captures/identities/R.identity.public'));
  const memberPublic = latin1Text(loadBytes('captures/identities/B.identity.public'));

  it('says what the appendix says', () => {
    expect(qualifier(com, qualifierIds.timestamp)).toEqual({
      id: 0n,
      value: 0x1a20406eb3fn,
      maxDelta: 1_800_000n,
    });
    expect(qualifier(com, qualifierIds.networkId)?.value).toBe(0x283c5bc4bcc3c8a8n);
    expect(qualifier(com, qualifierIds.issuedTo)?.value).toBe(0xbfb8eb1884n);
    expect(qualifier(com, 7n)).toBeNull();
    expect(com.signedBy).toBe(0x283c5bc4bc);
  });

  it('is signed by R and is of the identity of B', () => {
    const publicKey = hex(controllerPublic.split(':')[2]!.trim());
    expect(verifyCertificateOfMembership(provider, publicKey, com)).toBe(true);
    expect(agrees(com, com, fingerprint(memberPublic.trim()))).toBe(true);
    expect(agrees(com, com, fingerprint(controllerPublic.trim()))).toBe(false);
    // The signature does not cover who signed: it must be the controller that the network names.
    const renamed = { ...com, signedBy: 0xbfb8eb1884 as Address };
    expect(verifyCertificateOfMembership(provider, publicKey, renamed)).toBe(false);
    const unsigned = { ...com, signedBy: 0 as Address, signature: new Uint8Array(0) };
    expect(verifyCertificateOfMembership(provider, publicKey, unsigned)).toBe(false);
    const ofNoNetwork = { ...com, qualifiers: com.qualifiers.slice(0, 1) };
    expect(verifyCertificateOfMembership(provider, publicKey, ofNoNetwork)).toBe(false);
    const secret = new Secret(hex(vectors.controller.secret.split(':')[3]!));
    const itsKey = hex(vectors.controller.secret.split(':')[2]!);
    const signed = signCertificateOfMembership(provider, secret, ofNoNetwork);
    expect(verifyCertificateOfMembership(provider, itsKey, signed)).toBe(false);
  });
});
