import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../../test/conformance/codec.ts';
import { capturedPayloads, capturedRecords, hex } from '../../../test/vectors/load.ts';
import { concatBytes, latin1Bytes, latin1Text, toHex } from '../../base/bytes.ts';
import type { NetworkId } from '../../base/ids.ts';
import { decode, encode, isDrop } from '../codec.ts';
import {
  configRequest,
  joinToken,
  tokenAuthentication,
  usualMetadata,
  type ConfigRequest,
} from './config-request.ts';

const samples = capturedPayloads('NETWORK_CONFIG_REQUEST');

function read(bytes: Uint8Array): ConfigRequest {
  const value = decode(configRequest, bytes);
  if (isDrop(value)) throw new Error(value);
  return value;
}

/** A request with another dictionary. */
function withText(text: string, tail = '00'.repeat(16)): Uint8Array {
  const length = new Uint8Array([text.length >> 8, text.length & 0xff]);
  return concatBytes(hex('283c5bc4bcc3c8a8'), length, latin1Bytes(text), hex(tail));
}

const u32 = fc.nat(0xffff_ffff);
const u64 = fc.bigInt(0n, 0xffff_ffff_ffff_ffffn);
const latin1 = fc.uint8Array({ maxLength: 30 }).map(latin1Text);

describeCodec(configRequest, {
  samples: samples.slice(0, 1),
  arbitrary: fc.record({
    networkId: u64.map((id) => id as NetworkId),
    metadata: fc.record({
      formatVersion: u32,
      vendor: u32,
      protocolVersion: u32,
      majorVersion: u32,
      minorVersion: u32,
      revision: u32,
      rulesMax: u32,
      capabilitiesMax: u32,
      capabilityRulesMax: u32,
      tagsMax: u32,
      flags: u64,
      rulesEngineRevision: u32,
      platform: fc.option(latin1),
      authentication: fc.option(latin1),
      overspan: fc.option(latin1),
      others: fc.array(
        fc.record({
          key: fc.stringMatching(/^x[a-z]{0,5}$/),
          value: fc.uint8Array({ maxLength: 10 }),
        }),
        { maxLength: 3 },
      ),
    }),
    have: fc.option(fc.record({ revision: u64, timestamp: u64 })),
    future: fc.constant(new Uint8Array(0)),
  }),
});

describe('captured requests', () => {
  it('say what 1.14.1 says, and what configuration is held', () => {
    const records = capturedRecords().filter(({ verb }) => verb === 'NETWORK_CONFIG_REQUEST');
    expect(records.length).toBeGreaterThan(5);
    for (const record of records) {
      const value = read(hex(record.payload!));
      expect(value, `frame ${record.frame}`).toEqual({
        networkId: BigInt(`0x${String(record['nwid'])}`),
        metadata: { ...usualMetadata, platform: 'linux/x86_64' },
        have: {
          revision: BigInt(`0x${String(record['haveRevision'])}`),
          timestamp: BigInt(`0x${String(record['haveTimestamp'])}`),
        },
        future: new Uint8Array(0),
      });
    }
    expect(configRequest.describe(read(samples[0]!.bytes))).toBe(
      'of 283c5bc4bcc3c8a8 by version 1.14.1 linux/x86_64, holding no configuration',
    );
  });
});

describe('what 1.14.1 never sends', () => {
  it('is a token to join', () => {
    const metadata = { ...usualMetadata, authentication: tokenAuthentication('a=b') };
    const value = { ...read(samples[0]!.bytes), metadata };
    const again = read(encode(configRequest, value));
    expect(joinToken(again.metadata)).toBe('a=b');
    expect(JSON.stringify(configRequest.toJson(again))).not.toContain('a=b');
    expect(joinToken(usualMetadata)).toBeNull();
    expect(joinToken({ ...usualMetadata, authentication: 'b' })).toBeNull();
  });

  it('are keys that are unknown, short numbers and another order: kept as they came', () => {
    const bytes = withText('x=1\nmajv=2\nv=7\nv=8\nrevr=0', '00112233');
    const value = read(bytes);
    expect(value.metadata).toMatchObject({ formatVersion: 7, majorVersion: 2 });
    expect(value.metadata.others).toEqual([{ key: 'x', value: latin1Bytes('1') }]);
    expect(value.have).toBeNull();
    expect(toHex(encode(configRequest, value))).toBe(toHex(bytes));
  });
});

describe('the limit of the dictionary', () => {
  it('is 1,023 bytes', () => {
    const long = (length: number): Uint8Array => withText(`o=${'x'.repeat(length - 2)}`);
    expect(isDrop(decode(configRequest, long(1023)))).toBe(false);
    expect(decode(configRequest, long(1024))).toBe('bad-dictionary');
  });
});
