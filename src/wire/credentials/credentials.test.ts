import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../../test/conformance/codec.ts';
import { capturedRecords, hex, loadVectors } from '../../../test/vectors/load.ts';
import { ByteReader, concatBytes, toHex } from '../../base/bytes.ts';
import type { Address, NetworkId } from '../../base/ids.ts';
import { Secret } from '../../base/secret.ts';
import { nodeProvider } from '../../io/crypto/node-provider.ts';
import { decode, encode, isDrop, type Codec, type WireReader } from '../codec.ts';
import { controllerOf } from '../network-id.ts';
import {
  capability,
  capabilityHolder,
  capabilitySigners,
  signCapability,
  verifyCapability,
  type Capability,
} from './capability.ts';
import {
  certificateOfMembership,
  signCertificateOfMembership,
  verifyCertificateOfMembership,
  type CertificateOfMembership,
} from './certificate-of-membership.ts';
import {
  certificateOfOwnership,
  ipv4Thing,
  ipv6Thing,
  macThing,
  owns,
  signCertificateOfOwnership,
  verifyCertificateOfOwnership,
  type CertificateOfOwnership,
} from './certificate-of-ownership.ts';
import { revocation, signRevocation, verifyRevocation, type Revocation } from './revocation.ts';
import { signTag, tag, verifyTag, type Tag } from './tag.ts';

interface Party {
  readonly address: string;
  readonly public: string;
  readonly secret: string;
}
interface Step {
  readonly kind: 'COM' | 'TAG' | 'COO' | 'CAPABILITY' | 'REVOCATION';
  readonly wire: string;
  readonly verdict: string;
}
interface Vectors {
  readonly me: Party;
  readonly peer: Party;
  readonly third: Party;
  readonly controller: Party;
  readonly foreign_controller: Party;
  readonly cases: readonly { readonly name: string; readonly steps: readonly Step[] }[];
  readonly controller_identity_unknown: readonly Step[];
}

const vectors = loadVectors<Vectors>('credentials-refused.json');
const provider = nodeProvider();
const parties = [
  vectors.me,
  vectors.peer,
  vectors.third,
  vectors.controller,
  vectors.foreign_controller,
];
const publicKeys = new Map(
  parties.map((party) => [Number.parseInt(party.address, 16), hex(party.public.split(':')[2]!)]),
);
const controllerSecret = new Secret(hex(vectors.controller.secret.split(':')[3]!));
const publicKeyOf = (address: Address): Uint8Array | null => publicKeys.get(address) ?? null;
const controllerKey = (networkId: bigint): Uint8Array =>
  publicKeyOf(controllerOf(networkId as NetworkId))!;

const codecs: Readonly<Record<Step['kind'], Codec<object>>> = {
  COM: certificateOfMembership,
  TAG: tag,
  COO: certificateOfOwnership,
  CAPABILITY: capability,
  REVOCATION: revocation,
};
const steps = vectors.cases.flatMap(({ name, steps: list }) =>
  list.map((step, i) => ({
    ...step,
    name: `${name}, step ${i + 1}`,
    isLast: i === list.length - 1,
  })),
);

function decoded<T extends object>(codec: Codec<T>, wire: string | Uint8Array): T {
  const value = decode(codec, typeof wire === 'string' ? hex(wire) : wire);
  if (isDrop(value)) throw new Error(value);
  return value;
}

/** Checks the signature, as the node that knows every party. */
function verifies(kind: Step['kind'], wire: string): boolean {
  switch (kind) {
    case 'COM': {
      const value = decoded(certificateOfMembership, wire);
      const network = value.qualifiers.find(({ id }) => id === 1n)!.value;
      return verifyCertificateOfMembership(provider, controllerKey(network), value);
    }
    case 'TAG': {
      const value = decoded(tag, wire);
      return verifyTag(provider, controllerKey(value.networkId), value);
    }
    case 'COO': {
      const value = decoded(certificateOfOwnership, wire);
      return verifyCertificateOfOwnership(provider, controllerKey(value.networkId), value);
    }
    case 'CAPABILITY':
      return verifyCapability(provider, publicKeyOf, decoded(capability, wire));
    case 'REVOCATION': {
      const value = decoded(revocation, wire);
      return verifyRevocation(provider, controllerKey(value.networkId), value);
    }
  }
}

