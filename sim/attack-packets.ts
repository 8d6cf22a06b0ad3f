/**
 * Packets of somebody who can send anything: garbage, pieces of packets that never become whole, packets in the name of
 * others, HELLOs of identities that are none, and as much WHOIS as an identity of its own allows.
 */
import { ByteWriter } from '../src/base/bytes.ts';
import { assert } from '../src/base/errors.ts';
import type { Address, PacketId } from '../src/base/ids.ts';
import type { Prng } from '../src/base/prng.ts';
import { Secret } from '../src/base/secret.ts';
import { PeerKeys } from '../src/crypto/peer-keys.ts';
import type { CryptoProvider } from '../src/crypto/provider.ts';
import type { Identity, SecretIdentity } from '../src/wire/identity.ts';
import type { IpEndpoint } from '../src/wire/inet-address.ts';
import { fragmentMark, fragmentMarkOffset, headerLength } from '../src/wire/packet/header.ts';
import type { CipherSuite } from '../src/wire/packet/seal.ts';
import { messageOf, type Message } from '../src/wire/verbs/index.ts';
import { sealedPacket } from './sealed-packet.ts';

/** What can be made without having seen anything. */
export const madeAttacks = [
  'garbage',
  'pieces',
  'heads',
  'forged-source',
  'forged-hello',
  'whois',
] as const;
/** One of {@link madeAttacks}. */
export type MadeAttack = (typeof madeAttacks)[number];

/** Who is attacked, as the attacker knows it. */
export interface Victim {
  readonly identity: Identity;
  readonly endpoint: IpEndpoint;
  readonly planet: { readonly id: bigint; readonly timestamp: bigint };
}

/** What an attacker is made of. */
export interface AttackerParts {
  readonly provider: CryptoProvider;
  readonly prng: Prng;
  /** Its own, a valid one. */
  readonly identity: SecretIdentity;
  readonly wallMs: () => number;
}

/** See the head of this file. */
export class AttackPackets {
  readonly #parts: AttackerParts;
  /** A pair of keys that belongs to no address. */
  readonly #looseKey: { readonly publicKey: Uint8Array; readonly secretKey: Secret<Uint8Array> };
  readonly #keys = new Map<string, PeerKeys>();

  constructor(parts: AttackerParts) {
    this.#parts = parts;
    const secret = this.#random(64);
    const { provider } = parts;
    const publicKey = new Uint8Array(64);
    publicKey.set(provider.x25519PublicKey(secret.subarray(0, 32)));
    publicKey.set(provider.ed25519PublicKey(secret.subarray(32)), 32);
    this.#looseKey = { publicKey, secretKey: new Secret(secret) };
  }

  /** A HELLO of its own, so that its WHOIS is understood. */
  greeting(victim: Victim): Uint8Array {
    return this.#hello(victim, this.#parts.identity.identity, 'own');
  }

  /** One packet. @param other - in whose name, where it is in somebody's */
  make(victim: Victim, attack: MadeAttack, other: Address): Uint8Array {
    const { prng, identity } = this.#parts;
    const self = victim.identity.address;
    switch (attack) {
      case 'garbage':
        return this.#random(1 + prng.below(1_400));
      case 'pieces':
        return this.#piece(self);
      case 'heads': {
        const packet = this.#looksLike(self, other, 1_400);
        packet[18]! |= 0x40;
        return packet;
      }
      case 'forged-source':
        return this.#looksLike(self, other, headerLength + prng.below(500));
      case 'forged-hello': {
        const address = (prng.below(0xf000_0000) * 256 + prng.below(256)) as Address;
        return this.#hello(victim, { address, publicKey: this.#looseKey.publicKey }, 'loose');
      }
      case 'whois': {
        const addresses = Array.from({ length: 8 }, () => prng.uint32() as Address);
        return this.#packet(victim, identity.identity.address, {
          message: messageOf('WHOIS', { addresses }),
          keys: this.#keysWith(victim, 'own'),
          suite: 3,
        });
      }
    }
  }

  #hello(victim: Victim, identity: Identity, whose: 'own' | 'loose'): Uint8Array {
    const { planet } = victim;
    return this.#packet(victim, identity.address, {
      message: messageOf('HELLO', {
        version: { protocol: 12, major: 1, minor: 14, revision: 1 },
        timestamp: BigInt(Math.floor(this.#parts.wallMs())),
        identity,
        sentTo: victim.endpoint,
        planet: { id: planet.id, timestamp: planet.timestamp },
        moons: [],
      }),
      keys: this.#keysWith(victim, whose),
      suite: 0,
    });
  }

  #packet(
    victim: Victim,
    source: Address,
    { message, keys, suite }: { message: Message; keys: PeerKeys; suite: CipherSuite },
  ): Uint8Array {
    const packetId = BigInt(this.#parts.prng.uint32()) as PacketId;
    const destination = victim.identity.address;
    return sealedPacket(keys, { packetId, destination, source, message, suite });
  }

  #keysWith(victim: Victim, whose: 'own' | 'loose'): PeerKeys {
    const name = `${victim.identity.address} ${whose}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const { provider, identity } = this.#parts;
    const { secretKey } = whose === 'own' ? identity : this.#looseKey;
    const keys = PeerKeys.agree(provider, secretKey, victim.identity.publicKey);
    assert(keys !== null, 'the victim has a key');
    this.#keys.set(name, keys);
    return keys;
  }

  /** A piece of a packet of which nothing else will come. */
  #piece(destination: Address): Uint8Array {
    const bytes = this.#looksLike(destination, 0 as Address, 16 + this.#parts.prng.below(1_400));
    bytes[fragmentMarkOffset] = fragmentMark;
    const count = 2 + this.#parts.prng.below(6);
    bytes[14] = (count << 4) | (1 + this.#parts.prng.below(count - 1));
    bytes[15] = 0;
    return bytes;
  }

  /** Random bytes with the addresses in the right places. */
  #looksLike(destination: Address, source: Address, length: number): Uint8Array {
    const bytes = this.#random(Math.max(length, headerLength));
    const writer = new ByteWriter(bytes, 8);
    writer.u40(destination);
    writer.u40(source);
    writer.u8(this.#parts.prng.below(2) === 0 ? 0x88 : 0x18);
    return bytes;
  }

  #random(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = this.#parts.prng.uint32() & 0xff;
    return bytes;
  }
}
