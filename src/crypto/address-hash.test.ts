/** The address hash against real digests, and against a slow twin. */
import { describe, expect, it } from 'vitest';

import { hex, loadVectors } from '../../test/vectors/load.ts';
import { slowAddressHash } from '../../test/twins/address-hash.ts';
import { toHex } from '../base/bytes.ts';
import { nodeProvider } from '../io/crypto/node-provider.ts';
import { addressHash, addressHashScratchWords } from './address-hash.ts';

interface Vector {
  readonly public_key: string;
  readonly sha512_of_genmem_after_fill: string;
  readonly genmem_first64_after_fill: string;
  readonly genmem_last64_after_fill: string;
  readonly final_digest: string;
}

const vectors = loadVectors<Vector[]>('address-derivation.json');
const provider = nodeProvider();

describe('the address hash', () => {
  it('gives the digests of the vectors, one after the other in the same memory', () => {
    expect(vectors.length).toBe(12);
    for (const { public_key, final_digest } of vectors)
      expect(toHex(addressHash(provider, hex(public_key)))).toBe(final_digest);
  });

  it('gives the same in a memory of the caller, whatever is in it', () => {
    const scratch = new Uint32Array(addressHashScratchWords).fill(0xdead_beef);
    const { public_key, final_digest } = vectors[3]!;
    expect(toHex(addressHash(provider, hex(public_key), scratch))).toBe(final_digest);
  });

  it('leaves the public key as it is', () => {
    const publicKey = hex(vectors[0]!.public_key);
    addressHash(provider, publicKey);
    expect(toHex(publicKey)).toBe(vectors[0]!.public_key);
  });

  it('does what its slow twin does, which fills its memory like the vectors', () => {
    const vector = vectors[0]!;
    const slow = slowAddressHash(hex(vector.public_key));
    expect({
      fill: toHex(slow.filled),
      first: toHex(slow.first),
      last: toHex(slow.last),
      digest: toHex(slow.digest),
    }).toEqual({
      fill: vector.sha512_of_genmem_after_fill,
      first: vector.genmem_first64_after_fill,
      last: vector.genmem_last64_after_fill,
      digest: vector.final_digest,
    });
    const random = crypto.getRandomValues(new Uint8Array(64));
    expect(toHex(addressHash(provider, random)), toHex(random)).toBe(
      toHex(slowAddressHash(random).digest),
    );
  });

  it('refuses a key or a memory of another size', () => {
    expect(() => addressHash(provider, new Uint8Array(63))).toThrow('64 bytes');
    expect(() => addressHash(provider, new Uint8Array(64), new Uint32Array(16))).toThrow('2 MiB');
  });
});
