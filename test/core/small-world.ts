/**
 * A few nodes on one virtual clock and a network without faults but those that a test makes: for tests of the node itself.
 * `sim/` is the big one.
 *
 * Every datagram is logged with what is in it, opened with the keys of the test's own identities.
 */
import { Prng } from '../../src/base/prng.ts';
import type { Address } from '../../src/base/ids.ts';
import { PeerKeys } from '../../src/crypto/peer-keys.ts';
import { EndpointTable, type Endpoint } from '../../src/core/endpoint.ts';
import type { NodeEvent } from '../../src/core/events.ts';
import { Node, type NodeOptions } from '../../src/core/node.ts';
import type { DatagramBatch, Entropy, LocalSocket, Now } from '../../src/core/ports.ts';
import { nodeProvider } from '../../src/io/crypto/node-provider.ts';
import type { SecretIdentity } from '../../src/wire/identity.ts';
import { parseInetAddress, type IpEndpoint } from '../../src/wire/inet-address.ts';
import {
  isFragmentedAt,
  cipherSuiteAt,
  classify,
  destinationAt,
  hopsAt,
  sourceAt,
  verbAt,
} from '../../src/wire/packet/header.ts';
import { openPacket } from '../../src/wire/packet/seal.ts';
import { verbName } from '../../src/wire/verbs/verb.ts';
import { signWorld, type World } from '../../src/wire/world.ts';
import { testIdentity } from '../vectors/identities.ts';

export const provider = nodeProvider();

/** A datagram on its way, in words: `A>R HELLO`. */
export interface LogEntry {
  readonly atMs: number;
  readonly from: string;
  readonly to: string;
  /** The verb; `fragment`, `junk`, `head`. */
  readonly what: string;
  readonly suite: number;
  readonly hops: number;
  readonly length: number;
  readonly source: Address;
  readonly destination: Address;
}

/** A node and where it is. */
export interface Host {
  readonly name: string;
  readonly node: Node;
  readonly identity: SecretIdentity;
  readonly entropy: Entropy;
  readonly endpoints: EndpointTable;
  readonly events: NodeEvent[];
  socket: LocalSocket;
}

interface Flight {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** An address of text. */
export function ip(text: string): IpEndpoint {
  const parsed = parseInetAddress(text);
  if (parsed?.kind !== 'ipv4' && parsed?.kind !== 'ipv6') throw new Error(`no address: ${text}`);
  return parsed;
}

/** Randomness of a seed. */
export function seeded(seed: string): Entropy {
  const prng = new Prng(seed);
  return {
    fill: (bytes) => {
      for (let i = 0; i < bytes.length; i++) bytes[i] = prng.uint32();
    },
  };
}

/** A planet with these roots, signed by a key of the test. */
export function planetOf(
  roots: readonly { identity: SecretIdentity; endpoints: readonly string[] }[],
  timestamp = 1_000n,
): World {
  const owner = testIdentity(999);
  return signWorld(provider, owner.secretKey, {
    kind: 'planet',
    id: 77n,
    timestamp,
    updateKey: owner.identity.publicKey,
    signature: new Uint8Array(96),
    roots: roots.map(({ identity, endpoints }) => ({
      identity: identity.identity,
      endpoints: endpoints.map(ip),
    })),
    trailing: new Uint8Array(0),
  });
}

/** See the head of this file. */
export class SmallWorld {
  readonly log: LogEntry[] = [];
  readonly #sent: { readonly to: string; readonly bytes: Uint8Array }[] = [];
  readonly hosts: Host[] = [];
  latencyMs = 10;
  /** Whether a datagram is lost. */
  isLost: (from: Host, to: Host, entry: LogEntry) => boolean = () => false;
  /** How long the memory-hard check takes. */
  validationMs = 5;
  /** What the wall clock adds to the time of the world. */
  wallOffsetMs = 1_700_000_000_000;
  #nowMs = 1_000;
  #order = 0;
  #flights: Flight[] = [];
  readonly #keys = new Map<string, PeerKeys>();

