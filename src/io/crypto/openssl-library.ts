/**
 * The functions of OpenSSL that the node binary exports, called by address through koffi. All raw pointers of the
 * cryptography are in this file and in `openssl-provider.ts`: a wrong one corrupts memory.
 *
 * Why an address may be kept. A typed array of up to 64 bytes may lie inside V8's heap, where the garbage collector
 * moves it; asking koffi for its address first moves its bytes out of the heap for good (measured on V8 11.3: the backing
 * store is external from then on), as with every larger array. So an address that was asked for stays right while the
 * array lives, and {@link OpensslLibrary.addressOf} holds the array whose address it remembers. A buffer that is
 * detached later leaves its arrays with length 0: who checks a range against the array's length never uses a stale
 * address. Moving a small array out costs more than copying it, so small inputs go through {@link OpensslLibrary.scratch}.
 */
import { createRequire } from 'node:module';

import { assert, errorMessage } from '../../base/errors.ts';
import { cryptoError } from './errors.ts';

/** What is used of koffi. */
export interface ForeignFunctions {
  load(path: null): {
    func(name: string, result: string, parameters: readonly string[]): ForeignFunction;
  };
  address(bytes: Uint8Array): bigint;
}

/** Pointers and sizes alike are numbers. */
export type ForeignFunction = (...parameters: number[]) => number;

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
  EVP_MAC_fetch: ['pointer', ['pointer', 'pointer', 'pointer']],
  EVP_MAC_free: ['void', ['pointer']],
  EVP_MAC_CTX_new: ['pointer', ['pointer']],
  EVP_MAC_CTX_free: ['void', ['pointer']],
  EVP_MAC_init: ['int', ['pointer', 'pointer', 'size_t', 'pointer']],
  EVP_MAC_update: ['int', ['pointer', 'pointer', 'size_t']],
  EVP_MAC_final: ['int', ['pointer', 'pointer', 'pointer', 'size_t']],
} as const satisfies Readonly<Record<string, readonly [string, readonly string[]]>>;

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
  readonly #foreign: ForeignFunctions;
  readonly #abandoned = new FinalizationRegistry<() => void>((release) => {
    release();
  });
  #last: Uint8Array = this.scratch;
  #lastAddress: number;

  private constructor(foreign: ForeignFunctions, call: OpensslFunctions) {
    this.#foreign = foreign;
    this.call = call;
    this.scratchAddress = this.#lastAddress = this.#locate(this.scratch);
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
      const library = foreign.load(null);
      const call = Object.fromEntries(
        Object.entries(signatures).map(([name, [result, parameters]]) => [
          name,
          library.func(name, foreignType(result), parameters.map(foreignType)),
        ]),
      );
      return new OpensslLibrary(foreign, call as OpensslFunctions);
    } catch (cause) {
      throw unavailable(errorMessage(cause), cause);
    }
  }

  /** Where the first byte of an array lies: for as long as the array lives, see the head of this file. */
  addressOf(bytes: Uint8Array): number {
    if (bytes !== this.#last) {
      this.#lastAddress = this.#locate(bytes);
      this.#last = bytes;
    }
    return this.#lastAddress;
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

  #locate(bytes: Uint8Array): number {
    const address = Number(this.#foreign.address(bytes));
    assert(Number.isSafeInteger(address), 'an address is an exact number');
    return address;
  }
}

/** Loaded when first needed: it is a native module, and `node:crypto` does without it. */
function requireKoffi(): ForeignFunctions {
  return createRequire(import.meta.url)('koffi') as ForeignFunctions;
}

/** Pointers travel as numbers: koffi then has nothing to convert, pin or own. */
function foreignType(type: string): string {
  return type === 'pointer' ? 'uintptr_t' : type;
}

function unavailable(reason: string, cause?: unknown): Error {
  return cryptoError('CRYPTO_UNAVAILABLE', `OpenSSL cannot be called: ${reason}`, {
    remedy: 'Install the optional package koffi for this platform, or set OVERSPAN_CRYPTO=node.',
    ...(cause !== undefined && { cause }),
  });
}
