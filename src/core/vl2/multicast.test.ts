/** Groups: who is asked, who answers, and what a root and a controller do for networks that they are not in (vl2 3.3–3.5, 4). */
import { describe, expect, it } from 'vitest';

import { at, inbound, read, TwinVl1 } from '../../../test/twins/vl1.ts';
import { testIdentity } from '../../../test/vectors/identities.ts';
import { ByteWriter } from '../../base/bytes.ts';
import type { Address, Mac, NetworkId } from '../../base/ids.ts';
import { encode } from '../../wire/codec.ts';
import { signCertificateOfMembership } from '../../wire/credentials/certificate-of-membership.ts';
import { macOf } from '../../wire/mac.ts';
import { arpGroup, multicastGroup, type MulticastGroup } from '../../wire/multicast-group.ts';
import { specialistRoles, type Specialist } from '../../wire/network-config/config-parts.ts';
import {
  emptyNetworkConfig,
  networkConfig,
  networkFlags,
  networkTypes,
  type NetworkConfig,
} from '../../wire/network-config/network-config.ts';
import { networkIdOf } from '../../wire/network-id.ts';
import { errorCodes } from '../../wire/verbs/error.ts';
import { multicastFrame } from '../../wire/verbs/multicast-frame.ts';
import { multicastGather } from '../../wire/verbs/multicast-gather.ts';
import { multicastLike } from '../../wire/verbs/multicast-like.ts';
import { okMulticastGather } from '../../wire/verbs/ok-multicast-gather.ts';
import { verbNumbers } from '../../wire/verbs/verb.ts';
import { FrameQueue } from '../queues.ts';
import { gatherAnswerMax } from './gather-answers.ts';
import { announceAgainMax, announceAgainMs, announceMs } from './group-announcer.ts';
import {
  gatheredGroupsMax,
  gatherEmptyMs,
  gatherMs,
  gatherTargetsMax,
  resolvingMax,
} from './multicaster.ts';
import { bridgesPerFrameMax } from './frames-outbound.ts';
import { Networks, networksMax } from './networks.ts';

const controller = testIdentity(0);
const root = testIdentity(1).identity.address;
const self = testIdentity(2);
const member = testIdentity(3).identity;
const others = [4, 5, 6, 7].map((index) => testIdentity(index).identity);
const id = networkIdOf(controller.identity.address, 1);
const group: MulticastGroup = { mac: 0x0100_5e7f_0001 as Mac, adi: 0 };

interface Bench {
  readonly vl1: TwinVl1;
  readonly networks: Networks;
  readonly frames: FrameQueue;
}

function config(changes: Partial<NetworkConfig> = {}): NetworkConfig {
  return {
    ...emptyNetworkConfig,
    networkId: id,
    issuedTo: self.identity.address,
    timestamp: 1_000n,
    revision: 1n,
    type: networkTypes.public,
    flags: networkFlags.broadcast,
    multicastLimit: 2,
    mtu: 2800,
    rules: [{ kind: 'ACTION_ACCEPT', not: false, or: false }],
    ...changes,
  };
}

/** A member of a public network; what it says at first is not looked at. */
function bench(changes: Partial<NetworkConfig> = {}): Bench {
  const vl1 = new TwinVl1(self);
  for (const known of [controller.identity, member, ...others]) vl1.known.set(known.address, known);
  vl1.roots = [root];
  const frames = new FrameQueue(64 * 1024, 64);
  const networks = new Networks({ vl1, frames });
  networks.join(at(0), id, { cachedConfig: encode(networkConfig, config(changes)) });
  vl1.takeSent();
  return { vl1, networks, frames };
}

/** The host sends a frame to a group. */
function output({ networks }: Bench, ms: number, to: MulticastGroup = group): void {
  const frame = new ByteWriter(new Uint8Array(60));
  frame.u48(to.mac);
  frame.u48(macOf(self.identity.address, id));
  frame.u16(0x0800);
  const batch = new FrameQueue(64, 1);
  batch.bytes.set(frame.bytes, batch.reserve(60));
  batch.commit(60, id);
  networks.handleFrames(at(ms), batch);
}

