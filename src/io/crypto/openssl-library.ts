/**
 * The functions of OpenSSL that the node binary exports, called by address through koffi. All raw pointers of the
 * cryptography are in this file, `openssl-provider.ts` and `openssl-signer.ts`: a wrong one corrupts memory.
 *
 * Moving a small array out of V8's heap (see `sys/ffi/foreign.ts`) costs more than copying it, so small inputs go
 * through {@link OpensslLibrary.scratch}.
 */
import { errorMessage } from '../../base/errors.ts';
import {
  bindFunctions,
  ForeignMemory,
  requireKoffi,
  type ForeignFunction,
  type ForeignFunctions,
  type Signatures,
} from '../../sys/ffi/foreign.ts';
import { cryptoError } from './errors.ts';

export type { ForeignFunction, ForeignFunctions };

/** Name, result and parameters of each function, by the manual pages of OpenSSL 3. */
const signatures = {
  EVP_aes_256_gcm: ['pointer', []],
  EVP_aes_256_ctr: ['pointer', []],
  EVP_aes_256_ecb: ['pointer', []],
  EVP_CIPHER_CTX_new: ['pointer', []],
  EVP_CIPHER_CTX_free: ['void', ['pointer']],
  EVP_CIPHER_CTX_set_padding: ['int', ['pointer', 'int']],
  EVP_CIPHER_CTX_ctrl: ['int', ['pointer', 'int', 'int', 'pointer']],
  EVP_EncryptInit_ex: ['int', ['pointer', 'pointer', 'pointer', 'pointer', 'pointer']],
  EVP_EncryptUpdate: ['int', ['pointer', 'pointer', 'pointer', 'pointer', 'int']],
  EVP_EncryptFinal_ex: ['int', ['pointer', 'pointer', 'pointer']],
  EVP_DecryptInit_ex: ['int', ['pointer', 'pointer', 'pointer', 'pointer', 'pointer']],
  EVP_DecryptUpdate: ['int', ['pointer', 'pointer', 'pointer', 'pointer', 'int']],
  EVP_DigestSign: ['int', ['pointer', 'pointer', 'pointer', 'pointer', 'size_t']],
  EVP_DigestSignInit: ['int', ['pointer', 'pointer', 'pointer', 'pointer', 'pointer']],
  EVP_MAC_fetch: ['pointer', ['pointer', 'pointer', 'pointer']],
  EVP_MAC_free: ['void', ['pointer']],
  EVP_MAC_CTX_new: ['pointer', ['pointer']],
  EVP_MAC_CTX_free: ['void', ['pointer']],
  EVP_MAC_init: ['int', ['pointer', 'pointer', 'size_t', 'pointer']],
  EVP_MAC_update: ['int', ['pointer', 'pointer', 'size_t']],
  EVP_MAC_final: ['int', ['pointer', 'pointer', 'pointer', 'size_t']],
  EVP_MD_CTX_new: ['pointer', []],
  EVP_MD_CTX_free: ['void', ['pointer']],
  EVP_PKEY_new_raw_private_key: ['pointer', ['int', 'pointer', 'pointer', 'size_t']],
  EVP_PKEY_free: ['void', ['pointer']],
} as const satisfies Signatures;

/** The functions by name. */
export type OpensslFunctions = Readonly<Record<keyof typeof signatures, ForeignFunction>>;

const scratchLength = 256;

/** The bound functions and the memory that both sides see. */
export class OpensslLibrary {
  readonly call: OpensslFunctions;
  /** 256 bytes for small inputs and outputs; valid for the length of one call. */
  readonly scratch: Uint8Array = new Uint8Array(scratchLength);
  /** Where {@link scratch} lies. */
  readonly scratchAddress: number;
  readonly #memory: ForeignMemory;
  readonly #abandoned = new FinalizationRegistry<() => void>((release) => {
    release();
  });

  private constructor(foreign: ForeignFunctions, call: OpensslFunctions) {
    this.#memory = new ForeignMemory(foreign);
    this.call = call;
    this.scratchAddress = this.#memory.addressOf(this.scratch);
  }

  /**
   * Binds the functions.
   *
   * @param load - gives koffi; another one in tests
   * @throws CRYPTO_UNAVAILABLE where koffi or a function is missing
   */
  static load(load: () => ForeignFunctions = requireKoffi): OpensslLibrary {
    try {
      const foreign = load();
      return new OpensslLibrary(foreign, bindFunctions(foreign, signatures));
    } catch (cause) {
      throw unavailable(errorMessage(cause), cause);
    }
  }

  /** Where the first byte of an array lies: for as long as the array lives. */
  addressOf(bytes: Uint8Array): number {
    return this.#memory.addressOf(bytes);
  }

  /** A pointer that must not be null. @throws CRYPTO_UNAVAILABLE where it is: OpenSSL does not offer what it is for */
  present(pointer: number, what: string): number {
    if (pointer === 0) throw unavailable(`it offers no ${what}`);
    return pointer;
  }

  /**
   * Has something freed when its owner is collected without having been closed.
   *
   * @param release - must not refer to the owner
   */
  releaseWith(owner: object, release: () => void): void {
    this.#abandoned.register(owner, release, owner);
  }

  /** Undoes {@link releaseWith}: the owner frees it itself. */
  keep(owner: object): void {
    this.#abandoned.unregister(owner);
  }
}

function unavailable(reason: string, cause?: unknown): Error {
  return cryptoError('CRYPTO_UNAVAILABLE', `OpenSSL cannot be called: ${reason}`, {
    remedy: 'Install the optional package koffi for this platform, or set OVERSPAN_CRYPTO=node.',
    ...(cause !== undefined && { cause }),
  });
}