/** What a captured NETWORK_CREDENTIALS holds, by kind. */
function capturedCredentials(): Record<Step['kind'], Uint8Array[]> {
  const found: Record<Step['kind'], Uint8Array[]> = {
    COM: [],
    TAG: [],
    COO: [],
    CAPABILITY: [],
    REVOCATION: [],
  };
  for (const record of capturedRecords()) {
    if (record.verb !== 'NETWORK_CREDENTIALS') continue;
    const bytes = hex(record.payload!);
    const reader: WireReader = new ByteReader(bytes);
    const take = (kind: Step['kind']): void => {
      const start = reader.offset;
      codecs[kind].read(reader);
      found[kind].push(bytes.slice(start, reader.offset));
    };
    while (bytes[reader.offset] === 1) take('COM');
    reader.skip(1);
    for (const kind of ['CAPABILITY', 'TAG', 'REVOCATION', 'COO'] as const) {
      const count = reader.u16();
      for (let i = 0; i < count; i++) take(kind);
    }
    expect([reader.failure, reader.remaining], `frame ${record.frame}`).toEqual([null, 0]);
  }
  return found;
}
const captured = capturedCredentials();

const u32 = fc.nat(0xffff_ffff);
const u64 = fc.bigInt(0n, 0xffff_ffff_ffff_ffffn);
const address = fc.nat(0xff_ffff_ffff).map((value) => value as Address);
const signature = fc.record({ type: fc.nat(255), bytes: fc.uint8Array({ maxLength: 100 }) });
const signed = { signature, future: fc.uint8Array({ maxLength: 8 }) };
const issued = { networkId: u64.map((id) => id as NetworkId), timestamp: u64, id: u32 };

const arbitraryTag: fc.Arbitrary<Tag> = fc.record({
  ...issued,
  value: u32,
  issuedTo: address,
  signedBy: address,
  ...signed,
});
const arbitraryOwnership: fc.Arbitrary<CertificateOfOwnership> = fc.record({
  ...issued,
  flags: u64,
  things: fc.array(
    fc.record({ type: fc.nat(255), value: fc.uint8Array({ minLength: 16, maxLength: 16 }) }),
    { maxLength: 16 },
  ),
  issuedTo: address,
  signedBy: address,
  ...signed,
});
const arbitraryRevocation: fc.Arbitrary<Revocation> = fc.record({
  unused1: u32,
  id: u32,
  networkId: issued.networkId,
  unused2: u32,
  credentialId: u32,
  threshold: u64,
  flags: u64,
  target: address,
  signedBy: address,
  credentialType: fc.nat(255),
  ...signed,
});
const arbitraryCapability: fc.Arbitrary<Capability> = fc.record({
  ...issued,
  rules: fc.array(
    fc.record({
      kind: fc.constant('MATCH_TAGS_EQUAL' as const),
      not: fc.boolean(),
      or: fc.boolean(),
      tag: u32,
      value: u32,
    }),
    { maxLength: 64 },
  ),
  maxCustody: fc.constant(7),
  custody: fc.array(fc.record({ to: address.filter((to) => to !== 0), from: address, signature }), {
    maxLength: 7,
  }),
  future: signed.future,
});
const arbitraryMembership: fc.Arbitrary<CertificateOfMembership> = fc
  .record({
    qualifiers: fc.uniqueArray(fc.record({ id: u64, value: u64, maxDelta: u64 }), {
      maxLength: 8,
      selector: ({ id }) => id,
    }),
    signedBy: address,
    signature: fc.uint8Array({ minLength: 96, maxLength: 96 }),
  })
  .map((value) => ({
    ...value,
    qualifiers: value.qualifiers.sort((a, b) => (a.id < b.id ? -1 : 1)),
    signature: value.signedBy === 0 ? new Uint8Array(0) : value.signature,
  }));

function describeCredential<T>(
  codec: Codec<T>,
  kind: Step['kind'],
  arbitrary: fc.Arbitrary<T>,
): void {
  const given = steps.filter((step) => step.kind === kind && step.verdict !== 'malformed');
  const lengths = new Map(given.map((step) => [step.wire.length, step]));
  describeCodec(codec, {
    samples: [
      { name: 'captured', bytes: captured[kind][0]! },
      ...[...lengths.values()].map(({ name, wire }) => ({ name, bytes: hex(wire) })),
    ].slice(0, 2),
    arbitrary,
    runs: 60,
  });
}
describeCredential(certificateOfMembership, 'COM', arbitraryMembership);
describeCredential(tag, 'TAG', arbitraryTag);
describeCredential(certificateOfOwnership, 'COO', arbitraryOwnership);
describeCredential(capability, 'CAPABILITY', arbitraryCapability);
describeCredential(revocation, 'REVOCATION', arbitraryRevocation);

