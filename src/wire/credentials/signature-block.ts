/**
 * What the signed credentials have in common: the block that holds a signature, room for what a newer peer adds, and the
 * frame around what is signed.
 *
 *     signature block    type (1)  01: the only one that is known
 *                        length (2)  0060
 *                        signature (length)
 *     future fields      length (2), bytes
 *     signed message     7f×8 ‖ body ‖ 0000 ‖ 7f×8
 *
 * Source: vl2 5.1, 5.3. A block of another type is skipped by its length and never verifies. Certificates of membership
 * have neither block nor frame.
 */
import { ByteWriter, toHex } from '../../base/bytes.ts';
import type { Address, NetworkId } from '../../base/ids.ts';
import type { Secret } from '../../base/secret.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import { sign, verify } from '../../crypto/signature.ts';
import type { JsonObject, LayoutField, WireReader } from '../codec.ts';
import { controllerOf } from '../network-id.ts';

/** A signature as it stands in a credential. */
export interface SignatureBlock {
  /** 1: 96 bytes as in vl1 1.6. */
  readonly type: number;
  /** Borrowed from what was read; at most 65,535. */
  readonly bytes: Uint8Array;
}

/** What every signed credential ends with. */
export interface Signed {
  readonly signature: SignatureBlock;
  /** What a newer peer put after the signature; not signed. */
  readonly future: Uint8Array;
}

/** A credential before it is signed. */
export type Unsigned<T extends Signed> = Omit<T, keyof Signed>;

/** Rows for the layouts of credentials. */
export const signedLayout: readonly LayoutField[] = [
  { name: 'signature type', size: 1, note: '1; another is skipped' },
  { name: 'signature length', size: 2, note: '96' },
  { name: 'signature', size: 'signature length' },
  { name: 'future length', size: 2, note: '0' },
  { name: 'future fields', size: 'future length' },
];

const frameByte = 0x7f;
const frameLength = 8;

export function readSignatureBlock(reader: WireReader): SignatureBlock {
  const type = reader.u8();
  return { type, bytes: reader.take(reader.u16()) };
}

export function writeSignatureBlock(writer: ByteWriter, block: SignatureBlock): void {
  writer.u8(block.type);
  writer.u16(block.bytes.length);
  writer.put(block.bytes);
}

/** Takes the end of a credential. */
export function readSigned(reader: WireReader): Signed {
  const signature = readSignatureBlock(reader);
  return { signature, future: reader.take(reader.u16()) };
}

/** Puts the end of a credential. */
export function writeSigned(writer: ByteWriter, { signature, future }: Signed): void {
  writeSignatureBlock(writer, signature);
  writer.u16(future.length);
  writer.put(future);
}

/** The end of a credential, for `--json`. */
export function signedToJson({ signature, future }: Signed): JsonObject {
  return {
    signatureType: signature.type,
    signature: toHex(signature.bytes),
    ...(future.length > 0 ? { future: toHex(future) } : {}),
  };
}

/**
 * What is signed of a credential.
 *
 * @param bodyBytesMax - room that the body needs
 * @param writeBody - puts everything before the signature block
 * @returns new bytes
 */
export function signedMessageOf(
  bodyBytesMax: number,
  writeBody: (writer: ByteWriter) => void,
): Uint8Array {
  const bytes = new Uint8Array(bodyBytesMax + 2 * frameLength + 2);
  bytes.fill(frameByte, 0, frameLength);
  const writer = new ByteWriter(bytes, frameLength);
  writeBody(writer);
  writer.u16(0);
  const end = writer.offset + frameLength;
  return bytes.fill(frameByte, writer.offset, end).subarray(0, end);
}

/** Signs a message into a block and leaves no future fields. @param secretKey - 64 bytes */
export function signMessage(
  provider: CryptoProvider,
  secretKey: Secret<Uint8Array>,
  message: Uint8Array,
): Signed {
  return {
    signature: { type: 1, bytes: sign(provider, secretKey, message) },
    future: new Uint8Array(0),
  };
}

/** Whether a block is of the known type and signs the message. @param publicKey - 64 bytes, of the signer */
export function verifySignatureBlock(
  provider: CryptoProvider,
  publicKey: Uint8Array,
  message: Uint8Array,
  block: SignatureBlock,
): boolean {
  return block.type === 1 && verify(provider, publicKey, message, block.bytes);
}

/** Whether the network's controller signed a credential, and is named in it. @param publicKey - 64 bytes, the controller's */
export function verifySigned(
  provider: CryptoProvider,
  publicKey: Uint8Array,
  message: Uint8Array,
  credential: Signed & { readonly networkId: NetworkId; readonly signedBy: Address },
): boolean {
  return (
    isSignedByController(credential) &&
    verifySignatureBlock(provider, publicKey, message, credential.signature)
  );
}

/** Whether a credential names the only one who may sign it. */
export function isSignedByController(credential: {
  readonly networkId: NetworkId;
  readonly signedBy: Address;
}): boolean {
  return credential.signedBy === controllerOf(credential.networkId);
}
