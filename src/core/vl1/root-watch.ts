/**
 * Keeps the way to every root open, and finds out fast when one is gone or has forgotten us.
 *
 * A root without a path is sent HELLO at once, then again after growing times up to 2 s, a quarter more or less. One with a path is sent ECHO every
 * 4 s; if half a second later nothing came back, HELLO, which also a root that has lost its memory answers (vl1 4.10). After
 * three questions in vain its path is dead, and another root is used. A full HELLO every 224 s brings new worlds.
 *
 * The reference asks for the root's own identity every 5 s and takes silence for an answer until its next HELLO.
 */
import type { Address } from '../../base/ids.ts';
import type { IpEndpoint } from '../../wire/inet-address.ts';
import { rootAnswerMs, rootHeartbeatMs, rootHelloMs, rootRetryMs } from '../constants.ts';
import type { EndpointTable } from '../endpoint.ts';
import type { EventQueue } from '../events.ts';
import type { Now } from '../ports.ts';
import type { Contact } from './contact.ts';
import { bestPath } from './path-choice.ts';
import { pathEvent } from './path-watch.ts';
import type { PeerTable } from './peer-table.ts';
import { Peer } from './peer.ts';
import type { Sockets } from './sockets.ts';
import type { Topology } from './topology.ts';
import type { Upstreams } from './upstreams.ts';

interface Watch {
  /** HELLOs without an answer since there was a path. */
  attempts: number;
  /** What the time to the next of them is multiplied with: not all leaves of a root that was away are to greet it at once. */
  patience: number;
  /** When the root was last asked anything. */
  askedMs: number;
  /** Questions without an answer, while there is a path. */
  unanswered: number;
}

/** What watching works with. */
export interface RootWatchParts {
  readonly topology: Topology;
  readonly peers: PeerTable;
  readonly upstreams: Upstreams;
  readonly contact: Contact;
  readonly sockets: Sockets;
  readonly endpoints: EndpointTable;
  readonly events: EventQueue;
  /** An integer in [0, bound). */
  readonly random: (bound: number) => number;
}

/** Questions in vain before the path to a root is dead. */
const questionsMax = 3;

/** See the head of this file. */
export class RootWatch {
  readonly #parts: RootWatchParts;
  readonly #watches = new Map<Address, Watch>();

  constructor(parts: RootWatchParts) {
    this.#parts = parts;
  }

  /** Greets every root at once, also those with a path: our addresses have changed. */
  restart(now: Now): void {
    this.#watches.clear();
    for (const root of this.#peers()) this.#greet(now, root, this.#watchOf(root.address));
  }

  /** Roots do not answer what they were asked: finds out whether they still know us. */
  doubt(now: Now): void {
    for (const root of this.#peers()) {
      const watch = this.#watchOf(root.address);
      const isSilent = now.monoMs - Math.max(root.lastReceiveMs, watch.askedMs) >= rootAnswerMs;
      if (isSilent && root.hasActivePath(now.monoMs)) this.#ask(now, root, watch, true);
    }
  }

  /** Sends what is due. */
  run(now: Now): void {
    for (const address of this.#watches.keys())
      if (!this.#parts.topology.isUpstream(address)) this.#watches.delete(address);
    for (const root of this.#peers()) this.#step(now, root, this.#watchOf(root.address));
  }

  /** When {@link run} is due. */
  nextTimeoutMs(nowMs: number): number {
    if (this.#parts.sockets.all.length === 0) return Infinity;
    let nextMs = Infinity;
    for (const root of this.#peers())
      nextMs = Math.min(nextMs, this.#dueMs(nowMs, root, this.#watchOf(root.address)));
    return nextMs;
  }

  *#peers(): Generator<Peer> {
    for (const address of this.#parts.topology.upstreams) {
      const peer = this.#parts.peers.get(address);
      if (peer !== undefined) yield peer;
    }
  }

  #watchOf(address: Address): Watch {
    let watch = this.#watches.get(address);
    if (watch === undefined) {
      watch = { attempts: 0, patience: 1, askedMs: -Infinity, unanswered: 0 };
      this.#watches.set(address, watch);
    }
    return watch;
  }

  #dueMs(nowMs: number, root: Peer, watch: Watch): number {
    if (!root.hasActivePath(nowMs)) return watch.askedMs + retryMs(watch.attempts) * watch.patience;
    const isOpen = watch.askedMs > root.lastReceiveMs;
    return watch.askedMs + (isOpen ? answerMs(root, nowMs) : rootHeartbeatMs);
  }

  #step(now: Now, root: Peer, watch: Watch): void {
    const { monoMs } = now;
    if (monoMs < this.#dueMs(monoMs, root, watch)) return;
    if (!root.hasActivePath(monoMs)) {
      this.#greet(now, root, watch);
      return;
    }
    watch.attempts = 0;
    if (watch.askedMs <= root.lastReceiveMs) watch.unanswered = 0;
    else watch.unanswered++;
    if (watch.unanswered < questionsMax) this.#ask(now, root, watch, watch.unanswered > 0);
    else {
      this.#lose(root, monoMs);
      this.#greet(now, root, watch);
    }
  }

  /** Asks on the path. @param hello - it did not answer, or may have forgotten us */
  #ask(now: Now, root: Peer, watch: Watch, hello: boolean): void {
    const path = bestPath(root, now.monoMs);
    if (path === null) return;
    watch.askedMs = now.monoMs;
    if (hello || now.monoMs - root.lastFullHelloMs >= rootHelloMs) {
      root.lastFullHelloMs = now.monoMs;
      this.#parts.contact.hello(now, root, path.path.endpoint);
    } else this.#parts.contact.try(now, root, path.path);
  }

  /** HELLO to one endpoint of each family, another one each time; over another root where there is none. */
  #greet(now: Now, root: Peer, watch: Watch): void {
    watch.askedMs = now.monoMs;
    root.lastFullHelloMs = now.monoMs;
    let sent = false;
    for (const family of ['ipv4', 'ipv6'] as const) {
      const endpoint = this.#endpointOf(root, family, watch.attempts);
      if (endpoint === null || this.#parts.sockets.of(family).length === 0) continue;
      this.#parts.contact.hello(now, root, this.#parts.endpoints.of(endpoint));
      sent = true;
    }
    watch.attempts++;
    watch.patience = 0.75 + this.#parts.random(512) / 1024;
    if (sent) return;
    const relay = this.#parts.upstreams.best(now.monoMs);
    const path = relay === null || relay === root ? null : bestPath(relay, now.monoMs);
    if (path !== null) this.#parts.contact.helloOver(now, root, path.path);
  }

  #endpointOf(root: Peer, family: IpEndpoint['kind'], attempt: number): IpEndpoint | null {
    const { topology, contact } = this.#parts;
    const all = topology.root(root.address)?.endpoints ?? [];
    const ofFamily = all.filter((each) => each.kind === family && contact.mayReach(root, each));
    return ofFamily[attempt % ofFamily.length] ?? null;
  }

  #lose(root: Peer, nowMs: number): void {
    for (const path of root.paths) {
      if (!Peer.isActive(path, nowMs)) continue;
      path.isDead = true;
      this.#parts.events.push(pathEvent(root, path, 'lost'));
    }
  }
}

function retryMs(attempts: number): number {
  if (attempts === 0) return 0;
  return rootRetryMs[Math.min(attempts, rootRetryMs.length) - 1] ?? 0;
}

/** How long an answer may take. */
function answerMs(root: Peer, nowMs: number): number {
  return Math.max(rootAnswerMs, 3 * (bestPath(root, nowMs)?.path.latencyMs ?? 0));
}
