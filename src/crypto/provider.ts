/**
 * What a cryptographic library must do for us: the standard primitives, each by its standard, on borrowed buffers.
 *
 * The compositions of the protocol (agreement, signatures, key derivation, AES-GMAC-SIV, packet keys) stand beside this
 * file and are written once, on top of it. Implementations are in `io/crypto`; `test/conformance/crypto.ts` is the suite
 * that each must pass. Everything is synchronous: the packet path is.
 */

/**
 * The primitives. A provider keeps no secret but those inside the {@link AesKeys} that its caller holds, and the private
 * keys of the curves that it used last, in the form of its library: importing them costs more than using them.
 */
export interface CryptoProvider {
  /** As logged and printed: `node`, `openssl`. */
  readonly name: string;

  /** RFC 7748. @param privateKey - 32 bytes, unclamped. @returns 32 bytes, new; null for a point of low order */
  x25519(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | null;
  /** The public key of a private one, 32 bytes, new. */
  x25519PublicKey(privateKey: Uint8Array): Uint8Array;

  /** RFC 8032. @param seed - 32 bytes, the private key of the RFC. @returns 64 bytes, new */
  ed25519Sign(seed: Uint8Array, message: Uint8Array): Uint8Array;
  /** False for any signature or key that is not right; never throws. */
  ed25519Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** The public key of a seed, 32 bytes, new. */
  ed25519PublicKey(seed: Uint8Array): Uint8Array;

  /** 64 bytes, new. */
  sha512(message: Uint8Array): Uint8Array;
  /** 48 bytes, new. */
  sha384(message: Uint8Array): Uint8Array;
  /** RFC 2104 with SHA-384. @returns 48 bytes, new */
  hmacSha384(key: Uint8Array, message: Uint8Array): Uint8Array;

  /**
   * RFC 8439 section 2.5, one key a message.
   *
   * @param key - 32 bytes: r, then s. @param bytes - holds the message in [start, end). @param tag - 16 bytes, written
   */
  poly1305(key: Uint8Array, bytes: Uint8Array, start: number, end: number, tag: Uint8Array): void;

  /** Keeps the two AES-256 keys of a peer ready for many packets. @param gmacKey - 32 bytes. @param ctrKey - 32 bytes */
  aesKeys(gmacKey: Uint8Array, ctrKey: Uint8Array): AesKeys;
}

/**
 * The two AES-256 keys of one peer with whatever contexts the provider keeps for them. One call at a time; buffers are
 * borrowed for the call.
 */
export interface AesKeys {
  /**
   * GMAC with the first key: the tag of AES-256-GCM over no plaintext, with `aad ‖ bytes[start, end)` as its additional
   * data.
   *
   * @param nonce - 12 bytes. @param aad - any length. @param tag - 16 bytes, written
   */
  gmac(
    nonce: Uint8Array,
    aad: Uint8Array,
    bytes: Uint8Array,
    start: number,
    end: number,
    tag: Uint8Array,
  ): void;
  /** AES-256-CTR with the second key, in place, 128-bit big-endian counter. @param counter - 16 bytes, the first block */
  ctr(counter: Uint8Array, bytes: Uint8Array, start: number, end: number): void;
  /** One block with the second key, in place. */
  encryptBlock(block: Uint8Array): void;
  /** One block back with the second key, in place. */
  decryptBlock(block: Uint8Array): void;
  /** Wipes and frees the keys; nothing else may be called afterwards. Idempotent. */
  close(): void;
}
