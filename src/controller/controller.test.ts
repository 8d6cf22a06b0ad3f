import { beforeEach, describe, expect, it } from 'vitest';

import { inboundPacket, messageIn, SilentVl1, type Sent } from '../../test/synthetic/vl1.ts';
import { testIdentity } from '../../test/vectors/identities.ts';
import { errorCode } from '../base/errors.ts';
import { formatAddress, type Address, type NetworkId, type PacketId } from '../base/ids.ts';
import { Prng } from '../base/prng.ts';
import type { Now } from '../core/ports.ts';
import { nodeProvider } from '../io/crypto/node-provider.ts';
import { decode, encode, isDrop } from '../wire/codec.ts';
import { verifyRevocation } from '../wire/credentials/revocation.ts';
import { identityFingerprint, type Identity, type SecretIdentity } from '../wire/identity.ts';
import { agrees } from '../wire/credentials/certificate-of-membership.ts';
import { formatInetAddress } from '../wire/inet-address.ts';
import { ChunkAssembly } from '../wire/network-config/chunk-assembly.ts';
import type { ConfigChunk } from '../wire/network-config/config-chunk.ts';
import {
  configRequest,
  tokenAuthentication,
  usualMetadata,
  type RequestMetadata,
} from '../wire/network-config/config-request.ts';
import { memberReport } from '../wire/network-config/member-report.ts';
import {
  networkConfig,
  networkTypes,
  type NetworkConfig,
} from '../wire/network-config/network-config.ts';
import { controllerOf } from '../wire/network-id.ts';
import { errorCodes } from '../wire/verbs/error.ts';
import { ok } from '../wire/verbs/ok.ts';
import { verbNumbers } from '../wire/verbs/verb.ts';
import { Controller, type ControllerOptions } from './controller.ts';
import type { MemberRecord } from './member-record.ts';
import type { MemberWord } from './member-reports.ts';
import type { NetworkSettings } from './network-record.ts';
import { MemoryStore } from './store.ts';

const provider = nodeProvider();
const testIdentities = (count: number): SecretIdentity[] =>
  Array.from({ length: count }, (_, i) => testIdentity(i));
const [self, alice, bob, carol] = testIdentities(4) as [
  SecretIdentity,
  SecretIdentity,
  SecretIdentity,
  SecretIdentity,
];
const controllerKey = self.identity.publicKey;

let vl1: SilentVl1;
let controller: Controller;
let now: { monoMs: number; wallMs: number };
let packetId = 1n;

beforeEach(() => {
  start();
});

function start(options: ControllerOptions = {}): void {
  const prng = new Prng('controller');
  vl1 = new SilentVl1(self, provider, {
    fill: (bytes) => {
      for (let i = 0; i < bytes.length; i++) bytes[i] = prng.below(256);
    },
  });
  now = { monoMs: 5_000, wallMs: 1_800_000_000_000 };
  controller = new Controller(vl1, options);
}

function later(ms: number): Now {
  now = { monoMs: now.monoMs + ms, wallMs: now.wallMs + ms };
  return now;
}

/** A node asks. @returns what it was sent */
function ask(
  { identity }: { identity: Identity },
  networkId: NetworkId,
  metadata: Partial<RequestMetadata> = {},
  future: Uint8Array = new Uint8Array(0),
  heldAtMs = 0,
): Sent[] {
  vl1.take();
  const payload = encode(configRequest, {
    networkId,
    metadata: { ...usualMetadata, ...metadata },
    have: { revision: 0n, timestamp: BigInt(heldAtMs) },
    future,
  });
  controller.handlePacket(
    now,
    inboundPacket(identity, verbNumbers.NETWORK_CONFIG_REQUEST, packetId++, payload),
  );
  return vl1.take();
}

function isRefused(sent: readonly Sent[], code: number): boolean {
  const message = sent.length === 1 ? messageIn(sent[0]!) : null;
  return message?.name === 'ERROR' && message.value.code === code;
}

function chunksOf(sent: readonly Sent[], to: Address): ConfigChunk[] {
  return sent.flatMap((each) => {
    if (each.to !== to) return [];
    const message = messageIn(each);
    if (message.name === 'NETWORK_CONFIG') return [message.value];
    return message.name === 'OK' && message.value.body.kind === 'network-config-request'
      ? [message.value.body.value]
      : [];
  });
}

/** What a member makes of what it was sent: pieces put together, signatures verified. */
function configOf(sent: readonly Sent[], to: Address): NetworkConfig | null {
  const chunks = chunksOf(sent, to);
  const [first] = chunks;
  if (first === undefined) return null;
  const assembly = new ChunkAssembly({
    provider,
    networkId: first.networkId,
    controllerPublicKey: controllerKey,
  });
  let config: NetworkConfig | null = null;
  for (const chunk of chunks) {
    const progress = assembly.accept(chunk, { isFromController: true, packetId: 1n });
    if (typeof progress === 'string') throw new Error(progress);
    if (progress.kind !== 'complete') continue;
    const value = decode(networkConfig, progress.text);
    if (isDrop(value)) throw new Error(value);
    config = value;
  }
  return config;
}

/** Joins and gives the configuration back. */
function join(who: SecretIdentity, networkId: NetworkId): NetworkConfig {
  const config = configOf(ask(who, networkId), who.identity.address);
  if (config === null) throw new Error('denied');
  return config;
}

const addressOf = ({ identity }: SecretIdentity): Address => identity.address;
const ips = (config: NetworkConfig): string[] => config.staticIps.map(formatInetAddress);
const pool: Partial<NetworkSettings> = {
  assignsIpv4: true,
  routes: [{ target: '10.9.0.0/24', via: null }],
  pools: [{ first: '10.9.0.10', last: '10.9.0.20' }],
};

