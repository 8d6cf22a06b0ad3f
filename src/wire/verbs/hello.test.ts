import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ByteReader, concatBytes } from '../../base/bytes.ts';
import { formatU64 } from '../../base/ids.ts';
import { describeCodec } from '../../../test/conformance/codec.ts';
import * as values from '../../../test/fuzz/values.ts';
import { capturedRecords, hex, loadVectors } from '../../../test/vectors/load.ts';
import { PeerKeys } from '../../crypto/peer-keys.ts';
import { nodeProvider } from '../../io/crypto/node-provider.ts';
import { decode, encode, isDrop, type WireReader } from '../codec.ts';
import { formatInetAddress } from '../inet-address.ts';
import { cryptHelloTail } from '../packet/hello-tail.ts';
import { hello, type Hello } from './hello.ts';
import { okHello } from './ok-hello.ts';

/** Offsets in a packet: of a payload, and of the body of an OK. */
const payloadAt = 28;
const okBodyAt = 37;

interface Greetings {
  readonly hello: readonly {
    readonly dearmored: string;
    readonly key48: string;
    readonly proto: number;
    readonly major: number;
    readonly minor: number;
    readonly revision: number;
    readonly timestamp: number;
    readonly identity_binary: string;
    readonly dest_physical: string;
    readonly planet_id: number;
    readonly planet_timestamp: number;
    readonly tail_offset: number;
    readonly tail_plain: string;
    readonly moons: readonly {
      readonly type: number;
      readonly id: string;
      readonly timestamp: number;
    }[];
  }[];
  readonly ok_hello: readonly {
    readonly dearmored: string;
    readonly timestamp_echo: number;
    readonly proto: number;
    readonly dest_physical: string;
    readonly worlds_length: number;
    readonly worlds: string;
  }[];
}

const greetings = loadVectors<Greetings>('hello-and-friends.json');

const helloSamples = greetings.hello.map((given, index) => ({
  name: `HELLO ${index} of hello-and-friends.json`,
  bytes: concatBytes(
    hex(given.dearmored).subarray(payloadAt, given.tail_offset),
    hex(given.tail_plain),
  ),
}));
const okSamples = greetings.ok_hello.map(({ dearmored }, index) => ({
  name: `OK(HELLO) ${index} of hello-and-friends.json`,
  bytes: hex(dearmored).subarray(okBodyAt),
}));

const version = fc.record({
  protocol: values.u8,
  major: values.u8,
  minor: values.u8,
  revision: values.u16,
});
const revision = fc.record({ id: values.u64, timestamp: values.u64 });
const introduction = {
  version,
  timestamp: values.u64,
  identity: values.identity,
};

describeCodec(hello, {
  samples: helloSamples.slice(0, 2),
  arbitrary: fc.oneof(
    fc.record({
      ...introduction,
      sentTo: values.inetAddress,
      planet: revision,
      moons: fc.array(fc.record({ type: values.u8, id: values.u64, timestamp: values.u64 }), {
        maxLength: 4,
      }),
    }),
    fc.record({
      ...introduction,
      sentTo: fc.option(values.inetAddress),
      planet: fc.constant(null),
      moons: fc.constant(null),
    }),
  ),
  runs: 100,
});

describeCodec(okHello, {
  samples: [okSamples.reduce((a, b) => (b.bytes.length < a.bytes.length ? b : a)), okSamples[0]!],
  arbitrary: fc.record({
    timestamp: values.u64,
    version,
    seenAt: values.inetAddress,
    worlds: fc.array(values.world, { maxLength: 2 }),
  }),
  runs: 50,
});