const like = (...groups: readonly MulticastGroup[]): Uint8Array =>
  encode(multicastLike, { likes: groups.map((each) => ({ networkId: id, group: each })) });
const gather = (limit: number, of: MulticastGroup = group): Uint8Array =>
  encode(multicastGather, { networkId: id, flags: 0, group: of, limit, certificate: null });
const gathered = (addresses: readonly Address[], of: MulticastGroup = group): Uint8Array => {
  const body = encode(okMulticastGather, {
    networkId: id,
    group: of,
    members: { totalKnown: addresses.length, addresses },
  });
  return Uint8Array.from([verbNumbers.MULTICAST_GATHER, ...new Uint8Array(8), ...body]);
};
const say = (it: Bench, ms: number, index: number, verb: number, payload: Uint8Array): string =>
  it.networks.handlePacket(at(ms), inbound(testIdentity(index).identity, verb as 9, payload));
/** Who gets a multicast. */
const recipients = (it: Bench): Address[] =>
  it.vl1
    .takeSent()
    .filter(({ verb }) => verb === verbNumbers.MULTICAST_FRAME)
    .map(({ to }) => to);

describe('a multicast', () => {
  it('asks root and controller, each once, and keeps the frame for whom they name', () => {
    const it_ = bench();
    output(it_, 0);
    const sent = it_.vl1.takeSent();
    expect(sent.map(({ to, verb }) => [to, verb])).toEqual([
      [root, verbNumbers.MULTICAST_GATHER],
      [controller.identity.address, verbNumbers.MULTICAST_GATHER],
    ]);
    expect(read(sent[0]!)).toMatchObject({ value: { limit: 3, group } });
    expect(say(it_, 10, 1, verbNumbers.OK, gathered([member.address]))).toBe('accepted');
    const [frame] = it_.vl1.takeSent();
    expect(frame!.to).toBe(member.address);
    expect(read(frame!)).toMatchObject({
      value: { flags: 0x02, gatherLimit: 3, source: null, group },
    });
    say(it_, 20, 0, verbNumbers.OK, gathered([member.address]));
    expect(it_.vl1.takeSent()).toEqual([]);
  });

  it('goes at once to members that are known, and asks for more of them every minute', () => {
    const it_ = bench();
    say(it_, 0, 3, verbNumbers.MULTICAST_LIKE, like(group));
    it_.vl1.takeSent();
    output(it_, 10);
    const verbs = (): number[] => it_.vl1.takeSent().map(({ verb }) => verb);
    const both = [
      verbNumbers.MULTICAST_GATHER,
      verbNumbers.MULTICAST_GATHER,
      verbNumbers.MULTICAST_FRAME,
    ];
    expect(verbs()).toEqual(both);
    output(it_, gatherMs);
    expect(verbs()).toEqual([verbNumbers.MULTICAST_FRAME]);
    output(it_, 10 + gatherMs);
    expect(verbs()).toEqual(both);
  });

  it('asks for a group without members not more than four times a second', () => {
    const it_ = bench();
    for (let ms = 0; ms < 1_000; ms++) output(it_, ms);
    expect(it_.vl1.takeSent()).toHaveLength((2 * 1_000) / gatherEmptyMs);
  });

  it('asks for the owner of an address four times more, as long as nobody is known', () => {
    const it_ = bench();
    const asked = (untilMs: number): number[] => {
      const times: number[] = [];
      for (;;) {
        const next = it_.networks.nextTimeoutMs();
        if (next > untilMs) return times;
        it_.networks.handleTimeout(at(next));
        const gathers = it_.vl1
          .takeSent()
          .filter(({ verb }) => verb === verbNumbers.MULTICAST_GATHER);
        if (gathers.length > 0) times.push(next);
      }
    };
    const neighbours: MulticastGroup = { mac: 0x3333_ff00_0001 as Mac, adi: 0 };
    output(it_, 0, neighbours);
    expect(asked(4_000)).toEqual([150, 450, 1_050, 2_250]);
    asked(9_999);
    output(it_, 10_000, neighbours);
    it_.vl1.takeSent();
    expect(asked(10_199)).toEqual([10_150]);
    say(it_, 10_200, 3, verbNumbers.MULTICAST_LIKE, like(neighbours));
    expect(asked(14_000)).toEqual([]);
    output(it_, 20_000, group);
    it_.vl1.takeSent();
    expect(asked(24_000)).toEqual([]);
  });

  it('asks again for so many addresses at a time', () => {
    const it_ = bench();
    for (let i = 0; i < resolvingMax + 10; i++)
      output(it_, 0, { mac: (0x3333_ff00_0000 + i) as Mac, adi: 0 });
    it_.vl1.takeSent();
    it_.networks.handleTimeout(at(150));
    const gathers = it_.vl1.takeSent().filter(({ to }) => to === root);
    expect(gathers).toHaveLength(resolvingMax);
  });

  it('asks 16 nodes at most for one frame', () => {
    const specialists: Specialist[] = Array.from({ length: 40 }, (_, i) => ({
      address: (0x10_0000_0000 + i) as Address,
      roles: specialistRoles.anchor,
    }));
    const it_ = bench({ specialists });
    output(it_, 0);
    const asked = it_.vl1.takeSent().map(({ to }) => to);
    expect(asked).toHaveLength(gatherTargetsMax);
    expect(new Set(asked).size).toBe(gatherTargetsMax);
    expect(asked.slice(0, 2)).toEqual([root, controller.identity.address]);
  });

  it('is remembered as asked for in so many groups', () => {
    const it_ = bench();
    const numbered = (i: number): MulticastGroup => ({
      mac: (0x0100_5e00_0000 + i) as Mac,
      adi: 0,
    });
    for (let i = 0; i <= gatheredGroupsMax; i++) output(it_, 0, numbered(i));
    const answered = (i: number): string =>
      say(it_, 1, 1, verbNumbers.OK, gathered([member.address], numbered(i)));
    expect([answered(0), answered(1), answered(gatheredGroupsMax)]).toEqual([
      'ignored',
      'accepted',
      'accepted',
    ]);
  });

  it('goes to no more members than its network says, late ones among them', () => {
    const it_ = bench();
    output(it_, 0);
    it_.vl1.takeSent();
    say(it_, 1, 1, verbNumbers.OK, gathered(others.map(({ address }) => address)));
    expect(recipients(it_)).toEqual(others.slice(0, 2).map(({ address }) => address));
    output(it_, 2);
    expect(new Set(recipients(it_)).size).toBe(2);
  });

  it('is not sent to nodes that nobody has asked for, nor to addresses that cannot be', () => {
    const it_ = bench();
    expect(say(it_, 0, 1, verbNumbers.OK, gathered([member.address]))).toBe('ignored');
    output(it_, 1);
    it_.vl1.takeSent();
    say(it_, 2, 1, verbNumbers.OK, gathered([0, 0xff00000001, self.identity.address] as Address[]));
    expect(recipients(it_)).toEqual([]);
  });

  it('goes to a member no more that does not want it', () => {
    const it_ = bench();
    say(it_, 0, 3, verbNumbers.MULTICAST_LIKE, like(group));
    const unwanted = new ByteWriter(new Uint8Array(10 + 18));
    unwanted.u8(verbNumbers.MULTICAST_FRAME);
    unwanted.u64(1n);
    unwanted.u8(errorCodes.UNWANTED_MULTICAST);
    unwanted.u64(id);
    multicastGroup.write(unwanted, group);
    expect(say(it_, 1, 3, verbNumbers.ERROR, unwanted.bytes)).toBe('accepted');
    it_.vl1.takeSent();
    output(it_, 2);
    expect(recipients(it_)).toEqual([]);
  });

  it('goes to the nearest replicator where there are some, which sends it on', () => {
    const specialists: Specialist[] = others
      .slice(0, 2)
      .map(({ address }) => ({ address, roles: specialistRoles.multicastReplicator }));
    const it_ = bench({ specialists });
    output(it_, 0);
    expect(recipients(it_)).toEqual([]);
    it_.vl1.latencies.set(others[0]!.address, 20);
    it_.vl1.latencies.set(others[1]!.address, 10);
    output(it_, 1);
    const sent = it_.vl1.takeSent();
    expect(sent.map(({ to }) => to)).toEqual([others[1]!.address]);
    expect(read(sent[0]!)).toMatchObject({ value: { flags: 0x0c } });

    const replicator = bench({
      specialists: [{ address: self.identity.address, roles: specialistRoles.multicastReplicator }],
    });
    for (const index of [3, 4]) say(replicator, 0, index, verbNumbers.MULTICAST_LIKE, like(group));
    replicator.vl1.takeSent();
    const payload = encode(multicastFrame, {
      networkId: id,
      flags: 0x0c,
      certificate: null,
      gatherLimit: null,
      source: macOf(member.address, id),
      group,
      etherType: 0x0800,
      data: Uint8Array.of(1, 2, 3),
    });
    expect(say(replicator, 1, 3, verbNumbers.MULTICAST_FRAME, payload)).toBe('trusted');
    expect(recipients(replicator)).toEqual([others[0]!.address]);
    expect(replicator.frames.count).toBe(1);
  });
});