describe('a controller', () => {
  it('makes networks of its own address with a number that is not 0', () => {
    const record = controller.createNetwork(now);
    expect(controllerOf(record.networkId)).toBe(addressOf(self));
    expect(record.networkId & 0xff_ffffn).not.toBe(0n);
    expect(controller.networks()).toEqual([record]);
  });

  it('denies a private network until the member is authorised, then gives it at once', () => {
    const { networkId } = controller.createNetwork(now);
    expect(isRefused(ask(alice, networkId), errorCodes.NETWORK_ACCESS_DENIED)).toBe(true);
    expect(controller.members(now, networkId)).toMatchObject([
      { record: { address: addressOf(alice), authorization: null }, isOnline: true },
    ]);
    controller.authorize(later(100), networkId, addressOf(alice));
    const pushed = vl1.take();
    expect(pushed.map(({ how, verb }) => [how, verb])).toEqual([
      ['send', verbNumbers.NETWORK_CONFIG],
    ]);
    const config = configOf(pushed, addressOf(alice))!;
    expect(config.type).toBe(networkTypes.private);
    expect(config.issuedTo).toBe(addressOf(alice));
  });

  it('authorises a node before it has asked', () => {
    const { networkId } = controller.createNetwork(now);
    controller.authorize(now, networkId, addressOf(alice));
    expect(vl1.take()).toEqual([]);
    expect(join(alice, networkId).issuedTo).toBe(addressOf(alice));
  });

  it('issues certificates that agree with each other', () => {
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    const mine = join(alice, networkId).membership;
    later(1_800_000);
    const theirs = join(bob, networkId).membership;
    const fingerprint = identityFingerprint(provider, bob.identity);
    expect(agrees(mine, theirs, fingerprint)).toBe(true);
    later(1);
    later(2_000);
    expect(agrees(mine, join(bob, networkId).membership, fingerprint)).toBe(false);
  });

  it('lets everybody into a public network, and who brings a word that is not expired into a private one', () => {
    const open = controller.createNetwork(now, { isPrivate: false });
    expect(join(alice, open.networkId).type).toBe(networkTypes.public);
    const shut = controller.createNetwork(now, {
      joinTokens: [
        { token: 'sesame', expiresAtMs: 0 },
        { token: 'old', expiresAtMs: now.wallMs },
      ],
    });
    const withToken = (token: string) => ({ authentication: tokenAuthentication(token) });
    expect(ask(bob, shut.networkId, withToken('old'))).toSatisfy((sent: Sent[]) =>
      isRefused(sent, errorCodes.NETWORK_ACCESS_DENIED),
    );
    expect(
      configOf(ask(alice, shut.networkId, withToken('sesame')), addressOf(alice)),
    ).not.toBeNull();
    expect(
      controller
        .members(now, shut.networkId)
        .map(({ record }) => record.authorization)
        .sort(),
    ).toEqual([null, 'token'].sort());
  });

  it('says that it has no such network, and nothing about networks of others', () => {
    const { networkId } = controller.createNetwork(now);
    const missing = (networkId ^ 1n) as NetworkId;
    expect(isRefused(ask(alice, missing), errorCodes.OBJ_NOT_FOUND)).toBe(true);
    expect(ask(alice, (networkId ^ (1n << 40n)) as NetworkId)).toEqual([]);
  });

  it('does not answer a second request of a member within a second', () => {
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    expect(ask(alice, networkId)).not.toEqual([]);
    later(999);
    expect(ask(alice, networkId)).toEqual([]);
    expect(ask(bob, networkId)).not.toEqual([]);
    later(1);
    expect(ask(alice, networkId)).not.toEqual([]);
  });

  it('refuses another identity of an address that is taken', () => {
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    join(alice, networkId);
    later(1_000);
    const impostor = { identity: { ...alice.identity, publicKey: bob.identity.publicKey } };
    expect(isRefused(ask(impostor, networkId), errorCodes.NETWORK_ACCESS_DENIED)).toBe(true);
  });

  it('drops what is no request, without an answer', () => {
    const packet = inboundPacket(
      alice.identity,
      verbNumbers.NETWORK_CONFIG_REQUEST,
      1n,
      new Uint8Array(5),
    );
    expect(controller.handlePacket(now, packet)).toBe('truncated');
    const ok = inboundPacket(alice.identity, verbNumbers.OK, 1n, new Uint8Array(9));
    expect(controller.handlePacket(now, ok)).toBe('accepted');
    const other = inboundPacket(alice.identity, verbNumbers.FRAME, 1n, new Uint8Array(9));
    expect(controller.handlePacket(now, other)).toBe('ignored');
    expect(vl1.take()).toEqual([]);
  });

  it('gives each member an address of the pool, and the same one again', () => {
    const { networkId } = controller.createNetwork(now, { ...pool, isPrivate: false });
    const people = testIdentities(12).slice(1);
    const given = people.map((who) => ips(join(who, networkId)));
    const all = given.flat();
    // Ten addresses: the last one of a pool is not given.
    expect(new Set(all).size).toBe(10);
    expect(all).toHaveLength(10);
    expect(all.every((ip) => /^10\.9\.0\.1\d\/24$/.test(ip))).toBe(true);
    later(1_000);
    expect(ips(join(people[0]!, networkId))).toEqual(given[0]);
  });

  it('gives an address up when its member is deleted', () => {
    const { networkId } = controller.createNetwork(now, {
      ...pool,
      isPrivate: false,
      pools: [{ first: '10.9.0.10', last: '10.9.0.11' }],
    });
    expect(ips(join(alice, networkId))).toEqual(['10.9.0.10/24']);
    expect(ips(join(bob, networkId))).toEqual([]);
    controller.deleteMember(now, networkId, addressOf(alice));
    later(1_000);
    expect(ips(join(bob, networkId))).toEqual(['10.9.0.10/24']);
  });

  it('gives IPv6 addresses of a pool', () => {
    const { networkId } = controller.createNetwork(now, {
      isPrivate: false,
      assignsIpv6: true,
      routes: [{ target: 'fd00:5::/64', via: null }],
      pools: [{ first: 'fd00:5::100', last: 'fd00:5::103' }],
    });
    const given = testIdentities(5)
      .slice(1)
      .flatMap((who) => ips(join(who, networkId)));
    expect(new Set(given).size).toBe(4);
    expect(given.every((ip) => /^fd00:5::10[0-3]\/64$/.test(ip))).toBe(true);
  });

  it('sends addresses that a person has given, but for those that lie in no route', () => {
    const { networkId } = controller.createNetwork(now, {
      ...pool,
      routes: [
        { target: '10.9.0.0/16', via: null },
        { target: '10.9.0.0/24', via: null },
      ],
    });
    controller.setMember(now, networkId, addressOf(alice), {
      ipAssignments: ['10.9.0.200', '10.9.7.1', '192.0.2.1'],
      noAutoAssignIps: true,
    });
    controller.authorize(now, networkId, addressOf(alice));
    expect(ips(join(alice, networkId))).toEqual(['10.9.0.200/24', '10.9.7.1/16']);
  });

  it('counts each change of a member once, and what it is authorised by', () => {
    start();
    const { networkId } = controller.createNetwork(now, {
      ...pool,
      joinTokens: [{ token: 'sesame', expiresAtMs: 0 }],
    });
    const record = (who: SecretIdentity): MemberRecord =>
      controller
        .members(now, networkId)
        .find(({ record: each }) => each.address === addressOf(who))!.record;
    ask(alice, networkId);
    expect(record(alice)).toMatchObject({ revision: 1, lastAuthorization: null });
    // Told and let in at once; the address and what it runs come with the configuration that is pushed.
    const told = controller.setMember(now, networkId, addressOf(alice), {
      name: 'a',
      isAuthorized: true,
    });
    expect(told).toMatchObject({ revision: 2, authorization: 'command', ipAssignments: [] });
    expect(record(alice)).toMatchObject({ revision: 3, software: { protocolVersion: 12 } });
    expect(record(alice).ipAssignments).toHaveLength(1);
    later(2_000);
    ask(alice, networkId);
    controller.setMember(now, networkId, addressOf(alice), { name: 'a', isAuthorized: true });
    expect(record(alice).revision).toBe(3);
    controller.deauthorize(now, networkId, addressOf(alice));
    expect(record(alice)).toMatchObject({
      ...{ revision: 4, authorization: null, lastAuthorization: 'command', lastCredential: null },
    });
    ask(bob, networkId, { authentication: 'token:sesame' });
    expect(record(bob)).toMatchObject({
      ...{ revision: 1, authorization: 'token', lastCredential: 'sesame' },
    });
    expect(controller.counts).toMatchObject({
      ...{ configRequests: 3, networkChanges: 1, memberChanges: 5 },
      ...{ authorizations: 2, deauthorizations: 1 },
    });
  });

  it('has a member report where it says itself, else where the network says', () => {
    start();
    const { networkId } = controller.createNetwork(now, {
      ...{ isPrivate: false, traceTarget: addressOf(carol), traceLevel: 10 },
    });
    expect(join(alice, networkId)).toMatchObject({ traceTarget: addressOf(carol), traceLevel: 10 });
    controller.setMember(now, networkId, addressOf(alice), {
      ...{ traceTarget: addressOf(bob), traceLevel: 30 },
    });
    later(2_000);
    expect(join(alice, networkId)).toMatchObject({ traceTarget: addressOf(bob), traceLevel: 30 });
  });

  it('sends rules, capabilities and tags only to who understands them', () => {
    const { networkId } = controller.createNetwork(now, {
      isPrivate: false,
      rules: [{ kind: 'ACTION_DROP', not: false, or: false }],
      capabilities: [{ id: 3, isDefault: true, rules: [] }],
      tags: [{ id: 5, default: 6 }],
    });
    const config = join(alice, networkId);
    expect(config.rules).toMatchObject([{ kind: 'ACTION_DROP' }]);
    expect(config.capabilities).toMatchObject([{ id: 3 }]);
    expect(config.tags).toMatchObject([{ id: 5, value: 6 }]);
    const old = configOf(ask(bob, networkId, { rulesEngineRevision: 0 }), addressOf(bob))!;
    expect(old.rules).toMatchObject([{ kind: 'ACTION_ACCEPT' }]);
    expect([old.capabilities, old.tags]).toEqual([[], []]);
  });

  it('sends long configurations in pieces that name one request', () => {
    const { networkId } = controller.createNetwork(now, {
      isPrivate: false,
      rules: Array.from({ length: 1000 }, () => ({
        kind: 'MATCH_IPV6_SOURCE' as const,
        not: false,
        or: true,
        ip: new Uint8Array(16).fill(0xfd),
        bits: 128,
      })),
    });
    const sent = ask(alice, networkId);
    expect(chunksOf(sent, addressOf(alice))).toHaveLength(3);
    expect(configOf(sent, addressOf(alice))?.rules).toHaveLength(1000);
    expect(
      new Set(sent.map((each) => (messageIn(each).value as { inRePacketId: bigint }).inRePacketId))
        .size,
    ).toBe(1);
  });

  it('pushes a changed network to those who are online and may have it', () => {
    const { networkId } = controller.createNetwork(now, {});
    for (const who of [alice, bob]) controller.authorize(now, networkId, addressOf(who));
    join(alice, networkId);
    ask(carol, networkId);
    later(120_000);
    join(bob, networkId);
    controller.setNetwork(now, networkId, { name: 'new' });
    const pushed = vl1.take();
    expect(pushed.map(({ to }) => to)).toEqual([addressOf(bob)]);
    expect(configOf(pushed, addressOf(bob))).toMatchObject({ name: 'new', revision: 2n });
    controller.setNetwork(now, networkId, { name: 'new' });
    expect(vl1.take()).toEqual([]);
    expect(controller.network(networkId)?.revision).toBe(2);
  });

  it('pushes to many a turn at a time, and does not forget anybody', () => {
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    const people = testIdentities(50).slice(1);
    for (const who of people) join(who, networkId);
    controller.setNetwork(now, networkId, { name: 'new' });
    const first = vl1.take();
    expect(first).toHaveLength(32);
    const all = [...first];
    for (let turns = 0; turns < 10 && vl1.wakeAtMs !== Infinity; turns++) {
      const waited = vl1.wakeAtMs - now.monoMs;
      vl1.wakeAtMs = Infinity;
      controller.handleTimeout(later(waited));
      all.push(...vl1.take());
    }
    expect(new Set(all.map(({ to }) => to)).size).toBe(49);
    expect(all).toHaveLength(49);
  });

  it('does so for a list of members, and for commands that come one after the other', () => {
    const { networkId } = controller.createNetwork(now, {});
    const people = testIdentities(100).slice(1);
    for (const who of people) ask(who, networkId);
    const all = people.map(addressOf);
    controller.setStanding(now, networkId, { authorize: all.slice(0, 50) });
    expect(vl1.take()).toHaveLength(32);
    for (const address of all.slice(50)) controller.authorize(now, networkId, address);
    expect(vl1.take()).toEqual([]);
    const sent: Sent[] = [];
    for (let turns = 0; turns < 3; turns++) {
      controller.handleTimeout(later(1));
      sent.push(...vl1.take());
    }
    expect(sent).toHaveLength(all.length - 32);
  });

  it('makes a new bridge known to everybody', () => {
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    for (const who of [alice, bob]) join(who, networkId);
    controller.setMember(now, networkId, addressOf(bob), { isActiveBridge: true });
    const pushed = vl1.take();
    for (const who of [alice, bob])
      expect(configOf(pushed, addressOf(who))?.specialists).toEqual([
        { address: addressOf(bob), roles: 2 },
      ]);
  });

  it('says how long a member may use its groups', () => {
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    expect(controller.mayUseGroups(now, networkId, addressOf(alice))).toBe(false);
    join(alice, networkId);
    expect(controller.mayUseGroups(later(179_999), networkId, addressOf(alice))).toBe(true);
    expect(controller.mayUseGroups(later(1), networkId, addressOf(alice))).toBe(false);
  });
});

