/**
 * The wire as a library: `import { decodeMessage, openPacket } from 'overspan/wire'`. Pure: bytes in, values out. What is
 * not listed here may change with any version.
 */
export { ByteReader, ByteWriter } from '../base/bytes.ts';
export {
  formatAddress,
  formatMac,
  formatU64,
  parseAddress,
  parseMac,
  parseNetworkId,
} from '../base/ids.ts';
export type { Address, Mac, NetworkId, PacketId } from '../base/ids.ts';
export { generateIdentity } from '../crypto/address-derivation.ts';
export { PeerKeys } from '../crypto/peer-keys.ts';
export type { CryptoProvider } from '../crypto/provider.ts';
export { sign, verify } from '../crypto/signature.ts';

export { decode, encode, isDrop } from './codec.ts';
export type { Codec, Decoded, Json, LayoutField, WireReader } from './codec.ts';
export { dropReasons } from './drop-reason.ts';
export type { DropReason } from './drop-reason.ts';

export {
  formatIdentity,
  formatSecretIdentity,
  identity,
  isValidIdentity,
  parseIdentity,
  parseSecretIdentity,
} from './identity.ts';
export type { Identity, SecretIdentity } from './identity.ts';
export { formatInetAddress, inetAddress, parseInetAddress } from './inet-address.ts';
export type { InetAddress } from './inet-address.ts';
export { addressOf, macOf } from './mac.ts';
export { controllerOf, networkIdOf, networkKind } from './network-id.ts';
export { memberIp } from './member-ip.ts';
export { shouldReplace, signWorld, verifyWorld, world } from './world.ts';
export type { World } from './world.ts';

export { certificateOfMembership } from './credentials/certificate-of-membership.ts';
export { certificateOfOwnership } from './credentials/certificate-of-ownership.ts';
export { capability } from './credentials/capability.ts';
export { revocation } from './credentials/revocation.ts';
export { tag } from './credentials/tag.ts';
export { rules } from './rules/rules.ts';
export { networkConfig } from './network-config/network-config.ts';

export {
  cipherSuiteAt,
  classify,
  destinationAt,
  hopsAt,
  isFragmentedAt,
  packetIdAt,
  sourceAt,
  verbAt,
  writeHeader,
} from './packet/header.ts';
export { compressPacket, decompressPacket } from './packet/compression.ts';
export { splitPacket } from './packet/fragment.ts';
export { cryptHelloTail } from './packet/hello-tail.ts';
export { Reassembler } from './packet/reassembly.ts';
export { openPacket, sealPacket } from './packet/seal.ts';

export {
  decodeMessage,
  describeMessage,
  encodeMessage,
  messageOf,
  messageToJson,
  verbName,
  verbNumbers,
} from './verbs/index.ts';
export type { Message } from './verbs/index.ts';
export { TraceDecoder } from './trace/trace-decoder.ts';
