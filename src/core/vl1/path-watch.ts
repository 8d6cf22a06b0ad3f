/**
 * Notices that a path to a peer is dead within two seconds, and that it works again.
 *
 * The reference holds a path for good until nothing came for 243 s: whoever loses one talks into a void all the while.
 * Here, when packets go out and nothing has come back for a second, the peer is sent ECHO; three of them unanswered, and
 * the path is dead: packets go over a root, and the path is tried now and then while there is something to send. It lives
 * again with an answer over it, and with nothing else: what the peer sends shows only that the other direction works.
 *
 * Roots are not watched here but by `root-watch.ts`.
 */
import {
  deadPathRetryMs,
  pathDoubtMs,
  pathExpiryMs,
  probeAnswerMs,
  probesMax,
} from '../constants.ts';
import type { EventQueue } from '../events.ts';
import type { Now } from '../ports.ts';
import type { Contact } from './contact.ts';
import type { PeerTable } from './peer-table.ts';
import { Peer, type PeerPath } from './peer.ts';

/** A dead path is tried while its peer was sent something in this time. */
const interestMs = 30_000;

/** See the head of this file. */
export class PathWatch {
  readonly #contact: Contact;
  readonly #peers: PeerTable;
  readonly #events: EventQueue;
  /** Paths in doubt and dead ones, with their peer: as many at most as peers have paths. */
  readonly #watched = new Map<PeerPath, Peer>();

  constructor(contact: Contact, peers: PeerTable, events: EventQueue) {
    this.#contact = contact;
    this.#peers = peers;
    this.#events = events;
  }

  /** Paths in doubt or dead. */
  get size(): number {
    return this.#watched.size;
  }

  /** A packet went out: on a path of a peer, or (null) over a root. */
  sent(nowMs: number, peer: Peer, path: PeerPath | null): void {
    if (path === null) this.#tryDead(peer);
    else if (nowMs - path.lastReceiveMs >= pathDoubtMs) this.doubt(peer, path);
  }

  /**
   * Asks for a sign of life on a path, at the next {@link run}.
   *
   * @param isLikelyDead - one more question in vain is enough: the peer itself has turned away from the path
   */
  doubt(peer: Peer, path: PeerPath, isLikelyDead = false): void {
    if (path.isDead) return;
    const probes = isLikelyDead ? probesMax - 1 : 0;
    path.needsAnswer ||= isLikelyDead;
    if (this.#watched.has(path)) {
      // What was asked so far counts; an answer may still come.
      path.probes = Math.max(path.probes, probes);
      return;
    }
    path.probes = probes;
    path.probedMs = -Infinity;
    this.#watched.set(path, peer);
  }

  /**
   * A peer is heard, but not on the paths that we use: over a root, or on a new path. Those on which we had no answer for
   * a while are asked: it may be that it hears nothing on them, or has turned away from them because we do not hear it.
   *
   * @param heardOn - what it is heard on; null: over a root
   */
  heardElsewhere(nowMs: number, peer: Peer, heardOn: PeerPath | null): void {
    for (const path of peer.paths) {
      if (path === heardOn || !Peer.isActive(path, nowMs)) continue;
      if (heardOn !== null || nowMs - path.lastAnswerMs >= pathDoubtMs)
        this.doubt(peer, path, true);
    }
  }

  /** An ECHO or HELLO was sent on a path as a heartbeat: it counts as a first question. */
  asked(nowMs: number, peer: Peer, path: PeerPath): void {
    if (this.#watched.has(path)) return;
    path.probes = 1;
    path.probedMs = nowMs;
    this.#watched.set(path, peer);
  }

  /** An authentic packet came over a path. @param isAnswer - to something that we sent over it */
  heard(peer: Peer, path: PeerPath, isAnswer: boolean): void {
    // Whether we are heard, too, only an answer shows.
    if (!isAnswer && (path.isDead || path.needsAnswer)) return;
    path.needsAnswer = false;
    if (path.isDead) {
      path.isDead = false;
      this.#events.push(pathEvent(peer, path, 'learned'));
    }
    this.#watched.delete(path);
  }

  /** A peer has lost a path. */
  forget(path: PeerPath): void {
    this.#watched.delete(path);
  }

  /** Sends what is due. */
  run(now: Now): void {
    for (const [path, peer] of this.#watched) this.#step(now, peer, path);
  }

  /** When {@link run} is due; −∞ for a new doubt. */
  nextTimeoutMs(): number {
    let nextMs = Infinity;
    for (const path of this.#watched.keys()) nextMs = Math.min(nextMs, dueMs(path));
    return nextMs;
  }

  /** There is something to send again to a peer whose paths are dead. */
  #tryDead(peer: Peer): void {
    for (const path of peer.paths)
      if (path.isDead && !this.#watched.has(path)) this.#watched.set(path, peer);
  }

  #step(now: Now, peer: Peer, path: PeerPath): void {
    const { monoMs } = now;
    if (peer.isClosed) this.#watched.delete(path);
    if (peer.isClosed || monoMs < dueMs(path)) return;
    if (path.isDead && monoMs - path.lastReceiveMs >= pathExpiryMs) {
      this.#watched.delete(path);
      this.#peers.removePath(peer, path);
      return;
    }
    if (!path.isDead && path.probes >= probesMax) {
      path.isDead = true;
      this.#events.push(pathEvent(peer, path, 'lost'));
    }
    path.probedMs = monoMs;
    if (path.isDead && monoMs - peer.lastNontrivialSendMs >= interestMs) {
      // Nobody talks to it: no reason to find out, until somebody does.
      this.#watched.delete(path);
      return;
    }
    path.probes++;
    this.#contact.try(now, peer, path.path);
  }
}

/** When the next question is due. */
function dueMs(path: PeerPath): number {
  const answerMs = Math.max(probeAnswerMs, 100 + 2 * (path.path.latencyMs ?? 0));
  return path.probedMs + (path.isDead ? Math.max(deadPathRetryMs, answerMs) : answerMs);
}

/** What the driver is told of a path. */
export function pathEvent(
  peer: Peer,
  { path }: PeerPath,
  state: 'learned' | 'lost',
): { kind: 'path'; address: Peer['address']; endpoint: typeof path.endpoint; state: typeof state } {
  return { kind: 'path', address: peer.address, endpoint: path.endpoint, state };
}
