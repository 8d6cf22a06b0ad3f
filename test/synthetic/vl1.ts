/** A VL1 that sends nowhere: it keeps what a layer above it sends, for tests of that layer alone. */
import type { Address } from '../../src/base/ids.ts';
import type { InboundPacket } from '../../src/core/packet-handler.ts';
import type { Entropy, Now } from '../../src/core/ports.ts';
import type { Reach, SendOptions, Vl1 } from '../../src/core/vl1-port.ts';
import type { CryptoProvider } from '../../src/crypto/provider.ts';
import type { Identity, SecretIdentity } from '../../src/wire/identity.ts';
import { decodeMessage, type Message } from '../../src/wire/verbs/index.ts';
import type { VerbNumber } from '../../src/wire/verbs/verb.ts';

/** A packet that was sent. */
export interface Sent {
  readonly how: 'send' | 'reply';
  readonly to: Address;
  readonly verb: VerbNumber;
  readonly payload: Uint8Array;
  readonly compress: boolean;
}

/** Keeps what is sent, and when it is to be woken. */
export class SilentVl1 implements Vl1 {
  readonly self: SecretIdentity;
  readonly provider: CryptoProvider;
  readonly entropy: Entropy;
  /** Since it was last emptied by {@link take}. */
  sent: Sent[] = [];
  wakeAtMs = Infinity;

  constructor(self: SecretIdentity, provider: CryptoProvider, entropy: Entropy) {
    this.self = self;
    this.provider = provider;
    this.entropy = entropy;
  }

  /** What was sent since the last time. */
  take(): Sent[] {
    const sent = this.sent;
    this.sent = [];
    return sent;
  }

  send(
    _now: Now,
    to: Address,
    verb: VerbNumber,
    payload: Uint8Array,
    options?: SendOptions,
  ): bigint | null {
    const compress = options?.compress === true;
    this.sent.push({ how: 'send', to, verb, payload: payload.slice(), compress });
    return null;
  }

  reply(
    _now: Now,
    packet: InboundPacket,
    verb: VerbNumber,
    payload: Uint8Array,
    options?: SendOptions,
  ): void {
    const compress = options?.compress === true;
    const to = packet.source;
    this.sent.push({ how: 'reply', to, verb, payload: payload.slice(), compress });
  }

  wake(atMonoMs: number): void {
    this.wakeAtMs = Math.min(this.wakeAtMs, atMonoMs);
  }

  identityOf(): Identity | null {
    return null;
  }
  askIdentity(): void {
    // Nobody is there to be asked.
  }
  retryHeld(): void {
    // Nothing is held.
  }
  upstreams(): readonly Address[] {
    return [];
  }
  bestUpstream(): Address | null {
    return null;
  }
  isUpstream(): boolean {
    return false;
  }
  isRoot(): boolean {
    return false;
  }
  latencyMs(): number | null {
    return null;
  }
  reach(): Reach | null {
    return null;
  }
  emit(): void {
    // Nobody looks.
  }
}

/** The message in a packet that was sent. */
export function messageIn({ verb, payload }: Sent): Message {
  const message = decodeMessage(verb, payload);
  if (typeof message === 'string') throw new Error(message);
  return message;
}

/** A packet as VL1 hands it up. */
export function inboundPacket(
  identity: Identity,
  verb: VerbNumber,
  packetId: bigint,
  payload: Uint8Array,
): InboundPacket {
  return {
    source: identity.address,
    peer: { identity },
    hops: 0,
    packetId,
    verb,
    payload,
    isCompressed: true,
    path: null,
  } as unknown as InboundPacket;
}
