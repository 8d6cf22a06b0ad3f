/**
 * ERROR (0x02): a packet was refused (vl1 3.7, vl2 3.7).
 *
 *     in-re verb 1   in-re packet ID 8   code 1   body by code
 *
 * A body that is missing altogether reads as none, whatever the code: the codes for networks are defined only in reply
 * to the verbs of networks. The body of an unknown code is kept as bytes.
 */
import { toHex, type ByteWriter } from '../../base/bytes.ts';
import { formatU64, type NetworkId, type PacketId } from '../../base/ids.ts';
import { decode, isDrop, type Json, type JsonObject, type WireReader } from '../codec.ts';
import { dictionaryBytesMax } from '../dictionary.ts';
import { multicastGroup, type MulticastGroup } from '../multicast-group.ts';
import { authInfo } from '../network-config/auth-info.ts';
import { verbName, type VerbCodec } from './verb.ts';

/** The codes. */
export const errorCodes = {
  INVALID_REQUEST: 0x01,
  BAD_PROTOCOL_VERSION: 0x02,
  OBJ_NOT_FOUND: 0x03,
  IDENTITY_COLLISION: 0x04,
  UNSUPPORTED_OPERATION: 0x05,
  NEED_MEMBERSHIP_CERTIFICATE: 0x06,
  NETWORK_ACCESS_DENIED: 0x07,
  UNWANTED_MULTICAST: 0x08,
  NETWORK_AUTHENTICATION_REQUIRED: 0x09,
} as const;

/** What a code comes with. */
export type ErrorBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'network'; readonly networkId: NetworkId }
  | {
      readonly kind: 'multicast';
      readonly networkId: NetworkId;
      readonly group: MulticastGroup;
    }
  | {
      readonly kind: 'authentication';
      readonly networkId: NetworkId;
      /**
       * Text for the codec `authInfo`, borrowed from the packet; null where the packet ends before its length. It is not
       * parsed here: that the network wants a sign-on is of use also where the rest cannot be read.
       */
      readonly authInfo: Uint8Array | null;
    }
  /** Of an unknown code; borrowed from the packet. */
  | { readonly kind: 'other'; readonly data: Uint8Array };

/** A refusal. */
export interface WireError {
  /** The verb of the packet that was refused. */
  readonly inReVerb: number;
  /** That packet's ID. Unlike an OK, an ERROR is not held against what was sent. */
  readonly inRePacketId: PacketId;
  /** {@link errorCodes}; decides the kind of the body. */
  readonly code: number;
  readonly body: ErrorBody;
}

const names = new Map<number, string>(
  Object.entries(errorCodes).map(([name, code]) => [code, name]),
);

/** The body of each known code. */
const bodyKinds = new Map<number, ErrorBody['kind']>([
  [errorCodes.INVALID_REQUEST, 'none'],
  [errorCodes.BAD_PROTOCOL_VERSION, 'none'],
  [errorCodes.OBJ_NOT_FOUND, 'network'],
  [errorCodes.IDENTITY_COLLISION, 'none'],
  [errorCodes.UNSUPPORTED_OPERATION, 'network'],
  [errorCodes.NEED_MEMBERSHIP_CERTIFICATE, 'network'],
  [errorCodes.NETWORK_ACCESS_DENIED, 'network'],
  [errorCodes.UNWANTED_MULTICAST, 'multicast'],
  [errorCodes.NETWORK_AUTHENTICATION_REQUIRED, 'authentication'],
]);

/** The name of a code; `code 0x0a` where none is assigned. */
export function errorName(code: number): string {
  return names.get(code) ?? `code 0x${code.toString(16).padStart(2, '0')}`;
}

/** ERROR's codec. */
export const error: VerbCodec<WireError> = {
  name: 'ERROR',
  verb: 0x02,
  dropReasons: ['truncated', 'bad-dictionary'],
  layout: [
    { name: 'inReVerb', size: 1, note: 'of the packet that is refused' },
    { name: 'inRePacketId', size: 8, note: 'as it was on the wire' },
    { name: 'code', size: 1, note: [...names].map(([code, name]) => `${code} ${name}`).join(', ') },
    { name: 'networkId', size: '8, with codes 3 and 5 to 9' },
    { name: 'mac', size: '6, with code 8', note: 'of the group' },
    { name: 'adi', size: '4, with code 8', note: 'of the group' },
    { name: 'authInfoLength', size: '2, with code 9', note: 'may end before it' },
    { name: 'authInfo', size: 'authInfoLength', note: 'dictionary' },
  ],
  read(reader) {
    const inReVerb = reader.u8();
    const inRePacketId = reader.u64() as PacketId;
    const code = reader.u8();
    return { inReVerb, inRePacketId, code, body: readBody(reader, code) };
  },
  write(writer, { inReVerb, inRePacketId, code, body }) {
    writer.u8(inReVerb);
    writer.u64(inRePacketId);
    writer.u8(code);
    writeBody(writer, body);
  },
  describe: ({ inReVerb, inRePacketId, code, body }) =>
    `${errorName(code)} re ${verbName(inReVerb)} ${formatU64(inRePacketId)}` +
    ('networkId' in body ? ` ${formatU64(body.networkId)}` : '') +
    (body.kind === 'multicast' ? ` ${multicastGroup.describe(body.group)}` : ''),
  toJson: ({ inReVerb, inRePacketId, code, body }) => ({
    inReVerb: verbName(inReVerb),
    inRePacketId: formatU64(inRePacketId),
    code: errorName(code),
    body: bodyJson(body),
  }),
};

function readBody(reader: WireReader, code: number): ErrorBody {
  const kind = bodyKinds.get(code) ?? 'other';
  if (kind === 'none' || reader.remaining === 0) return { kind: 'none' };
  if (kind === 'other') return { kind, data: reader.rest() };
  const networkId = reader.u64() as NetworkId;
  if (kind === 'network') return { kind, networkId };
  if (kind === 'multicast') return { kind, networkId, group: multicastGroup.read(reader) };
  if (reader.remaining === 0) return { kind, networkId, authInfo: null };
  const length = reader.u16();
  if (length > dictionaryBytesMax.authInfo) reader.fail('bad-dictionary');
  return { kind, networkId, authInfo: reader.take(length) };
}

function writeBody(writer: ByteWriter, body: ErrorBody): void {
  if (body.kind === 'none') return;
  if (body.kind === 'other') {
    writer.put(body.data);
    return;
  }
  writer.u64(body.networkId);
  if (body.kind === 'multicast') multicastGroup.write(writer, body.group);
  if (body.kind !== 'authentication' || body.authInfo === null) return;
  writer.u16(body.authInfo.length);
  writer.put(body.authInfo);
}

function bodyJson(body: ErrorBody): JsonObject {
  const { kind } = body;
  switch (kind) {
    case 'none':
      return { kind };
    case 'other':
      return { kind, data: toHex(body.data) };
    case 'network':
      return { kind, networkId: formatU64(body.networkId) };
    case 'multicast':
      return {
        kind,
        networkId: formatU64(body.networkId),
        group: multicastGroup.toJson(body.group),
      };
    case 'authentication':
      return {
        kind,
        networkId: formatU64(body.networkId),
        authInfo: body.authInfo && authInfoJson(body.authInfo),
      };
  }
}

/** What is in it, or its bytes where it does not parse. */
function authInfoJson(text: Uint8Array): Json {
  const info = decode(authInfo, text);
  return isDrop(info) ? toHex(text) : authInfo.toJson(info);
}
