/**
 * What is remembered of other nodes beyond their time in the table, also of an earlier run: who they are, so that nobody
 * need be asked, and where they were last, so that they can be asked there.
 *
 * Source: vl1 4.11. A record is used when its node is first met: by a packet from it, or one for it. Then it is a peer again,
 * and every remembered address is sent a HELLO at once. None of them is a path before it answers: what is remembered is
 * only something to try. An identity that was read from a file has not been checked. Where nothing authentic comes from
 * its node for {@link doubtMs}, and a root could be asked, it is forgotten, and the root is asked; and it gives way to a
 * HELLO whose identity was checked (`handlers/hello.ts`).
 *
 * Records become files by `persist` events: what has changed, at housekeeping, so many at a time, and never for a packet.
 * The reference writes a record when it forgets its peer, and at its end: after a crash it knows nobody.
 */
import type { Address } from '../../base/ids.ts';
import { encode } from '../../wire/codec.ts';
import { sameIdentity, type Identity } from '../../wire/identity.ts';
import { sameInetAddress, type InetAddress, type IpEndpoint } from '../../wire/inet-address.ts';
import { peerFile, peerRecord, peerRecordLength, type PeerRecord } from '../../wire/peer-record.ts';
import { housekeepingMs, neverMs } from '../constants.ts';
import type { EndpointTable } from '../endpoint.ts';
import type { EventQueue } from '../events.ts';
import type { Now } from '../ports.ts';
import type { Attempts } from './attempts.ts';
import type { Contact } from './contact.ts';
import type { PeerTable } from './peer-table.ts';
import { Peer, type PeerPath } from './peer.ts';
import type { Topology } from './topology.ts';
import type { Upstreams } from './upstreams.ts';

/** What remembering works with. */
export interface MemoryParts {
  /** Nodes that are remembered; of more, those whose record is oldest are forgotten, and their files removed. */
  readonly max: number;
  /** What an earlier run has kept, the oldest first. */
  readonly records: readonly PeerRecord[];
  readonly peers: PeerTable;
  readonly topology: Topology;
  readonly upstreams: Upstreams;
  readonly contact: Contact;
  readonly attempts: Attempts;
  readonly endpoints: EndpointTable;
  readonly events: EventQueue;
  readonly addPeer: (now: Now, identity: Identity) => Peer | null;
}

/** Addresses of a node that are remembered, and tried. */
export const rememberedAddressesMax = 8;
/** How long a remembered identity is believed while nothing comes from its node. */
export const doubtMs = 10_000;
/** A record that has not changed is written again this often while its node is heard: the age of a file is what removes it. */
const rewriteMs = 86_400_000;
/** How often what has changed is written: who is killed has forgotten only what it learned since, ms. */
export const saveMs = 5_000;
/** Of more peers than these all are looked at less often: at housekeeping. */
const fewPeers = 1_024;
/** Records that are written at a time. */
export const recordsAtOnceMax = 512;
/**
 * Nodes that packets may bring back in a second: a packet proves nothing about its source, and each costs an agreement of
 * keys. As many as unknown identities may (`identity-gate.ts`).
 */
const recallsPerSecond = 400;

interface Kept {
  readonly record: PeerRecord;
  /** When it was last written, `monoMs`; −∞: by an earlier run. */
  readonly writtenMs: number;
}

/** See the head of this file. */
export class PeerMemory {
  readonly #parts: MemoryParts;
  /** What the files say, those written last at the end. */
  readonly #kept = new Map<Address, Kept>();
  /** Peers that were recalled and not heard yet, and since when. */
  readonly #unheard = new Map<Peer, number>();
  #savedMs = -Infinity;
  /** When as many may be recalled again as in a whole second: how far that lies ahead says how many were. */
  #freeAtMs = -Infinity;

  constructor(parts: MemoryParts) {
    this.#parts = parts;
    const { max, records } = parts;
    for (const record of records.slice(Math.max(0, records.length - max)))
      this.#kept.set(record.identity.address, { record: ownRecord(record), writtenMs: neverMs });
  }

  /** Nodes that are remembered. */
  get size(): number {
    return this.#kept.size;
  }

  /** Who has an address; null where that is not remembered. */
  identityOf(address: Address): Identity | null {
    return this.#kept.get(address)?.record.identity ?? null;
  }

  /** Where a node was last. */
  addressesOf(address: Address): readonly IpEndpoint[] {
    const addresses = this.#kept.get(address)?.record.addresses ?? [];
    return addresses.filter(isIp).slice(0, rememberedAddressesMax);
  }