describe('the credentials of credentials-refused.json', () => {
  const all = [
    ...steps,
    ...vectors.controller_identity_unknown.map((step) => ({ ...step, name: 'unknown controller' })),
  ];

  it('are read and written back byte for byte, but for the malformed', () => {
    for (const { kind, wire, verdict, name } of all) {
      const value = decode(codecs[kind], hex(wire));
      expect(isDrop(value), name).toBe(verdict === 'malformed');
      if (!isDrop(value)) expect(toHex(encode(codecs[kind], value)), name).toBe(wire);
    }
  });

  it('are malformed for the reason that their names say', () => {
    const reasons = steps
      .filter(({ verdict }) => verdict === 'malformed')
      .map(({ name, kind, wire }) => [
        name.replace(/, step .*/, ''),
        decode(codecs[kind], hex(wire)),
      ]);
    expect(Object.fromEntries(reasons)).toEqual({
      'COM with version byte 2': 'bad-credential',
      'COM with qualifiers out of order': 'bad-credential',
      'COM with 9 qualifiers': 'bad-credential',
      'COM cut off in the signature': 'truncated',
      'TAG cut short': 'truncated',
      'COO cut short': 'truncated',
      'CAPABILITY cut short': 'truncated',
      'CAPABILITY maxCustody 0': 'bad-credential',
      'CAPABILITY maxCustody 8': 'bad-credential',
    });
  });

  it('verify exactly where the verdict does not hinge on the signature', () => {
    const isUnsound =
      /signature|changed after|signed by|self-signed|unsigned|signed by a plain|chain|without custody/;
    // These are good in spite of their names.
    const isSound = /chain of two|well signed/;
    let refused = 0;
    for (const { kind, wire, verdict, name, isLast } of steps) {
      if (verdict === 'malformed') continue;
      const wrong = isLast && isUnsound.test(name) && !isSound.test(name);
      expect(verifies(kind, wire), name).toBe(!wrong);
      if (wrong) {
        refused++;
        expect(verdict, name).toBe('rejected');
      }
    }
    expect(refused).toBeGreaterThan(25);
    // The last of them has a spoilt signature: it waits for WHOIS like the others.
    expect(
      vectors.controller_identity_unknown.map(({ kind, wire }) => verifies(kind, wire)),
    ).toEqual([true, true, true, true, true, false]);
  });
});

describe('signing', () => {
  /** Credentials that the controller of the vectors signed alone. */
  const good = steps.filter(
    ({ verdict, name }) => verdict.startsWith('accepted') && !/chain|unused/.test(name),
  );

  it('gives the bytes that the reference gave', () => {
    expect(good.length).toBeGreaterThan(80);
    for (const { kind, wire, name } of good)
      expect(toHex(signedAgain(kind, wire)), name).toBe(wire);
  });

  function signedAgain(kind: Step['kind'], wire: string): Uint8Array {
    switch (kind) {
      case 'COM': {
        const value = decoded(certificateOfMembership, wire);
        const again = signCertificateOfMembership(provider, controllerSecret, value);
        return encode(certificateOfMembership, again);
      }
      case 'TAG':
        return encode(tag, signTag(provider, controllerSecret, decoded(tag, wire)));
      case 'COO': {
        const value = decoded(certificateOfOwnership, wire);
        const again = signCertificateOfOwnership(provider, controllerSecret, value);
        return encode(certificateOfOwnership, again);
      }
      case 'CAPABILITY': {
        const value = decoded(capability, wire);
        const holder = capabilityHolder(value)!;
        return encode(capability, signCapability(provider, controllerSecret, value, holder));
      }
      case 'REVOCATION': {
        const value = decoded(revocation, wire);
        return encode(revocation, signRevocation(provider, controllerSecret, value));
      }
    }
  }
});

