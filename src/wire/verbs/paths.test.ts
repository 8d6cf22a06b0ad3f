/** WHOIS and its answer, RENDEZVOUS, PUSH_DIRECT_PATHS, and the verbs of bonds and traces. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../../test/conformance/codec.ts';
import * as values from '../../../test/fuzz/values.ts';
import { capturedPayloads, hex, loadVectors } from '../../../test/vectors/load.ts';
import { ByteReader } from '../../base/bytes.ts';
import { formatAddress } from '../../base/ids.ts';
import { decode, encode, isDrop, type Codec, type WireReader } from '../codec.ts';
import { formatInetAddress, parseInetAddress, type IpEndpoint } from '../inet-address.ts';
import { okWhois } from './ok-whois.ts';
import { pushDirectPaths, pushedAddress, pushedPath } from './push-direct-paths.ts';
import { qosMeasurement } from './qos-measurement.ts';
import { remoteTrace } from './remote-trace.ts';
import { rendezvous } from './rendezvous.ts';
import { whois } from './whois.ts';

interface Introduction {
  readonly dearmored: string;
}
const vectors = loadVectors<{
  readonly whois: readonly (Introduction & { readonly addresses: string })[];
  readonly ok_whois: readonly (Introduction & { readonly identity_binary: string })[];
  readonly rendezvous: readonly (Introduction & {
    readonly zt_address: string;
    readonly port: number;
    readonly address: string;
  })[];
}>('hello-and-friends.json');

/** The payloads of vectors, from an offset in the packet on. */
const samplesOf = (
  given: readonly Introduction[],
  start = 28,
): { name: string; bytes: Uint8Array }[] =>
  given.map(({ dearmored }, index) => ({
    name: `${index} of hello-and-friends.json`,
    bytes: hex(dearmored).subarray(start),
  }));
const handMade = (name: string, text: string): { name: string; bytes: Uint8Array } => ({
  name: `made by hand: ${name}`,
  bytes: hex(text.replaceAll(' ', '')),
});

/** The failure of bytes, trailing ones allowed. */
function failureOf<T>(codec: Codec<T>, bytes: Uint8Array): string | null {
  const reader: WireReader = new ByteReader(bytes);
  codec.read(reader);
  return reader.failure;
}

describeCodec(whois, {
  samples: [...samplesOf(vectors.whois), ...capturedPayloads('WHOIS').slice(0, 1)],
  arbitrary: fc.record({ addresses: fc.array(values.address, { minLength: 1, maxLength: 9 }) }),
});

describeCodec(okWhois, {
  samples: samplesOf(vectors.ok_whois, 37).slice(0, 1),
  arbitrary: fc.record({ identities: fc.array(values.identity, { minLength: 1, maxLength: 4 }) }),
});

describeCodec(rendezvous, {
  samples: [
    ...samplesOf(vectors.rendezvous),
    handMade('IPv6', `00 bfb8eb1884 270b 10 20010db8${'00'.repeat(11)}01`),
  ],
  arbitrary: fc.record({
    flags: values.u8,
    address: values.address,
    endpoint: values.ipEndpoint,
  }),
});

describeCodec(pushDirectPaths, {
  samples: [
    ...capturedPayloads('PUSH_DIRECT_PATHS').slice(0, 2),
    handMade(
      'forget with an extension, redirect, unknown type',
      `0003 01 0002 abcd 04 06 0a4d0003270b 02 0000 06 12 20010db8${'00'.repeat(11)}01 270b 00 0000 09 01 ff`,
    ),
  ],
  arbitrary: fc.record({
    paths: fc.array(
      fc.record({
        flags: values.u8,
        extension: values.bytes(9),
        type: values.u8,
        bytes: values.bytes(30),
      }),
      { maxLength: 9 },
    ),
  }),
});

describeCodec(qosMeasurement, {
  samples: [handMade('two', '0807060504030201 0a00 1807060504030201 ff01')],
  arbitrary: fc.record({
    records: fc.array(fc.record({ packetId: values.packetId, heldMs: values.u16 }), {
      minLength: 1,
      maxLength: 140,
    }),
  }),
});

describeCodec(remoteTrace, {
  samples: [handMade('two', '613d31 00 623d320a633d33 00')],
  arbitrary: fc.record({
    traces: fc.array(
      values.bytes(40).map((bytes) => bytes.filter((byte) => byte !== 0)),
      { maxLength: 5 },
    ),
  }),
});

