import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../test/conformance/codec.ts';
import { testIdentity } from '../../test/vectors/identities.ts';
import { hex } from '../../test/vectors/load.ts';
import { decode, encode, isDrop } from './codec.ts';
import { parseIdentity, sameIdentity } from './identity.ts';
import { formatInetAddress, nilInetAddress, parseInetAddress } from './inet-address.ts';
import {
  peerFile,
  peerRecord,
  peerRecordAddressesMax,
  peerRecordLength,
  type PeerRecord,
} from './peer-record.ts';

const captures = fileURLToPath(new URL('../../test/vectors/captures/', import.meta.url));

/** The files of peers that three official nodes left in their homes. */
const files = readdirSync(join(captures, 'home'))
  .filter((name) => name.endsWith('.peer.hex'))
  .map((name) => ({
    name,
    bytes: hex(readFileSync(join(captures, 'home', name), 'latin1').trim()),
  }));

const number16 = fc.nat({ max: 0xffff });
const version = fc
  .record({ protocol: number16, major: number16, minor: number16, revision: number16 })
  .map((value) => (Object.values(value).some((number) => number !== 0) ? value : null));
const address = fc.oneof(
  fc.constant(nilInetAddress),
  fc.record({
    kind: fc.constant('ipv4' as const),
    address: fc.nat({ max: 0xffff_ffff }),
    port: number16,
  }),
  fc.record({
    kind: fc.constant('ipv6' as const),
    address: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    port: number16,
  }),
);

describeCodec(peerRecord, {
  samples: files,
  arbitrary: fc.record({
    identity: fc.nat({ max: 99 }).map((index) => testIdentity(index).identity),
    version,
    addresses: fc.array(address, { maxLength: peerRecordAddressesMax }),
  }),
});

describe('a record of a peer', () => {
  it('of an official node says who it was, what it spoke and where it was', () => {
    expect(files).toHaveLength(6);
    const nodes = { '283c5bc4bc': 'R', '45ad10e047': 'A', bfb8eb1884: 'B' };
    const places = {
      R: '10.77.0.1/9993',
      A: '10.77.0.2/9994',
      B: '10.77.0.3/9995',
    };
    for (const { name, bytes } of files) {
      const [, node] = Object.entries(nodes).find(([digits]) => name.includes(digits)) ?? [];
      const record = decode(peerRecord, bytes);
      if (isDrop(record) || node === undefined) throw new Error(name);
      const text = readFileSync(join(captures, `identities/${node}.identity.public`), 'latin1');
      expect(sameIdentity(record.identity, parseIdentity(text)!), name).toBe(true);
      expect(record.version).toEqual({ protocol: 12, major: 1, minor: 14, revision: 1 });
      expect(record.addresses.map(formatInetAddress)).toEqual([
        places[node as keyof typeof places],
      ]);
      expect(name.endsWith(`${peerFile(record.identity).replace('/', '.')}.hex`), name).toBe(true);
    }
  });

  it('has a length that is known before it is written', () => {
    fc.assert(
      fc.property(fc.array(address, { maxLength: 9 }), (addresses) => {
        const record: PeerRecord = { identity: testIdentity(1).identity, version: null, addresses };
        expect(peerRecordLength(record)).toBe(encode(peerRecord, record).length);
      }),
    );
  });

  it('is refused in another layout, with too many addresses, and with a secret key', () => {
    const [sample] = files;
    const changed = (at: number, value: number): Uint8Array => {
      const bytes = sample!.bytes.slice();
      bytes[at] = value;
      return bytes;
    };
    expect(decode(peerRecord, changed(0, 1))).toBe('bad-value');
    expect(decode(peerRecord, changed(0, 3))).toBe('bad-value');
    expect(decode(peerRecord, changed(71, 64))).toBe('bad-identity');
    const one = parseInetAddress('192.0.2.1/9993')!;
    const addresses = new Array(peerRecordAddressesMax + 1).fill(one) as (typeof one)[];
    const record = { identity: testIdentity(1).identity, version: null, addresses };
    expect(decode(peerRecord, encode(peerRecord, record))).toBe('too-many');
    expect(isDrop(decode(peerRecord, encode(peerRecord, { ...record, addresses: [one] })))).toBe(
      false,
    );
  });
});