  get now(): Now {
    return { monoMs: this.#nowMs, wallMs: this.wallOffsetMs + this.#nowMs };
  }

  /** Adds a node; it has no socket yet. */
  add(
    name: string,
    identity: SecretIdentity,
    planet: World,
    options: Partial<NodeOptions> = {},
  ): Host {
    const entropy = seeded(name);
    const node = new Node({ identity, provider, entropy, planet, ...options });
    const endpoints = new EndpointTable();
    const local = endpoints.of(ip('0.0.0.0/1'));
    const host = { name, node, identity, entropy, endpoints, events: [], socket: { id: 0, local } };
    this.hosts.push(host);
    return host;
  }

  /** Takes a node away, without a word. */
  remove(host: Host): void {
    this.hosts.splice(this.hosts.indexOf(host), 1);
  }

  /** Gives a node its address, or another one. */
  bind(host: Host, address: string): void {
    host.socket = { id: host.socket.id + 1, local: host.endpoints.of(ip(address)) };
    host.node.handleSockets(this.now, [host.socket]);
    this.drain(host);
  }

  /** Runs until a time has passed. */
  run(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (let steps = 0; ; steps++) {
      if (steps > 1_000_000) throw new Error('the world does not come to rest');
      const timer = this.#nextTimer();
      const flight = this.#flights[0];
      const nextMs = Math.min(timer?.atMs ?? Infinity, flight?.atMs ?? Infinity);
      if (nextMs > endMs) break;
      this.#nowMs = Math.max(this.#nowMs, nextMs);
      if (flight !== undefined && flight.atMs <= (timer?.atMs ?? Infinity)) {
        this.#flights.shift();
        flight.run();
      } else if (timer !== null) {
        timer.host.node.handleTimeout(this.now);
        this.drain(timer.host);
        // A timer that is due again at once would stop the clock: the world goes on by a tick.
        if (timer.host.node.nextTimeoutMs() <= this.#nowMs) this.#nowMs += 0.01;
      }
    }
    this.#nowMs = endMs;
  }

  /** Runs until something is so. @returns after how many ms */
  runUntil(condition: () => boolean, maxMs: number): number {
    const startMs = this.#nowMs;
    while (!condition()) {
      if (this.#nowMs - startMs >= maxMs) throw new Error(`not so after ${maxMs} ms`);
      this.run(5);
    }
    return this.#nowMs - startMs;
  }

  /** Sends what a node wants sent, and takes its events. */
  drain(host: Host): void {
    const { node } = host;
    const { datagrams } = node;
    for (let i = 0; i < datagrams.count; i++) {
      const bytes = datagrams.bytes.slice(datagrams.starts[i], datagrams.ends[i]);
      const to = datagrams.endpoints[i]!;
      const socket = datagrams.sockets[i];
      if (socket === 0 || socket === host.socket.id)
        this.#send(host, to, bytes, datagrams.ttls[i]!);
    }
    datagrams.clear();
    node.frames.clear();
    host.events.push(...node.takeEvents());
    for (
      let identity = node.takeValidation();
      identity !== null;
      identity = node.takeValidation()
    ) {
      const checked = identity;
      this.at(this.validationMs, () => {
        node.handleValidation(this.now, checked, true);
        this.drain(host);
      });
    }
  }

  /** Hands bytes to a node as if they came from an address. */
  inject(host: Host, from: string, ...packets: readonly Uint8Array[]): void {
    host.node.handleDatagrams(this.now, batchOf(host, host.endpoints.of(ip(from)), packets));
    this.drain(host);
  }

  /** Does something after some time. */
  at(afterMs: number, run: () => void): void {
    this.#flights.push({ atMs: this.#nowMs + afterMs, order: this.#order++, run });
    this.#flights.sort((a, b) => a.atMs - b.atMs || a.order - b.order);
  }

  /** What was sent to an address. @param from - an index of the log */
  sentTo(address: string, from = 0): Uint8Array[] {
    return this.#sent.slice(from).flatMap(({ to, bytes }) => (to === address ? [bytes] : []));
  }

  /** The log as `A>B WHAT/suite+hops`, from an entry on. */
  words(from = 0): string[] {
    return this.log
      .slice(from)
      .map((e) => `${e.from}>${e.to} ${e.what}/${e.suite}${e.hops > 0 ? `+${e.hops}` : ''}`);
  }

  #send(from: Host, to: Endpoint, bytes: Uint8Array, ttl: number): void {
    const receiver = this.hosts.find(({ socket }) => socket.local.key === to.key);
    const entry = this.#entry(from, receiver?.name ?? to.key, bytes);
    this.log.push(entry);
    this.#sent.push({ to: to.key, bytes });
    if (receiver === undefined || ttl !== 0 || this.isLost(from, receiver, entry)) return;
    const source = from.socket.local;
    this.at(this.latencyMs, () => {
      if (!this.hosts.includes(receiver) || receiver.socket.local.key !== to.key) return;
      receiver.node.handleDatagrams(
        this.now,
        batchOf(receiver, receiver.endpoints.of(source.address), [bytes]),
      );
      this.drain(receiver);
    });
  }

  #entry(from: Host, to: string, bytes: Uint8Array): LogEntry {
    const kind = classify(bytes, 0, bytes.length);
    const base = { atMs: this.#nowMs, from: from.name, to, length: bytes.length };
    const isPacket = kind === 'packet';
    const none = 0 as Address;
    return {
      ...base,
      what: isPacket ? this.#verb(bytes) : kind === 'fragment' ? 'fragment' : 'junk',
      suite: isPacket ? cipherSuiteAt(bytes, 0) : 0,
      hops: isPacket ? hopsAt(bytes, 0) : 0,
      source: isPacket ? sourceAt(bytes, 0) : none,
      destination: kind === 'packet' || kind === 'fragment' ? destinationAt(bytes, 0) : none,
    };
  }

  #verb(bytes: Uint8Array): string {
    if (isFragmentedAt(bytes, 0)) return 'head';
    const keys = this.#between(sourceAt(bytes, 0), destinationAt(bytes, 0));
    const copy = bytes.slice();
    if (keys === null || openPacket(keys, copy, 0, copy.length) !== null) return 'sealed';
    return verbName(verbAt(copy, 0));
  }

  #between(one: Address, other: Address): PeerKeys | null {
    const name = `${one} ${other}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const find = (address: Address): SecretIdentity | undefined =>
      this.hosts.find(({ identity }) => identity.identity.address === address)?.identity;
    const a = find(one);
    const b = find(other);
    if (a === undefined || b === undefined) return null;
    const keys = PeerKeys.agree(provider, a.secretKey, b.identity.publicKey)!;
    this.#keys.set(name, keys);
    return keys;
  }

  #nextTimer(): { host: Host; atMs: number } | null {
    let next: { host: Host; atMs: number } | null = null;
    for (const host of this.hosts) {
      const atMs = Math.max(host.node.nextTimeoutMs(), this.#nowMs);
      if (atMs !== Infinity && (next === null || atMs < next.atMs)) next = { host, atMs };
    }
    return next;
  }
}

/** Datagrams that one endpoint sent to a host's socket. */
export function batchOf(host: Host, from: Endpoint, packets: readonly Uint8Array[]): DatagramBatch {
  const length = packets.reduce((sum, packet) => sum + packet.length, 0);
  const count = packets.length;
  const batch: DatagramBatch = {
    bytes: new Uint8Array(length),
    starts: new Int32Array(count),
    ends: new Int32Array(count),
    sockets: new Int32Array(count).fill(host.socket.id),
    endpoints: new Array<Endpoint | null>(count).fill(from),
    ttls: new Uint8Array(count),
    count,
  };
  let at = 0;
  packets.forEach((packet, i) => {
    batch.bytes.set(packet, at);
    batch.starts[i] = at;
    at += packet.length;
    batch.ends[i] = at;
  });
  return batch;
}

/** A root R, and leaves A and B, bound and told of each other by nothing but the planet. */
export function trio(options: Partial<NodeOptions> = {}): {
  world: SmallWorld;
  r: Host;
  a: Host;
  b: Host;
} {
  const world = new SmallWorld();
  const root = testIdentity(0);
  const planet = planetOf([{ identity: root, endpoints: ['198.51.100.1/9993'] }]);
  const r = world.add('R', root, planet, options);
  const a = world.add('A', testIdentity(1), planet, options);
  const b = world.add('B', testIdentity(2), planet, options);
  world.bind(r, '198.51.100.1/9993');
  world.bind(a, '198.51.100.2/9993');
  world.bind(b, '203.0.113.3/9993');
  return { world, r, a, b };
}