describe('HELLO', () => {
  it('has the fields that the vectors say', () => {
    for (const [index, given] of greetings.hello.entries()) {
      const value = decoded(helloSamples[index]!.bytes);
      expect(value.version).toEqual({
        protocol: given.proto,
        major: given.major,
        minor: given.minor,
        revision: given.revision,
      });
      expect(value.timestamp).toBe(BigInt(given.timestamp));
      expect(hex(given.identity_binary).subarray(6, 70)).toEqual(value.identity.publicKey);
      expect(value.sentTo && formatInetAddress(value.sentTo)).toBe(given.dest_physical);
      expect(value.planet).toEqual({
        id: BigInt(given.planet_id),
        timestamp: BigInt(given.planet_timestamp),
      });
      expect(
        value.moons?.map(({ type, id, timestamp }) => ({
          type,
          id: formatU64(id),
          timestamp: Number(timestamp),
        })),
      ).toEqual(given.moons);
    }
  });

  it('is read from packets whose tail was decrypted', () => {
    for (const [index, { dearmored, key48 }] of greetings.hello.entries()) {
      const packet = hex(dearmored);
      const keys = PeerKeys.fromShared(nodeProvider(), hex(key48));
      expect(cryptHelloTail(keys, packet, 0, packet.length)).toBeNull();
      expect(packet.subarray(payloadAt)).toEqual(helloSamples[index]!.bytes);
    }
  });

  it('may end after the identity, the address or the planet, as old peers let it', () => {
    const whole = helloSamples[0]!.bytes;
    const ends = [84, 91, 107, 109];
    const parts = ends.map((end) => {
      const value = decoded(whole.slice(0, end));
      expect(encode(hello, value)).toEqual(whole.slice(0, end));
      return [value.sentTo, value.planet, value.moons].filter((part) => part !== null).length;
    });
    expect(parts).toEqual([0, 1, 2, 3]);
  });

  it('may end nowhere else', () => {
    const whole = helloSamples[1]!.bytes;
    for (let end = 0; end < whole.length; end++)
      if (![84, 91, 107].includes(end))
        expect(decode(hello, whole.slice(0, end)), String(end)).toBe('truncated');
  });

  it('keeps worlds of unknown types', () => {
    const bytes = helloSamples[1]!.bytes.slice();
    bytes[109] = 3;
    expect(decoded(bytes).moons?.[0]?.type).toBe(3);
  });

  it('refuses more moons than fit a packet', () => {
    const bytes = helloSamples[0]!.bytes.slice();
    bytes.set([0x02, 0x4d], 107);
    expect(decode(hello, bytes)).toBe('too-many');
    bytes.set([0x02, 0x4c], 107);
    expect(decode(hello, bytes)).toBe('truncated');
  });

  it('was captured with fields in clear before its tail', () => {
    const captured = capturedRecords().filter(({ verb }) => verb === 'HELLO');
    expect(captured.length).toBeGreaterThan(10);
    for (const { payload, src } of captured) {
      const clear = hex(payload!).subarray(0, 107);
      const value = decoded(clear);
      expect(value.version).toEqual({ protocol: 12, major: 1, minor: 14, revision: 1 });
      expect(value.identity.address).toBe(Number.parseInt(src, 16));
    }
  });
});

describe('OK(HELLO)', () => {
  it('has the fields that the vectors say', () => {
    let worlds = 0;
    for (const [index, given] of greetings.ok_hello.entries()) {
      const value = decode(okHello, okSamples[index]!.bytes);
      if (isDrop(value)) return expect.fail(value);
      expect(value.timestamp).toBe(BigInt(given.timestamp_echo));
      expect(value.version.protocol).toBe(given.proto);
      expect(value.seenAt && formatInetAddress(value.seenAt)).toBe(given.dest_physical);
      expect((value.worlds?.length ?? 0) > 0).toBe(given.worlds_length > 0);
      worlds += value.worlds?.length ?? 0;
    }
    expect(worlds).toBeGreaterThan(1);
  });

  it('is spoilt by a world that passes the end of the worlds', () => {
    const bytes = okSamples[0]!.bytes.slice();
    const lengthAt = bytes.length - greetings.ok_hello[0]!.worlds_length - 2;
    bytes[lengthAt + 1]! -= 1;
    expect(read(bytes)).toBe('bad-world');
    bytes[lengthAt]! += 1;
    expect(read(bytes)).toBe('truncated');
  });

  it('is spoilt by a world of an unknown type', () => {
    const bytes = okSamples[0]!.bytes.slice();
    bytes[bytes.length - greetings.ok_hello[0]!.worlds_length] = 2;
    expect(read(bytes)).toBe('bad-world');
  });

  it('may end before the address or the worlds', () => {
    const whole = okSamples[0]!.bytes;
    expect(decode(okHello, whole.slice(0, 13))).toMatchObject({ seenAt: null, worlds: null });
    expect(decode(okHello, whole.slice(0, 20))).toMatchObject({ worlds: null });
  });
});

function decoded(bytes: Uint8Array): Hello {
  const value = decode(hello, bytes);
  if (isDrop(value)) throw new Error(value);
  return value;
}

/** The failure of a body with trailing bytes allowed. */
function read(bytes: Uint8Array): string | null {
  const reader: WireReader = new ByteReader(bytes);
  okHello.read(reader);
  return reader.failure;
}
