/**
 * Ed25519 signatures by OpenSSL's EVP with a key and a context that are kept: a seventh less time than `node:crypto`, which
 * makes both objects anew, and a job, for every signature.
 */
import { assert } from '../../base/errors.ts';
import type { OpensslLibrary } from './openssl-library.ts';

/** `EVP_PKEY_ED25519`, the NID of openssl/obj_mac.h. */
const ed25519 = 1087;
const seedLength = 32;
const signatureLength = 64;

/** Where in the scratch memory of the library what lies. */
const slot = { seed: 0, signature: 0, length: 64, message: 128 } as const;
const messageMax = 128;

/** One key of OpenSSL and the context that signs with it. They are freed when it is collected. */
export class OpensslSigner {
  readonly #library: OpensslLibrary;
  readonly #key: number;
  readonly #context: number;

  /** @param seed - 32 bytes, borrowed. @throws CRYPTO_UNAVAILABLE where OpenSSL has no Ed25519 */
  constructor(library: OpensslLibrary, seed: Uint8Array) {
    assert(seed.length === seedLength, 'Ed25519: a private key is 32 bytes');
    const { call, scratch, scratchAddress } = library;
    scratch.set(seed, slot.seed);
    const key = call.EVP_PKEY_new_raw_private_key(
      ed25519,
      0,
      scratchAddress + slot.seed,
      seedLength,
    );
    scratch.fill(0, slot.seed, slot.seed + seedLength);
    this.#library = library;
    this.#key = library.present(key, 'Ed25519');
    this.#context = library.present(call.EVP_MD_CTX_new(), 'memory');
    const context = this.#context;
    library.releaseWith(this, () => {
      call.EVP_MD_CTX_free(context);
      // Wipes the key.
      call.EVP_PKEY_free(key);
    });
  }

  /** @returns 64 bytes, new */
  sign(message: Uint8Array): Uint8Array {
    const { call, scratch, scratchAddress } = this.#library;
    const isShort = message.length <= messageMax;
    if (isShort) scratch.set(message, slot.message);
    const at = isShort ? scratchAddress + slot.message : this.#library.addressOf(message);
    // A size_t of the machine, little-endian.
    scratch.fill(0, slot.length, slot.length + 8);
    scratch[slot.length] = signatureLength;
    // A context signs once: newer versions of OpenSSL refuse a second time (EVP_DigestSign(3)).
    const isSigned =
      call.EVP_DigestSignInit(this.#context, 0, 0, 0, this.#key) === 1 &&
      call.EVP_DigestSign(
        this.#context,
        scratchAddress + slot.signature,
        scratchAddress + slot.length,
        at,
        message.length,
      ) === 1;
    assert(isSigned, 'OpenSSL does what it is asked for');
    return scratch.slice(slot.signature, slot.signature + signatureLength);
  }
}
