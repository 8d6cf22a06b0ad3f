/**
 * Why a node did nothing with a packet: what the codecs say, and what only a node can know. One list of names, each
 * counted in {@link DropCounts}.
 */
import { dropReasons, type DropReason } from '../wire/drop-reason.ts';

/** Reasons that are not about the bytes alone. */
export const nodeDropReasons = {
  'from-self': 'names this node as its source',
  'relay-refused': 'is for another node, and this one relays only as a root or for who is trusted',
  'relay-hops': 'has made as many hops as are allowed',
  'relay-no-path': 'is for a node that neither this one nor its roots have a path to',
  'rate-limited': 'came sooner after the last of its kind than is allowed',
  'unexpected-reply': 'answers a packet that was not sent',
  'not-upstream': 'may be sent by a root only',
  'old-protocol': 'speaks a version of the protocol below 4',
  'address-taken': 'comes from another identity than the one that is known by its address',
  'low-order-key': 'holds a public key that gives no secret',
  'invalid-identity': 'holds an identity whose address does not follow from its key',
  'unknown-peer': 'concerns a node whose identity is not known',
  'bad-path': 'names an address that no path may use',
  'hold-full': 'had to make room for newer packets before what it waited for came',
  'hold-expired': 'waited in vain for an identity, a path or a credential',
  'queue-full': 'found no room among what is to be sent',
  'too-long': 'is longer than a packet in seven pieces can be',
  'no-network': 'is of a network that this node has not joined',
  'not-controller': 'may be sent by the controller of its network only',
  'not-member': 'comes from a node that has shown no right to be in its network',
  filtered: 'is refused by the rules of its network',
  'no-handler': 'is for a part that this node does not have',
} as const;

/** Every reason of a node. */
export type NodeDropReason = DropReason | keyof typeof nodeDropReasons;

/** What each reason means. */
export const allDropReasons: Readonly<Record<NodeDropReason, string>> = {
  ...dropReasons,
  ...nodeDropReasons,
};

/** How often each reason was given. */
export class DropCounts {
  readonly #counts = new Map<NodeDropReason, number>();

  /** One more. */
  add(reason: NodeDropReason, count = 1): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + count);
  }

  /** So far. */
  of(reason: NodeDropReason): number {
    return this.#counts.get(reason) ?? 0;
  }

  /** Those that happened. */
  entries(): [NodeDropReason, number][] {
    return [...this.#counts];
  }
}
