/**
 * A piece of a network configuration: what NETWORK_CONFIG carries, and OK(NETWORK_CONFIG_REQUEST) after its head.
 *
 *     network (8)            ┐
 *     chunk length (2)       │
 *     chunk                  │ signed by the network's controller
 *     flags (1)              │ 01 fast propagate
 *     update (8)             │ random, the same for all pieces
 *     total length (4)       │ of the whole text
 *     offset (4)             ┘ of this piece in it
 *     signature block        01 0060, 96 bytes
 *
 * Source: vl2 6.3; `config-chunks.json`, `captures/network-config-B.packet-payload.hex`. A packet that ends after the
 * chunk is the old form: a whole configuration, not signed, to be taken from the controller itself alone. The signed bytes
 * are the same in both messages, so pieces can be passed on.
 */
import { ByteWriter, toHex } from '../../base/bytes.ts';
import { formatU64, type NetworkId } from '../../base/ids.ts';
import type { Secret } from '../../base/secret.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import { sign } from '../../crypto/signature.ts';
import type { Codec } from '../codec.ts';
import {
  readSignatureBlock,
  verifySignatureBlock,
  writeSignatureBlock,
  type SignatureBlock,
} from '../credentials/signature-block.ts';

/** A piece of a signed configuration. */
export interface SignedConfigChunk {
  readonly kind: 'signed';
  readonly networkId: NetworkId;
  /** A range of the dictionary's text, borrowed from what was read. */
  readonly chunk: Uint8Array;
  /** {@link fastPropagateChunkFlag}. */
  readonly flags: number;
  /** Names the update; 0 is not acknowledged. */
  readonly updateId: bigint;
  /** Bytes of the whole text. */
  readonly totalLength: number;
  /** Where in the text the chunk belongs. */
  readonly offset: number;
  readonly signature: SignatureBlock;
  /** What a newer peer put at the end. */
  readonly future: Uint8Array;
}

/** A whole configuration in the old form. */
export interface UnsignedConfig {
  readonly kind: 'unsigned';
  readonly networkId: NetworkId;
  /** The dictionary's text. */
  readonly chunk: Uint8Array;
}

/** A piece, or a whole configuration without a signature. */
export type ConfigChunk = SignedConfigChunk | UnsignedConfig;

/** Flag: hand the piece on to every other member that is known. */
export const fastPropagateChunkFlag = 1;
/** Bytes of the pieces that a controller of 1.14.1 makes, but the last. */
export const chunkLength = 9740;

const headLength = 8 + 2;
const tailLength = 1 + 8 + 4 + 4;

/** The codec. */
export const configChunk: Codec<ConfigChunk> = {
  name: 'configuration chunk',
  layout: [
    { name: 'network', size: 8 },
    { name: 'chunk length', size: 2 },
    { name: 'chunk', size: 'chunk length', note: 'of the dictionary’s text' },
    {
      name: 'flags',
      size: 1,
      note: '1 fast propagate; absent in the old form, as all that follows',
    },
    { name: 'update', size: 8, note: 'random, not 0' },
    { name: 'total length', size: 4, note: 'less than 484,520' },
    { name: 'offset', size: 4, note: 'in bytes' },
    { name: 'signature type', size: 1, note: '1' },
    { name: 'signature length', size: 2, note: '96' },
    { name: 'signature', size: 'signature length' },
    { name: 'future fields', size: 'to the end' },
  ],
  read: (reader) => {
    const networkId = reader.u64() as NetworkId;
    const chunk = reader.take(reader.u16());
    if (reader.remaining === 0) return { kind: 'unsigned', networkId, chunk };
    return {
      kind: 'signed',
      networkId,
      chunk,
      flags: reader.u8(),
      updateId: reader.u64(),
      totalLength: reader.u32(),
      offset: reader.u32(),
      signature: readSignatureBlock(reader),
      future: reader.rest(),
    };
  },
  write: (writer, value) => {
    writeBody(writer, value);
    if (value.kind === 'unsigned') return;
    writeSignatureBlock(writer, value.signature);
    writer.put(value.future);
  },
  describe: (value) => {
    const network = formatU64(value.networkId);
    if (value.kind === 'unsigned')
      return `configuration of ${network}, ${value.chunk.length} bytes, unsigned`;
    const { offset, chunk, totalLength, updateId } = value;
    return (
      `configuration of ${network}, bytes ${offset} to ${offset + chunk.length} of ` +
      `${totalLength}, update ${formatU64(updateId)}`
    );
  },
  toJson: (value) => ({
    networkId: formatU64(value.networkId),
    chunk: toHex(value.chunk),
    ...(value.kind === 'unsigned'
      ? {}
      : {
          flags: value.flags,
          updateId: formatU64(value.updateId),
          totalLength: value.totalLength,
          offset: value.offset,
          signatureType: value.signature.type,
          signature: toHex(value.signature.bytes),
          ...(value.future.length > 0 ? { future: toHex(value.future) } : {}),
        }),
  }),
};

