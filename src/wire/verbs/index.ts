/**
 * The registry of verbs: one line each. It feeds decoding, encoding, printing, the fuzzer and the generated tables of
 * docs/protocol/messages.md.
 */
import { ByteReader, toHex, type ByteWriter } from '../../base/bytes.ts';
import type { Decoded, JsonObject, WireReader } from '../codec.ts';
import type { ConfigChunk } from '../network-config/config-chunk.ts';
import type { ConfigRequest } from '../network-config/config-request.ts';
import { ack, type Ack } from './ack.ts';
import { echo, type Echo } from './echo.ts';
import { error, type WireError } from './error.ts';
import { extFrame, type ExtFrame } from './ext-frame.ts';
import { frame, type Frame } from './frame.ts';
import { hello, type Hello } from './hello.ts';
import { multicastFrame, type MulticastFrame } from './multicast-frame.ts';
import { multicastGather, type MulticastGather } from './multicast-gather.ts';
import { multicastLike, type MulticastLike } from './multicast-like.ts';
import { networkConfig } from './network-config.ts';
import { networkConfigRequest } from './network-config-request.ts';
import { networkCredentials, type NetworkCredentials } from './network-credentials.ts';
import { nop, type Nop } from './nop.ts';
import { ok, type Ok } from './ok.ts';
import { pathNegotiationRequest, type PathNegotiationRequest } from './path-negotiation-request.ts';
import { pushDirectPaths, type PushDirectPaths } from './push-direct-paths.ts';
import { qosMeasurement, type QosMeasurement } from './qos-measurement.ts';
import { remoteTrace, type RemoteTrace } from './remote-trace.ts';
import { rendezvous, type Rendezvous } from './rendezvous.ts';
import { userMessage, type UserMessage } from './user-message.ts';
import { payloadBytesMax, type VerbCodec, type verbNumbers } from './verb.ts';
import { whois, type Whois } from './whois.ts';

export { verbName, verbNumbers } from './verb.ts';

/** What each verb carries. */
interface VerbValues {
  readonly NOP: Nop;
  readonly HELLO: Hello;
  readonly ERROR: WireError;
  readonly OK: Ok;
  readonly WHOIS: Whois;
  readonly RENDEZVOUS: Rendezvous;
  readonly FRAME: Frame;
  readonly EXT_FRAME: ExtFrame;
  readonly ECHO: Echo;
  readonly MULTICAST_LIKE: MulticastLike;
  readonly NETWORK_CREDENTIALS: NetworkCredentials;
  readonly NETWORK_CONFIG_REQUEST: ConfigRequest;
  readonly NETWORK_CONFIG: ConfigChunk;
  readonly MULTICAST_GATHER: MulticastGather;
  readonly MULTICAST_FRAME: MulticastFrame;
  readonly PUSH_DIRECT_PATHS: PushDirectPaths;
  readonly ACK: Ack;
  readonly QOS_MEASUREMENT: QosMeasurement;
  readonly USER_MESSAGE: UserMessage;
  readonly REMOTE_TRACE: RemoteTrace;
  readonly PATH_NEGOTIATION_REQUEST: PathNegotiationRequest;
}

/** A payload and which verb it is of; tell them apart by `name`. */
export type Message = {
  readonly [Name in keyof VerbValues]: {
    readonly name: Name;
    readonly verb: (typeof verbNumbers)[Name];
    readonly codec: VerbCodec<VerbValues[Name]>;
    readonly value: VerbValues[Name];
    /** What follows the fields we know, from a newer peer; mostly empty. Borrowed from the packet. */
    readonly trailing: Uint8Array;
  };
}[keyof VerbValues];

/** The codec of each verb, in the order of their numbers. */
const codecs: { readonly [Name in keyof VerbValues]: VerbCodec<VerbValues[Name]> } = {
  NOP: nop,
  HELLO: hello,
  ERROR: error,
  OK: ok,
  WHOIS: whois,
  RENDEZVOUS: rendezvous,
  FRAME: frame,
  EXT_FRAME: extFrame,
  ECHO: echo,
  MULTICAST_LIKE: multicastLike,
  NETWORK_CREDENTIALS: networkCredentials,
  NETWORK_CONFIG_REQUEST: networkConfigRequest,
  NETWORK_CONFIG: networkConfig,
  MULTICAST_GATHER: multicastGather,
  MULTICAST_FRAME: multicastFrame,
  PUSH_DIRECT_PATHS: pushDirectPaths,
  ACK: ack,
  QOS_MEASUREMENT: qosMeasurement,
  USER_MESSAGE: userMessage,
  REMOTE_TRACE: remoteTrace,
  PATH_NEGOTIATION_REQUEST: pathNegotiationRequest,
};

/** Every verb's codec, in the order of their numbers. */
export const verbs: readonly VerbCodec<unknown>[] = Object.values(codecs);

const byNumber: readonly (VerbCodec<unknown> | undefined)[] = Array.from(
  { length: 32 },
  (_, verb) => verbs.find((codec) => codec.verb === verb),
);

/** The codec of a verb; undefined where none is assigned. @param verb - the low five bits of the verb byte */
export function verbCodec(verb: number): VerbCodec<unknown> | undefined {
  return byNumber[verb];
}

/**
 * Reads the payload of a packet.
 *
 * @param verb - 0 to 31: the verb byte without its compression bit
 * @param payload - what follows it, decrypted and decompressed, HELLO's tail too; borrowed, views of it are in the value
 * @returns the message; or `unknown-verb`, `not-a-packet` where the payload is longer than one can be, or a reason that
 * the verb names
 */
export function decodeMessage(verb: number, payload: Uint8Array): Decoded<Message> {
  const codec = verbCodec(verb);
  if (codec === undefined) return 'unknown-verb';
  if (payload.length > payloadBytesMax) return 'not-a-packet';
  const reader: WireReader = new ByteReader(payload);
  const value = codec.read(reader);
  if (reader.failure !== null) return reader.failure;
  // The one place where the types of a codec and its value are put together again.
  return { name: codec.name, verb: codec.verb, codec, value, trailing: reader.rest() } as Message;
}

/** Puts a message's payload. The writer must have room; a packet has 9996 bytes for it. */
export function encodeMessage(writer: ByteWriter, message: Message): void {
  const codec: VerbCodec<unknown> = message.codec;
  codec.write(writer, message.value);
  writer.put(message.trailing);
}

/** One line: the verb and what it says. */
export function describeMessage(message: Message): string {
  const codec: VerbCodec<unknown> = message.codec;
  const text = codec.describe(message.value);
  const { length } = message.trailing;
  return `${message.name}${text && ` ${text}`}${length > 0 ? ` +${length} bytes` : ''}`;
}

/** Everything in it, for `--json`. */
export function messageToJson(message: Message): JsonObject {
  const { name, trailing } = message;
  const codec: VerbCodec<unknown> = message.codec;
  return {
    verb: name,
    value: codec.toJson(message.value),
    ...(trailing.length > 0 && { trailing: toHex(trailing) }),
  };
}

/** A message to be sent. @param value - what the verb carries; there is nothing after it */
export function messageOf<Name extends keyof VerbValues>(
  name: Name,
  value: VerbValues[Name],
): Extract<Message, { name: Name }> {
  const codec: VerbCodec<VerbValues[Name]> = codecs[name];
  // TypeScript does not see that the row of one name is one member of the union.
  return {
    name,
    verb: codec.verb,
    codec,
    value,
    trailing: new Uint8Array(0),
  } as unknown as Extract<Message, { name: Name }>;
}