  /**
   * Makes a peer of a remembered node that is met, and contacts it where it was.
   *
   * @param forReceived - only a packet that came names it
   * @returns null where it is not remembered, or where too many were met just now
   */
  recall(now: Now, address: Address, forReceived: boolean): Peer | null {
    const record = this.#kept.get(address)?.record;
    if (record === undefined || (forReceived && !this.#mayRecall(now.monoMs))) return null;
    const peer = this.#parts.addPeer(now, record.identity);
    if (peer === null) return null;
    peer.isRecalled = true;
    peer.version = record.version;
    this.#unheard.set(peer, now.monoMs);
    const { contact, attempts, endpoints } = this.#parts;
    for (const ip of this.addressesOf(address))
      if (contact.isAllowed(peer, ip)) attempts.start(now, peer, endpoints.of(ip), null);
    return peer;
  }

  /** When {@link run} writes again, `monoMs`. */
  nextTimeoutMs(): number {
    const everyMs = this.#parts.peers.size <= fewPeers ? saveMs : housekeepingMs;
    return this.#savedMs === -Infinity ? -Infinity : this.#savedMs + everyMs;
  }

  /** Does what is due. */
  run({ monoMs }: Now): void {
    this.#doubt(monoMs);
    // Not at once: at the start there is enough to do.
    if (this.#savedMs === -Infinity) this.#savedMs = monoMs;
    if (monoMs < this.nextTimeoutMs()) return;
    this.#savedMs = monoMs;
    this.save({ monoMs });
  }

  /** Writes what has changed, as much of it as is written at a time. */
  save({ monoMs: nowMs }: Pick<Now, 'monoMs'>): void {
    const changed: { readonly record: PeerRecord; readonly writtenMs: number }[] = [];
    for (const peer of this.#parts.peers.values()) {
      if (peer.lastReceiveMs === neverMs) continue;
      const kept = this.#kept.get(peer.address);
      const writtenMs = kept?.writtenMs ?? neverMs;
      const record = recordOf(peer, kept?.record, nowMs);
      const isOld = nowMs - writtenMs >= rewriteMs && peer.lastReceiveMs > writtenMs;
      if (isOld || kept === undefined || !sameRecord(kept.record, record))
        changed.push({ record, writtenMs });
    }
    // Who moves all the time does not keep others from being written.
    changed.sort((a, b) => (a.writtenMs === b.writtenMs ? 0 : a.writtenMs < b.writtenMs ? -1 : 1));
    for (const { record } of changed.slice(0, recordsAtOnceMax)) this.#write(nowMs, record);
  }

  #mayRecall(nowMs: number): boolean {
    const freeAtMs = Math.max(this.#freeAtMs, nowMs) + 1_000 / recallsPerSecond;
    if (freeAtMs - nowMs > 1_000) return false;
    this.#freeAtMs = freeAtMs;
    return true;
  }

  /** Forgets again whom nothing was heard of: the record may be wrong. */
  #doubt(nowMs: number): void {
    const { peers, topology, upstreams } = this.#parts;
    for (const [peer, sinceMs] of this.#unheard) {
      const isSettled = !peer.isProvisional || peer.isClosed || topology.isUpstream(peer.address);
      if (isSettled) this.#unheard.delete(peer);
      // Without anybody to ask it is still the best that we know.
      else if (nowMs - sinceMs >= doubtMs && upstreams.best(nowMs) !== null) {
        this.#unheard.delete(peer);
        this.#kept.delete(peer.address);
        peers.remove(peer);
      }
    }
  }

  #write(nowMs: number, record: PeerRecord): void {
    const { events, max } = this.#parts;
    const { address } = record.identity;
    this.#kept.delete(address);
    if (this.#kept.size >= max) {
      const [oldest] = this.#kept.values();
      if (oldest !== undefined) {
        const { identity } = oldest.record;
        this.#kept.delete(identity.address);
        events.push({ kind: 'persist', name: peerFile(identity), bytes: null });
      }
    }
    this.#kept.set(address, { record, writtenMs: nowMs });
    const bytes = encode(peerRecord, record, peerRecordLength(record));
    events.push({ kind: 'persist', name: peerFile(record.identity), bytes });
  }
}

/** What is to be remembered of a peer: where it is, or, where it has no path now, where it was. */
function recordOf(peer: Peer, before: PeerRecord | undefined, nowMs: number): PeerRecord {
  const usable = peer.paths.filter((path) => Peer.isActive(path, nowMs)).sort(laterAnswerFirst);
  const addresses: InetAddress[] = [];
  for (const { path } of usable) {
    const { address } = path.endpoint;
    if (addresses.length < rememberedAddressesMax && !includes(addresses, address))
      addresses.push(address);
  }
  return {
    identity: peer.identity,
    version: peer.version,
    addresses: addresses.length > 0 ? addresses : (before?.addresses ?? []),
  };
}

function laterAnswerFirst(a: PeerPath, b: PeerPath): number {
  return b.lastAnswerMs - a.lastAnswerMs;
}

/** Whether two say the same; in which order they name addresses says nothing. */
function sameRecord(a: PeerRecord, b: PeerRecord): boolean {
  return (
    sameIdentity(a.identity, b.identity) &&
    a.version?.protocol === b.version?.protocol &&
    a.version?.major === b.version?.major &&
    a.version?.minor === b.version?.minor &&
    a.version?.revision === b.version?.revision &&
    a.addresses.length === b.addresses.length &&
    a.addresses.every((address) => includes(b.addresses, address))
  );
}

function includes(addresses: readonly InetAddress[], address: InetAddress): boolean {
  return addresses.some((other) => sameInetAddress(other, address));
}

function isIp(address: InetAddress): address is IpEndpoint {
  return address.kind === 'ipv4' || address.kind === 'ipv6';
}

/** A copy that holds nothing of the buffer that it was read from. */
function ownRecord({ identity, version, addresses }: PeerRecord): PeerRecord {
  return {
    identity: { address: identity.address, publicKey: identity.publicKey.slice() },
    version,
    addresses: addresses.map((ip) =>
      ip.kind === 'ipv6' ? { ...ip, address: ip.address.slice() } : ip,
    ),
  };
}
