/**
 * Published answers that a cryptographic library must give before packets are trusted to it. They are few and take
 * milliseconds; the whole suite is `test/conformance/crypto.ts`.
 */
import { fromHex, latin1Bytes, toHex } from '../../base/bytes.ts';
import { assert } from '../../base/errors.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';

/** A question to a provider, and what is right. */
export interface KnownAnswer {
  /** What is asked for, and who published the answer. */
  readonly name: string;
  readonly compute: (provider: CryptoProvider) => string;
  /** Hexadecimal; `null` for a refusal. */
  readonly answer: string;
}

/** NIST SP 800-38A, appendix F: the AES-256 key and the four blocks of plain text. */
const nistKey = bytes('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4');
const nistText =
  '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51' +
  '30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710';
const nistCounter = bytes('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff');

const ed25519Seed = bytes('c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7');
const ed25519Public = 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025';
const ed25519Signature =
  '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac' +
  '18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a';

const gmacKey = bytes('78dc4e0aaf52d935c3c01eea57428f00ca1fd475f5da86a49c8dd73d68c8e223');
const gmacNonce = bytes('d79cf22d504cc793c3fb6c8a');
const gmacData = bytes('b96baa8c1c75a671bfb2d08d06be5f36');

/** In an order in which later answers may rest on earlier ones. */
export const knownAnswers: readonly KnownAnswer[] = [
  {
    name: 'SHA-512 of "abc" (FIPS 180-2 C.1)',
    compute: (provider) => toHex(provider.sha512(latin1Bytes('abc'))),
    answer:
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
      '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  },
  {
    name: 'SHA-384 of "abc" (FIPS 180-2 D.1)',
    compute: (provider) => toHex(provider.sha384(latin1Bytes('abc'))),
    answer:
      'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed' +
      '8086072ba1e7cc2358baeca134c825a7',
  },
  {
    name: 'HMAC-SHA-384 (RFC 4231 4.3)',
    compute: (provider) =>
      toHex(provider.hmacSha384(latin1Bytes('Jefe'), latin1Bytes('what do ya want for nothing?'))),
    answer:
      'af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e' +
      '8e2240ca5e69e2c78b3239ecfab21649',
  },
  {
    name: 'X25519 (RFC 7748 5.2)',
    compute: (provider) =>
      hexOrNull(
        provider.x25519(
          bytes('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4'),
          bytes('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c'),
        ),
      ),
    answer: 'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552',
  },
  {
    name: 'X25519 refuses the point of order 4 (RFC 7748 6.1)',
    compute: (provider) =>
      hexOrNull(provider.x25519(nistKey, Uint8Array.of(1, ...new Uint8Array(31)))),
    answer: 'null',
  },
  {
    name: 'X25519 public key (RFC 7748 6.1)',
    compute: (provider) =>
      toHex(
        provider.x25519PublicKey(
          bytes('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'),
        ),
      ),
    answer: '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a',
  },
  {
    name: 'Ed25519 public key (RFC 8032 7.1, test 3)',
    compute: (provider) => toHex(provider.ed25519PublicKey(ed25519Seed)),
    answer: ed25519Public,
  },
  {
    name: 'Ed25519 signature (RFC 8032 7.1, test 3)',
    compute: (provider) => toHex(provider.ed25519Sign(ed25519Seed, bytes('af82'))),
    answer: ed25519Signature,
  },
  {
    name: 'Ed25519 verification (RFC 8032 7.1, test 3)',
    compute: (provider) =>
      ['af82', 'af83']
        .map((message) => [bytes(ed25519Public), bytes(message), bytes(ed25519Signature)] as const)
        .map((given) => (provider.ed25519Verify(...given) ? '01' : '00'))
        .join(''),
    answer: '0100',
  },
  {
    name: 'Poly1305 (RFC 8439 2.5.2)',
    compute: (provider) =>
      poly1305(
        provider,
        bytes('85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b'),
        latin1Bytes('Cryptographic Forum Research Group'),
      ),
    answer: 'a8061dc1305136c6c22b8baf0c0127a9',
  },
  {
    name: 'GMAC with AES-256 (NIST CAVP, gcmEncryptExtIV256, data alone)',
    compute: (provider) => gmac(provider, gmacData, new Uint8Array(0)),
    answer: '3e5d486aa2e30b22e040b85723a06e76',
  },
  {
    name: 'GMAC of data in two parts (the same)',
    compute: (provider) => gmac(provider, gmacData.subarray(0, 5), gmacData.subarray(5)),
    answer: '3e5d486aa2e30b22e040b85723a06e76',
  },
  {
    name: 'AES-256-CTR (NIST SP 800-38A F.5.5)',
    compute: (provider) => ctr(provider, bytes(nistText)),
    answer:
      '601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5' +
      '2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6',
  },
  {
    name: 'AES-256 of one block (NIST SP 800-38A F.1.5)',
    compute: (provider) => oneBlock(provider, 'encryptBlock', nistText.slice(0, 32)),
    answer: 'f3eed1bdb5d2a03c064b5a7e3db181f8',
  },
  {
    name: 'AES-256 of one block, back (NIST SP 800-38A F.1.6)',
    compute: (provider) => oneBlock(provider, 'decryptBlock', 'f3eed1bdb5d2a03c064b5a7e3db181f8'),
    answer: nistText.slice(0, 32),
  },
  // Libraries have separate code for long inputs. Answers of @noble/ciphers 2.4.0, which shares no code with OpenSSL.
  {
    name: 'Poly1305 of 1500 bytes',
    compute: (provider) => poly1305(provider, nistKey, longText()),
    answer: 'f295e46f3f6221f1b9150c0df437a510',
  },
  {
    name: 'GMAC of 1500 bytes',
    compute: (provider) => gmac(provider, gmacData, longText()),
    answer: '63f4953a0e286a83a392486528b4f473',
  },
  {
    name: 'AES-256-CTR of 1500 bytes, their SHA-384',
    compute: (provider) => toHex(provider.sha384(bytes(ctr(provider, longText())))),
    answer:
      'efc8fa99fa5fca70bc66b8ef0a78abb3edd0854e8e02110d131cd6855f1d79c2' +
      'c9732fa06155e2620b219a4e14d22bc8',
  },
];

/**
 * Asks everything.
 *
 * @returns the name of the first answer that is wrong, or that was not given at all; null where all are right
 */
export function firstWrongAnswer(provider: CryptoProvider): string | null {
  for (const { name, compute, answer } of knownAnswers) {
    try {
      if (compute(provider) !== answer) return name;
    } catch {
      return name;
    }
  }
  return null;
}

function poly1305(provider: CryptoProvider, key: Uint8Array, message: Uint8Array): string {
  const tag = new Uint8Array(16);
  provider.poly1305(key, message, 0, message.length, tag);
  return toHex(tag);
}

/** Twice with the same keys: the second answer shows whether anything stayed behind from the first. */
function gmac(provider: CryptoProvider, aad: Uint8Array, data: Uint8Array): string {
  const keys = provider.aesKeys(gmacKey, nistKey);
  const tag = new Uint8Array(16);
  keys.gmac(nistKey.subarray(0, 12), data, aad, 0, aad.length, tag);
  keys.gmac(gmacNonce, aad, data, 0, data.length, tag);
  keys.close();
  return toHex(tag);
}

function ctr(provider: CryptoProvider, text: Uint8Array): string {
  const keys = provider.aesKeys(gmacKey, nistKey);
  keys.ctr(gmacData, new Uint8Array(5), 0, 5);
  keys.ctr(nistCounter, text, 0, text.length);
  keys.close();
  return toHex(text);
}

function oneBlock(
  provider: CryptoProvider,
  direction: 'encryptBlock' | 'decryptBlock',
  block: string,
): string {
  const keys = provider.aesKeys(gmacKey, nistKey);
  const result = bytes(block);
  keys[direction](new Uint8Array(16));
  keys[direction](result);
  keys.close();
  return toHex(result);
}

/** 1500 bytes without a short period. */
function longText(): Uint8Array {
  return Uint8Array.from({ length: 1500 }, (_, i) => (i * i + 7 * i) >> 3);
}

function hexOrNull(result: Uint8Array | null): string {
  return result === null ? 'null' : toHex(result);
}

function bytes(hex: string): Uint8Array {
  const result = fromHex(hex);
  assert(result !== null, 'a constant is hexadecimal');
  return result;
}
