/**
 * Packets of a node to itself: a controller may be a member of its own network. They are handed up after the call in which
 * they were sent, without being sealed.
 */
import { assert } from '../../base/errors.ts';
import { PeerKeys } from '../../crypto/peer-keys.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import type { SecretIdentity } from '../../wire/identity.ts';
import { packetIdAt, packetIdHighAt } from '../../wire/packet/header.ts';
import type { VerbNumber } from '../../wire/verbs/verb.ts';
import type { EndpointTable } from '../endpoint.ts';
import type { InboundPacket } from '../packet-handler.ts';
import type { Now } from '../ports.ts';
import type { ExpectedReplies } from './expected-replies.ts';
import type { PacketIds } from './packet-ids.ts';
import { Path } from './path.ts';
import { Peer } from './peer.ts';

/** Packets that wait at a time, and that are handed up in a row: an answer to an answer without end is a bug. */
export const ownPacketsMax = 64;

/** See the head of this file. */
export class OwnPackets {
  readonly #identity: SecretIdentity;
  readonly #provider: CryptoProvider;
  readonly #ids: PacketIds;
  readonly #expected: ExpectedReplies;
  readonly #path: Path;
  #peer: Peer | null = null;
  readonly #packets: InboundPacket[] = [];

  constructor(
    identity: SecretIdentity,
    provider: CryptoProvider,
    ids: PacketIds,
    expected: ExpectedReplies,
    endpoints: EndpointTable,
  ) {
    this.#identity = identity;
    this.#provider = provider;
    this.#ids = ids;
    this.#expected = expected;
    this.#path = new Path(0, endpoints.ipv4(0, 0));
  }

  /** Adds one; nothing where there is no room. @param payload - copied */
  add(now: Now, verb: VerbNumber, payload: Uint8Array): void {
    if (this.#packets.length >= ownPacketsMax) return;
    const id = new Uint8Array(8);
    this.#ids.write(id, 0);
    this.#expected.add(packetIdHighAt(id, 0), now.monoMs);
    this.#packets.push({
      source: this.#identity.identity.address,
      peer: this.#self(now),
      hops: 0,
      packetId: packetIdAt(id, 0),
      verb,
      payload: payload.slice(),
      isCompressed: false,
      path: this.#path,
    });
  }

  get size(): number {
    return this.#packets.length;
  }

  /** The next one; null: none. */
  take(): InboundPacket | null {
    return this.#packets.shift() ?? null;
  }

  /** Ourselves as a peer: made when it is needed. */
  #self(now: Now): Peer {
    if (this.#peer !== null) return this.#peer;
    const { identity, secretKey } = this.#identity;
    const keys = PeerKeys.agree(this.#provider, secretKey, identity.publicKey);
    assert(keys !== null, 'our own key is no point of low order');
    return (this.#peer = new Peer(identity, keys, now.monoMs));
  }
}
