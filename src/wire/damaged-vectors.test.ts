import { describe, expect, it } from 'vitest';

import { ByteReader, ByteWriter } from '../base/bytes.ts';
import { damaged } from '../../test/damage.ts';
import { hex, loadVectors } from '../../test/vectors/load.ts';
import type { Codec, WireReader } from './codec.ts';
import { dropReasons } from './drop-reason.ts';
import { capability } from './credentials/capability.ts';
import { certificateOfMembership } from './credentials/certificate-of-membership.ts';
import { certificateOfOwnership } from './credentials/certificate-of-ownership.ts';
import { revocation } from './credentials/revocation.ts';
import { tag } from './credentials/tag.ts';
import { identity } from './identity.ts';
import { inetAddress } from './inet-address.ts';
import { configChunk } from './network-config/config-chunk.ts';
import { networkConfig } from './network-config/network-config.ts';
import { decompressPacket } from './packet/compression.ts';
import { packetLengthMax } from './packet/header.ts';
import { rules } from './rules/rules.ts';
import { world } from './world.ts';

/** Every text of hexadecimal digits under a key of this name, anywhere in a vector file, once. */
function wires(file: string, ...keys: readonly string[]): Uint8Array[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'string' && keys.includes(key) && inner !== '') found.add(inner);
      visit(inner);
    }
  };
  visit(loadVectors<unknown>(file));
  return [...found].map(hex);
}

const credentials = wires('credentials-refused.json', 'wire');
const dictionaries = Object.values(
  loadVectors<{ dictionaries: Record<string, string> }>('config-chunks.json').dictionaries,
).map(hex);

const cases: readonly [Codec<unknown>, readonly Uint8Array[]][] = [
  [identity, wires('identities.json', 'binary_public')],
  [inetAddress, wires('inetaddress.json', 'wire', 'binary', 'hex', 'serialized')],
  [world, wires('worlds.json', 'binary', 'base_binary', 'update_binary')],
  [rules, wires('rules.json', 'rules_wire')],
  [configChunk, wires('config-chunks.json', 'wire')],
  [networkConfig, dictionaries],
  ...[certificateOfMembership, certificateOfOwnership, capability, tag, revocation].map(
    (codec): [Codec<unknown>, readonly Uint8Array[]] => [codec as Codec<unknown>, credentials],
  ),
];

describe('every truncation and every flipped bit of the vectors', () => {
  it.each(cases.map(([codec, samples]) => ({ name: codec.name, codec, samples })))(
    'of $name is read and written back, or has a name',
    { timeout: 120_000 },
    ({ codec, samples }) => {
      expect(samples.length).toBeGreaterThan(0);
      const writer = new ByteWriter(new Uint8Array(100_000));
      const check = (bytes: Uint8Array): void => {
        const reader: WireReader = new ByteReader(bytes);
        const value = codec.read(reader);
        if (reader.failure !== null) {
          if (!Object.hasOwn(dropReasons, reader.failure)) expect.fail(reader.failure);
          return;
        }
        writer.seek(0);
        codec.write(writer, value);
        let isSame = writer.offset === reader.offset;
        for (let i = 0; isSame && i < writer.offset; i++) isSame = writer.bytes[i] === bytes[i];
        if (!isSame) expect.fail(`${codec.describe(value)} is not written as it was read`);
      };
      for (const sample of samples) for (const bytes of damaged(sample)) check(bytes);
    },
  );

  it('of a compressed packet is decompressed, or has a name', { timeout: 120_000 }, () => {
    const out = new Uint8Array(packetLengthMax);
    const samples = wires('lz4.json', 'compressed_packet');
    expect(samples.length).toBeGreaterThan(0);
    for (const sample of samples)
      for (const bytes of damaged(sample)) {
        const end = decompressPacket(bytes, 0, bytes.length, out, 0);
        if (typeof end === 'string') expect(Object.hasOwn(dropReasons, end), end).toBe(true);
        else expect(end <= packetLengthMax).toBe(true);
      }
  });
});
