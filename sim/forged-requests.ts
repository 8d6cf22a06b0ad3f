/**
 * Requests for a configuration by whoever is not who it says: what a controller is sent by somebody who wants in, or wants
 * it to be busy. Each comes with the HELLO that would make its sender known, where a HELLO could.
 */
import { assert } from '../src/base/errors.ts';
import type { Address, NetworkId, PacketId } from '../src/base/ids.ts';
import type { Prng } from '../src/base/prng.ts';
import { Secret } from '../src/base/secret.ts';
import { PeerKeys } from '../src/crypto/peer-keys.ts';
import type { CryptoProvider } from '../src/crypto/provider.ts';
import type { Identity, SecretIdentity } from '../src/wire/identity.ts';
import { usualMetadata } from '../src/wire/network-config/config-request.ts';
import { messageOf, type Message } from '../src/wire/verbs/index.ts';
import type { Victim } from './attack-packets.ts';
import { sealedPacket } from './sealed-packet.ts';

/**
 * How they are forged.
 *
 * - `unproven`: a key whose address does not follow from it: no work was done for it.
 * - `mismatched`: a key that is valid under another address.
 * - `taken`: a member's address, with another key.
 * - `broken`: a valid identity whose packets were changed on the way.
 * - `impostor`: a member's name, without its key.
 * - `nameless`: an address that nobody has heard of, and no HELLO.
 * - `replayed`: what members once sent.
 */
export const forgeries = [
  'unproven',
  'mismatched',
  'taken',
  'broken',
  'impostor',
  'nameless',
  'replayed',
] as const;
/** One of {@link forgeries}. */
export type Forgery = (typeof forgeries)[number];

/** What they are made of. */
export interface ForgerParts {
  readonly provider: CryptoProvider;
  readonly prng: Prng;
  readonly wallMs: () => number;
  readonly victim: Victim;
  readonly networkId: NetworkId;
  /** A valid identity of the forger's own. */
  readonly own: SecretIdentity;
  /** In whose names. */
  readonly members: readonly Address[];
  /** What members have sent to the victim. */
  readonly recorded: readonly Uint8Array[];
}

const looseKeys = 64;
const macOffset = 19;

interface Sender {
  readonly identity: Identity;
  readonly keys: PeerKeys;
}

/** See the head of this file. */
export class ForgedRequests {
  readonly #parts: ForgerParts;
  readonly #own: Sender;
  /** Keys that no work was done for; each is used under many addresses. */
  readonly #loose: readonly Sender[];

  constructor(parts: ForgerParts) {
    this.#parts = parts;
    this.#own = { identity: parts.own.identity, keys: this.#agree(parts.own) };
    this.#loose = Array.from({ length: looseKeys }, () => this.#looseSender());
  }

  /** The datagrams of one request, in order. */
  make(forgery: Forgery): readonly Uint8Array[] {
    const { prng, members, recorded } = this.#parts;
    const member = members[prng.below(members.length)]!;
    switch (forgery) {
      case 'unproven':
        return this.#greetAndAsk(this.#senderOf(this.#anyAddress()));
      case 'mismatched': {
        const { publicKey } = this.#own.identity;
        return this.#greetAndAsk({
          ...this.#own,
          identity: { address: this.#anyAddress(), publicKey },
        });
      }
      case 'taken':
        return this.#greetAndAsk(this.#senderOf(member));
      case 'broken':
        return this.#greetAndAsk(this.#own).map((bytes) => {
          // From the authentication code on: relays change what is before it.
          const at = macOffset + prng.below(bytes.length - macOffset);
          bytes[at]! ^= 1 << prng.below(8);
          return bytes;
        });
      case 'impostor':
        return [
          this.#request({ ...this.#own, identity: { ...this.#own.identity, address: member } }),
        ];
      case 'nameless':
        return [this.#request(this.#senderOf(this.#anyAddress()))];
      case 'replayed':
        return [recorded[prng.below(recorded.length)]!];
    }
  }

  #greetAndAsk(sender: Sender): Uint8Array[] {
    const { victim, wallMs } = this.#parts;
    const hello = messageOf('HELLO', {
      version: { protocol: 12, major: 1, minor: 14, revision: 1 },
      timestamp: BigInt(Math.floor(wallMs())),
      identity: sender.identity,
      sentTo: victim.endpoint,
      planet: { id: victim.planet.id, timestamp: victim.planet.timestamp },
      moons: [],
    });
    return [this.#seal(sender, hello, 0), this.#request(sender)];
  }

  #request(sender: Sender): Uint8Array {
    const message = messageOf('NETWORK_CONFIG_REQUEST', {
      networkId: this.#parts.networkId,
      metadata: usualMetadata,
      have: { revision: 0n, timestamp: 0n },
      future: new Uint8Array(0),
    });
    return this.#seal(sender, message, 3);
  }

  #seal({ identity, keys }: Sender, message: Message, suite: 0 | 3): Uint8Array {
    const { prng, victim } = this.#parts;
    const packetId = ((BigInt(prng.uint32()) << 32n) | BigInt(prng.uint32())) as PacketId;
    const destination = victim.identity.address;
    return sealedPacket(keys, { packetId, source: identity.address, destination, message, suite });
  }

  #senderOf(address: Address): Sender {
    const { identity, keys } = this.#loose[this.#parts.prng.below(looseKeys)]!;
    return { identity: { address, publicKey: identity.publicKey }, keys };
  }

  #looseSender(): Sender {
    const { provider, prng } = this.#parts;
    const secret = new Uint8Array(64);
    for (let i = 0; i < secret.length; i++) secret[i] = prng.below(256);
    const publicKey = new Uint8Array(64);
    publicKey.set(provider.x25519PublicKey(secret.subarray(0, 32)));
    publicKey.set(provider.ed25519PublicKey(secret.subarray(32)), 32);
    const identity = { address: 0 as Address, publicKey };
    return { identity, keys: this.#agree({ identity, secretKey: new Secret(secret) }) };
  }

  #agree({ secretKey }: SecretIdentity): PeerKeys {
    const { provider, victim } = this.#parts;
    const keys = PeerKeys.agree(provider, secretKey, victim.identity.publicKey);
    assert(keys !== null, 'the victim has a key');
    return keys;
  }

  #anyAddress(): Address {
    const { prng } = this.#parts;
    return (prng.below(0xf000_0000) * 256 + prng.below(256)) as Address;
  }
}
