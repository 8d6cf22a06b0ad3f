/**
 * Times and limits of VL1. The first part is the specification (vl1 7): what other nodes count on. The second is how
 * this implementation does it, and may be changed alone. Milliseconds, unless a name says otherwise.
 */
import { assert } from '../base/errors.ts';

// Specification.

/** What we say of ourselves in HELLO. */
export const protocolVersion = 12;
/** Below it a HELLO is dropped. */
export const protocolVersionMin = 4;
/** From it on a peer understands cipher suite 3. */
export const protocolVersionSiv = 12;
/** From it on a peer answers ECHO. */
export const protocolVersionEcho = 5;
/** The software that we speak like; others look at it for the faults of old ones. */
export const softwareVersion = { major: 1, minor: 14, revision: 1 } as const;

/** A path on which anything came within this time is alive. */
export const pathAliveMs = 19_000;
/** A path on which its peer was not heard for this time is gone. */
export const pathExpiryMs = 243_000;
/** Nothing sent on a path for this time: ECHO. */
export const pathHeartbeatMs = 14_000;
/** A peer that was not heard for this time is forgotten; a root then is not online. */
export const peerExpiryMs = 500_000;
/** How long a peer or path stays trusted. */
export const trustMs = 600_000;
/** An unknown path is asked for confirmation at most this often. */
export const confirmPathMs = 1_000;
/** Paths of a peer. */
export const pathsPerPeerMax = 64;
/** PUSH_DIRECT_PATHS goes out at most this often, when the peer comes over a relay. */
export const pushRelayedMs = 15_000;
/** The same, when it comes directly. */
export const pushDirectMs = 120_000;
/** Pushes in a row that are acted on, … */
export const pushesInMax = 8;
/** … until none came for this time. */
export const pushesInGapMs = 30_000;
/** Addresses of one scope and family that are acted on in one push. */
export const pushedPathsMax = 8;
/** WHOIS of one address goes out at most this often. */
export const whoisIntervalMs = 500;
/** WHOIS of one peer is answered at most this often, by who is no root. */
export const whoisAnswerIntervalMs = 100;
/** ECHO on one path is answered at most this often. */
export const echoIntervalMs: number = 1_000 / 6;
/** Two nodes are introduced at most this often. */
export const introductionMs = 30_000;
/** An address at which a node may be is tried at most this often. */
export const hintMs = 30_000;
/** How long packets wait for an identity, a path or a credential. */
export const waitingMs = 5_000;
/** An address that others saw of us is believed this long. */
export const selfAwarenessMs = 600_000;
/** Peers that are spoken to are sent a full HELLO this often. */
export const fullHelloMs = 60_000;
/** Roots with a path are sent a full HELLO this often. */
export const rootHelloMs = 224_000;
/** The IP time-to-live of the bytes that open a NAT and are to reach nobody. */
export const natOpeningTtl = 2;

// Implementation.

/** The time of what has not happened. */
export const neverMs: number = Number.NEGATIVE_INFINITY;

/** Housekeeping: what has expired is dropped. */
export const housekeepingMs = 30_000;
/** Tables of a node. */
export interface NodeLimits {
  /** Nodes whose identity is known. A root needs as many as it has members. */
  readonly peersMax: number;
  /** Nodes that are remembered beyond that, each with a file in the home. */
  readonly rememberedMax: number;
  /** Paths that belong to no peer yet: from where something authentic came, or where we asked. */
  readonly strangersMax: number;
  /** Bytes and datagrams that may wait for the driver. */
  readonly datagramBytesMax: number;
  readonly datagramsMax: number;
  /** Bytes and frames that may wait for the driver. */
  readonly frameBytesMax: number;
  readonly framesMax: number;
  /** Packets that wait to be sent, for an identity or a path; the oldest goes first. */
  readonly waitingOutMax: number;
  /** Packets received that wait for an identity or a credential; the oldest goes first. */
  readonly waitingInMax: number;
  /** Identities that are asked for at a time. */
  readonly whoisMax: number;
  /** Identities whose address is being checked, with the HELLO of each. */
  readonly validationsMax: number;
  /** Pairs of nodes that are remembered as introduced. */
  readonly introductionsMax: number;
  /** Reports of our outer address. */
  readonly reportsMax: number;
  /** Moons that are held or looked for. */
  readonly moonsMax: number;
}

/** What a node has unless told otherwise. */
export const defaultLimits: NodeLimits = {
  peersMax: 16_384,
  rememberedMax: 16_384,
  strangersMax: 4_096,
  datagramBytesMax: 4 * 1024 * 1024,
  datagramsMax: 4_096,
  frameBytesMax: 4 * 1024 * 1024,
  framesMax: 2_048,
  waitingOutMax: 128,
  waitingInMax: 64,
  whoisMax: 256,
  validationsMax: 32,
  introductionsMax: 4_096,
  reportsMax: 512,
  moonsMax: 16,
};

/** A root that does not answer is asked again after these times, the last one for ever. */
export const rootRetryMs: readonly number[] = [100, 200, 300, 500, 900, 1_500, 2_000];
/** A root is asked for a sign of life this often: half of what the reference sends in the same time, twice as often. */
export const rootHeartbeatMs = 4_000;
/** A root that leaves a question without an answer for this time is sent a HELLO. */
export const rootAnswerMs = 500;
/** What goes out on a path for this time with nothing coming back makes us ask whether it is dead. */
export const pathDoubtMs = 1_000;
/** An ECHO without an answer for this time is sent again, … */
export const probeAnswerMs = 300;
/** … until there were so many: then the path is dead. Of three one comes through where every third is lost. */
export const probesMax = 3;
/** A dead path of a peer that is spoken to is tried again this often. */
export const deadPathRetryMs = 1_500;

assert(isBelow(pathHeartbeatMs, pathAliveMs), 'a heartbeat comes before a path is held for dead');
assert(isBelow(rootHeartbeatMs, pathHeartbeatMs), 'the way to a root needs no other heartbeat');
assert(isBelow(echoIntervalMs, probeAnswerMs), 'a probe is not held back by the gate of ECHO');

function isBelow(a: number, b: number): boolean {
  return a < b;
}