describe('shutting out', () => {
  const revocationsTo = (sent: readonly Sent[], to: Address) =>
    sent.flatMap((each) => {
      const message = messageIn(each);
      return each.to === to && message.name === 'NETWORK_CREDENTIALS'
        ? (message.value.revocations ?? [])
        : [];
    });

  it('tells everybody online, so that what was issued before counts no more and what comes after does', () => {
    const { networkId } = controller.createNetwork(now, {});
    for (const who of [alice, bob]) {
      controller.authorize(now, networkId, addressOf(who));
      join(who, networkId);
    }
    later(2_000);
    const before = join(bob, networkId).timestamp;
    controller.deauthorize(now, networkId, addressOf(bob));
    const sent = vl1.take();
    for (const who of [alice, bob]) {
      const [revocation, ...more] = revocationsTo(sent, addressOf(who));
      expect(more).toEqual([]);
      expect(verifyRevocation(provider, controllerKey, revocation!)).toBe(true);
      expect(revocation).toMatchObject({ target: addressOf(bob), flags: 1n, credentialType: 1 });
      expect(revocation!.threshold).toBeGreaterThanOrEqual(before);
    }
    // Within the same millisecond.
    controller.authorize(now, networkId, addressOf(bob));
    const again = configOf(vl1.take(), addressOf(bob))!;
    expect(again.timestamp).toBeGreaterThan(before);
  });

  it('repeats a revocation, but no faster than it is read', () => {
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    for (const who of [alice, bob]) join(who, networkId);
    controller.deauthorize(now, networkId, addressOf(bob));
    const times: number[] = [];
    for (let waited = 0; waited <= 10_000; waited += 100) {
      if (revocationsTo(vl1.take(), addressOf(alice)).length > 0) times.push(waited);
      controller.handleTimeout(later(100));
    }
    expect(times).toEqual([0, 1_100, 2_200]);
  });

  const overspan = { overspan: '1' };
  /** A member says that it has these in force. */
  const confirm = (who: SecretIdentity, networkId: NetworkId, ids: readonly number[]): void => {
    const body = { kind: 'network-credentials', value: { networkId, revocations: ids } } as const;
    const inReVerb = verbNumbers.NETWORK_CREDENTIALS;
    const payload = encode(ok, { inReVerb, inRePacketId: 1n as PacketId, body });
    controller.handlePacket(now, inboundPacket(who.identity, verbNumbers.OK, packetId++, payload));
  };

  it('repeats one to an Overspan member until it has confirmed, and knows who has', () => {
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    for (const who of [alice, bob, carol]) ask(who, networkId, overspan);
    controller.deauthorize(now, networkId, addressOf(bob));
    const [first] = revocationsTo(vl1.take(), addressOf(alice));
    confirm(alice, networkId, [first!.id]);
    // A word about what was never sent changes nothing.
    confirm(carol, networkId, [first!.id ^ 1]);
    const times: number[] = [];
    for (let waited = 0; waited <= 2_000; waited += 100) {
      const sent = vl1.take();
      expect(revocationsTo(sent, addressOf(alice))).toEqual([]);
      if (revocationsTo(sent, addressOf(carol)).length > 0) times.push(waited);
      controller.handleTimeout(later(100));
    }
    expect(times).toEqual([200, 500, 1_000, 2_000]);
    confirm(carol, networkId, [first!.id]);
    expect(controller.revocation(networkId, addressOf(bob))).toMatchObject({
      confirmed: [addressOf(alice), addressOf(carol)],
      waiting: [addressOf(bob)],
    });
  });

  it('sends a thousand to an Overspan member at once', () => {
    const { networkId } = controller.createNetwork(now, {});
    controller.authorize(now, networkId, addressOf(alice));
    ask(alice, networkId, overspan);
    const others = Array.from({ length: 1_000 }, (_, i) => (0x1_0000_0000 + i) as Address);
    for (const address of others) controller.authorize(now, networkId, address);
    vl1.take();
    controller.deauthorizeAll(now, networkId, others);
    expect(revocationsTo(vl1.take(), addressOf(alice)).map(({ target }) => target)).toEqual(others);
  });

  it('tells a member that was away who was shut out meanwhile, also after a restart', () => {
    const store = new MemoryStore();
    start({ store });
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    for (const who of [alice, bob]) ask(who, networkId, overspan);
    later(300_000);
    ask(carol, networkId);
    controller.deauthorize(now, networkId, addressOf(bob));
    const targets = (who: SecretIdentity, metadata: Partial<RequestMetadata>): Address[] =>
      revocationsTo(ask(who, networkId, metadata), addressOf(who)).map(({ target }) => target);
    expect(targets(alice, overspan)).toEqual([addressOf(bob)]);
    for (let repeat = 0; repeat < 5; repeat++) controller.handleTimeout(later(1_100));
    expect(targets(carol, {})).toEqual([]);
    const { wallMs } = now;
    start({ store });
    now = { monoMs: 1_000, wallMs };
    expect(targets(carol, {})).toEqual([addressOf(bob)]);
    later(1_900_000);
    start({ store });
    now = { monoMs: 1_000, wallMs: wallMs + 1_900_000 };
    // By now nothing that he holds agrees with anything.
    expect(targets(carol, {})).toEqual([]);
  });

  it('tells members at once that have not asked yet since it was started', () => {
    const store = new MemoryStore();
    start({ store });
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    for (const who of [alice, bob, carol]) ask(who, networkId);
    start({ store });
    ask(carol, networkId);
    controller.deauthorize(now, networkId, addressOf(bob));
    const told = new Set(vl1.take().map(({ to }) => to));
    expect(told).toEqual(new Set([alice, bob, carol].map(addressOf)));
    // Later, when all that was due has gone, whoever has not asked is not there.
    later(200_000);
    controller.handleTimeout(now);
    ask(carol, networkId);
    vl1.take();
    controller.deauthorize(now, networkId, addressOf(carol));
    expect(revocationsTo(vl1.take(), addressOf(alice))).toEqual([]);
  });

  it('puts what comes together into one packet', () => {
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    for (const who of [alice, bob, carol]) join(who, networkId);
    controller.deauthorize(now, networkId, addressOf(bob));
    expect(revocationsTo(vl1.take(), addressOf(alice))).toHaveLength(1);
    controller.deauthorize(later(10), networkId, addressOf(carol));
    expect(vl1.take()).toEqual([]);
    controller.handleTimeout(later(1_100));
    const sent = vl1.take();
    expect(sent.filter(({ to }) => to === addressOf(alice))).toHaveLength(1);
    expect(
      revocationsTo(sent, addressOf(alice))
        .map(({ target }) => target)
        .sort(),
    ).toEqual([addressOf(bob), addressOf(carol)].sort());
  });

  it('leaves nothing that a member could be said to have lost', () => {
    const { networkId } = controller.createNetwork(now, {});
    const lost = (): number | undefined =>
      controller.member(now, networkId, addressOf(alice))?.heard?.lostConfigs;
    controller.authorize(now, networkId, addressOf(alice));
    for (let turn = 0; turn < 4; turn++) {
      ask(alice, networkId);
      later(2_000);
    }
    expect(lost()).toBe(3);
    controller.deauthorize(now, networkId, addressOf(alice));
    for (let turn = 0; turn < 2; turn++) {
      later(2_000);
      ask(alice, networkId);
      expect(lost()).toBe(0);
    }
    controller.authorize(later(2_000), networkId, addressOf(alice));
    expect(lost()).toBe(0);
  });

  it('goes on when the network is gone, 64 at a time', () => {
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    const people = testIdentities(101).slice(1);
    for (const who of people) join(who, networkId);
    controller.deleteNetwork(now, networkId);
    expect(controller.networks()).toEqual([]);
    const targets = new Set<Address>();
    for (let turn = 0; turn < 12; turn++) {
      const got = revocationsTo(vl1.take(), addressOf(people[0]!));
      expect(got.length).toBeLessThanOrEqual(64);
      for (const { target } of got) targets.add(target);
      controller.handleTimeout(later(1_100));
    }
    expect(targets.size).toBe(100);
    vl1.wakeAtMs = Infinity;
    controller.handleTimeout(later(1_100));
    expect([vl1.take(), vl1.wakeAtMs]).toEqual([[], Infinity]);
  });

  it('never issues what is older than before, whatever the clock does', () => {
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    const first = join(alice, networkId).timestamp;
    controller.deauthorize(now, networkId, addressOf(alice));
    now = { monoMs: now.monoMs + 2_000, wallMs: now.wallMs - 3_600_000 };
    expect(join(alice, networkId).timestamp).toBeGreaterThan(first);
  });

  it('does so also after a restart', () => {
    const store = new MemoryStore();
    start({ store });
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    const first = join(alice, networkId).timestamp;
    controller.deauthorize(now, networkId, addressOf(alice));
    start({ store });
    now = { monoMs: 0, wallMs: now.wallMs - 3_600_000 };
    expect(join(alice, networkId).timestamp).toBeGreaterThan(first);
  });
});

