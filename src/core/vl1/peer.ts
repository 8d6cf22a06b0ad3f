/**
 * A node that we know: its identity, the keys we share, and the paths on which it was heard.
 *
 * Source: vl1 4.1, 4.9. A {@link PeerPath} is made only by an answer to something that we sent (`path-learning.ts`).
 */
import type { Address } from '../../base/ids.ts';
import type { PeerKeys } from '../../crypto/peer-keys.ts';
import type { Identity } from '../../wire/identity.ts';
import type { CipherSuite } from '../../wire/packet/seal.ts';
import type { WorldRevision } from '../../wire/verbs/hello.ts';
import type { PeerVersion } from '../../wire/verbs/peer-version.ts';
import {
  neverMs,
  pathExpiryMs,
  protocolVersionEcho,
  protocolVersionSiv,
  trustMs,
} from '../constants.ts';
import type { Path } from './path.ts';

/** A path of one peer. */
export interface PeerPath {
  readonly path: Path;
  /** When an authentic packet of the peer last came directly over it. */
  lastReceiveMs: number;
  /** When an answer to something that we sent last came over it: only that shows that we are heard. */
  lastAnswerMs: number;
  /** 1 or above; the greater is preferred. */
  priority: number;
  /** ECHOs that were sent to find out whether it is dead, without an answer. */
  probes: number;
  /** When the last of them was sent. */
  probedMs: number;
  /** In doubt because the peer is heard elsewhere: what merely comes over it does not clear it, an answer does. */
  needsAnswer: boolean;
  /** Probes went unanswered: not used until it answers again. */
  isDead: boolean;
}

/** What a HELLO says that concerns people alone: nothing here rests on it, and an old one sent again would say it too. */
export interface HelloNews {
  /** How far the sender's clock is ahead of ours, ms; negative: behind. It includes the way of the packet. */
  readonly clockSkewMs: number;
  /** The sender's planet; null: it did not say. */
  readonly planet: WorldRevision | null;
}

/** A known node. Times are `monoMs`; −∞: never. */
export class Peer {
  readonly identity: Identity;
  readonly keys: PeerKeys;
  /** What it said of itself in HELLO or OK(HELLO); null until then. */
  version: PeerVersion | null = null;
  /** Of its last HELLO; null: none came. */
  helloNews: HelloNews | null = null;
  /** An authentic packet of any kind came. */
  lastReceiveMs: number = neverMs;
  /** A frame, or a configuration, came. */
  lastNontrivialReceiveMs: number = neverMs;
  lastTrustedMs: number = neverMs;
  /** A full HELLO was sent as part of keeping contact. */
  lastFullHelloMs: number = neverMs;
  /** A packet that is no sign of life only was sent to it. */
  lastNontrivialSendMs: number = neverMs;
  lastPushOutMs: number = neverMs;
  lastPushInMs: number = neverMs;
  /** Pushes that came in a row. */
  pushesIn = 0;
  lastWhoisInMs: number = neverMs;
  /** An address was tried that somebody named. */
  lastHintMs: number = neverMs;
  readonly paths: PeerPath[] = [];
  /** It is one because it was remembered (`peer-memory.ts`). */
  isRecalled = false;
  #isClosed = false;

  /** When it became known. */
  readonly knownSinceMs: number;

  /** @param identity - kept: its bytes are its own. @param keys - kept, and closed with {@link close} */
  constructor(identity: Identity, keys: PeerKeys, knownSinceMs: number) {
    this.identity = identity;
    this.keys = keys;
    this.knownSinceMs = knownSinceMs;
  }

  get address(): Address {
    return this.identity.address;
  }

  /** What it understands (vl1 2.5): suite 1 until its version is known. */
  get suite(): CipherSuite {
    return this.version !== null && this.version.protocol >= protocolVersionSiv ? 3 : 1;
  }

  /** Remembered and not heard yet: neither is its identity certain, nor that it still knows us. */
  get isProvisional(): boolean {
    return this.isRecalled && this.lastReceiveMs === neverMs;
  }

  /** Whether it answers ECHO (vl1 4.3). */
  get answersEcho(): boolean {
    const { version } = this;
    if (this.isProvisional) return false;
    if (version === null || version.protocol < protocolVersionEcho) return false;
    return !(version.major === 1 && version.minor === 1 && version.revision === 0);
  }

  /** Whether it has shown that it is a member of a network of ours. */
  isTrusted(nowMs: number): boolean {
    return nowMs - this.lastTrustedMs < trustMs;
  }

  /** The path of this peer over a path; undefined where it has not got it. */
  pathOver(path: Path): PeerPath | undefined {
    return this.paths.find((candidate) => candidate.path === path);
  }

  /** Whether a path may be used to send. */
  static isActive(path: PeerPath, nowMs: number): boolean {
    return !path.isDead && nowMs - path.lastReceiveMs < pathExpiryMs;
  }

  /** Whether there is a path that may be used. */
  hasActivePath(nowMs: number): boolean {
    return this.paths.some((path) => Peer.isActive(path, nowMs));
  }

  /** Whether it was forgotten: nothing may be sealed for it any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Forgets the keys. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.keys.close();
  }
}
