/**
 * How often an identity that is not known may make us work, by where it comes from (vl1 8.3): it is asked before any key
 * is agreed.
 *
 * The reference lets one through in 2 seconds for each of 16,384 buckets, which neighbours (an IPv4 /24) share: two new
 * nodes in one network wait for each other. Here a bucket holds {@link burst} and gets one back in {@link refillMs}: a
 * whole rack may start at once, and a flood from one network is held to a few a second. All networks together are held to
 * {@link totalPerSecond}, because their addresses may be forged.
 */
import type { InetAddress } from '../../wire/inet-address.ts';
import { rateGateHash } from '../../wire/ip-scope.ts';

const buckets = 0x4000;
const burst = 16;
const refillMs = 500;
const totalPerSecond = 400;

/** See the head of this file. */
export class IdentityGate {
  /** When the bucket will be full again, `monoMs`: how far that lies ahead says how empty it is. */
  readonly #fullAtMs = new Float64Array(buckets);
  #totalFullAtMs = 0;

  /** Whether an unknown identity from there may go on; if so, it is counted. */
  pass(nowMs: number, source: InetAddress): boolean {
    const bucket = rateGateHash(source);
    const fullAtMs = Math.max(this.#fullAtMs[bucket] as number, nowMs) + refillMs;
    const totalFullAtMs = Math.max(this.#totalFullAtMs, nowMs) + 1_000 / totalPerSecond;
    if (fullAtMs - nowMs > burst * refillMs || totalFullAtMs - nowMs > 1_000) return false;
    this.#fullAtMs[bucket] = fullAtMs;
    this.#totalFullAtMs = totalFullAtMs;
    return true;
  }
}