describe('a ban', () => {
  const record = (networkId: NetworkId, who: SecretIdentity): MemberRecord | undefined =>
    controller.member(now, networkId, addressOf(who))?.record;
  const ban = (networkId: NetworkId, ...people: readonly SecretIdentity[]): void => {
    controller.banAll(now, networkId, people.map(addressOf));
  };
  /** What a node that is kept out might bring. */
  const bring = (token: string): Partial<RequestMetadata> => ({
    authentication: tokenAuthentication(token),
  });

  it('shuts members out of a public network with one word, and everybody is told', () => {
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    for (const who of [alice, bob, carol]) join(who, networkId);
    later(2_000);
    const changed = controller.banAll(now, networkId, [bob, carol].map(addressOf));
    expect(changed.map(({ address }) => address)).toEqual([bob, carol].map(addressOf));
    const told = vl1.take().map((sent) => [sent.to, messageIn(sent)] as const);
    for (const who of [alice, bob, carol]) {
      const [message] = told.flatMap(([to, each]) => (to === addressOf(who) ? [each] : []));
      const revocations = message?.name === 'NETWORK_CREDENTIALS' ? message.value.revocations : [];
      expect(revocations?.map(({ target }) => target)).toEqual([bob, carol].map(addressOf));
    }
    expect(record(networkId, bob)).toMatchObject({
      ...{ authorization: null, bannedAtMs: now.wallMs, deauthorizedAtMs: now.wallMs },
    });
    expect(isRefused(ask(bob, networkId), errorCodes.NETWORK_ACCESS_DENIED)).toBe(true);
    expect(controller.mayUseGroups(now, networkId, addressOf(bob))).toBe(false);
    // Once more changes nothing, and tells nobody.
    later(2_000);
    expect(controller.banAll(now, networkId, [addressOf(bob)])).toEqual([]);
  });

  it('holds before a node asks, against a newer invitation, a word, and after a restart', () => {
    const store = new MemoryStore();
    start({ store });
    const joinTokens = [{ token: 'sesame', expiresAtMs: 0 }];
    const shut = controller.createNetwork(now, { joinTokens }).networkId;
    const open = controller.createNetwork(now, { isPrivate: false }).networkId;
    for (const networkId of [shut, open]) ban(networkId, alice);
    later(5_000);
    const terms = { note: '', expiresAtMs: 0, uses: 3 };
    const { token } = controller.createInvite(now, shut, terms);
    for (let run = 0; run < 2; run++) {
      for (const word of [token, 'sesame', '']) {
        expect(isRefused(ask(alice, shut, bring(word)), errorCodes.NETWORK_ACCESS_DENIED)).toBe(
          true,
        );
        later(1_000);
      }
      expect(isRefused(ask(alice, open), errorCodes.NETWORK_ACCESS_DENIED)).toBe(true);
      start({ store });
    }
    expect(controller.invites(shut)).toMatchObject([{ usesLeft: 3 }]);
    // Nobody else is concerned.
    expect(configOf(ask(bob, shut, bring(token)), addressOf(bob))).not.toBeNull();
  });

  it('stands when a node asks a thousand times, with whatever it brings, and costs one write', () => {
    const store = new MemoryStore();
    start({ store, limits: { pending: 3 } });
    const { networkId } = controller.createNetwork(now, {
      isPrivate: false,
      joinTokens: [{ token: 'sesame', expiresAtMs: 0 }],
    });
    join(alice, networkId);
    later(1_000);
    ban(networkId, alice, bob);
    vl1.take();
    const { token } = controller.createInvite(now, networkId, {
      ...{ note: '', expiresAtMs: 0, uses: null },
    });
    const impostor = { identity: { ...alice.identity, publicKey: carol.identity.publicKey } };
    const words = ['', 'sesame', token, 'x'.repeat(200)];
    const { memberChanges, authorizations } = controller.counts;
    for (let turn = 0; turn < 1_000; turn++) {
      later(1_000);
      const metadata = { ...bring(words[turn % 4]!), overspan: turn % 3 === 0 ? '1' : null };
      for (const who of [alice, bob, impostor]) {
        const sent = ask(who, networkId, metadata);
        const own = sent.filter(({ to }) => to === who.identity.address);
        expect(chunksOf(own, who.identity.address)).toEqual([]);
      }
      controller.handleTimeout(now);
      if (turn === 500) controller.setNetwork(now, networkId, { name: 'pushed to nobody banned' });
    }
    expect(controller.counts.authorizations).toBe(authorizations);
    // The identity of who was banned before it asked, and nothing else.
    expect(controller.counts.memberChanges).toBe(memberChanges + 1);
    for (const who of [alice, bob])
      expect(record(networkId, who)).toMatchObject({ authorization: null, identity: who.identity });
  });

  it('is not crowded out by those who only ask, and needs room', () => {
    start({ limits: { pending: 2, members: 3 } });
    const { networkId } = controller.createNetwork(now);
    ban(networkId, alice);
    ask(bob, networkId);
    ban(networkId, bob);
    for (const who of testIdentities(9).slice(3)) ask(who, networkId);
    expect(record(networkId, alice)?.bannedAtMs).toBe(now.wallMs);
    expect(record(networkId, bob)?.bannedAtMs).toBe(now.wallMs);
    controller.authorize(now, networkId, addressOf(carol));
    const strangers = [0x1, 0x2].map((number) => number as Address);
    const full = code(() => controller.banAll(now, networkId, [addressOf(carol), ...strangers]));
    expect([full, record(networkId, carol)?.bannedAtMs]).toEqual(['CONTROLLER_FULL', 0]);
    // Who is in already needs none.
    ban(networkId, carol);
    expect(record(networkId, carol)).toMatchObject({ authorization: null });
  });

  it('is lifted by a person alone, and not by letting in', () => {
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    join(alice, networkId);
    later(1_000);
    ban(networkId, alice);
    expect(code(() => controller.authorize(now, networkId, addressOf(alice)))).toBe(
      'CONTROLLER_MEMBER_BANNED',
    );
    const both = { isAuthorized: true, isBanned: true };
    expect(code(() => controller.setMember(now, networkId, addressOf(bob), both))).toBe(
      'CONTROLLER_SETTING_INVALID',
    );
    controller.setMember(now, networkId, addressOf(alice), { name: 'still out' });
    expect(record(networkId, alice)).toMatchObject({ name: 'still out', authorization: null });
    controller.setMember(now, networkId, addressOf(alice), { isBanned: false });
    expect(record(networkId, alice)).toMatchObject({ bannedAtMs: 0, authorization: null });
    expect(join(alice, networkId).issuedTo).toBe(addressOf(alice));
    ban(networkId, alice);
    controller.setMember(now, networkId, addressOf(alice), { isAuthorized: true, isBanned: false });
    expect(record(networkId, alice)).toMatchObject({ bannedAtMs: 0, authorization: 'command' });
  });

  it('is forgotten with its member', () => {
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    ban(networkId, alice);
    controller.deleteMember(now, networkId, addressOf(alice));
    expect(join(alice, networkId).issuedTo).toBe(addressOf(alice));
  });

  it('is part of a command that is done whole or not at all', () => {
    const { networkId } = controller.createNetwork(now);
    controller.authorize(now, networkId, addressOf(bob));
    ban(networkId, alice, carol);
    const [a, b, c] = [alice, bob, carol].map(addressOf) as [Address, Address, Address];
    const refused = code(() => {
      controller.setStanding(now, networkId, { unban: [c], authorize: [c, a], deauthorize: [b] });
    });
    expect(refused).toBe('CONTROLLER_MEMBER_BANNED');
    expect(record(networkId, carol)?.bannedAtMs).not.toBe(0);
    controller.setStanding(now, networkId, { unban: [a], authorize: [a, b], ban: [b] });
    expect(record(networkId, alice)).toMatchObject({ authorization: 'command', bannedAtMs: 0 });
    expect(record(networkId, bob)).toMatchObject({ authorization: null, bannedAtMs: now.wallMs });
  });

  it('is all that is known of a node that never asked, which is forgotten when it is lifted', () => {
    const store = new MemoryStore();
    start({ store });
    const { networkId } = controller.createNetwork(now);
    const [a, b, c] = [alice, bob, carol].map(addressOf) as [Address, Address, Address];
    ask(bob, networkId);
    controller.setMember(now, networkId, c, { description: 'of whom we wait' });
    controller.banAll(now, networkId, [a, b, c]);
    const unban = [a, b, c];
    const left = controller.setStanding(now, networkId, { unban });
    expect(left.map(({ address }) => address)).toEqual(unban.sort((x, y) => x - y));
    expect(left.every(({ bannedAtMs }) => bannedAtMs === 0)).toBe(true);
    controller.banAll(now, networkId, [a]);
    const last = controller.setMember(now, networkId, a, { isBanned: false });
    expect(last).toMatchObject({ address: a, bannedAtMs: 0, revision: 2 });
    const known = [b, c].sort((x, y) => x - y);
    for (let run = 0; run < 2; run++) {
      const members = controller.members(now, networkId);
      expect(members.map(({ record: each }) => each.address)).toEqual(known);
      start({ store });
    }
  });

  it('is lifted by the word that lets its member in as one change, which crowds nobody out', () => {
    start({ limits: { pending: 2 } });
    const { networkId } = controller.createNetwork(now);
    const [a, b, c] = [alice, bob, carol].map(addressOf) as [Address, Address, Address];
    controller.banAll(now, networkId, [a]);
    for (const who of [bob, carol]) ask(who, networkId);
    const { memberChanges } = controller.counts;
    controller.setStanding(now, networkId, { unban: [a], authorize: [a] });
    expect(record(networkId, alice)).toMatchObject({ authorization: 'command', revision: 2 });
    expect(controller.counts.memberChanges).toBe(memberChanges + 1);
    expect(controller.members(now, networkId).map(({ record: each }) => each.address)).toEqual(
      [a, b, c].sort((left, right) => left - right),
    );
  });
});