describe('captured credentials', () => {
  it('are read to the end of their packets and written back', () => {
    for (const kind of ['COM', 'TAG', 'COO', 'CAPABILITY', 'REVOCATION'] as const) {
      expect(captured[kind].length, kind).toBeGreaterThan(0);
      for (const bytes of captured[kind])
        expect(toHex(encode(codecs[kind], decoded(codecs[kind], bytes)))).toBe(toHex(bytes));
    }
  });

  it('are shown in a line each', () => {
    const first = (kind: Step['kind']): string =>
      codecs[kind].describe(decoded(codecs[kind], captured[kind][0]!));
    expect(first('COM')).toBe(
      'membership of bfb8eb1884 on 283c5bc4bcc3c8a8 at 1795363892032, signed by 283c5bc4bc',
    );
    expect(first('TAG')).toBe('tag 100 = 7 of bfb8eb1884 on 283c5bc4bcc3c8a8 at 1795363892032');
    expect(first('COO')).toBe(
      'ownership 1 of fd28:3c5b:c4bc:c3c8:a899:93bf:b8eb:1884 fc94:ff93:6cbf:b8eb:1884::1 ' +
        '10.144.0.35 by bfb8eb1884 on 283c5bc4bcc3c8a8 at 1795363892032',
    );
    expect(first('CAPABILITY')).toBe(
      'capability 1 of bfb8eb1884 on 283c5bc4bcc3c8a8 at 1795363892032, ' +
        '3 rules: IP_PROTOCOL 6, IP_DEST_PORT_RANGE start=22 end=22, ACCEPT',
    );
    expect(first('REVOCATION')).toBe(
      'revocation of membership 0 of bfb8eb1884 on 283c5bc4bcc3c8a8 up to 1795363975332',
    );
  });
});

describe('a certificate of ownership', () => {
  const coo = decoded(certificateOfOwnership, captured.COO[0]!);

  it('covers the addresses in it and no others', () => {
    expect(owns(coo, ipv4Thing(0x0a900023))).toBe(true);
    expect(owns(coo, ipv4Thing(0x0a900024))).toBe(false);
    expect(owns(coo, ipv6Thing(hex('fd283c5bc4bcc3c8a89993bfb8eb1884')))).toBe(true);
    expect(owns(coo, ipv6Thing(hex('0a900023000000000000000000000000')))).toBe(false);
    expect(owns(coo, macThing(0xaa777b57dcdf as never))).toBe(false);
    const own = { ...coo, things: [macThing(0xaa777b57dcdf as never)] };
    expect(owns(own, macThing(0xaa777b57dcdf as never))).toBe(true);
    expect(owns({ ...coo, things: [{ ...coo.things[0]!, type: 9 }] }, coo.things[0]!)).toBe(false);
  });

  it('holds at most 16 things', () => {
    const with_ = (count: number): Uint8Array =>
      encode(certificateOfOwnership, { ...coo, things: Array(count).fill(ipv4Thing(1)) as never });
    expect(isDrop(decode(certificateOfOwnership, with_(16)))).toBe(false);
    expect(decode(certificateOfOwnership, with_(17))).toBe('bad-credential');
  });
});

describe('a capability', () => {
  it('names whose keys are needed, and does not verify without them', () => {
    const chain = steps.find(({ name, kind }) => name.includes('chain of two') && kind !== 'COM')!;
    const value = decoded(capability, chain.wire);
    const third = Number.parseInt(vectors.third.address, 16);
    expect(capabilitySigners(value)).toEqual([controllerOf(value.networkId), third]);
    expect(verifyCapability(provider, publicKeyOf, value)).toBe(true);
    const withoutThird = (at: Address): Uint8Array | null =>
      at === third ? null : publicKeyOf(at);
    expect(verifyCapability(provider, withoutThird, value)).toBe(false);
  });

  it('has no more custody entries than it allows', () => {
    const value = decoded(capability, captured.CAPABILITY[0]!);
    const entry = value.custody[0]!;
    const bytes = encode(capability, { ...value, custody: [entry, entry] });
    expect(decode(capability, bytes)).toBe('bad-credential');
  });
});

describe('the custody of a capability', () => {
  it('allows 1 to 7 entries', () => {
    const value = decoded(capability, captured.CAPABILITY[0]!);
    for (const [maxCustody, isRead] of [
      [0, false],
      [1, true],
      [7, true],
      [8, false],
    ] as const) {
      const read = decode(capability, encode(capability, { ...value, maxCustody }));
      expect(isDrop(read) ? read : 'read', `${maxCustody}`).toBe(
        isRead ? 'read' : 'bad-credential',
      );
    }
    expect(capabilityHolder({ ...value, custody: [] })).toBeNull();
  });
});

describe('a signature block of another type', () => {
  it('is skipped by its length, kept, and does not verify', () => {
    const value = decoded(tag, captured.TAG[0]!);
    const bytes = captured.TAG[0]!;
    const at = bytes.length - 2 - 96 - 3;
    const other = concatBytes(bytes.subarray(0, at), hex('070003aabbcc0002ddee'));
    const read = decoded(tag, other);
    expect(read).toMatchObject({ id: value.id, value: value.value });
    expect(toHex(encode(tag, read))).toBe(toHex(other));
    expect(verifyTag(provider, controllerKey(0x75a7e56dfd000abcn), read)).toBe(false);
  });
});
