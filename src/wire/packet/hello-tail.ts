/**
 * The end of a HELLO that is encrypted though its packet is not: the moons that the sender follows.
 *
 * | Offset | Size | Field |
 * |---|---|---|
 * | 28 | 13 | versions and time |
 * | 41 | 71 | identity; its last byte says that there is no private key |
 * | 112 | 1, 7, 19, … | the address that the packet is sent to |
 * | +0 | 16 | world ID and timestamp of the planet |
 * | +16 | … | the tail |
 *
 * Source: vl1 2.10 and 3.5. The tail is XORed with Salsa20/12 under the peer's own key; its nonce is the packet ID with the
 * low 3 bits cleared. A sender does that before it seals with suite 0, a receiver after it has opened.
 */
import type { PeerKeys } from '../../crypto/peer-keys.ts';
import { salsa20Xor } from '../../crypto/salsa20.ts';
import type { DropReason } from '../drop-reason.ts';

const identityTypeOffset = 46;
const privateKeyLengthOffset = 111;
const addressOffset = 112;
const planetLength = 16;

/** The same one for every packet: used and left within a call. */
const nonce = new Uint8Array(8);

/**
 * Encrypts the tail of an unsealed HELLO, or decrypts that of an opened one, in place.
 *
 * @returns null when it did, or when the HELLO ends before its tail, as those of old peers may; else what is wrong with it
 */
export function cryptHelloTail(
  keys: PeerKeys,
  bytes: Uint8Array,
  start: number,
  end: number,
): DropReason | null {
  const tail = helloTailStart(bytes, start, end);
  if (typeof tail === 'string') return tail;
  for (let i = 0; i < 8; i++) nonce[i] = bytes[start + i] as number;
  nonce[7] = (nonce[7] as number) & 0xf8;
  salsa20Xor(keys.salsaKey, nonce, 12, bytes, tail, end);
  return null;
}

/** Where the tail starts in the buffer: `end` where there is none. The fields before it must be whole, if they are there. */
export function helloTailStart(bytes: Uint8Array, start: number, end: number): number | DropReason {
  if (end < start + addressOffset) return 'truncated';
  if (bytes[start + identityTypeOffset] !== 0) return 'unknown-identity-type';
  if (bytes[start + privateKeyLengthOffset] !== 0) return 'bad-identity';
  const address = start + addressOffset;
  if (address === end) return end;
  const addressLength = inetAddressLength(bytes, address, end);
  if (typeof addressLength === 'string') return addressLength;
  const planet = address + addressLength;
  if (planet === end) return end;
  const tail = planet + planetLength;
  return tail <= end ? tail : 'truncated';
}

/** Bytes of the address that starts there (vl1 2.13). */
function inetAddressLength(bytes: Uint8Array, at: number, end: number): number | DropReason {
  switch (bytes[at]) {
    case 0x00:
      return 1;
    case 0x01:
    case 0x02:
    case 0x04:
      return 7;
    case 0x06:
      return 19;
    case 0x03:
      if (end - at < 3) return 'truncated';
      return 3 + (((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number));
    default:
      return 'bad-address-family';
  }
}
