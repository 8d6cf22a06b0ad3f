/**
 * What is remembered of each member of a network with whom this node has to do: when credentials and groups were last told.
 * What the member may do is with its credentials (`credential-store.ts`).
 */
import type { Address, Mac } from '../../base/ids.ts';
import { maskMac } from '../../wire/mac.ts';

/** Members that are remembered in one network; the one that came first makes room. */
export const membersMax = 8_192;
/** A member of whom nothing was heard, and to whom nothing was sent, for this time is forgotten, ms. */
export const memberIdleMs = 900_000;

const never = -Infinity;
const notAtAll = Infinity;

/** One member. Times are `monoMs`; −∞: never. */
export class Member {
  readonly address: Address;
  /** Its own Ethernet address. */
  readonly mac: Mac;
  /** Our credentials were last sent to it. */
  pushedAtMs: number = never;
  /** … and it took them then, if it takes one packet of them a second. */
  takenAtMs: number = never;
  /** They are to be sent once more, because it did not take the last ones; ∞: not. */
  pushAgainAtMs: number = notAtAll;
  /** How long after a push it may ask for another one, ms. */
  requestGapMs = 0;
  /** All our groups were last told to it. */
  likedAtMs: number = never;
  /** Something of this network came from it and was allowed. */
  heardAtMs: number = never;
  /** A frame went to it. */
  usedAtMs: number = never;

  constructor(address: Address, mac: Mac) {
    this.address = address;
    this.mac = mac;
  }
}

/** The members of one network. */
export class Members implements Iterable<Member> {
  readonly #mask: Mac;
  readonly #members = new Map<Address, Member>();

  /** @param mask - `macMask` of the network */
  constructor(mask: Mac) {
    this.#mask = mask;
  }

  get size(): number {
    return this.#members.size;
  }

  get(address: Address): Member | undefined {
    return this.#members.get(address);
  }

  /** The member of an address, remembered from now on. */
  of(address: Address): Member {
    const known = this.#members.get(address);
    if (known !== undefined) return known;
    if (this.#members.size >= membersMax) {
      for (const oldest of this.#members.keys()) {
        this.#members.delete(oldest);
        break;
      }
    }
    const member = new Member(address, maskMac(this.#mask, address));
    this.#members.set(address, member);
    return member;
  }

  [Symbol.iterator](): IterableIterator<Member> {
    return this.#members.values();
  }

  /** Forgets those with whom nothing happens any more. */
  sweep(nowMs: number): void {
    for (const [address, member] of this.#members) {
      const lastMs = Math.max(member.heardAtMs, member.usedAtMs, member.pushedAtMs);
      if (nowMs - lastMs >= memberIdleMs) this.#members.delete(address);
    }
  }
}
