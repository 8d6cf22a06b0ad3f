/**
 * Datagrams in, what is in them out: classified, put together from pieces, opened with whatever keys the identity book
 * can make, decompressed, decoded, signatures checked. For people who look at a network; a node does all this elsewhere.
 *
 * Source: vl1 2 and 3.1. What a node would drop is shown with the reason. Nothing is timed but by the capture's clock,
 * and memory does not grow with what has been decoded.
 */
import { ByteReader } from '../../base/bytes.ts';
import type { PacketId } from '../../base/ids.ts';
import type { PeerKeys } from '../../crypto/peer-keys.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import { isDrop, type WireReader } from '../codec.ts';
import type { DropReason } from '../drop-reason.ts';
import { identity, type Identity } from '../identity.ts';
import type { ConfigChunk } from '../network-config/config-chunk.ts';
import { decompressPacket } from '../packet/compression.ts';
import { fragmentCountAt, fragmentHopsAt, fragmentIndexAt } from '../packet/fragment.ts';
import {
  cipherSuiteAt,
  classify,
  destinationAt,
  headerLength,
  hopsAt,
  isCompressedAt,
  isFragmentedAt,
  packetIdAt,
  packetLengthMax,
  sourceAt,
  verbAt,
} from '../packet/header.ts';
import { cryptHelloTail, helloTailStart } from '../packet/hello-tail.ts';
import { Reassembler, type ReassemblyResult } from '../packet/reassembly.ts';
import { openPacket } from '../packet/seal.ts';
import { decodeMessage, verbNumbers, type Message } from '../verbs/index.ts';
import { ConfigurationBook } from './configuration-book.ts';
import type { Certainty, IdentityBook } from './identity-book.ts';
import { packetIdBeforeSealing } from './packet-id-before-sealing.ts';
import { SignatureChecker } from './signature-checker.ts';
import type {
  SignatureVerdict,
  TraceContents,
  TraceDatagram,
  TraceOrigin,
  TracePacket,
  TracePiece,
  TraceProblem,
  TraceRecord,
} from './trace-record.ts';
import type { WorldBook } from './world-book.ts';

const helloIdentityOffset = 41;
const helloIdentityEnd = 112;
const trustedPathSuite = 2;

/** What a decoder knows and is to do. */
export interface TraceOptions {
  readonly provider: CryptoProvider;
  /** Asked for keys, and told of every identity that is seen. */
  readonly identities: IdentityBook;
  /** Told of every world that is seen. */
  readonly worlds: WorldBook;
  /** For a first pass over a capture: fills the books and leaves out what that does not need. Default: false. */
  readonly learnsOnly?: boolean;
}

/** Decodes datagrams in the order in which they were captured. */
export class TraceDecoder {
  readonly #identities: IdentityBook;
  readonly #worlds: WorldBook;
  readonly #configurations: ConfigurationBook;
  readonly #signatures: SignatureChecker | null;
  readonly #reassembler = new Reassembler<null>();
  readonly #inflated = new Uint8Array(packetLengthMax);
  /** The capture's clock, ms: stands still where a capture has no times. */
  #now = 0;

  constructor({ provider, identities, worlds, learnsOnly = false }: TraceOptions) {
    this.#identities = identities;
    this.#worlds = worlds;
    this.#configurations = new ConfigurationBook(provider, identities);
    this.#signatures = learnsOnly ? null : new SignatureChecker(provider, identities, worlds);
  }

  /** Packets of which pieces have not come, now and given up. */
  get incompletePackets(): number {
    const { size, evicted, expired } = this.#reassembler;
    return size + evicted + expired;
  }

