/**
 * Introduces two nodes whose packets we relay, so that they find a direct path: RENDEZVOUS to both (vl1 4.6).
 *
 * Each is told where we see the other, at addresses of one family and scope, private ones before global ones.
 *
 * The reference introduces two nodes every 30 s as long as they need the relay. Here the first time is followed by two more
 * soon, since one of them may not have heard, and all begins anew when one of them is no longer where the other was told.
 */
import { ByteWriter } from '../../base/bytes.ts';
import type { IpEndpoint } from '../../wire/inet-address.ts';
import { ipScopeRanks } from '../../wire/ip-scope.ts';
import { rendezvous } from '../../wire/verbs/rendezvous.ts';
import { verbNumbers } from '../../wire/verbs/verb.ts';
import { introductionMs } from '../constants.ts';
import type { Now } from '../ports.ts';
import type { PacketIds } from './packet-ids.ts';
import { bestPath } from './path-choice.ts';
import type { Path } from './path.ts';
import { Peer } from './peer.ts';
import type { Switch } from './switch.ts';

/** How long after the last introduction the next may come: after the first, the second, and every later one. */
const againMs: readonly number[] = [1_500, 5_000, introductionMs];

/** How often is looked where they are: nobody is introduced more often, whatever its addresses do. */
const lookMs = 1_000;

interface Introduction {
  /** When the last one was. */
  readonly atMs: number;
  /** How many there were in a row. */
  readonly count: number;
  /** What they were told: where the one with the lower address was, and where the other. */
  readonly told: readonly [Path, Path];
  /** When it was last looked where they are. */
  lookedMs: number;
}

/** See the head of this file. */
export class Introductions {
  /** Who was introduced, those of long ago first; by their addresses, the lower first. */
  readonly #done = new Map<string, Introduction>();
  readonly #max: number;
  readonly #switch: () => Switch;
  readonly #random: PacketIds;

  /** @param max - pairs that are remembered */
  constructor(max: number, switchOf: () => Switch, random: PacketIds) {
    this.#max = max;
    this.#switch = switchOf;
    this.#random = random;
  }

  /** Pairs that are remembered. */
  get size(): number {
    return this.#done.size;
  }

  /** Introduces two peers, unless that was done just now or there is no way for them to meet. */
  introduce(now: Now, one: Peer, other: Peer): void {
    const [low, high] = one.address < other.address ? [one, other] : [other, one];
    const key = `${low.address} ${high.address}`;
    const done = this.#done.get(key);
    if (done !== undefined) {
      if (now.monoMs - done.lookedMs < lookMs) return;
      done.lookedMs = now.monoMs;
    }
    const told = commonPaths(low, high, now.monoMs);
    if (told === null) return;
    const silentMs = now.monoMs - (done?.atMs ?? -Infinity);
    const isAnew =
      done === undefined ||
      // They did without us for a while.
      silentMs >= 2 * introductionMs ||
      !isStillAt(low, done.told[0], now.monoMs) ||
      !isStillAt(high, done.told[1], now.monoMs);
    const count = isAnew ? 0 : done.count;
    if (silentMs < (againMs[Math.min(count, againMs.length) - 1] ?? 0)) return;
    this.#remember(key, { atMs: now.monoMs, count: count + 1, told, lookedMs: now.monoMs });
    // Neither is to be favoured: who hears first opens its NAT first.
    if (this.#random.below(2) === 0) {
      this.#tell(now, low, high, told[1]);
      this.#tell(now, high, low, told[0]);
    } else {
      this.#tell(now, high, low, told[0]);
      this.#tell(now, low, high, told[1]);
    }
  }

  #tell(now: Now, peer: Peer, about: Peer, at: Path): void {
    const path = bestPath(peer, now.monoMs);
    if (path === null) return;
    const writer = new ByteWriter(new Uint8Array(32));
    rendezvous.write(writer, { flags: 0, address: about.address, endpoint: at.endpoint.address });
    const payload = writer.bytes.subarray(0, writer.offset);
    this.#switch().sendOn(now, peer, path.path, verbNumbers.RENDEZVOUS, payload);
  }

  #remember(key: string, introduction: Introduction): void {
    this.#done.delete(key);
    if (this.#done.size >= this.#max) {
      const [oldest] = this.#done.keys();
      if (oldest !== undefined) this.#done.delete(oldest);
    }
    this.#done.set(key, introduction);
  }
}

function isStillAt(peer: Peer, path: Path, nowMs: number): boolean {
  const known = peer.pathOver(path);
  return known !== undefined && Peer.isActive(known, nowMs);
}

const rankMax = Math.max(...Object.values(ipScopeRanks));

/** The best path of each in the first scope and family that both have; null where there is none. */
function commonPaths(one: Peer, other: Peer, nowMs: number): [Path, Path] | null {
  for (let rank = rankMax; rank >= 0; rank--)
    for (const family of ['ipv6', 'ipv4'] as const) {
      const ofOne = pathIn(one, nowMs, family, rank);
      const ofOther = pathIn(other, nowMs, family, rank);
      if (ofOne !== null && ofOther !== null) return [ofOne, ofOther];
    }
  return null;
}

function pathIn(peer: Peer, nowMs: number, family: IpEndpoint['kind'], rank: number): Path | null {
  let best: Path | null = null;
  for (const candidate of peer.paths) {
    const { path } = candidate;
    if (!Peer.isActive(candidate, nowMs)) continue;
    if (path.endpoint.address.kind !== family || path.scopeRank !== rank) continue;
    if (best === null || (path.latencyMs ?? Infinity) <= (best.latencyMs ?? Infinity)) best = path;
  }
  return best;
}
