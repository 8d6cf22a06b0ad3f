/** The verbs that carry frames between any MACs, find members of groups, and their answers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../../test/conformance/codec.ts';
import * as values from '../../../test/fuzz/values.ts';
import { capturedPayloads, hex } from '../../../test/vectors/load.ts';
import { ByteReader } from '../../base/bytes.ts';
import { encode, type WireReader } from '../codec.ts';
import { extFrame, type ExtFrame } from './ext-frame.ts';
import { gatheredMembers } from './gathered-members.ts';
import { multicastFrame, type MulticastFrame } from './multicast-frame.ts';
import { multicastGather, type MulticastGather } from './multicast-gather.ts';
import { multicastLike } from './multicast-like.ts';
import { okExtFrame } from './ok-ext-frame.ts';
import { okMulticastFrame, type OkMulticastFrame } from './ok-multicast-frame.ts';
import { okMulticastGather } from './ok-multicast-gather.ts';

const { networkId, multicastGroup: group, mac, u8, u16, u32 } = values;
const certificate = fc.option(values.certificateOfMembership);
const data = values.bytes(40);
const members = fc.record({
  totalKnown: u32,
  addresses: fc.array(values.address, { maxLength: 9 }),
});

const shortest = (verb: string): { name: string; bytes: Uint8Array }[] =>
  capturedPayloads(verb)
    .sort((a, b) => a.bytes.length - b.bytes.length)
    .slice(0, 1);
/** The bodies of captured OKs. @param inReVerb - the first byte of the payload */
const okBodies = (inReVerb: number): { name: string; bytes: Uint8Array }[] =>
  capturedPayloads('OK')
    .filter(({ bytes }) => bytes[0] === inReVerb)
    .slice(0, 1)
    .map(({ name, bytes }) => ({ name, bytes: bytes.subarray(9) }));
const handMade = (name: string, text: string): { name: string; bytes: Uint8Array } => ({
  name: `made by hand: ${name}`,
  bytes: hex(text.replaceAll(' ', '')),
});

/** The shortest certificate of membership: without qualifiers, unsigned. A captured one is in MULTICAST_GATHER. */
const com = '0100000000000000';

describeCodec(extFrame, {
  samples: [
    ...shortest('EXT_FRAME'),
    handMade(
      'with a certificate',
      `283c5bc4bcc3c8a8 11 ${com} 02aabbccddee aa8d6eac241c 0806 0001`,
    ),
  ],
  arbitrary: fc
    .record<ExtFrame>({
      networkId,
      flags: u8,
      certificate,
      destination: mac,
      source: mac,
      etherType: u16,
      data,
    })
    .map((value) => ({
      ...value,
      flags: (value.flags & ~1) | (value.certificate === null ? 0 : 1),
    })),
  runs: 100,
});

describeCodec(multicastLike, {
  samples: capturedPayloads('MULTICAST_LIKE').slice(0, 2),
  arbitrary: fc.record({ likes: fc.array(fc.record({ networkId, group }), { maxLength: 9 }) }),
});

describeCodec(multicastGather, {
  samples: [
    ...capturedPayloads('MULTICAST_GATHER').slice(0, 1),
    handMade('without a certificate', '283c5bc4bcc3c8a8 00 333300000016 00000000 00000021'),
  ],
  arbitrary: fc
    .record<MulticastGather>({ networkId, flags: u8, group, limit: u32, certificate })
    .map((value) => ({
      ...value,
      flags: (value.flags & ~1) | (value.certificate === null ? 0 : 1),
    })),
  runs: 100,
});

describeCodec(multicastFrame, {
  samples: [
    ...shortest('MULTICAST_FRAME'),
    handMade(
      'with everything, to a replicator',
      `283c5bc4bcc3c8a8 0f ${com} 00000021 02aabbccddee ffffffffffff 0a900023 0806 0001`,
    ),
  ],
  arbitrary: fc
    .record<MulticastFrame>({
      networkId,
      flags: u8,
      certificate,
      gatherLimit: fc.option(u32),
      source: fc.option(mac),
      group,
      etherType: u16,
      data,
    })
    .map((value) => ({
      ...value,
      flags:
        (value.flags & ~7) |
        (value.certificate === null ? 0 : 1) |
        (value.gatherLimit === null ? 0 : 2) |
        (value.source === null ? 0 : 4),
    })),
  runs: 100,
});

describeCodec(okExtFrame, {
  samples: [handMade('a network', '283c5bc4bcc3c8a8')],
  arbitrary: fc.record({ networkId }),
});

describeCodec(gatheredMembers, {
  samples: [handMade('one of two', '00000002 0001 45ad10e047')],
  arbitrary: members,
});

describeCodec(okMulticastGather, {
  samples: okBodies(0x0d),
  arbitrary: fc.record({ networkId, group, members }),
});

describeCodec(okMulticastFrame, {
  samples: [
    ...okBodies(0x0e),
    handMade(
      'with a certificate',
      `283c5bc4bcc3c8a8 ffffffffffff 0a900023 03 ${com} 00000001 0001 bfb8eb1884`,
    ),
  ],
  arbitrary: fc
    .record<OkMulticastFrame>({
      networkId,
      group,
      flags: u8,
      certificate,
      members: fc.option(members),
    })
    .map((value) => ({
      ...value,
      flags:
        (value.flags & ~3) |
        (value.certificate === null ? 0 : 1) |
        (value.members === null ? 0 : 2),
    })),
  runs: 100,
});

describe('frames to groups', () => {
  it('have their flags and what follows them agree, or are not written', () => {
    const value: MulticastFrame = {
      networkId: 1n as never,
      flags: 2,
      certificate: null,
      gatherLimit: null,
      source: null,
      group: { mac: 1 as never, adi: 0 },
      etherType: 0x0806,
      data: new Uint8Array(0),
    };
    expect(() => encode(multicastFrame, value)).toThrow('flags');
    expect(encode(multicastFrame, { ...value, flags: 8 })).toHaveLength(21);
  });
});

describe('lists of members', () => {
  it('name no more than fit a packet', () => {
    for (const [count, failure] of [
      ['07d0', 'too-many'],
      ['07cf', 'truncated'],
    ]) {
      const reader: WireReader = new ByteReader(hex(`00000001${count}`));
      gatheredMembers.read(reader);
      expect(reader.failure).toBe(failure);
    }
  });
});

describe('MULTICAST_LIKE', () => {
  it('has no more groups than fit a packet, and leaves part of one unread', () => {
    const reader: WireReader = new ByteReader(new Uint8Array(9996));
    expect(multicastLike.read(reader).likes).toHaveLength(555);
    expect(reader.remaining).toBe(6);
    const longer: WireReader = new ByteReader(new Uint8Array(556 * 18));
    multicastLike.read(longer);
    expect(longer.failure).toBe('too-many');
  });
});
