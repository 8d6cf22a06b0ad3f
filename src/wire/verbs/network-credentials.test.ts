import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../../test/conformance/codec.ts';
import * as values from '../../../test/fuzz/values.ts';
import { capturedRecords, capturedPayloads, hex, loadVectors } from '../../../test/vectors/load.ts';
import { concatBytes } from '../../base/bytes.ts';
import { formatAddress } from '../../base/ids.ts';
import { decode, encode, isDrop } from '../codec.ts';
import { certificateOfMembership } from '../credentials/certificate-of-membership.ts';
import { tag } from '../credentials/tag.ts';
import { okNetworkCredentials } from './ok-network-credentials.ts';
import { networkCredentials, type NetworkCredentials } from './network-credentials.ts';

const signed = {
  signature: fc.record({ type: values.u8, bytes: values.exactly(96) }),
  future: values.bytes(4),
};
const issued = { networkId: values.networkId, timestamp: values.u64, id: values.u32 };
const { address, u32, u64 } = values;

const capability = fc.record({
  ...issued,
  rules: fc.constant([]),
  maxCustody: fc.constant(1),
  custody: fc.constant([]),
  future: values.bytes(4),
});
const aTag = fc.record({ ...issued, value: u32, issuedTo: address, signedBy: address, ...signed });
const revocation = fc.record({
  unused1: u32,
  id: u32,
  networkId: values.networkId,
  unused2: u32,
  credentialId: u32,
  threshold: u64,
  flags: u64,
  target: address,
  signedBy: address,
  credentialType: values.u8,
  ...signed,
});
const ownership = fc.record({
  ...issued,
  flags: u64,
  things: fc.array(fc.record({ type: values.u8, value: values.exactly(16) }), { maxLength: 2 }),
  issuedTo: address,
  signedBy: address,
  ...signed,
});
const few = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { maxLength: 2 });

const captured = capturedPayloads('NETWORK_CREDENTIALS').sort(
  (a, b) => a.bytes.length - b.bytes.length,
);

describeCodec<NetworkCredentials>(networkCredentials, {
  samples: captured.slice(0, 1),
  arbitrary: fc
    .record({
      certificatesOfMembership: few(values.certificateOfMembership),
      capabilities: few(capability),
      tags: few(aTag),
      revocations: few(revocation),
      certificatesOfOwnership: few(ownership),
      sections: fc.nat(4),
    })
    .map(({ certificatesOfMembership, sections, ...value }) => ({
      certificatesOfMembership,
      capabilities: sections > 0 ? value.capabilities : null,
      tags: sections > 1 ? value.tags : null,
      revocations: sections > 2 ? value.revocations : null,
      certificatesOfOwnership: sections > 3 ? value.certificatesOfOwnership : null,
    })),
  runs: 60,
});

describeCodec(okNetworkCredentials, {
  samples: [
    { name: 'none', bytes: hex('283c5bc4bcc3c8a8') },
    { name: 'two', bytes: hex('283c5bc4bcc3c8a80000000100000002') },
  ],
  arbitrary: fc.record({ networkId: values.networkId, revocations: fc.array(values.u32) }),
});

describe('NETWORK_CREDENTIALS', () => {
  it('has the certificates that the capture says, and all else is written back', () => {
    for (const record of capturedRecords().filter(({ verb }) => verb === 'NETWORK_CREDENTIALS')) {
      const value = decode(networkCredentials, hex(record.payload!));
      if (isDrop(value)) return expect.fail(`frame ${record.frame}: ${value}`);
      const coms = record['coms'] as readonly { readonly hex: string; readonly by: string }[];
      expect(
        value.certificatesOfMembership.map((each) => encode(certificateOfMembership, each)),
      ).toEqual(coms.map((com) => hex(com.hex)));
      expect(value.certificatesOfMembership.map(({ signedBy }) => formatAddress(signedBy))).toEqual(
        coms.map(({ by }) => by),
      );
      expect(value.capabilities).toHaveLength(record['caps'] as number);
      expect(encode(networkCredentials, value)).toEqual(hex(record.payload!));
    }
  });

  it('has one revocation in capture frame 371', () => {
    const record = capturedRecords().find(({ frame }) => frame === 371);
    const value = decode(networkCredentials, hex(record!.payload!));
    expect(value).toMatchObject({
      certificatesOfMembership: [],
      capabilities: [],
      tags: [],
      revocations: [{ id: 0x76b0e486, target: 0xbfb8eb1884, credentialType: 1, flags: 1n }],
      certificatesOfOwnership: [],
    });
  });

  it('may end before any of its sections', () => {
    const whole = hex('000000000000000000');
    const there = [1, 3, 5, 7, 9].map((length) => {
      const value = decode(networkCredentials, whole.subarray(0, length));
      if (isDrop(value)) return value;
      expect(encode(networkCredentials, value)).toHaveLength(length);
      return Object.values(value).filter((section) => section !== null).length;
    });
    expect(there).toEqual([1, 2, 3, 4, 5]);
    expect(decode(networkCredentials, whole.subarray(0, 0))).toBe('truncated');
    expect(decode(networkCredentials, whole.subarray(0, 2))).toBe('truncated');
  });

  it('has no section after a missing one', () => {
    const value = { certificatesOfMembership: [], capabilities: null, tags: [] };
    expect(() =>
      encode(networkCredentials, { ...value, revocations: null, certificatesOfOwnership: null }),
    ).toThrow('no gap');
  });

  it('begins with certificates of membership only', () => {
    expect(decode(networkCredentials, hex('02'))).toBe('bad-credential');
  });

  it('refuses more of a kind than fit a packet', () => {
    expect(decode(networkCredentials, hex('0004e2'))).toBe('too-many');
    expect(decode(networkCredentials, hex('0004e1'))).toBe('truncated');
  });

  it('takes the credentials of the vectors', () => {
    const { cases } = loadVectors<{
      readonly cases: readonly {
        readonly steps: readonly {
          readonly kind: string;
          readonly wire: string;
          readonly verdict: string;
        }[];
      }[];
    }>('credentials-refused.json');
    const wires = cases
      .flatMap(({ steps }) => steps)
      .filter(({ kind, verdict }) => kind === 'TAG' && verdict !== 'malformed')
      .map(({ wire }) => hex(wire));
    expect(wires.length).toBeGreaterThan(0);
    const value = decode(
      networkCredentials,
      concatBytes(hex('000000'), Uint8Array.of(0, wires.length), ...wires),
    );
    if (isDrop(value)) return expect.fail(value);
    expect(value.tags?.map((each) => encode(tag, each))).toEqual(wires);
  });
});
