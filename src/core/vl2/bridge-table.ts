/**
 * Which active bridge a host stands behind: learnt from the frames that bridges send in the names of others (vl2 3.2, 4.5).
 *
 * Routes do not expire, as with the reference; a host that moves is learnt anew. A full table forgets every route of the
 * bridge that has the most: whoever fills it harms itself first.
 */
import type { Address, Mac } from '../../base/ids.ts';

/** The most routes of one network. */
export const bridgeRoutesMax = 16_384;

/** The hosts of one network that are behind bridges. */
export class BridgeTable {
  readonly #bridgeOf = new Map<Mac, Address>();
  readonly #counts = new Map<Address, number>();

  /** How many routes are known. */
  get size(): number {
    return this.#bridgeOf.size;
  }

  /** A frame of this host came from that bridge. */
  learn(host: Mac, bridge: Address): void {
    const before = this.#bridgeOf.get(host);
    if (before === bridge) return;
    if (before !== undefined) this.#forget(host, before);
    if (this.#bridgeOf.size >= bridgeRoutesMax) this.#forgetLargest();
    this.#bridgeOf.set(host, bridge);
    this.#counts.set(bridge, (this.#counts.get(bridge) ?? 0) + 1);
  }

  /** The bridge of a host; null where it is not known. It may be none any more: ask the configuration. */
  bridgeOf(host: Mac): Address | null {
    return this.#bridgeOf.get(host) ?? null;
  }

  #forget(host: Mac, bridge: Address): void {
    this.#bridgeOf.delete(host);
    const count = (this.#counts.get(bridge) ?? 1) - 1;
    if (count === 0) this.#counts.delete(bridge);
    else this.#counts.set(bridge, count);
  }

  #forgetLargest(): void {
    let largest: Address | null = null;
    for (const [bridge, count] of this.#counts)
      if (largest === null || count > (this.#counts.get(largest) ?? 0)) largest = bridge;
    for (const [host, bridge] of this.#bridgeOf) if (bridge === largest) this.#forget(host, bridge);
  }
}
