/** VL1 without packets: what is sent is noted, everybody is known, and a test says who is a root. */
import type { Address } from '../../src/base/ids.ts';
import { Prng } from '../../src/base/prng.ts';
import type { NodeEvent } from '../../src/core/events.ts';
import type { InboundPacket } from '../../src/core/packet-handler.ts';
import type { Path } from '../../src/core/vl1/path.ts';
import type { Peer } from '../../src/core/vl1/peer.ts';
import type { Entropy, Now } from '../../src/core/ports.ts';
import type { Reach, SendOptions, Vl1 } from '../../src/core/vl1-port.ts';
import type { CryptoProvider } from '../../src/crypto/provider.ts';
import { nodeProvider } from '../../src/io/crypto/node-provider.ts';
import type { Identity, SecretIdentity } from '../../src/wire/identity.ts';
import { decodeMessage, type Message } from '../../src/wire/verbs/index.ts';
import type { VerbNumber } from '../../src/wire/verbs/verb.ts';

/** A packet that was sent. */
export interface SentPacket {
  readonly to: Address;
  readonly verb: VerbNumber;
  readonly payload: Uint8Array;
  readonly isCompressed: boolean;
  readonly packetId: bigint;
  /** It went back the way that another came. */
  readonly isReply: boolean;
}

/** Seeded randomness. */
export function seededEntropy(seed: string): Entropy {
  const prng = new Prng(seed);
  return {
    fill(bytes): void {
      for (let i = 0; i < bytes.length; i++) bytes[i] = prng.below(256);
    },
  };
}

/** See the head of this file. */
export class TwinVl1 implements Vl1 {
  readonly self: SecretIdentity;
  readonly provider: CryptoProvider = nodeProvider();
  readonly entropy: Entropy;
  readonly known = new Map<Address, Identity>();
  readonly asked: Address[] = [];
  readonly retried: Address[] = [];
  readonly latencies = new Map<Address, number>();
  /** When something came from whom. */
  readonly heardAtMs = new Map<Address, number>();
  roots: Address[] = [];
  isRootItself = false;
  #sent: SentPacket[] = [];
  #events: NodeEvent[] = [];
  #packetId: bigint;

  constructor(self: SecretIdentity) {
    const { address } = self.identity;
    this.self = self;
    this.entropy = seededEntropy(`vl1 of ${address}`);
    this.#packetId = BigInt(address) << 20n;
    this.known.set(address, self.identity);
  }

  /** Everything that was sent since the last call. */
  takeSent(): SentPacket[] {
    return this.#sent.splice(0);
  }

  takeEvents(): NodeEvent[] {
    return this.#events.splice(0);
  }

  send(
    _now: Now,
    to: Address,
    verb: VerbNumber,
    payload: Uint8Array,
    options?: SendOptions,
  ): bigint {
    return this.#note(to, verb, payload, options, false);
  }

  reply(
    _now: Now,
    packet: InboundPacket,
    verb: VerbNumber,
    payload: Uint8Array,
    options?: SendOptions,
  ): void {
    this.#note(packet.source, verb, payload, options, true);
  }

  identityOf(address: Address): Identity | null {
    return this.known.get(address) ?? null;
  }

  askIdentity(_now: Now, address: Address): void {
    this.asked.push(address);
  }

  retryHeld(source: Address): void {
    this.retried.push(source);
  }

  upstreams(): readonly Address[] {
    return this.roots;
  }

  bestUpstream(): Address | null {
    return this.roots[0] ?? null;
  }

  isUpstream(address: Address): boolean {
    return this.roots.includes(address);
  }

  isRoot(): boolean {
    return this.isRootItself;
  }

  latencyMs(address: Address): number | null {
    return this.latencies.get(address) ?? null;
  }

  reach(now: Now, address: Address): Reach | null {
    const heardAtMs = this.heardAtMs.get(address);
    if (heardAtMs === undefined) return null;
    const heardAgoMs = now.monoMs - heardAtMs;
    return { isDirect: true, latencyMs: this.latencies.get(address) ?? null, heardAgoMs };
  }

  emit(event: NodeEvent): void {
    this.#events.push(event);
  }

  wake(): void {
    // Who drives this asks for the next timeout after each call.
  }

  #note(
    to: Address,
    verb: VerbNumber,
    payload: Uint8Array,
    options: SendOptions | undefined,
    isReply: boolean,
  ): bigint {
    const packetId = ++this.#packetId;
    const isCompressed = options?.compress === true;
    this.#sent.push({ to, verb, payload: payload.slice(), isCompressed, packetId, isReply });
    return packetId;
  }
}

/** A packet as VL1 hands it up. */
export function inbound(
  from: Identity,
  verb: VerbNumber,
  payload: Uint8Array,
  packetId = 1n,
): InboundPacket {
  return {
    source: from.address,
    // Of a peer and a path, VL2 looks at the identity alone.
    peer: { identity: from } as unknown as Peer,
    hops: 0,
    packetId,
    verb,
    payload,
    isCompressed: false,
    path: {} as unknown as Path,
  };
}

/** A packet that was sent, read. */
export function read({ verb, payload }: SentPacket): Message {
  const message = decodeMessage(verb, payload);
  if (typeof message === 'string') throw new Error(`what was sent cannot be read: ${message}`);
  return message;
}

/** Both clocks. */
export function at(monoMs: number): Now {
  return { monoMs, wallMs: 1_795_363_866_000 + Math.floor(monoMs) };
}
