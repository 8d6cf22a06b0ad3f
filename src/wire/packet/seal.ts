/**
 * Authenticates and encrypts packets where they lie, and opens them again.
 *
 * | Suite | Cipher | Code, 8 bytes at 19 | Encrypted |
 * |---|---|---|---|
 * | 0 | Poly1305 | over plain text from 27 on | nothing (HELLO, and what bonding measures with) |
 * | 1 | Salsa20/12 with Poly1305 | over cipher text from 27 on | from 27 on |
 * | 3 | AES-GMAC-SIV | with the packet ID, which it replaces, its tag | from 27 on |
 *
 * Source: vl1 2.5–2.8. Suites 0 and 1 have a key for every packet: the peer's, XORed with packet ID, addresses, flags without
 * hops, and the length of the whole packet, little-endian. Suite 2 (no cryptography on a trusted path) is neither sent nor
 * accepted, as vl1 2.9 recommends.
 *
 * Nothing is allocated here: the scratch buffers below belong to the one packet that is being worked on, which is enough
 * because everything is synchronous, and what they held of a key is wiped before returning.
 */
import type { PeerKeys } from '../../crypto/peer-keys.ts';
import { Salsa20Stream } from '../../crypto/salsa20.ts';
import { assert } from '../../base/errors.ts';
import type { DropReason } from '../drop-reason.ts';
import {
  authenticatedFlags,
  cipherSuiteAt,
  destinationOffset,
  flagsAt,
  flagsOffset,
  headerLength,
  macOffset,
  packetLengthMax,
  setCipherSuite,
  verbOffset,
} from './header.ts';

/** The suites that packets are sealed with. */
export type CipherSuite = 0 | 1 | 3;

/** Bytes of the code that a packet carries in suites 0 and 1: half of Poly1305's. */
const macLength = 8;
const packetIdLength = 8;

/** What is secret, in one piece: wiped by one call. */
const secrets = new Uint8Array(128);
const packetKey: Uint8Array = secrets.subarray(0, 32);
const polyKey: Uint8Array = secrets.subarray(32, 64);
const firstBlock = new Uint32Array(secrets.buffer, 64, 16);
const nonce = new Uint8Array(packetIdLength);
const stream: Salsa20Stream = new Salsa20Stream(packetKey, nonce, 12);
const tag = new Uint8Array(16);
const iv = new Uint8Array(packetIdLength);
const additionalData = new Uint8Array(macOffset - destinationOffset);

/**
 * Seals the packet in [start, end), in place. Its header is written, with the fragment flag if it will be cut, and its
 * payload compressed if it is to be. Suite 3 takes the packet ID as its random input and replaces it: what a peer will
 * quote is `packetIdAt` afterwards.
 */
export function sealPacket(
  keys: PeerKeys,
  bytes: Uint8Array,
  start: number,
  end: number,
  suite: CipherSuite,
): void {
  const length = end - start;
  assert(
    length >= headerLength && length <= packetLengthMax,
    'a packet has a size that is allowed',
  );
  assert(end <= bytes.length, 'a packet lies in its buffer');
  setCipherSuite(bytes, start, suite);
  if (suite === 3) {
    sealSiv(keys, bytes, start, end);
    return;
  }
  startStream(keys, bytes, start, end);
  if (suite === 1) stream.xor(bytes, start + verbOffset, end);
  keys.provider.poly1305(polyKey, bytes, start + verbOffset, end, tag);
  wipe();
  for (let i = 0; i < macLength; i++) bytes[start + macOffset + i] = tag[i] as number;
}

/**
 * Opens the packet in [start, end), in place: verb and payload become plain, the header stays as it came.
 *
 * In suites 0 and 1 nothing is changed where the code is wrong. In suite 3 the plain text has to be there to be checked: where
 * the code is wrong, what lies from the verb on is garbage. Who may have to try again (vl1 3.1) keeps a copy.
 *
 * @returns null when it is what the peer sealed; else `mac-mismatch`, `unknown-cipher-suite` or `not-a-packet`
 */
