/**
 * The cryptographic primitives by `node:crypto`: always there, and the reference for the other providers.
 *
 * Poly1305 alone is not offered by `node:crypto`; it is ours. An object of `node:crypto` costs microseconds to make, so
 * what has no state from one packet to the next is kept: keys of the curves, and AES block ciphers.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hash,
  sign,
  verify,
  type Cipher,
  type Decipher,
  type KeyObject,
} from 'node:crypto';

import { assert } from '../../base/errors.ts';
import { poly1305 } from '../../crypto/poly1305.ts';
import type { AesKeys, CryptoProvider } from '../../crypto/provider.ts';
import { KeyCache } from './key-cache.ts';

type Curve = 'X25519' | 'Ed25519';

const keyLength = 32;
const blockLength = 16;

/** What stands before the 32 bytes of a private key in PKCS #8; the algorithm is 1.3.101.110 or .112 (RFC 8410). */
const pkcs8Prefix: Readonly<Record<Curve, Uint8Array>> = {
  X25519: Buffer.from('302e020100300506032b656e04220420', 'hex'),
  Ed25519: Buffer.from('302e020100300506032b657004220420', 'hex'),
};

/** A new provider. Imported keys of the curves are cached in it, a few dozen. */
export function nodeProvider(): CryptoProvider {
  return new NodeProvider();
}

/** See {@link nodeProvider}; other providers take from it what their library would not do better. */
export class NodeProvider implements CryptoProvider {
  readonly name: string = 'node';
  // Importing a private key costs 0.36 ms, ten times what is then done with it.
  readonly #privateKeys: Readonly<Record<Curve, KeyCache<KeyObject>>> = {
    X25519: new KeyCache((bytes) => importPrivateKey('X25519', bytes)),
    Ed25519: new KeyCache((bytes) => importPrivateKey('Ed25519', bytes)),
  };
  readonly #verifyKeys = new KeyCache<KeyObject>((bytes) => importPublicKey('Ed25519', bytes));

  x25519(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | null {
    assert(privateKey.length === keyLength && publicKey.length === keyLength, 'X25519: 32 bytes');
    try {
      const shared = diffieHellman({
        privateKey: this.#privateKeys.X25519.get(privateKey),
        publicKey: importPublicKey('X25519', publicKey),
      });
      return plain(shared);
    } catch {
      // OpenSSL refuses the result zero, which only a public key of low order gives (RFC 7748 section 6.1).
      return null;
    }
  }

  x25519PublicKey(privateKey: Uint8Array): Uint8Array {
    return publicKeyOf('X25519', privateKey);
  }

  ed25519Sign(seed: Uint8Array, message: Uint8Array): Uint8Array {
    return plain(sign(null, message, this.#privateKeys.Ed25519.get(seed)));
  }

  ed25519Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    if (publicKey.length !== keyLength) return false;
    try {
      return verify(null, message, this.#verifyKeys.get(publicKey), signature);
    } catch {
      return false;
    }
  }

  ed25519PublicKey(seed: Uint8Array): Uint8Array {
    return publicKeyOf('Ed25519', seed);
  }

  sha512(message: Uint8Array): Uint8Array {
    return plain(hash('sha512', message, 'buffer'));
  }

  sha384(message: Uint8Array): Uint8Array {
    return plain(hash('sha384', message, 'buffer'));
  }

  hmacSha384(key: Uint8Array, message: Uint8Array): Uint8Array {
    return plain(createHmac('sha384', key).update(message).digest());
  }

  poly1305(key: Uint8Array, bytes: Uint8Array, start: number, end: number, tag: Uint8Array): void {
    poly1305(key, bytes, start, end, tag);
  }

  aesKeys(gmacKey: Uint8Array, ctrKey: Uint8Array): AesKeys {
    assert(gmacKey.length === keyLength && ctrKey.length === keyLength, 'AES-256: 32 bytes');
    return new NodeAesKeys(gmacKey.slice(), ctrKey.slice());
  }
}

class NodeAesKeys implements AesKeys {
  readonly #gmacKey: Uint8Array;
  readonly #ctrKey: Uint8Array;
  // Without padding a block cipher keeps nothing of the blocks it has done, so one object serves for ever.
  readonly #encryptor: Cipher;
  readonly #decryptor: Decipher;
  #closed = false;

  constructor(gmacKey: Uint8Array, ctrKey: Uint8Array) {
    this.#gmacKey = gmacKey;
    this.#ctrKey = ctrKey;
    this.#encryptor = createCipheriv('aes-256-ecb', ctrKey, null).setAutoPadding(false);
    this.#decryptor = createDecipheriv('aes-256-ecb', ctrKey, null).setAutoPadding(false);
  }

  gmac(
    nonce: Uint8Array,
    aad: Uint8Array,
    bytes: Uint8Array,
    start: number,
    end: number,
    tag: Uint8Array,
  ): void {
    this.#check(bytes, start, end);
    const gcm = createCipheriv('aes-256-gcm', this.#gmacKey, nonce);
    gcm.setAAD(aad);
    gcm.setAAD(bytes.subarray(start, end));
    gcm.final();
    tag.set(gcm.getAuthTag());
  }

  ctr(counter: Uint8Array, bytes: Uint8Array, start: number, end: number): void {
    this.#check(bytes, start, end);
    const cipher = createCipheriv('aes-256-ctr', this.#ctrKey, counter);
    bytes.set(cipher.update(bytes.subarray(start, end)), start);
  }

  encryptBlock(block: Uint8Array): void {
    this.#check(block, 0, blockLength);
    block.set(this.#encryptor.update(block));
  }

  decryptBlock(block: Uint8Array): void {
    this.#check(block, 0, blockLength);
    block.set(this.#decryptor.update(block));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#gmacKey.fill(0);
    this.#ctrKey.fill(0);
    // Ending the ciphers is what frees and wipes the contexts of OpenSSL.
    this.#encryptor.final();
    this.#decryptor.final();
  }

  #check(bytes: Uint8Array, start: number, end: number): void {
    assert(!this.#closed, 'keys are not used after they are closed');
    assert(0 <= start && start <= end && end <= bytes.length, 'a range lies in its buffer');
  }
}

function importPrivateKey(curve: Curve, bytes: Uint8Array): KeyObject {
  assert(bytes.length === keyLength, `${curve}: a private key is 32 bytes`);
  const der = Buffer.concat([pkcs8Prefix[curve], bytes]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  return key;
}

/** As a JSON Web Key, which is imported ten times faster than DER. */
function importPublicKey(curve: Curve, bytes: Uint8Array): KeyObject {
  const x = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: curve, x }, format: 'jwk' });
}

function publicKeyOf(curve: Curve, privateKey: Uint8Array): Uint8Array {
  const { x } = createPublicKey(importPrivateKey(curve, privateKey)).export({ format: 'jwk' });
  assert(x !== undefined, 'a public key is exported with its x');
  return plain(Buffer.from(x, 'base64url'));
}

/** A copy that is no `Buffer`: those share memory with others of the process. */
function plain(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer);
}