describe('what members say of each other', () => {
  const overspan = { overspan: '1' };
  /** A member asks, and says how it reaches others, whom it heard 5 s ago. */
  const say = (
    by: SecretIdentity,
    networkId: NetworkId,
    about: readonly Address[],
    metadata: Partial<RequestMetadata> = overspan,
    heldAtMs = now.wallMs,
  ): Sent[] => {
    const members = about.map((address) => ({
      ...{ address, kind: 'direct' as const, latencyMs: 7, heardAgoS: 5 },
    }));
    const report = { version: 1, members, future: new Uint8Array(0) };
    return ask(by, networkId, metadata, encode(memberReport, report), heldAtMs);
  };
  const words = (networkId: NetworkId, who: SecretIdentity): readonly MemberWord[] =>
    controller.member(now, networkId, addressOf(who))?.reports ?? [];

  it('is wanted of members of ours, and of official ones not', () => {
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    expect(configOf(ask(alice, networkId, overspan), addressOf(alice))?.overspan).toBe('1');
    expect(join(bob, networkId).overspan).toBeNull();
    controller.setNetwork(now, networkId, { name: 'pushed' });
    const pushed = vl1.take();
    expect(configOf(pushed, addressOf(alice))?.overspan).toBe('1');
    expect(configOf(pushed, addressOf(bob))?.overspan).toBeNull();
  });

  it('is kept as the word of each, for three minutes', () => {
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    for (const who of [alice, bob, carol]) ask(who, networkId, overspan);
    later(60_000);
    say(alice, networkId, [addressOf(carol)]);
    later(10_000);
    say(bob, networkId, [addressOf(carol)]);
    const word = { kind: 'direct', latencyMs: 7 };
    expect(words(networkId, carol)).toEqual([
      { ...word, by: addressOf(bob), saidAtMs: now.monoMs, heardAtMs: now.monoMs - 5_000 },
      {
        ...word,
        ...{ by: addressOf(alice), saidAtMs: now.monoMs - 10_000, heardAtMs: now.monoMs - 15_000 },
      },
    ]);
    later(170_000);
    expect(words(networkId, carol).map(({ by }) => by)).toEqual([addressOf(bob)]);
    later(10_000);
    expect(words(networkId, carol)).toEqual([]);
  });

  it('is not said again by a recording of it', () => {
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    for (const who of [alice, bob, carol]) ask(who, networkId, overspan);
    const heldAtMs = now.wallMs;
    later(60_000);
    say(alice, networkId, [addressOf(carol)], overspan, heldAtMs);
    const [said] = words(networkId, carol);
    for (let turn = 0; turn < 6; turn++) {
      later(25_000);
      say(alice, networkId, [addressOf(carol)], overspan, heldAtMs);
      say(bob, networkId, [addressOf(carol)], overspan, 0);
    }
    expect(words(networkId, carol)).toEqual([said]);
    later(30_000);
    expect(words(networkId, carol)).toEqual([]);
    say(alice, networkId, [addressOf(carol)]);
    expect(words(networkId, carol)).toHaveLength(1);
  });

  it('counts only of who is in, about others who are in, and of members of ours', () => {
    const { networkId } = controller.createNetwork(now);
    for (const who of [alice, bob]) controller.authorize(now, networkId, addressOf(who));
    const all = [alice, bob, carol].map(addressOf);
    say(carol, networkId, all);
    say(alice, networkId, [...all, 0x1234 as Address]);
    say(bob, networkId, all, {});
    expect(words(networkId, alice)).toEqual([]);
    expect(words(networkId, carol)).toEqual([]);
    expect(words(networkId, bob).map(({ by }) => by)).toEqual([addressOf(alice)]);
    expect(controller.members(now, networkId)).toHaveLength(3);
  });

  it('is forgotten with who is shut out, whether it is about it or by it', () => {
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    const all = [alice, bob, carol].map(addressOf);
    for (const who of [alice, bob, carol]) ask(who, networkId, overspan);
    later(2_000);
    for (const who of [alice, bob, carol]) say(who, networkId, all);
    expect(words(networkId, alice)).toHaveLength(2);
    controller.banAll(now, networkId, [addressOf(bob)]);
    controller.setMember(now, networkId, addressOf(bob), { isAuthorized: true, isBanned: false });
    expect(words(networkId, bob)).toEqual([]);
    expect(words(networkId, alice).map(({ by }) => by)).toEqual([addressOf(carol)]);
    controller.deleteMember(now, networkId, addressOf(carol));
    expect(words(networkId, alice)).toEqual([]);
  });

  it('that cannot be read, is of another version or comes too soon costs nobody the configuration', () => {
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    for (const who of [alice, bob]) ask(who, networkId, overspan);
    for (const bytes of [[1], [1, 65], [1, 1, 0], [2, 9, 9], [0xff], Array<number>(900).fill(1)]) {
      later(30_000);
      const sent = ask(alice, networkId, overspan, Uint8Array.from(bytes));
      expect(configOf(sent, addressOf(alice))).not.toBeNull();
    }
    expect(words(networkId, bob)).toEqual([]);
    later(30_000);
    for (let turn = 0; turn < 20; turn++) {
      later(1_000);
      expect(configOf(say(alice, networkId, [addressOf(bob)]), addressOf(alice))).not.toBeNull();
    }
    // The first of them counts, and no other within 20 s.
    expect(words(networkId, bob)).toMatchObject([{ saidAtMs: now.monoMs - 19_000 }]);
  });
});

