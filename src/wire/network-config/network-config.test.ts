import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec, expectTotal } from '../../../test/conformance/codec.ts';
import { capturedRecords, hex, loadBytes, loadVectors } from '../../../test/vectors/load.ts';
import { concatBytes, latin1Bytes, latin1Text, toHex } from '../../base/bytes.ts';
import type { Address, NetworkId } from '../../base/ids.ts';
import { decode, encode, isDrop } from '../codec.ts';
import type { DropReason } from '../drop-reason.ts';
import type { InetAddress } from '../inet-address.ts';
import { describeRule } from '../rules/rule.ts';
import { specialistRoles } from './config-parts.ts';
import { networkConfig, networkConfigText, type NetworkConfig } from './network-config.ts';

const { dictionaries } = loadVectors<{ readonly dictionaries: Readonly<Record<string, string>> }>(
  'config-chunks.json',
);
const saved = ['A', 'B'].map((node) => `captures/home/${node}.networks.d.283c5bc4bcc3c8a8.conf`);
const texts = [
  { name: 'appendix A', bytes: loadBytes('captures/network-config-B.dict') },
  ...[...saved, 'captures/home/B.networks.d.283c5bc4bcc3c8a8.after-deauth.conf'].map((name) => ({
    name,
    bytes: loadBytes(name),
  })),
  ...Object.entries(dictionaries).map(([name, text]) => ({ name, bytes: hex(text) })),
  ...capturedRecords().flatMap(({ frame, dict }) =>
    typeof dict === 'string' ? [{ name: `frame ${frame}`, bytes: latin1Bytes(dict) }] : [],
  ),
];

function read(bytes: Uint8Array): NetworkConfig {
  const value = decode(networkConfig, bytes);
  if (isDrop(value)) throw new Error(value);
  return value;
}

/** The text of appendix A with some lines taken out or put in another's place. */
function changed(changes: Readonly<Record<string, string | null>>): Uint8Array {
  const lines = latin1Text(texts[0]!.bytes).split('\n');
  const keyOf = (line: string): string => line.slice(0, line.indexOf('='));
  const kept = lines.flatMap((line) => {
    const change = changes[keyOf(line)];
    return change === undefined ? [line] : change === null ? [] : [`${keyOf(line)}=${change}`];
  });
  const added = Object.entries(changes).flatMap(([key, value]) =>
    value === null || lines.some((line) => keyOf(line) === key) ? [] : [`${key}=${value}`],
  );
  return latin1Bytes([...kept, ...added].join('\n'));
}

/** A value that holds bytes, escaped. */
function blobText(bytes: Uint8Array): string {
  return latin1Text(bytes)
    .replaceAll('\\', '\\\\')
    .replaceAll('\0', '\\0')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('=', '\\e');
}

const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffff_ffff);
const u64 = fc.bigInt(0n, 0xffff_ffff_ffff_ffffn);
const address = fc.nat(0xff_ffff_ffff).map((value) => value as Address);
const optional = fc.option(fc.uint8Array({ maxLength: 12 }).map(latin1Text));
const inet: fc.Arbitrary<InetAddress> = fc.oneof(
  fc.constant({ kind: 'nil' as const }),
  fc.record({ kind: fc.constant('ipv4' as const), address: u32, port: u16 }),
  fc.record({
    kind: fc.constant('ipv6' as const),
    address: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    port: u16,
  }),
);
const credentials = read(texts[0]!.bytes);
const arbitrary: fc.Arbitrary<NetworkConfig> = fc.record({
  version: fc.integer({ min: 6, max: 9 }),
  networkId: u64.filter((id) => id !== 0n).map((id) => id as NetworkId),
  timestamp: u64,
  credentialTimeMaxDelta: u64,
  revision: u64,
  issuedTo: address.filter((issuedTo) => issuedTo !== 0),
  traceTarget: address,
  traceLevel: u32,
  flags: u64,
  multicastLimit: u32,
  type: fc.nat(1),
  name: fc.uint8Array({ maxLength: 127 }).map(latin1Text),
  mtu: u32,
  membership: fc.constantFrom(credentials.membership, null),
  capabilities: fc.constantFrom(credentials.capabilities, []),
  tags: fc.constantFrom(credentials.tags, []),
  ownerships: fc.constantFrom(credentials.ownerships, []),
  specialists: fc.array(fc.record({ address, roles: fc.nat(0xff_ffff) }), { maxLength: 4 }),
  routes: fc.array(fc.record({ target: inet, via: inet, flags: u16, metric: u16 }), {
    maxLength: 4,
  }),
  staticIps: fc.array(inet, { maxLength: 4 }),
  rules: fc.constantFrom(credentials.rules, []),
  dns: fc.option(
    fc.record({
      domain: fc.stringMatching(/^[a-z.]{0,127}$/),
      servers: fc.array(inet, { minLength: 4, maxLength: 4 }),
    }),
  ),
  ssoVersion: fc.nat(2),
  ssoEnabled: fc.boolean(),
  ssoUrl: optional,
  ssoExpiry: fc.option(u64),
  ssoIssuerUrl: optional,
  ssoCentralUrl: optional,
  ssoNonce: optional,
  ssoState: optional,
  ssoClientId: optional,
  ssoProvider: optional,
  overspan: optional,
  others: fc.array(
    fc.record({
      key: fc.stringMatching(/^x[a-z]{0,5}$/),
      value: fc.uint8Array({ maxLength: 10 }),
    }),
    { maxLength: 3 },
  ),
});

