/**
 * Gets the configuration of one network from its controller: questions, answers in pieces, pushes, refusals (vl2 3.7, 6).
 *
 * Whoever brings a piece, the controller has signed it. A configuration for another node or network is acknowledged and
 * not used, and so is one that we hold already. What is pushed and older than what is held is not used either, other than
 * by the official node (9 point 10): it may be a recording. What answers a question of ours is, whatever its age: the
 * controller's clock may have been set back.
 */
import { ByteWriter, equalBytes } from '../../base/bytes.ts';
import type { Address } from '../../base/ids.ts';
import { decode, encode, isDrop } from '../../wire/codec.ts';
import { qualifier, qualifierIds } from '../../wire/credentials/certificate-of-membership.ts';
import { authInfo, type AuthInfo } from '../../wire/network-config/auth-info.ts';
import { ChunkAssembly } from '../../wire/network-config/chunk-assembly.ts';
import {
  configChunk,
  fastPropagateChunkFlag,
  type ConfigChunk,
} from '../../wire/network-config/config-chunk.ts';
import {
  configRequest,
  tokenAuthentication,
  usualMetadata,
} from '../../wire/network-config/config-request.ts';
import { networkConfig, type NetworkConfig } from '../../wire/network-config/network-config.ts';
import { errorCodes, type WireError } from '../../wire/verbs/error.ts';
import { verbNumbers } from '../../wire/verbs/verb.ts';
import type { NetworkStatus } from '../events.ts';
import type { InboundPacket, Outcome } from '../packet-handler.ts';
import type { Now } from '../ports.ts';
import type { Vl1 } from '../vl1-port.ts';
import { ConfigPoll, configRetryMsMin } from './config-poll.ts';
import { MemberReporter } from './member-reporter.ts';
import type { NetworkState } from './network-state.ts';

/** What a controller said when it gave no configuration. */
export type ConfigRefusal = Extract<
  NetworkStatus,
  'access-denied' | 'not-found' | 'authentication-required'
>;

/** What is done with a configuration. @param text - its dictionary, to be kept */
export type ApplyConfig = (now: Now, config: NetworkConfig, text: Uint8Array) => void;

/** Because of members that will not have us, the controller is asked at most this often, ms. */
const unwantedGapMs = 5_000;
const requestBytesMax = 4_096;
const acknowledgementLength = 1 + 8 + 8 + 8;
const compressed = { compress: true } as const;
const refusals: ReadonlyMap<number, ConfigRefusal> = new Map([
  [errorCodes.OBJ_NOT_FOUND, 'not-found'],
  [errorCodes.UNSUPPORTED_OPERATION, 'not-found'],
  [errorCodes.NETWORK_ACCESS_DENIED, 'access-denied'],
  [errorCodes.NETWORK_AUTHENTICATION_REQUIRED, 'authentication-required'],
]);

/** The side of one network that talks with its controller. */
export class ConfigClient {
  /** Sent with each question; lets the node in where the controller honours it. */
  token: string | null = null;
  /** `linux/x86_64`, for the controller's people. */
  readonly platform: string | null;
  /** The last answer, if it was none; null: it was a configuration, or there was no answer yet. */
  refusal: ConfigRefusal | null = null;
  /** Where to sign on, with `authentication-required`; what it says is somebody else's. */
  signOn: AuthInfo | null = null;
  /** When the controller last answered, `monoMs`; null: never. */
  answeredAtMs: number | null = null;
  readonly #vl1: Vl1;
  readonly #state: NetworkState;
  readonly #controller: Address;
  readonly #poll: ConfigPoll;
  readonly #apply: ApplyConfig;
  readonly #reporter: MemberReporter;
  /** Its last answer since the start was a configuration that says so: a cached one may be of another make of controller. */
  #takesReports = false;
  #assembly: ChunkAssembly | null = null;
  #text: Uint8Array | null = null;

  constructor(
    vl1: Vl1,
    state: NetworkState,
    options: {
      readonly now: Now;
      readonly controller: Address;
      readonly platform: string | null;
      readonly apply: ApplyConfig;
    },
  ) {
    this.#vl1 = vl1;
    this.#state = state;
    this.#controller = options.controller;
    this.platform = options.platform;
    this.#apply = options.apply;
    this.#reporter = new MemberReporter(vl1, state);
    this.#poll = new ConfigPoll(options.now.monoMs);
  }

  /** When the controller was last asked, `monoMs`; null: never. */
  get askedAtMs(): number | null {
    return this.#poll.askedAtMs;
  }

  nextTimeoutMs(): number {
    return this.#poll.nextAtMs;
  }

