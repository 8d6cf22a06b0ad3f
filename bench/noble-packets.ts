/**
 * Sealing and opening by `@noble/ciphers`, straight from the protocol's description with an array for every step: the
 * yardstick of `bench/wire.ts`. It does the same work, key of every packet and both checks included.
 */
import { createCipher } from '@noble/ciphers/_arx.js';
import { poly1305 } from '@noble/ciphers/_poly1305.js';
import { ctr, ecb, gcm } from '@noble/ciphers/aes.js';
import { __TESTS as salsa } from '@noble/ciphers/salsa.js';

import { concatBytes, equalBytes } from '../src/base/bytes.ts';
import { kbkdf } from '../src/crypto/kbkdf.ts';
import type { CryptoProvider } from '../src/crypto/provider.ts';

/** Of noble's own only the one with 20 rounds is exported. */
const salsa20of12 = createCipher(salsa.salsaCore, {
  allowShortKeys: true,
  counterRight: true,
  rounds: 12,
});

/** The keys of one peer. */
export class NoblePacketKeys {
  readonly #salsaKey: Uint8Array;
  readonly #gmacKey: Uint8Array;
  readonly #ctrKey: Uint8Array;

  /** @param provider - for the derivation alone */
  constructor(provider: CryptoProvider, key48: Uint8Array) {
    this.#salsaKey = key48.slice(0, 32);
    this.#gmacKey = kbkdf(provider, key48, '0', 0, 0).slice(0, 32);
    this.#ctrKey = kbkdf(provider, key48, '1', 0, 0).slice(0, 32);
  }

  /** Suite 1 or 3, in place. */
  seal(bytes: Uint8Array, start: number, end: number, suite: 1 | 3): void {
    const packet = bytes.subarray(start, end);
    packet[18] = (packet[18]! & 0x47) | (suite === 1 ? 0x88 : 0x18);
    const body = packet.subarray(27);
    if (suite === 1) {
      const stream = this.#stream(packet);
      for (let i = 0; i < body.length; i++) body[i]! ^= stream[64 + i]!;
      packet.set(poly1305(body, stream.subarray(0, 32)).subarray(0, 8), 19);
      return;
    }
    const iv = packet.slice(0, 8);
    const tag = ecb(this.#ctrKey, { disablePadding: true }).encrypt(
      concatBytes(iv, this.#foldedGmac(packet, iv)),
    );
    body.set(ctr(this.#ctrKey, tag.with(12, tag[12]! & 0x7f)).encrypt(body));
    packet.set(tag.subarray(0, 8), 0);
    packet.set(tag.subarray(8), 19);
  }

  /** Suite 1 or 3, in place. @returns whether the code is right */
  open(bytes: Uint8Array, start: number, end: number): boolean {
    const packet = bytes.subarray(start, end);
    const body = packet.subarray(27);
    if (packet[18]! & 0x80) {
      const stream = this.#stream(packet);
      const tag = poly1305(body, stream.subarray(0, 32));
      if (!equalBytes(tag.subarray(0, 8), packet.subarray(19, 27))) return false;
      for (let i = 0; i < body.length; i++) body[i]! ^= stream[64 + i]!;
      return true;
    }
    const tag = concatBytes(packet.subarray(0, 8), packet.subarray(19, 27));
    body.set(ctr(this.#ctrKey, tag.with(12, tag[12]! & 0x7f)).decrypt(body));
    const opened = ecb(this.#ctrKey, { disablePadding: true }).decrypt(tag);
    return equalBytes(this.#foldedGmac(packet, opened.subarray(0, 8)), opened.subarray(8));
  }

  #stream(packet: Uint8Array): Uint8Array {
    const key = this.#salsaKey.slice();
    for (let i = 0; i < 18; i++) key[i]! ^= packet[i]!;
    key[18]! ^= packet[18]! & 0xf8;
    key[19]! ^= packet.length & 0xff;
    key[20]! ^= packet.length >> 8;
    return salsa20of12(key, packet.slice(0, 8), new Uint8Array(64 + packet.length - 27));
  }

  #foldedGmac(packet: Uint8Array, iv: Uint8Array): Uint8Array {
    const aad = concatBytes(packet.subarray(8, 19), new Uint8Array(5), packet.subarray(27));
    aad[10]! &= 0xf8;
    const nonce = concatBytes(iv, new Uint8Array(4));
    const mac = gcm(this.#gmacKey, nonce, aad).encrypt(new Uint8Array(0));
    return mac.subarray(0, 8).map((byte, i) => byte ^ mac[8 + i]!);
  }
}