describe('a frame for a host that nobody knows', () => {
  it('goes to 32 bridges at most', () => {
    const specialists: Specialist[] = Array.from({ length: 40 }, (_, i) => ({
      address: (0x10_0000_0000 + i) as Address,
      roles: specialistRoles.activeBridge,
    }));
    const it_ = bench({ specialists });
    output(it_, 0, { mac: 0x06aa_bbcc_ddee as Mac, adi: 0 });
    const to = it_.vl1
      .takeSent()
      .flatMap((sent) => (sent.verb === verbNumbers.EXT_FRAME ? [sent.to] : []));
    expect(to).toHaveLength(bridgesPerFrameMax);
    expect(new Set(to).size).toBe(bridgesPerFrameMax);
  });
});

describe('announcing', () => {
  const tellings = (it_: Bench): { to: Address; count: number }[] =>
    it_.vl1
      .takeSent()
      .filter(({ verb }) => verb === verbNumbers.MULTICAST_LIKE)
      .map(({ to, payload }) => ({ to, count: payload.length / 18 }));

  it('tells new groups at once, twice more, and all of them every minute', () => {
    const it_ = bench();
    it_.networks.handleGroups(at(100), id, [group]);
    const both = (count: number): object[] => [
      { to: root, count },
      { to: controller.identity.address, count },
    ];
    expect(tellings(it_)).toEqual(both(1));
    const times: number[] = [];
    for (;;) {
      const next = it_.networks.nextTimeoutMs();
      if (next > 2 * announceMs) break;
      it_.networks.handleTimeout(at(next));
      const told = tellings(it_);
      if (told.length === 0) continue;
      times.push(next);
      expect(told).toEqual(both(2));
    }
    expect(times).toEqual([
      ...announceAgainMs.map((after) => 100 + after),
      announceMs,
      2 * announceMs,
    ]);
  });

  it('tells a member that it hears, once a minute, while it hears it', () => {
    const it_ = bench();
    it_.networks.handleGroups(at(0), id, [group]);
    it_.vl1.takeSent();
    say(it_, 10, 3, verbNumbers.MULTICAST_LIKE, like(group));
    expect(tellings(it_)).toEqual([{ to: member.address, count: 2 }]);
    say(it_, 20, 3, verbNumbers.MULTICAST_LIKE, like(group));
    expect(tellings(it_)).toEqual([]);
    let told = 0;
    for (;;) {
      const next = it_.networks.nextTimeoutMs();
      if (next > 1_800_000) break;
      it_.networks.handleTimeout(at(next));
      told += tellings(it_).filter(({ to }) => to === member.address).length;
    }
    // For five minutes after the last that was heard of it.
    expect(told).toBe(4);
  });

  it('tells a member that has forgotten us, and not one that will not have us', () => {
    const it_ = bench();
    it_.networks.handleGroups(at(0), id, [group]);
    say(it_, 10, 3, verbNumbers.MULTICAST_LIKE, like(group));
    it_.vl1.takeSent();
    const refusal = new ByteWriter(new Uint8Array(1 + 8 + 1 + 8));
    refusal.u8(verbNumbers.FRAME);
    refusal.u64(1n);
    refusal.u8(errorCodes.NEED_MEMBERSHIP_CERTIFICATE);
    refusal.u64(id);
    const toldAtMs: number[] = [];
    for (let ms = 1_000; ms < 10_000; ms += 50) {
      say(it_, ms, 3, verbNumbers.ERROR, refusal.bytes);
      toldAtMs.push(...tellings(it_).map(() => ms));
    }
    expect(toldAtMs).toEqual([1_000, 1_500]);
  });

  it('tells what hosts behind a bridge make it tell again no more than so often', () => {
    const bridge = { address: self.identity.address, roles: specialistRoles.activeBridge };
    const it_ = bench({ specialists: [bridge] });
    const frame = (i: number, ms: number): void => {
      const writer = new ByteWriter(new Uint8Array(60));
      writer.u48(0x0100_5e00_0000 + i);
      writer.u48(0x02aa_bbcc_ddee);
      writer.u16(0x0800);
      const batch = new FrameQueue(64, 1);
      batch.bytes.set(writer.bytes, batch.reserve(60));
      batch.commit(60, id);
      it_.networks.handleFrames(at(ms), batch);
    };
    // One each 0.1 s lets none of them wait for ever.
    for (let i = 0; i < 30; i++) frame(i, i * 100);
    tellings(it_);
    it_.networks.handleTimeout(at(3_000));
    expect(tellings(it_)).not.toEqual([]);
    for (let i = 100; i < 100 + 2 * announceAgainMax; i++) frame(i, 9_000);
    tellings(it_);
    let again = 0;
    for (let ms = 9_100; ms < 20_000; ms += 100) {
      it_.networks.handleTimeout(at(ms));
      again += tellings(it_).reduce((sum, { to, count }) => sum + (to === root ? count : 0), 0);
    }
    expect(again).toBeLessThanOrEqual(announceAgainMs.length * announceAgainMax);
    expect(again).toBeGreaterThan(announceAgainMax);
  });

  it('needs several packets for many groups', () => {
    const it_ = bench();
    const groups = Array.from({ length: 130 }, (_, i) => ({
      mac: (0x3333_0000_0000 + i) as Mac,
      adi: 0,
    }));
    it_.networks.handleGroups(at(0), id, groups);
    expect(
      tellings(it_)
        .filter(({ to }) => to === root)
        .map(({ count }) => count),
    ).toEqual([64, 64, 2]);
  });
});

