/**
 * Somebody on the internet who can send anything from any address, and has seen what went by: garbage, pieces of packets
 * that never become whole, packets in the name of others, old packets again, HELLOs of identities that are none, and as
 * much WHOIS as an identity of its own allows.
 */
import { ByteWriter } from '../src/base/bytes.ts';
import type { Address, PacketId } from '../src/base/ids.ts';
import { Secret } from '../src/base/secret.ts';
import type { Prng } from '../src/base/prng.ts';
import type { Endpoint } from '../src/core/endpoint.ts';
import { PeerKeys } from '../src/crypto/peer-keys.ts';
import type { Identity, SecretIdentity } from '../src/wire/identity.ts';
import {
  fragmentMark,
  fragmentMarkOffset,
  headerLength,
  writeHeader,
} from '../src/wire/packet/header.ts';
import { cryptHelloTail } from '../src/wire/packet/hello-tail.ts';
import { sealPacket, type CipherSuite } from '../src/wire/packet/seal.ts';
import { encodeMessage, messageOf, type Message } from '../src/wire/verbs/index.ts';
import type { Host } from './host.ts';
import type { Site } from './underlay.ts';
import type { SimWorld } from './world.ts';

/** What it can do. */
export const attacks = [
  'garbage',
  'pieces',
  'heads',
  'forged-source',
  'replay',
  'forged-hello',
  'whois',
] as const;
/** One of {@link attacks}. */
export type Attack = (typeof attacks)[number];

/** See the head of this file. */
export class Attacker {
  readonly name = 'X';
  readonly identity: SecretIdentity;
  readonly #world: SimWorld;
  readonly #prng: Prng;
  readonly #site: Site;
  readonly #source: Endpoint;
  /** A pair of keys that belongs to no address. */
  readonly #looseKey: { readonly publicKey: Uint8Array; readonly secretKey: Secret<Uint8Array> };
  readonly #keys = new Map<string, PeerKeys>();

  /** @param site - of its own, with a public address. @param identity - a valid one */
  constructor(world: SimWorld, site: Site, ip: string, identity: SecretIdentity) {
    this.#world = world;
    this.#site = site;
    this.#prng = world.prngOf('attacker');
    this.identity = identity;
    world.vouch(identity.identity);
    this.#source = this.#at(ip);
    const secret = this.#random(64);
    const { provider } = world;
    const publicKey = new Uint8Array(64);
    publicKey.set(provider.x25519PublicKey(secret.subarray(0, 32)));
    publicKey.set(provider.ed25519PublicKey(secret.subarray(32)), 32);
    this.#looseKey = { publicKey, secretKey: new Secret(secret) };
  }

  /** Introduces itself, so that its WHOIS is understood. */
  greet(victim: Host): void {
    this.#send(victim, this.#source, this.#hello(victim, this.identity.identity, 'own'));
  }

  /**
   * Attacks at an even rate.
   *
   * @param others - in whose name, and whose old packets
   */
  flood(
    victim: Host,
    attack: Attack,
    { perSecond, durationMs }: { readonly perSecond: number; readonly durationMs: number },
    others: readonly Host[],
  ): void {
    const endMs = this.#world.nowMs + durationMs;
    const step = (): void => {
      if (this.#world.nowMs >= endMs) return;
      this.#attack(victim, attack, others);
      this.#world.after(1_000 / perSecond, step);
    };
    step();
  }

  #attack(victim: Host, attack: Attack, others: readonly Host[]): void {
    const bytes = this.#bytesOf(victim, attack, others[this.#prng.below(others.length)]!.address);
    const isOwn = attack === 'whois';
    if (bytes !== null) this.#send(victim, isOwn ? this.#source : this.#anywhere(), bytes);
  }