  handleTimeout(now: Now): void {
    if (now.monoMs >= this.#poll.nextAtMs) this.#ask(now);
  }

  /** Asks at once: something has changed that lets hope for another answer. */
  askAgain(now: Now): void {
    this.#poll.restart(now.monoMs);
    this.#ask(now);
  }

  /** There is a way to the controller again: asks at once if it owes an answer. */
  askIfWaiting(now: Now): void {
    const { askedAtMs } = this.#poll;
    if (askedAtMs === null || (this.answeredAtMs ?? -Infinity) >= askedAtMs) return;
    if (now.monoMs - askedAtMs >= configRetryMsMin) this.askAgain(now);
  }

  /**
   * A member shows what the controller issued. When that is so much newer than what we hold that our certificates do not
   * agree any more, the controller's clock was set: asks at once, not only a minute after the last configuration.
   */
  handleNews(now: Now, issuedAtMs: bigint): void {
    const { config } = this.#state;
    const mine = config?.membership ?? null;
    const own = mine === null ? null : qualifier(mine, qualifierIds.timestamp);
    if (own === null || issuedAtMs - own.value <= own.maxDelta) return;
    const askedAtMs = this.#poll.askedAtMs ?? -Infinity;
    if (now.monoMs - askedAtMs >= configRetryMsMin) this.askAgain(now);
  }

  /** A member will not have us, whatever we show it: perhaps the controller has something better for us, or nothing. */
  handleUnwanted(now: Now): void {
    if (now.monoMs - (this.#poll.askedAtMs ?? -Infinity) >= unwantedGapMs) this.askAgain(now);
  }

  /** OK(NETWORK_CONFIG_REQUEST) */
  handleAnswer(now: Now, packet: InboundPacket, chunk: ConfigChunk): Outcome {
    return this.#handleChunk(now, packet, chunk, false);
  }

  /** NETWORK_CONFIG */
  handlePush(now: Now, packet: InboundPacket, chunk: ConfigChunk): Outcome {
    return this.#handleChunk(now, packet, chunk, true);
  }

  /** ERROR in reply to NETWORK_CONFIG_REQUEST. */
  handleError(now: Now, packet: InboundPacket, { code, body }: WireError): Outcome {
    if (packet.source !== this.#controller) return 'not-controller';
    const refusal = refusals.get(code);
    if (refusal === undefined) return 'ignored';
    this.answeredAtMs = now.monoMs;
    this.refusal = refusal;
    this.#takesReports = false;
    if (body.kind === 'authentication' && body.authInfo !== null) {
      const info = decode(authInfo, body.authInfo.slice());
      this.signOn = isDrop(info) ? null : info;
    }
    return 'accepted';
  }

  #ask(now: Now): void {
    this.#poll.asked(now.monoMs);
    const { config, id } = this.#state;
    const writer = new ByteWriter(new Uint8Array(requestBytesMax));
    configRequest.write(writer, {
      networkId: id,
      metadata: {
        ...usualMetadata,
        platform: this.platform,
        overspan: '1',
        authentication: this.token === null ? null : tokenAuthentication(this.token),
      },
      have: { revision: config?.revision ?? 0n, timestamp: config?.timestamp ?? 0n },
      future: this.#takesReports ? this.#reporter.report(now) : new Uint8Array(0),
    });
    const payload = writer.bytes.subarray(0, writer.offset);
    const verb = verbNumbers.NETWORK_CONFIG_REQUEST;
    this.#vl1.send(now, this.#controller, verb, payload, compressed);
  }

  #handleChunk(now: Now, packet: InboundPacket, chunk: ConfigChunk, isPush: boolean): Outcome {
    const assembly = this.#assemblyOrNull();
    if (assembly === null) {
      this.#vl1.askIdentity(now, this.#controller);
      return 'hold';
    }
    const isFromController = packet.source === this.#controller;
    const progress = assembly.accept(chunk, { isFromController, packetId: packet.packetId });
    if (typeof progress === 'string') return progress;
    this.#propagate(now, packet, chunk);
    if (progress.kind === 'kept') return 'accepted';
    const config = decode(networkConfig, progress.text);
    if (isDrop(config)) return config;
    if (isPush && progress.updateId !== 0n) this.#acknowledge(now, packet, progress.updateId);
    this.#use(now, config, progress.text, isPush);
    return 'accepted';
  }

  #use(now: Now, config: NetworkConfig, text: Uint8Array, isPush: boolean): void {
    const { id, self, config: held } = this.#state;
    if (config.networkId !== id || config.issuedTo !== self) return;
    if (isPush && held !== null && config.timestamp < held.timestamp) return;
    this.answeredAtMs = now.monoMs;
    this.refusal = null;
    this.signOn = null;
    this.#takesReports = config.overspan !== null;
    this.#poll.configured(now.monoMs);
    if (this.#text !== null && equalBytes(text, this.#text)) return;
    this.#text = text;
    this.#apply(now, config, text);
  }

  #acknowledge(now: Now, packet: InboundPacket, updateId: bigint): void {
    const writer = new ByteWriter(new Uint8Array(acknowledgementLength));
    // In reply to ECHO, not to NETWORK_CONFIG: so it is (vl2 6.5).
    writer.u8(verbNumbers.ECHO);
    writer.u64(packet.packetId);
    writer.u64(this.#state.id);
    writer.u64(updateId);
    this.#vl1.reply(now, packet, verbNumbers.OK, writer.bytes);
  }

  /** Hands a piece on that is to be spread; no controller that we know makes such (vl2 5.6). */
  #propagate(now: Now, packet: InboundPacket, chunk: ConfigChunk): void {
    if (chunk.kind !== 'signed' || (chunk.flags & fastPropagateChunkFlag) === 0) return;
    const payload = encode(configChunk, chunk);
    for (const { address } of this.#state.members) {
      if (address === packet.source || address === this.#controller) continue;
      this.#vl1.send(now, address, verbNumbers.NETWORK_CONFIG, payload, compressed);
    }
  }

  /** Null while the controller's identity is not known. */
  #assemblyOrNull(): ChunkAssembly | null {
    if (this.#assembly !== null) return this.#assembly;
    const controllerPublicKey = this.#state.publicKeyOf(this.#controller);
    if (controllerPublicKey === null) return null;
    const { provider } = this.#vl1;
    const networkId = this.#state.id;
    this.#assembly = new ChunkAssembly({ provider, networkId, controllerPublicKey });
    return this.#assembly;
  }
}
