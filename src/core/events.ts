/** What a node tells its driver: collected while a `handle*` or command runs, taken with `takeEvents()`. */
import type { Address, NetworkId } from '../base/ids.ts';
import type { Identity } from '../wire/identity.ts';
import type { PeerVersion } from '../wire/verbs/peer-version.ts';
import type { Endpoint } from './endpoint.ts';
import type { TapState } from './ports.ts';

/** How far a joined network has come; what a person sees (vl2). */
export type NetworkStatus =
  | 'requesting'
  | 'ok'
  | 'access-denied'
  | 'not-found'
  | 'authentication-required'
  | 'port-error'
  | 'client-too-old';

/** One thing that happened; tell them apart by `kind`. Bytes in it are its own. */
export type NodeEvent =
  | { readonly kind: 'online'; readonly isOnline: boolean }
  | {
      readonly kind: 'path';
      readonly address: Address;
      readonly endpoint: Endpoint;
      readonly state: 'learned' | 'lost';
    }
  | {
      /** A node became known, or its version did. */
      readonly kind: 'peer';
      readonly identity: Identity;
      readonly version: PeerVersion | null;
    }
  | { readonly kind: 'network'; readonly networkId: NetworkId; readonly status: NetworkStatus }
  /** A tap is to be made or changed; null: taken away. */
  | { readonly kind: 'tap'; readonly networkId: NetworkId; readonly state: TapState | null }
  | {
      /** A file of the home directory is to be written; null: removed. */
      readonly kind: 'persist';
      /** `planet`, `moons.d/<16 digits>.moon`, `networks.d/<16 digits>.conf`, `peers.d/<10 digits>.peer`. */
      readonly name: string;
      readonly bytes: Uint8Array | null;
    }
  | {
      readonly kind: 'user-message';
      readonly source: Address;
      readonly typeId: bigint;
      readonly data: Uint8Array;
    }
  /** Dictionary texts (vl1 3.13). */
  | { readonly kind: 'remote-trace'; readonly source: Address; readonly traces: Uint8Array[] }
  /** A root holds another identity under our address: ours cannot be used any more. */
  | { readonly kind: 'identity-collision' };

/** Events that wait at most; the oldest are lost first, and counted. */
export const eventsMax = 4_096;

/** Collects events. */
export class EventQueue {
  #events: NodeEvent[] = [];
  /** How many were lost so far because nobody took them. */
  dropped = 0;

  /** One more. */
  push(event: NodeEvent): void {
    if (this.#events.length >= eventsMax) {
      this.#events.shift();
      this.dropped++;
    }
    this.#events.push(event);
  }

  /** All since the last call. */
  take(): readonly NodeEvent[] {
    if (this.#events.length === 0) return none;
    const events = this.#events;
    this.#events = [];
    return events;
  }
}

const none: readonly NodeEvent[] = [];