  /** One record, or that of a last piece and then that of its packet. @param datagram - borrowed for the call */
  decode(datagram: TraceDatagram): readonly TraceRecord[] {
    const { payload, frame, timeNs, from, to } = datagram;
    const origin: TraceOrigin = { frame, timeNs, from, to };
    if (timeNs !== null) this.#now = Number(timeNs / 1_000_000n);
    const kind = classify(payload, 0, payload.length);
    if (kind === 'packet' && !isFragmentedAt(payload, 0))
      return [this.#packet(origin, payload.slice())];
    if (kind === 'packet' || kind === 'fragment')
      return this.#piece(origin, payload, kind === 'packet');
    return [
      { ...origin, kind: kind === 'beacon' ? 'beacon' : 'not-a-packet', bytes: payload.slice() },
    ];
  }

  #piece(origin: TraceOrigin, bytes: Uint8Array, isHead: boolean): TraceRecord[] {
    const reassembler = this.#reassembler;
    const result: ReassemblyResult = isHead
      ? reassembler.addHead(this.#now, bytes, 0, bytes.length, null)
      : reassembler.addFragment(this.#now, bytes, 0, bytes.length);
    const piece: TracePiece = {
      ...origin,
      kind: 'piece',
      packetId: packetIdAt(bytes, 0),
      destination: destinationAt(bytes, 0),
      hops: isHead ? hopsAt(bytes, 0) : fragmentHopsAt(bytes, 0),
      index: isHead ? 0 : fragmentIndexAt(bytes, 0),
      count: isHead ? null : fragmentCountAt(bytes, 0),
      length: bytes.length,
      result,
    };
    if (result !== 'complete') return [piece];
    const { start, end } = reassembler;
    return [piece, this.#packet(origin, reassembler.bytes.slice(start, end))];
  }

  /** @param wire - kept */
  #packet(origin: TraceOrigin, wire: Uint8Array): TracePacket {
    const source = sourceAt(wire, 0);
    const destination = destinationAt(wire, 0);
    return {
      ...origin,
      kind: 'packet',
      packetId: packetIdAt(wire, 0),
      source,
      destination,
      hops: hopsAt(wire, 0),
      suite: cipherSuiteAt(wire, 0),
      isFragmented: isFragmentedAt(wire, 0),
      wire,
      ...this.#open(wire),
    };
  }

  #open(wire: Uint8Array): Pick<TracePacket, 'contents' | 'problem'> {
    const suite = cipherSuiteAt(wire, 0);
    const source = sourceAt(wire, 0);
    const isClear = suite === 0 || suite === trustedPathSuite;
    const claimed = suite === 0 ? claimedIdentity(wire) : undefined;
    if (claimed !== undefined && claimed.address !== source)
      return { contents: null, problem: { kind: 'drop', reason: 'bad-identity' } };
    const keys = this.#identities.keys(source, destinationAt(wire, 0), claimed);
    const plain = wire.slice();
    if (typeof keys === 'string' || suite === trustedPathSuite) {
      const problem: TraceProblem =
        typeof keys === 'string' && suite !== trustedPathSuite
          ? { kind: 'no-key', gap: keys }
          : { kind: 'drop', reason: 'unknown-cipher-suite' };
      if (!isClear) return { contents: null, problem };
      return this.#contents(plain, { mac: 'unchecked', keys: null, originalId: null, problem });
    }
    const reason = openPacket(keys, plain, 0, plain.length);
    const problem: TraceProblem | null = reason && { kind: 'drop', reason };
    if (problem !== null && !isClear) return { contents: null, problem };
    return this.#contents(plain, {
      mac: problem === null ? 'good' : 'bad',
      keys: problem === null ? keys : null,
      originalId:
        suite === 3 && this.#signatures !== null ? packetIdBeforeSealing(keys, wire) : null,
      problem,
    });
  }

  /** What is in an open packet. @param plain - kept. @param opened - how it was opened; `keys` null where it was not */
  #contents(plain: Uint8Array, opened: Opened): Pick<TracePacket, 'contents' | 'problem'> {
    const { mac, keys, originalId } = opened;
    const verb = verbAt(plain, 0);
    const payload = this.#payload(plain, verb, keys);
    const decoded = typeof payload === 'string' ? payload : this.#message(verb, payload);
    const message = decoded === null || isDrop(decoded) ? null : decoded;
    const problem: TraceProblem | null =
      opened.problem ?? (typeof decoded === 'string' ? { kind: 'drop', reason: decoded } : null);
    if (message !== null && mac !== 'bad')
      this.#learn(message, mac === 'good' ? 'trusted' : 'claimed');
    const configuration = mac === 'good' ? this.#configuration(message, plain) : null;
    const contents: TraceContents = {
      mac,
      originalId,
      verb,
      isCompressed: isCompressedAt(plain, 0),
      plain,
      payload: typeof payload === 'string' ? new Uint8Array(0) : payload,
      message,
      configuration,
      signatures: this.#verdicts(message, configuration),
    };
    return { contents, problem };
  }

  /** The payload decompressed, a HELLO's tail decrypted, or cut off where there are no keys for it. A copy. */
  #payload(plain: Uint8Array, verb: number, keys: PeerKeys | null): Uint8Array | DropReason {
    const out = this.#inflated;
    const end = decompressPacket(plain, 0, plain.length, out, 0);
    if (typeof end === 'string') return end;
    if (verb !== verbNumbers.HELLO) return out.slice(headerLength, end);
    if (keys === null) {
      const tail = helloTailStart(out, 0, end);
      return typeof tail === 'string' ? tail : out.slice(headerLength, tail);
    }
    return cryptHelloTail(keys, out, 0, end) ?? out.slice(headerLength, end);
  }

  /** Null where a first pass has no use for it. */
  #message(verb: number, payload: Uint8Array): Message | DropReason | null {
    const isOfUse = verb === verbNumbers.HELLO || verb === verbNumbers.OK;
    return isOfUse || this.#signatures !== null ? decodeMessage(verb, payload) : null;
  }

  /** What a chunk makes whole. */
  #configuration(message: Message | null, plain: Uint8Array): TraceContents['configuration'] {
    if (this.#signatures === null || message === null) return null;
    const chunk = configChunkOf(message);
    if (chunk === null) return null;
    return this.#configurations.accept(chunk, sourceAt(plain, 0), packetIdAt(plain, 0));
  }

  #verdicts(
    message: Message | null,
    configuration: TraceContents['configuration'],
  ): readonly SignatureVerdict[] {
    if (this.#signatures === null || message === null) return [];
    const verdicts = this.#signatures.check(message);
    if (configuration === null || typeof configuration === 'string') return verdicts;
    return [...verdicts, ...this.#signatures.checkConfiguration(configuration)];
  }

  /** Remembers the identities and worlds in a message. */
  #learn(message: Message, certainty: Certainty): void {
    if (message.name === 'HELLO') this.#identities.learn(message.value.identity, certainty);
    if (message.name !== 'OK' || certainty === 'claimed') return;
    const { kind, value } = message.value.body;
    if (kind === 'whois')
      for (const each of value.identities) this.#identities.learn(each, certainty);
    if (kind === 'hello')
      for (const world of value.worlds ?? []) {
        this.#worlds.add(world);
        for (const root of world.roots) this.#identities.learn(root.identity, certainty);
      }
  }
}

interface Opened {
  readonly mac: TraceContents['mac'];
  /** For what is encrypted inside. */
  readonly keys: PeerKeys | null;
  readonly originalId: PacketId | null;
  readonly problem: TraceProblem | null;
}

function configChunkOf(message: Message): ConfigChunk | null {
  if (message.name === 'NETWORK_CONFIG') return message.value;
  if (message.name !== 'OK') return null;
  const { kind, value } = message.value.body;
  return kind === 'network-config-request' ? value : null;
}

/** The identity in a HELLO, which is needed to check the HELLO itself; undefined where there is none. */
function claimedIdentity(wire: Uint8Array): Identity | undefined {
  if (verbAt(wire, 0) !== verbNumbers.HELLO || wire.length < helloIdentityEnd) return undefined;
  const reader: WireReader = new ByteReader(wire, helloIdentityOffset, helloIdentityEnd);
  const claimed = identity.read(reader);
  return reader.failure === null ? claimed : undefined;
}