describeCodec(networkConfig, {
  // Every bit of a whole one takes too long: the credentials have tests of their own.
  samples: [
    {
      name: 'appendix A without credentials',
      bytes: changed({ C: null, CAP: null, TAG: null, COO: null, DNS: null }),
    },
  ],
  arbitrary,
  runs: 100,
});

describe('every configuration of captures and vectors', () => {
  it('is read and written from its values, byte for byte', () => {
    expect(texts.length).toBeGreaterThan(15);
    for (const { name, bytes } of texts) {
      const value = read(bytes);
      expect(value.textAsReceived, name).toBeUndefined();
      expect(value.others, name).toEqual([]);
      expect(toHex(encode(networkConfig, value)), name).toBe(toHex(bytes));
    }
  });

  it('is written as a text that the next one does not change', () => {
    const written = texts.map(({ bytes }) => networkConfigText(read(bytes)));
    expect(written.map(toHex)).toEqual(texts.map(({ bytes }) => toHex(bytes)));
  });

  it('gives a value or a reason whatever byte of it is changed', () => {
    const { bytes } = texts[0]!;
    for (let at = 0; at < bytes.length; at += 3) {
      const spoilt = bytes.slice();
      spoilt[at]! ^= 0x10;
      expectTotal(networkConfig, spoilt, `byte ${at}`);
    }
  });
});

describe('the configuration of appendix A', () => {
  const value = read(texts[0]!.bytes);

  it('has the values of the appendix', () => {
    expect(value).toMatchObject({
      version: 7,
      networkId: 0x283c5bc4bcc3c8a8n,
      timestamp: 1_795_363_892_031n,
      credentialTimeMaxDelta: 1_800_000n,
      revision: 2n,
      issuedTo: 0xbfb8eb1884,
      traceTarget: 0,
      traceLevel: 0,
      flags: 6n,
      multicastLimit: 32,
      type: 0,
      name: 'lab',
      mtu: 2800,
      specialists: [],
      ssoVersion: 0,
      ssoEnabled: false,
      ssoUrl: null,
    });
    expect(value.membership?.signedBy).toBe(0x283c5bc4bc);
    expect(value.capabilities.map(({ id }) => id)).toEqual([1]);
    expect(value.tags.map(({ id, value: number }) => [id, number])).toEqual([
      [0x64, 7],
      [0xc8, 5],
    ]);
    expect(value.ownerships.map(({ things }) => things.length)).toEqual([3]);
    expect(value.rules.map(describeRule)).toEqual([
      'not ETHERTYPE 0x0800',
      'not ETHERTYPE 0x0806',
      'not ETHERTYPE 0x86dd',
      'DROP',
      'ACCEPT',
    ]);
  });

  it('has the routes, addresses and name servers of the appendix', () => {
    const { routes, staticIps, dns } = networkConfig.toJson(value) as Record<string, unknown>;
    expect(routes).toEqual([
      { target: '10.144.0.0/24', via: null, flags: 0, metric: 0 },
      { target: '172.31.0.0/16', via: '10.144.0.10/0', flags: 0, metric: 0 },
    ]);
    expect(staticIps).toEqual([
      'fd28:3c5b:c4bc:c3c8:a899:93bf:b8eb:1884/88',
      'fc94:ff93:6cbf:b8eb:1884::1/40',
      '10.144.0.35/24',
    ]);
    expect(dns).toEqual({ domain: 'lab.test', servers: ['10.144.0.1/0', null, null, null] });
  });

  it('is shown in a line', () => {
    expect(networkConfig.describe(value)).toBe(
      'revision 2 of lab (283c5bc4bcc3c8a8) for bfb8eb1884 at 1795363892031: ' +
        '3 addresses, 2 routes, 5 rules',
    );
  });
});

describe('an active bridge', () => {
  it('is a specialist (frame 323)', () => {
    const { bytes } = texts.find(({ name }) => name === 'frame 323')!;
    expect(read(bytes).specialists).toEqual([
      { address: 0xbfb8eb1884, roles: specialistRoles.activeBridge },
    ]);
  });
});