describe('WHOIS', () => {
  it('asks for the addresses that the vectors say', () => {
    for (const { dearmored, addresses } of vectors.whois) {
      const value = decode(whois, hex(dearmored).subarray(28));
      expect(isDrop(value) ? value : value.addresses.map(formatAddress).join()).toBe(addresses);
    }
  });

  it('asks for one at least, and for no more than fit a packet', () => {
    expect(decode(whois, new Uint8Array(0))).toBe('truncated');
    expect(failureOf(whois, new Uint8Array(9996))).toBeNull();
    expect(failureOf(whois, new Uint8Array(10_000))).toBe('too-many');
  });

  it('is answered with the identity that the vectors say', () => {
    for (const { dearmored, identity_binary } of vectors.ok_whois)
      expect(hex(dearmored).subarray(37)).toEqual(hex(identity_binary));
  });

  it('is not answered with more identities than fit a packet', () => {
    const one = hex(vectors.ok_whois[0]!.identity_binary);
    const many = new Uint8Array(71 * 141);
    for (let at = 0; at < many.length; at += 71) many.set(one, at);
    expect(failureOf(okWhois, many.subarray(0, 71 * 140))).toBeNull();
    expect(failureOf(okWhois, many)).toBe('too-many');
  });
});

describe('RENDEZVOUS', () => {
  it('names the address and the place that the vectors say', () => {
    for (const { dearmored, zt_address, address, port } of vectors.rendezvous) {
      const value = decode(rendezvous, hex(dearmored).subarray(28));
      if (isDrop(value)) return expect.fail(value);
      expect(formatAddress(value.address)).toBe(zt_address);
      expect(formatInetAddress(value.endpoint)).toBe(`${address}/${port}`);
    }
  });

  it('is refused with an address of another length', () => {
    for (const length of [0, 3, 5, 15, 17, 255])
      expect(
        failureOf(
          rendezvous,
          Uint8Array.of(0, 1, 2, 3, 4, 5, 39, 9, length, ...new Uint8Array(255)),
        ),
      ).toBe('bad-address-family');
  });
});

describe('PUSH_DIRECT_PATHS', () => {
  it('names the address of captured nodes', () => {
    const value = decode(pushDirectPaths, hex('000200000004060a4d0003270b00000004060a4d0003270b'));
    if (isDrop(value)) return expect.fail(value);
    expect(value.paths.map((path) => formatInetAddress(pushedAddress(path)!))).toEqual([
      '10.77.0.3/9995',
      '10.77.0.3/9995',
    ]);
  });

  it('makes records of addresses', () => {
    for (const text of ['10.77.0.3/9995', '2001:db8::1/443']) {
      const address = parseInetAddress(text) as IpEndpoint;
      expect(pushedAddress(pushedPath(address))).toEqual(address);
    }
  });

  it('goes on by the length that is declared, and skips what is too short or of another type', () => {
    const value = decode(
      pushDirectPaths,
      hex(
        `0004 000000 04 08 0a000001 0001 ffff 000000 04 05 0a00000100 000000 07 00 000000 06 06 0a0000010001`.replaceAll(
          ' ',
          '',
        ),
      ),
    );
    if (isDrop(value)) return expect.fail(value);
    expect(
      value.paths.map((path) => pushedAddress(path) && formatInetAddress(pushedAddress(path)!)),
    ).toEqual(['10.0.0.1/1', null, null, null]);
  });

  it('refuses more records than fit a packet', () => {
    expect(failureOf(pushDirectPaths, hex('07d0'))).toBe('too-many');
    expect(failureOf(pushDirectPaths, hex('07cf'))).toBe('truncated');
  });
});

describe('QOS_MEASUREMENT', () => {
  it('is little-endian, unlike everything else', () => {
    const records = [{ packetId: 0x0102030405060708n as never, heldMs: 0x1f }];
    expect(encode(qosMeasurement, { records })).toEqual(hex('08070605040302011f00'));
  });

  it('has 1 to 140 records', () => {
    expect(failureOf(qosMeasurement, new Uint8Array(9))).toBe('truncated');
    expect(failureOf(qosMeasurement, new Uint8Array(1400))).toBeNull();
    expect(failureOf(qosMeasurement, new Uint8Array(1410))).toBe('too-many');
  });
});

describe('REMOTE_TRACE', () => {
  it('leaves a trace without its end unread', () => {
    const reader: WireReader = new ByteReader(hex('610062'));
    expect(remoteTrace.read(reader).traces).toHaveLength(1);
    expect(reader.remaining).toBe(1);
  });

  it('does not look for an end beyond its own', () => {
    const reader: WireReader = new ByteReader(hex('616200'), 0, 2);
    expect(remoteTrace.read(reader).traces).toEqual([]);
  });
});
