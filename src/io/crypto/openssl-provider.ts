/**
 * The packet ciphers and signatures by OpenSSL's EVP, called through koffi with contexts that are kept: four times as fast
 * as `node:crypto` for packets, which makes new objects for every one, and a seventh less for signatures. The other operations
 * on the curves, and hashes, are those of `node:crypto`, whose overhead is small beside them.
 *
 * Every call of OpenSSL is checked: it fails only by a bug of ours or for want of memory, and a cipher that silently did
 * nothing would send plain text.
 */
import { assert } from '../../base/errors.ts';
import type { AesKeys, CryptoProvider } from '../../crypto/provider.ts';
import { KeyCache } from './key-cache.ts';
import { NodeProvider } from './node-provider.ts';
import { OpensslLibrary, type ForeignFunction, type ForeignFunctions } from './openssl-library.ts';
import { OpensslSigner } from './openssl-signer.ts';

const keyLength = 32;
const blockLength = 16;
const nonceLength = 12;

/** `EVP_CTRL_AEAD_GET_TAG` of openssl/evp.h. */
const getTag = 0x10;

/** Where in the scratch memory of the library what lies. */
const slot = { key: 0, nonce: 32, counter: 48, block: 64, tag: 80, length: 96, aad: 128 } as const;
const aadMax = 128;

/**
 * A new provider.
 *
 * @param load - gives koffi; another one in tests
 * @throws CRYPTO_UNAVAILABLE where koffi, a function or an algorithm is missing
 */
export function opensslProvider(load?: () => ForeignFunctions): CryptoProvider {
  return new OpensslProvider(OpensslLibrary.load(load));
}

class OpensslProvider extends NodeProvider {
  override readonly name = 'openssl';
  readonly #library: OpensslLibrary;
  readonly #mac: number;
  readonly #signers: KeyCache<OpensslSigner>;