/** A piece before it is signed. */
export type UnsignedChunk = Omit<SignedConfigChunk, 'kind' | 'signature' | 'future'>;

/** One message at a time: it is signed or verified, and not needed any more. */
const scratch: ByteWriter = new ByteWriter(new Uint8Array(headLength + 0xffff + tailLength));

/** What its signature covers, until the next one. */
export function configChunkSignedMessage(value: UnsignedChunk): Uint8Array {
  scratch.seek(0);
  writeBody(scratch, { ...value, kind: 'signed' });
  return scratch.bytes.subarray(0, scratch.offset);
}

/** Signs as the controller. @param secretKey - 64 bytes, the controller's */
export function signConfigChunk(
  provider: CryptoProvider,
  secretKey: Secret<Uint8Array>,
  value: UnsignedChunk,
): SignedConfigChunk {
  const signature = {
    type: 1,
    bytes: sign(provider, secretKey, configChunkSignedMessage(value)),
  };
  return { kind: 'signed', ...value, signature, future: new Uint8Array(0) };
}

/** Whether the network's controller signed it, whoever brought it. @param publicKey - 64 bytes, the controller's */
export function verifyConfigChunk(
  provider: CryptoProvider,
  publicKey: Uint8Array,
  value: ConfigChunk,
): boolean {
  return (
    value.kind === 'signed' &&
    verifySignatureBlock(provider, publicKey, configChunkSignedMessage(value), value.signature)
  );
}

/** A configuration to be sent. */
export interface ConfigUpdate {
  readonly networkId: NetworkId;
  /** Random, not 0. */
  readonly updateId: bigint;
  /** The dictionary's text, at least a byte; the pieces are views of it. */
  readonly text: Uint8Array;
  /** Default: 0. */
  readonly flags?: number;
}

/** The signed pieces of a configuration, in order. @param secretKey - 64 bytes, the controller's */
export function splitConfig(
  provider: CryptoProvider,
  secretKey: Secret<Uint8Array>,
  { networkId, updateId, text, flags = 0 }: ConfigUpdate,
): SignedConfigChunk[] {
  const count = Math.ceil(text.length / chunkLength);
  return Array.from({ length: count }, (_, i) => {
    const offset = i * chunkLength;
    const chunk = text.subarray(offset, offset + chunkLength);
    const totalLength = text.length;
    const part = { networkId, chunk, flags, updateId, totalLength, offset };
    return signConfigChunk(provider, secretKey, part);
  });
}

/** Everything before the signature. */
function writeBody(
  writer: ByteWriter,
  value: ({ kind: 'signed' } & UnsignedChunk) | UnsignedConfig,
): void {
  writer.u64(value.networkId);
  writer.u16(value.chunk.length);
  writer.put(value.chunk);
  if (value.kind === 'unsigned') return;
  writer.u8(value.flags);
  writer.u64(value.updateId);
  writer.u32(value.totalLength);
  writer.u32(value.offset);
}
