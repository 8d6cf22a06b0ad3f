/**
 * What follows from an authentic packet: its peer was heard, and perhaps on a path that is worth keeping.
 *
 * Source: vl1 3.3, 4.2. A path is kept only for an OK that came directly over it, to something that we sent: anything
 * else that comes over an unknown path makes us ask over it. The reference asks by HELLO; here that is done only while there
 * is no other path to the peer, and by ECHO, which is the shortest packet there is, when there is one.
 */
import { sameIp } from '../../wire/inet-address.ts';
import { verbNumbers, type VerbNumber } from '../../wire/verbs/verb.ts';
import { confirmPathMs, pathDoubtMs, pathsPerPeerMax } from '../constants.ts';
import type { EventQueue } from '../events.ts';
import type { Now } from '../ports.ts';
import { Ration } from '../ration.ts';
import type { Contact } from './contact.ts';
import type { PathTable } from './path-table.ts';
import { pathEvent, type PathWatch } from './path-watch.ts';
import type { Path } from './path.ts';
import type { PeerTable } from './peer-table.ts';
import type { Peer, PeerPath } from './peer.ts';

/** Unknown paths of one peer that are asked for confirmation by HELLO at once … */
const helloBurst = 4;
/** … and how long until one more is, ms. A HELLO is longer than most of what makes us send it. */
const helloRefillMs = 250;

/** What learning works with. */
export interface LearningParts {
  readonly paths: PathTable;
  readonly peers: PeerTable;
  readonly contact: Contact;
  readonly watch: PathWatch;
  readonly events: EventQueue;
  /** A trusted peer was heard: it may be told our addresses. */
  readonly push: (now: Now, peer: Peer, path: Path, hops: number) => void;
  /** A peer has a path that it had not. */
  readonly learned: (now: Now, peer: Peer) => void;
}

/** A packet, as far as it matters here. */
export interface Reception {
  readonly peer: Peer;
  readonly path: Path;
  readonly hops: number;
  readonly verb: VerbNumber;
  /** It shows that the peer is a member of a network of ours. */
  readonly isTrusted: boolean;
}

const nontrivial: ReadonlySet<VerbNumber> = new Set<VerbNumber>([
  verbNumbers.FRAME,
  verbNumbers.EXT_FRAME,
  verbNumbers.NETWORK_CONFIG_REQUEST,
  verbNumbers.NETWORK_CONFIG,
  verbNumbers.MULTICAST_FRAME,
]);

/** See the head of this file. */
export class PathLearning {
  readonly #parts: LearningParts;
  readonly #helloes = new Ration(helloBurst, helloRefillMs);

  constructor(parts: LearningParts) {
    this.#parts = parts;
  }

  /** An authentic packet of a peer was used. */
  received(now: Now, { peer, path, hops, verb, isTrusted }: Reception): void {
    const { monoMs } = now;
    peer.lastReceiveMs = monoMs;
    if (nontrivial.has(verb)) peer.lastNontrivialReceiveMs = monoMs;
    if (isTrusted) {
      peer.lastTrustedMs = monoMs;
      path.lastTrustedMs = monoMs;
    }
    if (hops === 0) this.#learn(now, peer, path, verb);
    else this.#parts.watch.heardElsewhere(monoMs, peer, null);
    if (peer.isTrusted(monoMs)) this.#parts.push(now, peer, path, hops);
  }

  #learn(now: Now, peer: Peer, path: Path, verb: VerbNumber): void {
    const { monoMs } = now;
    const isAnswer = verb === verbNumbers.OK;
    const known = peer.pathOver(path);
    if (known !== undefined) {
      known.lastReceiveMs = monoMs;
      if (isAnswer) known.lastAnswerMs = monoMs;
      this.#parts.watch.heard(peer, known, isAnswer);
      // It reaches us on a path on which we do not reach it: perhaps we do again.
      if (known.isDead) this.#confirm(now, peer, path);
      return;
    }
    if (this.#hasNeighbour(peer, path, monoMs)) return;
    if (!this.#parts.contact.isAllowed(peer, path.endpoint.address)) return;
    if (isAnswer) this.#add(now, peer, path);
    else this.#confirm(now, peer, path);
  }

  /**
   * Asks whether we reach the peer on a path, once a second at most. What we heard may be old and have been sent again, from
   * an address that is somebody else's: there we send no more than came.
   */
  #confirm(now: Now, peer: Peer, path: Path): void {
    const { monoMs } = now;
    if (monoMs - path.lastConfirmMs < confirmPathMs) return;
    const { contact } = this.#parts;
    const isEcho = peer.answersEcho && peer.hasActivePath(monoMs);
    if (!isEcho && !this.#helloes.take(monoMs, peer.address)) return;
    path.lastConfirmMs = monoMs;
    if (isEcho) contact.echo(now, peer, path);
    else contact.hello(now, peer, path.endpoint);
  }

  /** Whether there is a path to the same host by the same socket on which it was heard just now: another port is no news. */
  #hasNeighbour(peer: Peer, path: Path, nowMs: number): boolean {
    // One that has been silent may be of before its NAT, or the peer itself, was started again.
    return peer.paths.some(
      (candidate) =>
        isNeighbour(candidate, path) &&
        !candidate.isDead &&
        nowMs - candidate.lastReceiveMs < pathDoubtMs,
    );
  }

  #add(now: Now, peer: Peer, path: Path): void {
    const { monoMs } = now;
    const dead = peer.paths.find(
      (candidate) =>
        isNeighbour(candidate, path) && (candidate.isDead || !candidate.path.isAlive(monoMs)),
    );
    const victim = dead ?? (peer.paths.length >= pathsPerPeerMax ? idlest(peer) : undefined);
    if (victim !== undefined) this.forget(peer, victim);
    const kept = this.#parts.paths.keep(path);
    const added: PeerPath = {
      path: kept,
      lastReceiveMs: monoMs,
      lastAnswerMs: monoMs,
      priority: 1,
      probes: 0,
      probedMs: -Infinity,
      needsAnswer: false,
      isDead: false,
    };
    peer.paths.push(added);
    this.#parts.events.push(pathEvent(peer, added, 'learned'));
    // It may have moved: the others must show that they still are its.
    this.#parts.watch.heardElsewhere(monoMs, peer, added);
    this.#parts.learned(now, peer);
  }

  /** Takes a path from a peer. */
  forget(peer: Peer, path: PeerPath): void {
    this.#parts.watch.forget(path);
    this.#parts.peers.removePath(peer, path);
    if (!path.isDead) this.#parts.events.push(pathEvent(peer, path, 'lost'));
  }
}

function isNeighbour(candidate: PeerPath, path: Path): boolean {
  return (
    candidate.path.socket === path.socket &&
    sameIp(candidate.path.endpoint.address, path.endpoint.address)
  );
}

function idlest(peer: Peer): PeerPath | undefined {
  let found: PeerPath | undefined;
  for (const path of peer.paths)
    if (found === undefined || path.lastReceiveMs < found.lastReceiveMs) found = path;
  return found;
}