describe('answering', () => {
  it('names itself first, then others, never who asks', () => {
    const it_ = bench({ staticIps: [{ kind: 'ipv4', address: 0x0a000001, port: 24 }] });
    const own = arpGroup(0x0a000001);
    for (const index of [3, 4, 5]) say(it_, 0, index, verbNumbers.MULTICAST_LIKE, like(own));
    it_.vl1.takeSent();
    say(it_, 1, 3, verbNumbers.MULTICAST_GATHER, gather(10, own));
    const message = read(it_.vl1.takeSent()[0]!);
    if (message.name !== 'OK' || message.value.body.kind !== 'multicast-gather') throw new Error();
    const { totalKnown, addresses } = message.value.body.value.members;
    expect(totalKnown).toBe(4);
    expect(addresses[0]).toBe(self.identity.address);
    expect([...addresses.slice(1)].sort()).toEqual(
      others
        .slice(0, 2)
        .map(({ address }) => address)
        .sort(),
    );
  });

  it('says nothing where nobody can be named, or nobody is wanted', () => {
    const it_ = bench();
    say(it_, 0, 3, verbNumbers.MULTICAST_LIKE, like(group));
    it_.vl1.takeSent();
    say(it_, 1, 3, verbNumbers.MULTICAST_GATHER, gather(10));
    say(it_, 1, 4, verbNumbers.MULTICAST_GATHER, gather(0));
    expect(it_.vl1.takeSent().filter(({ verb }) => verb === verbNumbers.OK)).toEqual([]);
  });

  it('answers for every network as a root, as many as fit a packet', () => {
    const it_ = bench();
    it_.vl1.isRootItself = true;
    const foreign = (id + 1n) as NetworkId;
    const likes = [{ networkId: foreign, group }];
    for (let i = 0; i < 3_000; i++)
      it_.networks.handlePacket(
        at(0),
        inbound(
          { ...member, address: (0x10_0000_0000 + i) as Address },
          verbNumbers.MULTICAST_LIKE,
          encode(multicastLike, { likes }),
        ),
      );
    const question = { networkId: foreign, flags: 0, group, limit: 65_535, certificate: null };
    const payload = encode(multicastGather, question);
    expect(say(it_, 1, 3, verbNumbers.MULTICAST_GATHER, payload)).toBe('accepted');
    const [answer] = it_.vl1.takeSent();
    const message = read(answer!);
    if (message.name !== 'OK' || message.value.body.kind !== 'multicast-gather') throw new Error();
    expect(message.value.body.value.members.addresses).toHaveLength(gatherAnswerMax);
    expect(message.value.body.value.members.totalKnown).toBe(3_000);
  });

  it('does not listen to strangers, nor in networks that are not ours', () => {
    const it_ = bench({ type: networkTypes.private });
    expect(say(it_, 0, 3, verbNumbers.MULTICAST_LIKE, like(group))).toBe('not-member');
    expect(say(it_, 0, 3, verbNumbers.MULTICAST_GATHER, gather(10))).toBe('not-member');
    const bystander = new Networks({ vl1: new TwinVl1(self), frames: new FrameQueue(64, 1) });
    const packet = inbound(member, verbNumbers.MULTICAST_LIKE, like(group));
    expect(bystander.handlePacket(at(0), packet)).toBe('not-member');
  });

  it('listens to members of a network that its own controller has just configured', () => {
    const vl1 = new TwinVl1(controller);
    const networks = new Networks({
      vl1,
      frames: new FrameQueue(64, 1),
      wasConfigured: (_now, networkId, address) => networkId === id && address === member.address,
    });
    const handle = (from: typeof member): string =>
      networks.handlePacket(at(0), inbound(from, verbNumbers.MULTICAST_LIKE, like(group)));
    expect(handle(member)).toBe('accepted');
    expect(handle(others[0]!)).toBe('not-member');
  });

  it('looks at certificates of strangers only so often', () => {
    const it_ = bench({ type: networkTypes.private });
    let verified = 0;
    it_.vl1.provider.ed25519Verify = (): boolean => {
      verified++;
      return false;
    };
    for (let i = 0; i < 100; i++) {
      const certificate = signCertificateOfMembership(it_.vl1.provider, self.secretKey, {
        qualifiers: [
          { id: 0n, value: BigInt(1_000 + i), maxDelta: 1_000n },
          { id: 1n, value: id, maxDelta: 0n },
          { id: 2n, value: BigInt(member.address), maxDelta: 0xffff_ffff_ffff_ffffn },
        ],
        signedBy: controller.identity.address,
      });
      const question = { networkId: id, flags: 1, group, limit: 1, certificate };
      say(it_, 0, 3, verbNumbers.MULTICAST_GATHER, encode(multicastGather, question));
    }
    expect(verified).toBe(8);
  });
});

describe('the number of networks', () => {
  it('is limited, and a person is told', () => {
    const it_ = bench();
    for (let i = 1; i < networksMax; i++) it_.networks.join(at(0), (id + BigInt(i)) as NetworkId);
    const one = (id + BigInt(networksMax)) as NetworkId;
    expect(() => {
      it_.networks.join(at(0), one);
    }).toThrow(expect.objectContaining({ code: 'NETWORKS_TOO_MANY' }));
    it_.networks.leave(at(0), (id + 1n) as NetworkId);
    it_.networks.join(at(0), one);
    expect(it_.networks.views(at(0))).toHaveLength(networksMax);
  });
});