describe('a controller keeps', () => {
  it('everything across a restart', () => {
    const store = new MemoryStore();
    start({ store });
    const { networkId } = controller.createNetwork(now, { ...pool, isPrivate: false, name: 'n' });
    const gone = controller.createNetwork(now);
    controller.deleteNetwork(now, gone.networkId);
    const given = ips(join(alice, networkId));
    join(bob, networkId);
    controller.deleteMember(now, networkId, addressOf(bob));
    start({ store });
    expect(controller.networks().map(({ settings }) => settings.name)).toEqual(['n']);
    expect(controller.members(now, networkId).map(({ record }) => record.address)).toEqual([
      addressOf(alice),
    ]);
    expect(ips(join(alice, networkId))).toEqual(given);
  });

  it('as many who were never authorised as the limit says, the latest', () => {
    const store = new MemoryStore();
    start({ store, limits: { pending: 3 } });
    const { networkId } = controller.createNetwork(now);
    const people = testIdentities(7).slice(1);
    controller.authorize(now, networkId, addressOf(people[0]!));
    for (const who of people) ask(who, networkId);
    const kept = [people[0]!, ...people.slice(3)].map(addressOf).sort((a, b) => a - b);
    expect(controller.members(now, networkId).map(({ record }) => record.address)).toEqual(kept);
    expect(store.load().members).toHaveLength(4);
  });

  it('no more networks and members than the limits say', () => {
    start({ limits: { networks: 1, members: 1 } });
    const { networkId } = controller.createNetwork(now, { isPrivate: false });
    expect(code(() => controller.createNetwork(now))).toBe('CONTROLLER_FULL');
    join(alice, networkId);
    expect(isRefused(ask(bob, networkId), errorCodes.NETWORK_ACCESS_DENIED)).toBe(true);
    expect(code(() => controller.authorize(now, networkId, addressOf(carol)))).toBe(
      'CONTROLLER_FULL',
    );
  });

  it('no more members than the limit says that a person has only named, and lets back in who is one', () => {
    start({ limits: { members: 2 } });
    const { networkId } = controller.createNetwork(now);
    const strangers = [1, 2, 3].map((number) => number as Address);
    controller.setMember(now, networkId, strangers[0]!, { name: 'first' });
    controller.authorize(now, networkId, addressOf(alice));
    for (const changes of [{ name: 'third' }, { ipAssignments: ['10.9.0.9'] }])
      expect(code(() => controller.setMember(now, networkId, strangers[2]!, changes))).toBe(
        'CONTROLLER_FULL',
      );
    // Who only asks needs no room, also where somebody has written something about it.
    controller.setMember(now, networkId, strangers[1]!, { description: 'asks' });
    ask(bob, networkId);
    controller.setMember(now, networkId, strangers[0]!, { name: 'renamed' });
    controller.deauthorize(now, networkId, addressOf(alice));
    later(2_000);
    const terms = { note: '', expiresAtMs: 0, uses: null };
    const { token } = controller.createInvite(now, networkId, terms);
    const metadata = { authentication: tokenAuthentication(token) };
    expect(configOf(ask(alice, networkId, metadata), addressOf(alice))).not.toBeNull();
    expect(isRefused(ask(bob, networkId, metadata), errorCodes.NETWORK_ACCESS_DENIED)).toBe(true);
  });

  it('what it had when a setting cannot be used', () => {
    const { networkId } = controller.createNetwork(now, { name: 'before' });
    const wrong: Partial<NetworkSettings>[] = [
      { name: 'x'.repeat(128) },
      { name: '€' },
      { multicastLimit: -1 },
      { mtu: 1.5 },
      { routes: [{ target: '10.0.0.0', via: null }] },
      { routes: [{ target: '10.0.0.0/33', via: null }] },
      { routes: [{ target: '10.0.0.0/8', via: 'fd00::1' }] },
      { pools: [{ first: '10.0.0.9', last: '10.0.0.1' }] },
      { pools: [{ first: '10.0.0.9', last: 'fd00::1' }] },
      { dns: { domain: '', servers: ['one'] } },
      { dns: { domain: '', servers: Array<string>(5).fill('10.0.0.1') } },
      { tags: [{ id: 1, default: 0x1_0000_0000 }] },
      { tags: [1, 1].map((id) => ({ id, default: null })) },
      {
        rules: Array.from({ length: 1000 }, () => ({
          kind: 'UNKNOWN' as const,
          not: false,
          or: false,
          id: 63,
          field: new Uint8Array(255),
        })),
      },
      { capabilities: [1, 1].map((id) => ({ id, isDefault: false, rules: [] })) },
    ];
    for (const changes of wrong) {
      expect(code(() => controller.setNetwork(now, networkId, { name: 'after', ...changes }))).toBe(
        'CONTROLLER_SETTING_INVALID',
      );
    }
    expect(controller.network(networkId)).toMatchObject({
      settings: { name: 'before' },
      revision: 1,
    });
    expect(
      code(() =>
        controller.setMember(now, networkId, addressOf(alice), { ipAssignments: ['10.0.0.1/8'] }),
      ),
    ).toBe('CONTROLLER_SETTING_INVALID');
    expect(controller.members(now, networkId)).toEqual([]);
  });

  it('nothing of networks and members that it does not know', () => {
    const { networkId } = controller.createNetwork(now);
    const missing = (networkId ^ 1n) as NetworkId;
    expect(code(() => controller.setNetwork(now, missing, {}))).toBe('CONTROLLER_NETWORK_UNKNOWN');
    expect(
      code(() => {
        controller.deleteMember(now, networkId, addressOf(alice));
      }),
    ).toBe('CONTROLLER_MEMBER_UNKNOWN');
    expect(controller.network(missing)).toBeNull();
    expect(controller.members(now, missing)).toEqual([]);
    expect(formatAddress(controllerOf(networkId))).toBe(formatAddress(addressOf(self)));
  });

  it('a configuration with everything at its limit within what a member reads', () => {
    const long = {
      kind: 'MATCH_INTEGER_RANGE' as const,
      not: false,
      or: false,
      start: 0n,
      end: 0n,
      index: 0,
      format: 0,
    };
    const { networkId } = controller.createNetwork(now, {
      isPrivate: false,
      rules: Array.from({ length: 1024 }, () => long),
      capabilities: Array.from({ length: 128 }, (_, id) => ({
        id,
        isDefault: true,
        rules: Array.from({ length: 64 }, () => long),
      })),
      tags: Array.from({ length: 128 }, (_, id) => ({ id, default: 0 })),
      routes: Array.from({ length: 128 }, () => ({ target: '::/0', via: '::' })),
      dns: { domain: 'x'.repeat(127), servers: ['::', '::', '::', '::'] },
    });
    const config = join(alice, networkId);
    expect([config.rules, config.capabilities, config.tags].map((list) => list.length)).toEqual([
      1024, 128, 128,
    ]);
  });

  it('an MTU and a window within what members take', () => {
    const { networkId } = controller.createNetwork(now, {
      isPrivate: false,
      mtu: 100,
      membershipWindowMs: 1,
    });
    expect(join(alice, networkId)).toMatchObject({ mtu: 1280, credentialTimeMaxDelta: 300_000n });
  });
});

