/**
 * OK (0x03): the answer to a packet, in a form that depends on that packet's verb (vl1 3.6).
 *
 *     in-re verb 1   in-re packet ID 8   body
 *
 * The packet ID is the one on the wire: with cipher suite 3 not the one that was there before sealing. One request may
 * get many OKs. The body of an in-re verb without a form of its own is kept as bytes.
 */
import { formatU64, type PacketId } from '../../base/ids.ts';
import type { Codec } from '../codec.ts';
import { configChunk, type ConfigChunk } from '../network-config/config-chunk.ts';
import { echo, type Echo } from './echo.ts';
import { okExtFrame, type OkExtFrame } from './ok-ext-frame.ts';
import { okHello, type OkHello } from './ok-hello.ts';
import { okMulticastFrame, type OkMulticastFrame } from './ok-multicast-frame.ts';
import { okMulticastGather, type OkMulticastGather } from './ok-multicast-gather.ts';
import { okNetworkCredentials, type OkNetworkCredentials } from './ok-network-credentials.ts';
import { okWhois, type OkWhois } from './ok-whois.ts';
import { verbName, verbNumbers, type VerbCodec } from './verb.ts';

/** The bodies by kind. */
interface OkBodies {
  readonly hello: OkHello;
  readonly whois: OkWhois;
  readonly echo: Echo;
  readonly 'ext-frame': OkExtFrame;
  readonly 'network-config-request': ConfigChunk;
  readonly 'network-credentials': OkNetworkCredentials;
  readonly 'multicast-gather': OkMulticastGather;
  readonly 'multicast-frame': OkMulticastFrame;
  /** In reply to any other verb. */
  readonly other: Echo;
}

/** A body and what it is. */
export type OkBody = {
  readonly [Kind in keyof OkBodies]: { readonly kind: Kind; readonly value: OkBodies[Kind] };
}[keyof OkBodies];

/** An answer. */
export interface Ok {
  /** The verb of the packet that is answered; decides the kind of the body. */
  readonly inReVerb: number;
  /** That packet's ID. */
  readonly inRePacketId: PacketId;
  readonly body: OkBody;
}

/** One row of {@link okBodies}. */
export interface OkBodyForm {
  readonly inReVerb: number;
  readonly kind: keyof OkBodies;
  readonly codec: Codec<OkBody['value']>;
}

/** The bodies that have a form, by the verb they answer. */
export const okBodies: readonly OkBodyForm[] = [
  form('hello', verbNumbers.HELLO, okHello),
  form('whois', verbNumbers.WHOIS, okWhois),
  form('ext-frame', verbNumbers.EXT_FRAME, okExtFrame),
  form('echo', verbNumbers.ECHO, echo),
  form('network-config-request', verbNumbers.NETWORK_CONFIG_REQUEST, configChunk),
  form('network-credentials', verbNumbers.NETWORK_CREDENTIALS, okNetworkCredentials),
  form('multicast-gather', verbNumbers.MULTICAST_GATHER, okMulticastGather),
  form('multicast-frame', verbNumbers.MULTICAST_FRAME, okMulticastFrame),
];

const formByVerb = new Map(okBodies.map((each) => [each.inReVerb, each]));

/** OK's codec. */
export const ok: VerbCodec<Ok> = {
  name: 'OK',
  verb: 0x03,
  dropReasons: [
    'truncated',
    'too-many',
    'unknown-identity-type',
    'bad-identity',
    'bad-address-family',
    'bad-world',
    'bad-credential',
  ],
  layout: [
    { name: 'inReVerb', size: 1, note: 'of the packet that is answered' },
    { name: 'inRePacketId', size: 8, note: 'as it was on the wire' },
    { name: 'body', size: 'to the end', note: 'by inReVerb, see OK(…)' },
  ],
  read(reader) {
    const inReVerb = reader.u8();
    const inRePacketId = reader.u64() as PacketId;
    const { kind, codec } = formOf(inReVerb);
    return { inReVerb, inRePacketId, body: { kind, value: codec.read(reader) } as OkBody };
  },
  write(writer, { inReVerb, inRePacketId, body }) {
    writer.u8(inReVerb);
    writer.u64(inRePacketId);
    formOf(inReVerb).codec.write(writer, body.value);
  },
  describe: ({ inReVerb, inRePacketId, body }) =>
    `re ${verbName(inReVerb)} ${formatU64(inRePacketId)} ${formOf(inReVerb).codec.describe(body.value)}`,
  toJson: ({ inReVerb, inRePacketId, body }) => ({
    inReVerb: verbName(inReVerb),
    inRePacketId: formatU64(inRePacketId),
    body: { kind: body.kind, value: formOf(inReVerb).codec.toJson(body.value) },
  }),
};

/** A row, with the kind and the codec checked against each other. */
function form<Kind extends keyof OkBodies>(
  kind: Kind,
  inReVerb: number,
  codec: Codec<OkBodies[Kind]>,
): OkBodyForm {
  return { kind, inReVerb, codec };
}

function formOf(inReVerb: number): OkBodyForm {
  return formByVerb.get(inReVerb) ?? form('other', inReVerb, echo);
}
