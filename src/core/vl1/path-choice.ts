/**
 * Which path to a peer is used, and which root for a relay (vl1 4.9).
 *
 * A path without a measured round trip counts as 65535 ms. Addresses of a private network are preferred over global ones
 * by their scope, nothing prefers a family.
 */
import { pathAliveMs, peerExpiryMs } from '../constants.ts';
import { Peer, type PeerPath } from './peer.ts';

const unknownLatencyMs = 65_535;
const ageMaxMs = 140_000;

/** The path that may be used and is best; null where none may be. */
export function bestPath(peer: Peer, nowMs: number): PeerPath | null {
  let best: PeerPath | null = null;
  let bestQuality = Infinity;
  for (const candidate of peer.paths) {
    if (!Peer.isActive(candidate, nowMs)) continue;
    const quality = qualityOf(candidate, nowMs);
    // Of equal ones the later.
    if (quality > bestQuality) continue;
    best = candidate;
    bestQuality = quality;
  }
  return best;
}

/** The path heard on last, be it expired or dead: when there is nothing else to lose. */
export function lastPath(peer: Peer): PeerPath | null {
  let last: PeerPath | null = null;
  for (const candidate of peer.paths)
    if (last === null || candidate.lastReceiveMs >= last.lastReceiveMs) last = candidate;
  return last;
}

/** The lower, the better a root is as a relay; Infinity where nothing was heard of it for long, or no path is left. */
export function relayQuality(peer: Peer, nowMs: number): number {
  const silentMs = nowMs - peer.lastReceiveMs;
  const path = bestPath(peer, nowMs);
  if (silentMs >= peerExpiryMs || path === null) return Infinity;
  const latencyMs = path.path.latencyMs ?? unknownLatencyMs;
  return latencyMs * (Math.floor(silentMs / 61_000) + 1);
}

function qualityOf({ path, priority }: PeerPath, nowMs: number): number {
  const ageMs = Math.min(nowMs - path.lastInMs, ageMaxMs);
  const latencyMs = path.latencyMs ?? unknownLatencyMs;
  const penalised = ageMs < pathAliveMs ? latencyMs : latencyMs + unknownLatencyMs + ageMs;
  // The reference counts whole milliseconds and divides integers.
  return Math.floor((Math.floor(penalised) * (8 - path.scopeRank)) / priority);
}
