/** What a person is shown of a node: plain values, made when asked for. */
import { formatAddress, formatU64 } from '../../base/ids.ts';
import { formatInetAddress } from '../../wire/inet-address.ts';
import type { PeerVersion } from '../../wire/verbs/peer-version.ts';
import type { NodeDropReason } from '../drop-reasons.ts';
import type { Context } from './context.ts';
import { bestPath } from './path-choice.ts';
import { Peer } from './peer.ts';
import type { Sockets } from './sockets.ts';
import type { PlanetComparison } from './topology.ts';

/** A node at a glance. */
export interface NodeStatus {
  readonly address: string;
  readonly isOnline: boolean;
  /** Whether it is a root of its planet or a moon. */
  readonly isRoot: boolean;
  readonly planet: { readonly id: string; readonly timestamp: number };
  readonly moons: readonly { readonly id: string; readonly timestamp: number }[];
  readonly sockets: readonly string[];
  /** Our addresses as others see them. */
  readonly seenAt: readonly string[];
  readonly peerCount: number;
  /** Packets waiting to be sent, and received ones waiting to be understood. */
  readonly waiting: { readonly out: number; readonly in: number };
  readonly drops: Readonly<Partial<Record<NodeDropReason, number>>>;
}

/** A peer at a glance. Times are ms ago; null: never. */
export interface PeerStatus {
  readonly address: string;
  /** A root of the planet, or of a moon alone. */
  readonly role: 'root' | 'moon' | 'leaf';
  readonly version: PeerVersion | null;
  /** Round trip over the path in use; null where it was not measured, or packets go over a root. */
  readonly latencyMs: number | null;
  /** Whether packets go to it without a relay. */
  readonly isDirect: boolean;
  readonly lastReceiveMs: number | null;
  /** How far its clock was ahead of ours at its last HELLO, ms; negative: behind; null: none came. */
  readonly clockSkewMs: number | null;
  /** The planet that it named in its last HELLO, beside ours. */
  readonly planet: PlanetComparison;
  readonly paths: readonly PathStatus[];
}

/** A path at a glance. */
export interface PathStatus {
  readonly endpoint: string;
  readonly isPreferred: boolean;
  readonly isActive: boolean;
  /** Unanswered questions: not used until it answers. */
  readonly isDead: boolean;
  readonly latencyMs: number | null;
  readonly lastReceiveMs: number | null;
  readonly lastSendMs: number | null;
}

/** The status of a node. */
export function nodeStatus(
  context: Context,
  sockets: Sockets,
  nowMs: number,
  held: number,
): NodeStatus {
  const { topology } = context;
  const revision = ({
    id,
    timestamp,
  }: {
    id: bigint;
    timestamp: bigint;
  }): NodeStatus['planet'] => ({
    id: formatU64(id),
    timestamp: Number(timestamp),
  });
  return {
    address: formatAddress(context.self.identity.address),
    isOnline: context.upstreams.isOnline(nowMs),
    isRoot: topology.isRoot,
    planet: revision(topology.planetRevision()),
    moons: topology.moonRevisions().map(revision),
    sockets: sockets.all.map(({ local }) => local.key),
    seenAt: context.awareness.addresses(nowMs).map(formatInetAddress),
    peerCount: context.peers.size,
    waiting: { out: context.switch.waiting, in: held },
    drops: Object.fromEntries(context.drops.entries()),
  };
}

/** The status of a peer. */
export function peerStatus(context: Context, peer: Peer, nowMs: number): PeerStatus {
  const best = bestPath(peer, nowMs);
  return {
    address: formatAddress(peer.address),
    role: roleOf(context, peer),
    version: peer.version,
    latencyMs: best?.path.latencyMs ?? null,
    isDirect: best !== null,
    lastReceiveMs: ago(nowMs, peer.lastReceiveMs),
    clockSkewMs: peer.helloNews?.clockSkewMs ?? null,
    planet: context.topology.comparePlanet(peer.helloNews?.planet ?? null),
    paths: peer.paths.map((path) => ({
      endpoint: path.path.endpoint.key,
      isPreferred: path === best,
      isActive: Peer.isActive(path, nowMs),
      isDead: path.isDead,
      latencyMs: path.path.latencyMs,
      lastReceiveMs: ago(nowMs, path.lastReceiveMs),
      lastSendMs: ago(nowMs, path.path.lastOutMs),
    })),
  };
}

function roleOf({ topology }: Context, { address }: Peer): PeerStatus['role'] {
  if (!topology.isUpstream(address)) return 'leaf';
  return topology.planet.roots.some(({ identity }) => identity.address === address)
    ? 'root'
    : 'moon';
}

function ago(nowMs: number, thenMs: number): number | null {
  return thenMs === -Infinity ? null : nowMs - thenMs;
}