  constructor(library: OpensslLibrary) {
    super();
    this.#signers = new KeyCache((seed) => new OpensslSigner(library, seed));
    const { call, scratch, scratchAddress } = library;
    this.#library = library;
    scratch.set(Buffer.from('POLY1305\0'), slot.block);
    const algorithm = call.EVP_MAC_fetch(0, scratchAddress + slot.block, 0);
    this.#mac = library.present(
      call.EVP_MAC_CTX_new(library.present(algorithm, 'Poly1305')),
      'Poly1305',
    );
    call.EVP_MAC_free(algorithm);
    const mac = this.#mac;
    library.releaseWith(this, () => {
      call.EVP_MAC_CTX_free(mac);
    });
  }

  override ed25519Sign(seed: Uint8Array, message: Uint8Array): Uint8Array {
    return this.#signers.get(seed).sign(message);
  }

  override poly1305(
    key: Uint8Array,
    bytes: Uint8Array,
    start: number,
    end: number,
    tag: Uint8Array,
  ): void {
    assert(key.length === keyLength && tag.length === blockLength, 'Poly1305: 32, 16 bytes');
    assert(0 <= start && start <= end && end <= bytes.length, 'a range lies in its buffer');
    const { call, scratch, scratchAddress } = this.#library;
    const mac = this.#mac;
    copy(key, 0, scratch, slot.key, keyLength);
    check(call.EVP_MAC_init(mac, scratchAddress + slot.key, keyLength, 0));
    if (start < end)
      check(call.EVP_MAC_update(mac, this.#library.addressOf(bytes) + start, end - start));
    const at = scratchAddress + slot.tag;
    check(call.EVP_MAC_final(mac, at, scratchAddress + slot.length, blockLength));
    copy(scratch, slot.tag, tag, 0, blockLength);
  }

  override aesKeys(gmacKey: Uint8Array, ctrKey: Uint8Array): AesKeys {
    assert(gmacKey.length === keyLength && ctrKey.length === keyLength, 'AES-256: 32 bytes');
    return new OpensslAesKeys(this.#library, gmacKey, ctrKey);
  }
}

/** Four contexts of OpenSSL, each with its key set. They are freed by {@link close}, or at the latest when collected. */
class OpensslAesKeys implements AesKeys {
  readonly #library: OpensslLibrary;
  readonly #gcm: number;
  readonly #ctr: number;
  readonly #encryptor: number;
  readonly #decryptor: number;
  readonly #free: () => void;
  #closed = false;

  constructor(library: OpensslLibrary, gmacKey: Uint8Array, ctrKey: Uint8Array) {
    const { call } = library;
    const gcm = call.EVP_aes_256_gcm();
    const ctr = call.EVP_aes_256_ctr();
    const ecb = call.EVP_aes_256_ecb();
    this.#library = library;
    this.#gcm = keyedContext(library, call.EVP_EncryptInit_ex, gcm, gmacKey);
    this.#ctr = keyedContext(library, call.EVP_EncryptInit_ex, ctr, ctrKey);
    this.#encryptor = keyedContext(library, call.EVP_EncryptInit_ex, ecb, ctrKey);
    this.#decryptor = keyedContext(library, call.EVP_DecryptInit_ex, ecb, ctrKey);
    const contexts = [this.#gcm, this.#ctr, this.#encryptor, this.#decryptor];
    this.#free = () => {
      for (const context of contexts) call.EVP_CIPHER_CTX_free(context);
    };
    library.releaseWith(this, this.#free);
  }

  gmac(
    nonce: Uint8Array,
    aad: Uint8Array,
    bytes: Uint8Array,
    start: number,
    end: number,
    tag: Uint8Array,
  ): void {
    assert(nonce.length === nonceLength && tag.length === blockLength, 'GMAC: 12, 16 bytes');
    this.#check(bytes, start, end);
    const { call, scratch, scratchAddress } = this.#library;
    const gcm = this.#gcm;
    const length = scratchAddress + slot.length;
    copy(nonce, 0, scratch, slot.nonce, nonceLength);
    check(call.EVP_EncryptInit_ex(gcm, 0, 0, 0, scratchAddress + slot.nonce));
    // Without a place for output, input is additional data.
    for (let at = 0; at < aad.length; at += aadMax) {
      const count = Math.min(aadMax, aad.length - at);
      copy(aad, at, scratch, slot.aad, count);
      check(call.EVP_EncryptUpdate(gcm, 0, length, scratchAddress + slot.aad, count));
    }
    if (start < end) {
      const from = this.#library.addressOf(bytes) + start;
      check(call.EVP_EncryptUpdate(gcm, 0, length, from, end - start));
    }
    check(call.EVP_EncryptFinal_ex(gcm, scratchAddress + slot.tag, length));
    check(call.EVP_CIPHER_CTX_ctrl(gcm, getTag, blockLength, scratchAddress + slot.tag));
    copy(scratch, slot.tag, tag, 0, blockLength);
  }

  ctr(counter: Uint8Array, bytes: Uint8Array, start: number, end: number): void {
    assert(counter.length === blockLength, 'CTR: 16 bytes');
    this.#check(bytes, start, end);
    if (start === end) return;
    const { call, scratch, scratchAddress } = this.#library;
    copy(counter, 0, scratch, slot.counter, blockLength);
    check(call.EVP_EncryptInit_ex(this.#ctr, 0, 0, 0, scratchAddress + slot.counter));
    const at = this.#library.addressOf(bytes) + start;
    const length = scratchAddress + slot.length;
    check(call.EVP_EncryptUpdate(this.#ctr, at, length, at, end - start));
  }

  encryptBlock(block: Uint8Array): void {
    this.#block(this.#library.call.EVP_EncryptUpdate, this.#encryptor, block);
  }

  decryptBlock(block: Uint8Array): void {
    this.#block(this.#library.call.EVP_DecryptUpdate, this.#decryptor, block);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#library.keep(this);
    // Freeing a context wipes its key.
    this.#free();
  }

  #block(update: ForeignFunction, context: number, block: Uint8Array): void {
    assert(block.length === blockLength, 'a block is 16 bytes');
    this.#check(block, 0, blockLength);
    const { scratch, scratchAddress } = this.#library;
    const at = scratchAddress + slot.block;
    copy(block, 0, scratch, slot.block, blockLength);
    check(update(context, at, scratchAddress + slot.length, at, blockLength));
    copy(scratch, slot.block, block, 0, blockLength);
  }

  #check(bytes: Uint8Array, start: number, end: number): void {
    assert(!this.#closed, 'keys are not used after they are closed');
    assert(0 <= start && start <= end && end <= bytes.length, 'a range lies in its buffer');
  }
}

/** A new context with a key in it and no padding; what varies by packet is set later. */
function keyedContext(
  library: OpensslLibrary,
  init: ForeignFunction,
  cipher: number,
  key: Uint8Array,
): number {
  const { call, scratch, scratchAddress } = library;
  const context = library.present(call.EVP_CIPHER_CTX_new(), 'memory');
  copy(key, 0, scratch, slot.key, keyLength);
  check(init(context, cipher, 0, scratchAddress + slot.key, 0));
  scratch.fill(0, slot.key, slot.key + keyLength);
  check(call.EVP_CIPHER_CTX_set_padding(context, 0));
  return context;
}

function check(result: number): void {
  assert(result === 1, 'OpenSSL does what it is asked for');
}

/** For a few bytes a loop is faster than `set`. */
function copy(
  from: Uint8Array,
  fromAt: number,
  to: Uint8Array,
  toAt: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) to[toAt + i] = from[fromAt + i] as number;
}
