/**
 * The packet ID that a sender drew, before suite 3 replaced it (vl1 2.8): what it would take to seal the packet again.
 */
import { ByteReader } from '../../base/bytes.ts';
import type { PacketId } from '../../base/ids.ts';
import { sivIvLength } from '../../crypto/aes-gmac-siv.ts';
import type { PeerKeys } from '../../crypto/peer-keys.ts';
import {
  authenticatedFlags,
  destinationOffset,
  flagsOffset,
  macOffset,
  packetIdOffset,
  verbOffset,
} from '../packet/header.ts';

/**
 * Opens a copy of the packet for the ID alone: `openPacket` leaves the one of the wire, and the node has no use for it.
 *
 * @param keys - of its two nodes. @param wire - the whole sealed packet, not changed
 * @returns null where its code is wrong
 */
export function packetIdBeforeSealing(keys: PeerKeys, wire: Uint8Array): PacketId | null {
  const bytes = wire.slice();
  const tag = new Uint8Array(16);
  tag.set(bytes.subarray(packetIdOffset, destinationOffset));
  tag.set(bytes.subarray(macOffset, verbOffset), 8);
  const additionalData = bytes.slice(destinationOffset, macOffset);
  const flags = flagsOffset - destinationOffset;
  additionalData[flags] = (additionalData[flags] as number) & authenticatedFlags;
  const iv = new Uint8Array(sivIvLength);
  const isRight = keys.siv.open(tag, additionalData, bytes, verbOffset, bytes.length, iv);
  return isRight ? (new ByteReader(iv).u64() as PacketId) : null;
}