describe('what 1.14.1 would not write', () => {
  it.each([
    ['without a key that 1.14.1 always sends', { ssov: null, zz: '1' }],
    ['legacy keys', { eb: '1', v4s: '10.0.0.1/24' }],
    ['numbers of another length', { mtu: 'af0', r: '0000000000000000000002' }],
    ['a number beyond 2⁵³', { ml: 'ffffffffffffffff' }],
    ['rules that are empty', { R: '' }],
    ['bytes after a certificate', { DNS: `${'\\0'.repeat(128 + 4)}x` }],
  ])('is kept as it came: %s', (_, changes) => {
    const bytes = changed(changes);
    const value = read(bytes);
    expect(value.networkId).toBe(0x283c5bc4bcc3c8a8n);
    expect(toHex(encode(networkConfig, value))).toBe(toHex(bytes));
  });

  it('keeps unknown keys in order when a value is changed', () => {
    const { textAsReceived, ...value } = read(changed({ zb: '1', za: '2', mtu: '500' }));
    expect(textAsReceived).toBeDefined();
    const again = read(encode(networkConfig, { ...value, name: 'other' }));
    expect(again).toMatchObject({ name: 'other', mtu: 0x500 });
    expect(again.others.map(({ key }) => key)).toEqual(['zb', 'za']);
    expect(again.textAsReceived).toBeUndefined();
  });

  it('takes the first of two lines with the same key', () => {
    const bytes = concatBytes(texts[0]!.bytes, latin1Bytes('\nn=second'));
    expect(read(bytes).name).toBe('lab');
    expect(toHex(encode(networkConfig, read(bytes)))).toBe(toHex(bytes));
  });
});

describe('a configuration is refused', () => {
  const nil = (count: number): Uint8Array => new Uint8Array(count);
  const wholeBytes = encode(networkConfig, { ...credentials, others: [] });
  const many = (key: string, item: Uint8Array, count: number): Record<string, string> => ({
    [key]: blobText(concatBytes(...Array<Uint8Array>(count).fill(item))),
  });
  const ownership = hex(`${'00'.repeat(28)}0000${'00'.repeat(10)}0000000000`);
  const capability = hex(`${'00'.repeat(20)}000001${'00'.repeat(5)}0000`);
  const tag = hex(`${'00'.repeat(34)}0000000000`);

  it.each<[string, Record<string, string | null>, DropReason]>([
    ['no version', { v: null }, 'bad-config'],
    ['version 5', { v: '5' }, 'bad-config'],
    ['no network', { nwid: null }, 'bad-config'],
    ['network 0', { nwid: '0' }, 'bad-config'],
    ['no member', { id: null }, 'bad-config'],
    ['a name of 128 bytes', { n: 'x'.repeat(128) }, 'bad-config'],
    ['a rule that is cut', { R: blobText(hex('010025020800ff')) }, 'bad-rule'],
    ['1,025 rules', many('R', hex('0100'), 1025), 'bad-rule'],
    ['a certificate that is cut', { C: blobText(hex('010007')) }, 'bad-config'],
    ['a certificate of another version', { C: blobText(hex('020000')) }, 'bad-credential'],
    ['a route of an unknown family', { RT: blobText(hex('0900')) }, 'bad-address-family'],
    ['a specialist that is cut', { S: 'abc' }, 'bad-config'],
    ['name servers that are cut', { DNS: 'lab' }, 'bad-config'],
    ['129 routes', many('RT', nil(6), 129), 'too-many'],
    ['33 addresses', many('I', nil(1), 33), 'too-many'],
    ['257 specialists', many('S', nil(8), 257), 'too-many'],
    ['5 certificates of ownership', many('COO', ownership, 5), 'too-many'],
    ['129 capabilities', many('CAP', capability, 129), 'too-many'],
    ['129 tags', many('TAG', tag, 129), 'too-many'],
  ])('for %s', (_, changes, reason) => {
    expect(decode(networkConfig, changed(changes))).toBe(reason);
  });

  it.each<[string, Record<string, string>]>([
    ['1,024 rules', many('R', hex('0100'), 1024)],
    ['128 routes', many('RT', nil(6), 128)],
    ['32 addresses', many('I', nil(1), 32)],
    ['256 specialists', many('S', nil(8), 256)],
    ['4 certificates of ownership', many('COO', ownership, 4)],
    ['128 capabilities', many('CAP', capability, 128)],
    ['128 tags', many('TAG', tag, 128)],
    ['a name of 127 bytes', { n: 'x'.repeat(127) }],
  ])('not for %s', (_, changes) => {
    const bytes = changed(changes);
    expect(toHex(encode(networkConfig, read(bytes)))).toBe(toHex(bytes));
  });

  it('for a text of 484,520 bytes or what is no dictionary', () => {
    const pad = (length: number): Uint8Array =>
      concatBytes(wholeBytes, latin1Bytes(`\nz=${'x'.repeat(length - wholeBytes.length - 3)}`));
    expect(isDrop(decode(networkConfig, pad(484_519)))).toBe(false);
    expect(decode(networkConfig, pad(484_520))).toBe('bad-dictionary');
    expect(decode(networkConfig, latin1Bytes('this is no config'))).toBe('bad-config');
  });
});