export function openPacket(
  keys: PeerKeys,
  bytes: Uint8Array,
  start: number,
  end: number,
): DropReason | null {
  const length = end - start;
  if (length < headerLength || length > packetLengthMax) return 'not-a-packet';
  assert(end <= bytes.length, 'a packet lies in its buffer');
  const suite = cipherSuiteAt(bytes, start);
  if (suite === 3) return openSiv(keys, bytes, start, end) ? null : 'mac-mismatch';
  if (suite > 1) return 'unknown-cipher-suite';
  startStream(keys, bytes, start, end);
  keys.provider.poly1305(polyKey, bytes, start + verbOffset, end, tag);
  // Every byte is looked at, so that the time says nothing about where they differ.
  let difference = 0;
  for (let i = 0; i < macLength; i++)
    difference |= (bytes[start + macOffset + i] as number) ^ (tag[i] as number);
  if (difference === 0 && suite === 1) stream.xor(bytes, start + verbOffset, end);
  wipe();
  return difference === 0 ? null : 'mac-mismatch';
}

/** Makes the key of a packet (vl1 2.6) and takes the first block of its keystream, half of which is Poly1305's key. */
function startStream(keys: PeerKeys, bytes: Uint8Array, start: number, end: number): void {
  const peerKey = keys.salsaKey;
  for (let i = 0; i < flagsOffset; i++)
    packetKey[i] = (peerKey[i] as number) ^ (bytes[start + i] as number);
  const length = end - start;
  packetKey[18] = (peerKey[18] as number) ^ (flagsAt(bytes, start) & authenticatedFlags);
  packetKey[19] = (peerKey[19] as number) ^ (length & 0xff);
  packetKey[20] = (peerKey[20] as number) ^ (length >> 8);
  for (let i = 21; i < 32; i++) packetKey[i] = peerKey[i] as number;
  for (let i = 0; i < packetIdLength; i++) nonce[i] = bytes[start + i] as number;
  stream.start(packetKey, nonce, 12);
  stream.nextBlock(firstBlock);
  for (let word = 0; word < 8; word++) {
    const value = firstBlock[word] as number;
    polyKey[4 * word] = value;
    polyKey[4 * word + 1] = value >>> 8;
    polyKey[4 * word + 2] = value >>> 16;
    polyKey[4 * word + 3] = value >>> 24;
  }
}

function wipe(): void {
  stream.wipe();
  secrets.fill(0);
}

function sealSiv(keys: PeerKeys, bytes: Uint8Array, start: number, end: number): void {
  for (let i = 0; i < packetIdLength; i++) iv[i] = bytes[start + i] as number;
  takeAdditionalData(bytes, start);
  keys.siv.seal(iv, additionalData, bytes, start + verbOffset, end, tag);
  for (let i = 0; i < packetIdLength; i++) bytes[start + i] = tag[i] as number;
  for (let i = 0; i < macLength; i++)
    bytes[start + macOffset + i] = tag[packetIdLength + i] as number;
}

function openSiv(keys: PeerKeys, bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = 0; i < packetIdLength; i++) tag[i] = bytes[start + i] as number;
  for (let i = 0; i < macLength; i++)
    tag[packetIdLength + i] = bytes[start + macOffset + i] as number;
  takeAdditionalData(bytes, start);
  return keys.siv.open(tag, additionalData, bytes, start + verbOffset, end, iv);
}

/** Addresses and flags without hops (vl1 2.8). */
function takeAdditionalData(bytes: Uint8Array, start: number): void {
  for (let i = destinationOffset; i < flagsOffset; i++)
    additionalData[i - destinationOffset] = bytes[start + i] as number;
  additionalData[flagsOffset - destinationOffset] = flagsAt(bytes, start) & authenticatedFlags;
}