function code(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    return errorCode(error);
  }
  return undefined;
}

describe('an invitation', () => {
  const terms = { note: 'workshop', expiresAtMs: 0, uses: 1 };
  const bring = (token: string): Partial<RequestMetadata> => ({
    authentication: tokenAuthentication(token),
  });
  const isIn = (who: SecretIdentity, networkId: NetworkId, token: string): boolean =>
    configOf(ask(who, networkId, bring(token)), addressOf(who)) !== null;

  it('for one lets in the first of two who bring it at once, and nobody after a restart', () => {
    const store = new MemoryStore();
    start({ store });
    const { networkId } = controller.createNetwork(now);
    const { token } = controller.createInvite(now, networkId, terms);
    expect([isIn(alice, networkId, token), isIn(bob, networkId, token)]).toEqual([true, false]);
    later(2_000);
    // Who came by it needs it no more.
    expect(isIn(alice, networkId, token)).toBe(true);
    start({ store });
    expect(isIn(carol, networkId, token)).toBe(false);
    expect(isIn(alice, networkId, '')).toBe(true);
  });

  it('is over at its time, when it was revoked, and with its network', () => {
    const { networkId } = controller.createNetwork(now);
    const until = controller.createInvite(now, networkId, {
      ...terms,
      expiresAtMs: now.wallMs + 1_000,
    });
    const gone = controller.createInvite(now, networkId, { ...terms, uses: null });
    controller.revokeInvite(networkId, gone.record.id);
    expect(isIn(alice, networkId, gone.token)).toBe(false);
    later(1_000);
    expect(isIn(bob, networkId, until.token)).toBe(false);
    expect(code(() => controller.revokeInvite(networkId, gone.record.id))).toBe(
      'CONTROLLER_INVITE_UNKNOWN',
    );
    const other = controller.createNetwork(now).networkId;
    expect(isIn(carol, other, controller.createInvite(now, networkId, terms).token)).toBe(false);
  });

  it('does not bring back who was put out after it was made', () => {
    const { networkId } = controller.createNetwork(now);
    const { token } = controller.createInvite(now, networkId, { ...terms, uses: null });
    expect(isIn(alice, networkId, token)).toBe(true);
    later(5_000);
    controller.deauthorize(now, networkId, addressOf(alice));
    expect(isIn(alice, networkId, token)).toBe(false);
    expect(isIn(bob, networkId, token)).toBe(true);
    later(5_000);
    const newer = controller.createInvite(now, networkId, terms);
    expect(isIn(alice, networkId, newer.token)).toBe(true);
  });

  it('is kept without its token', () => {
    const store = new MemoryStore();
    start({ store });
    const { networkId } = controller.createNetwork(now);
    const { token, record } = controller.createInvite(now, networkId, terms);
    expect(store.load().invites).toEqual([record]);
    expect(JSON.stringify(record, (_key, value: unknown) => String(value))).not.toContain(token);
    expect(Object.values(record).includes(token)).toBe(false);
  });

  it('makes room only where one is used up', () => {
    start({ limits: { invites: 2 } });
    const { networkId } = controller.createNetwork(now);
    const first = controller.createInvite(now, networkId, terms);
    const second = controller.createInvite(now, networkId, terms);
    expect(code(() => controller.createInvite(now, networkId, terms))).toBe('CONTROLLER_FULL');
    expect(isIn(alice, networkId, first.token)).toBe(true);
    const third = controller.createInvite(now, networkId, terms);
    expect(controller.invites(networkId).map(({ id }) => id)).toEqual([
      second.record.id,
      third.record.id,
    ]);
  });
});
