/**
 * Tries addresses at which a node may be, while packets for it have no path of their own: those that the operator names,
 * and those where it was last.
 *
 * Source: vl1 4.5, 6.3: one of them, drawn anew each time, every 30 s, by a HELLO.
 */
import type { IpEndpoint } from '../../wire/inet-address.ts';
import { hintMs } from '../constants.ts';
import type { EndpointTable } from '../endpoint.ts';
import type { PathPolicy } from '../path-policy.ts';
import type { Now } from '../ports.ts';
import type { Contact } from './contact.ts';
import type { PeerMemory } from './peer-memory.ts';
import type { Peer } from './peer.ts';

/** What trying works with. */
export interface HintsParts {
  readonly policy: PathPolicy;
  readonly memory: PeerMemory;
  readonly contact: Contact;
  readonly endpoints: EndpointTable;
  /** An integer in [0, bound). */
  readonly random: (bound: number) => number;
}

/** See the head of this file. */
export class Hints {
  readonly #parts: HintsParts;

  constructor(parts: HintsParts) {
    this.#parts = parts;
  }

  /** A packet for a peer without a path is about to go another way, or to wait. */
  wanted(now: Now, peer: Peer): void {
    if (now.monoMs - peer.lastHintMs < hintMs) return;
    peer.lastHintMs = now.monoMs;
    const { contact, endpoints, random } = this.#parts;
    const addresses = this.#addressesOf(now.monoMs, peer).filter((address) =>
      contact.isAllowed(peer, address),
    );
    if (addresses.length === 0) return;
    const address = addresses[random(addresses.length)];
    if (address !== undefined) contact.hello(now, peer, endpoints.of(address));
  }

  #addressesOf(nowMs: number, peer: Peer): readonly IpEndpoint[] {
    const { policy, memory } = this.#parts;
    const named = policy.triesOf(peer.address);
    // Who was recalled just now is being tried already where it was.
    const isRecalledNow = peer.isRecalled && nowMs - peer.knownSinceMs < hintMs;
    return isRecalledNow ? named : [...named, ...memory.addressesOf(peer.address)];
  }
}