  /** @param other - in whose name. @returns null: nothing has been seen yet */
  #bytesOf(victim: Host, attack: Attack, other: Address): Uint8Array | null {
    switch (attack) {
      case 'garbage':
        return this.#random(1 + this.#prng.below(1_400));
      case 'pieces':
        return this.#piece(victim.address);
      case 'heads': {
        const packet = this.#looksLike(victim.address, other, 1_400);
        packet[18]! |= 0x40;
        return packet;
      }
      case 'forged-source':
        return this.#looksLike(victim.address, other, headerLength + this.#prng.below(500));
      case 'replay': {
        const old = this.#world.log.last(2_000).filter(({ to }) => to === victim.name);
        return old[this.#prng.below(Math.max(1, old.length))]?.bytes ?? null;
      }
      case 'forged-hello': {
        const address = (this.#prng.below(0xf000_0000) * 256 + this.#prng.below(256)) as Address;
        return this.#hello(victim, { address, publicKey: this.#looseKey.publicKey }, 'loose');
      }
      case 'whois': {
        const addresses = Array.from({ length: 8 }, () => this.#prng.uint32() as Address);
        return this.#packet(victim, this.identity.identity.address, {
          message: messageOf('WHOIS', { addresses }),
          keys: this.#keysWith(victim, 'own'),
          suite: 3,
        });
      }
    }
  }

  #send(victim: Host, source: Endpoint, bytes: Uint8Array): void {
    const destination = victim.endpoint;
    this.#world.underlay.send(this.#site, this.name, source, destination, bytes);
  }

  #hello(victim: Host, identity: Identity, whose: 'own' | 'loose'): Uint8Array {
    const { planet } = victim;
    return this.#packet(victim, identity.address, {
      message: messageOf('HELLO', {
        version: { protocol: 12, major: 1, minor: 14, revision: 1 },
        timestamp: BigInt(Math.floor(this.#world.wallMs)),
        identity,
        sentTo: victim.endpoint.address,
        planet: { id: planet.id, timestamp: planet.timestamp },
        moons: [],
      }),
      keys: this.#keysWith(victim, whose),
      suite: 0,
    });
  }

  #packet(
    victim: Host,
    source: Address,
    { message, keys, suite }: { message: Message; keys: PeerKeys; suite: CipherSuite },
  ): Uint8Array {
    const writer = new ByteWriter(new Uint8Array(1_432), headerLength);
    encodeMessage(writer, message);
    const bytes = writer.bytes.subarray(0, writer.offset);
    const { verb } = message;
    writeHeader(bytes, 0, {
      packetId: BigInt(this.#prng.uint32()) as PacketId,
      destination: victim.address,
      source,
      verb,
    });
    if (message.name === 'HELLO') cryptHelloTail(keys, bytes, 0, bytes.length);
    sealPacket(keys, bytes, 0, bytes.length, suite);
    return bytes;
  }

  #keysWith(victim: Host, whose: 'own' | 'loose'): PeerKeys {
    const name = `${victim.name} ${whose}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const { secretKey } = whose === 'own' ? this.identity : this.#looseKey;
    const { publicKey } = victim.identity.identity;
    const keys = PeerKeys.agree(this.#world.provider, secretKey, publicKey);
    if (keys === null) this.#world.fail('keys with the victim');
    this.#keys.set(name, keys);
    return keys;
  }

  /** A piece of a packet of which nothing else will come. */
  #piece(destination: Address): Uint8Array {
    const bytes = this.#looksLike(destination, 0 as Address, 16 + this.#prng.below(1_400));
    bytes[fragmentMarkOffset] = fragmentMark;
    const count = 2 + this.#prng.below(6);
    bytes[14] = (count << 4) | (1 + this.#prng.below(count - 1));
    bytes[15] = 0;
    return bytes;
  }

  /** Random bytes with the addresses in the right places. */
  #looksLike(destination: Address, source: Address, length: number): Uint8Array {
    const bytes = this.#random(Math.max(length, headerLength));
    const writer = new ByteWriter(bytes, 8);
    writer.u40(destination);
    writer.u40(source);
    writer.u8(this.#prng.below(2) === 0 ? 0x88 : 0x18);
    return bytes;
  }

  /** Some address of the internet: nobody stops it from being a lie. */
  #anywhere(): Endpoint {
    const ip = `5.${100 + this.#prng.below(100)}.${this.#prng.below(256)}.${1 + this.#prng.below(250)}`;
    return this.#at(ip, 1_024 + this.#prng.below(60_000));
  }

  #at(ip: string, port = 9993): Endpoint {
    return this.#world.endpoint(ip, port);
  }

  #random(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = this.#prng.uint32() & 0xff;
    return bytes;
  }
}
