import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../../test/conformance/codec.ts';
import { capturedPayloads, hex, loadBytes, loadVectors } from '../../../test/vectors/load.ts';
import { concatBytes, latin1Text, toHex } from '../../base/bytes.ts';
import type { NetworkId } from '../../base/ids.ts';
import { Secret } from '../../base/secret.ts';
import { nodeProvider } from '../../io/crypto/node-provider.ts';
import { decode, encode, isDrop } from '../codec.ts';
import {
  chunkLength,
  configChunk,
  signConfigChunk,
  splitConfig,
  verifyConfigChunk,
  type ConfigChunk,
  type SignedConfigChunk,
} from './config-chunk.ts';

const provider = nodeProvider();
const vectors = loadVectors<{
  readonly controller: { readonly public: string; readonly secret: string };
  readonly dictionaries: Readonly<Record<string, string>>;
  readonly chunks: Readonly<
    Record<
      string,
      {
        wire: string;
        update_id?: string;
        total: number;
        offset: number;
        length: number;
        flags: number;
      }
    >
  >;
}>('config-chunks.json');
const controllerKey = hex(vectors.controller.public.split(':')[2]!);
const controllerSecret = new Secret(hex(vectors.controller.secret.split(':')[3]!));

function read(bytes: Uint8Array): ConfigChunk {
  const value = decode(configChunk, bytes);
  if (isDrop(value)) throw new Error(value);
  return value;
}

const u32 = fc.nat(0xffff_ffff);
const u64 = fc.bigInt(0n, 0xffff_ffff_ffff_ffffn);
const networkId = u64.map((id) => id as NetworkId);
const chunk = fc.uint8Array({ maxLength: 50 });

describeCodec(configChunk, {
  samples: ['zero_length', 'garbage_config'].map((name) => ({
    name,
    bytes: hex(vectors.chunks[name]!.wire),
  })),
  arbitrary: fc.oneof(
    fc.record({ kind: fc.constant('unsigned' as const), networkId, chunk }),
    fc.record({
      kind: fc.constant('signed' as const),
      networkId,
      chunk,
      flags: fc.nat(255),
      updateId: u64,
      totalLength: u32,
      offset: u32,
      signature: fc.record({ type: fc.nat(255), bytes: fc.uint8Array({ maxLength: 100 }) }),
      future: fc.uint8Array({ maxLength: 8 }),
    }),
  ),
});

describe('the pieces of config-chunks.json', () => {
  const all = Object.entries(vectors.chunks);

  it('are read and written back byte for byte, but for the one that is cut', () => {
    for (const [name, given] of all) {
      const value = decode(configChunk, hex(given.wire));
      expect(isDrop(value), name).toBe(name === 'A1_cut');
      if (isDrop(value)) continue;
      expect(toHex(encode(configChunk, value)), name).toBe(given.wire);
      if (given.update_id === undefined) continue;
      expect(value, name).toMatchObject({
        kind: 'signed',
        updateId: BigInt(`0x${given.update_id}`),
        totalLength: given.total,
        offset: given.offset,
        flags: given.flags,
      });
      expect(value.chunk, name).toHaveLength(given.length);
    }
  });

  it('verify but for those that say otherwise', () => {
    const bad = /bad_|signature_type|signed_by_peer|legacy/;
    for (const [name, { wire }] of all) {
      if (name === 'A1_cut') continue;
      const isGood = verifyConfigChunk(provider, controllerKey, read(hex(wire)));
      expect(isGood, name).toBe(!bad.test(name));
    }
  });

  it('are signed as the reference signed them', () => {
    for (const [name, given] of all) {
      if (given.update_id === undefined || name === 'A1_signed_by_peer') continue;
      const value = read(hex(given.wire)) as SignedConfigChunk;
      const again = signConfigChunk(provider, controllerSecret, value);
      expect(toHex(encode(configChunk, again)), name).toBe(given.wire);
    }
  });
});

describe('captured configurations', () => {
  it('are each one piece that R signed', () => {
    const publicKey = hex(
      latin1Text(loadBytes('captures/identities/R.identity.public')).split(':')[2]!.trim(),
    );
    const pushed = capturedPayloads('NETWORK_CONFIG');
    expect(pushed.length).toBeGreaterThan(5);
    const whole = hex(
      latin1Text(loadBytes('captures/network-config-B.packet-payload.hex')).replace(/\s/g, ''),
    );
    // An OK has the verb and the packet that it answers in front.
    const answered = { name: 'the OK of frame 71', bytes: whole.subarray(9) };
    for (const { name, bytes } of [...pushed, answered]) {
      const value = read(bytes);
      expect(verifyConfigChunk(provider, publicKey, value), name).toBe(true);
      expect(toHex(encode(configChunk, value)), name).toBe(toHex(bytes));
    }
    expect(read(answered.bytes).chunk).toEqual(loadBytes('captures/network-config-B.dict'));
    expect(configChunk.describe(read(answered.bytes))).toBe(
      'configuration of 283c5bc4bcc3c8a8, bytes 0 to 1725 of 1725, update 9194a0e6e6050ca3',
    );
  });
});

describe('splitting a configuration', () => {
  const update = { networkId: 0x75a7e56dfd000abcn as NetworkId, updateId: 0x1234n };

  it('gives pieces of 9,740 bytes, each signed (vl2 6.3: 30,401 bytes are four)', () => {
    const text = Uint8Array.from({ length: 30_401 }, (_, i) => i);
    const pieces = splitConfig(provider, controllerSecret, { ...update, text });
    expect(pieces.map((piece) => piece.chunk.length)).toEqual([9740, 9740, 9740, 1181]);
    expect(pieces.map((piece) => piece.offset)).toEqual([0, 9740, 19_480, 29_220]);
    expect(concatBytes(...pieces.map((piece) => piece.chunk))).toEqual(text);
    for (const piece of pieces) {
      expect(piece).toMatchObject({ ...update, totalLength: 30_401, flags: 0 });
      expect(verifyConfigChunk(provider, controllerKey, piece)).toBe(true);
    }
  });

  it('leaves what fits in one piece whole, and gives the reference’s bytes', () => {
    const text = hex(vectors.dictionaries['A']!);
    const updateId = 0x4444444444444444n;
    const [piece, ...others] = splitConfig(provider, controllerSecret, {
      ...update,
      updateId,
      text,
    });
    expect(others).toHaveLength(0);
    expect(toHex(encode(configChunk, piece!))).toBe(vectors.chunks['A_whole']!.wire);
    const exact = new Uint8Array(chunkLength);
    expect(splitConfig(provider, controllerSecret, { ...update, text: exact })).toHaveLength(1);
  });
});
