/**
 * Answers that others gave: published ones that catch what implementations got wrong, and the vectors of the protocol,
 * which pass through the compositions of `src/crypto`. Part of the suite in `crypto.ts`.
 */
import { describe, expect, it } from 'vitest';

import { concatBytes, latin1Bytes, toHex } from '../../src/base/bytes.ts';
import { Secret } from '../../src/base/secret.ts';
import { AesGmacSiv } from '../../src/crypto/aes-gmac-siv.ts';
import { agree } from '../../src/crypto/agreement.ts';
import { kbkdf } from '../../src/crypto/kbkdf.ts';
import type { CryptoProvider } from '../../src/crypto/provider.ts';
import { sign, signatureLength, verify } from '../../src/crypto/signature.ts';
import { hex, loadVectors } from '../vectors/load.ts';
import { flipped, pattern } from './crypto-bytes.ts';

/** Answers that are published because implementations got them wrong. */
export function publishedEdges(provider: CryptoProvider): void {
  const tagOf = (key: string, message: string): string => {
    const tag = new Uint8Array(16);
    const bytes = hex(message);
    provider.poly1305(hex(key.padEnd(64, '0')), bytes, 0, bytes.length, tag);
    return toHex(tag);
  };
  const ff = 'ff'.repeat(16);
  const block = (digits: string): string => digits.padEnd(32, '0');

  it.each([
    ['#7, 2^130 − 5 + …', '02', ff, block('03')],
    ['#8, h + s beyond 128 bits', block('02') + ff, block('02'), block('03')],
    ['#9', '01', `${ff}f0${'ff'.repeat(15)}${block('11')}`, block('05')],
    ['#10', '01', `${ff}fb${'fe'.repeat(15)}${'01'.repeat(16)}`, block('')],
    ['#11', '02', `fd${'ff'.repeat(15)}`, `fa${'ff'.repeat(15)}`],
    [
      '#12',
      '01000000000000000400000000000000',
      'e33594d7505e43b900000000000000003394d7505e4379cd01' +
        `${'00'.repeat(7)}${block('')}01${'00'.repeat(15)}`,
      '14000000000000005500000000000000',
    ],
    [
      '#13',
      '01000000000000000400000000000000',
      `e33594d7505e43b900000000000000003394d7505e4379cd01${'00'.repeat(7)}${block('')}`,
      block('13'),
    ],
  ])('reduces right in Poly1305 (RFC 8439 A.3 %s)', (_, key, message, tag) => {
    expect(tagOf(key, message)).toBe(tag);
  });

  it('ignores the top bit of an X25519 public key (RFC 7748 5)', () => {
    const publicKey = provider.x25519PublicKey(pattern(32, 1));
    const marked = flipped(publicKey, 255);
    expect(provider.x25519(pattern(32, 2), marked)).toEqual(
      provider.x25519(pattern(32, 2), publicKey),
    );
  });

  it('agrees from both sides (RFC 7748 6.1)', () => {
    const a = hex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a');
    const b = hex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb');
    const shared = '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742';
    expect(toHex(provider.x25519(a, provider.x25519PublicKey(b))!)).toBe(shared);
    expect(toHex(provider.x25519(b, provider.x25519PublicKey(a))!)).toBe(shared);
  });

  it('takes HMAC keys longer than a block (RFC 4231 4.7)', () => {
    const message = latin1Bytes('Test Using Larger Than Block-Size Key - Hash Key First');
    expect(toHex(provider.hmacSha384(new Uint8Array(131).fill(0xaa), message))).toBe(
      '4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6' +
        '0c2ef6ab4030fe8296248df163f44952',
    );
  });
}

/** Everything that the vectors say about the compositions, on this provider. */
export function protocolVectors(provider: CryptoProvider): void {
  describe('reproduces the vectors', () => {
    it.each(numbered(loadVectors<KbkdfVector[]>('kbkdf.json')))('of key derivation: %i', (_, v) => {
      expect(toHex(kbkdf(provider, hex(v.key48), v.label, v.context, v.iter))).toBe(v.out48);
      expect(toHex(provider.hmacSha384(hex(v.key48), hex(v.hmac_message)))).toBe(v.hmac_sha384);
    });

    it.each(numbered(loadVectors<PolyVector[]>('salsa-poly-primitives.json')))(
      'of Poly1305: %i',
      (_, v) => {
        const [message, tag] = [hex(v.poly1305_message), new Uint8Array(16)];
        provider.poly1305(hex(v.poly1305_key), message, 0, message.length, tag);
        expect(toHex(tag)).toBe(v.poly1305_tag16);
      },
    );

    it.each(numbered(loadVectors<SivVector[]>('aes-gmac-siv.json')))(
      'of AES-GMAC-SIV: %i',
      (_, v) => {
        const keys = provider.aesKeys(hex(v.k0), hex(v.k1));
        const siv = new AesGmacSiv(keys);
        const [bytes, aad, tag] = [hex(v.plaintext), hex(v.aad), new Uint8Array(16)];
        const padded = concatBytes(aad, new Uint8Array((16 - (aad.length % 16)) % 16));
        keys.gmac(hex(`${v.iv8}00000000`), padded, bytes, 0, bytes.length, tag);
        expect(toHex(tag)).toBe(v.gmac16);
        siv.seal(hex(v.iv8), aad, bytes, 0, bytes.length, tag);
        expect(toHex(bytes)).toBe(v.ciphertext);
        expect(toHex(tag)).toBe(v.tag16);
        const iv = new Uint8Array(8);
        expect(siv.open(tag, aad, bytes, 0, bytes.length, iv)).toBe(v.decrypt_ok);
        expect(toHex(bytes)).toBe(v.plaintext);
        expect(toHex(iv)).toBe(v.iv8);
        siv.close();
      },
    );

    it.each(numbered(loadVectors<AgreementVector[]>('key-agreement.json')))(
      'of key agreement: %i',
      (_, v) => {
        const shared = agree(provider, secretKeyOf(v.a_secret), publicKeyOf(v.b_public));
        expect(toHex(shared!)).toBe(v.shared48);
        const back = agree(provider, secretKeyOf(v.b_secret), publicKeyOf(v.a_secret));
        expect(back).toEqual(shared);
        expect(toHex(kbkdf(provider, shared!, '0', 0, 0))).toBe(v.aes_k0_48);
        expect(toHex(kbkdf(provider, shared!, '1', 0, 0))).toBe(v.aes_k1_48);
        expect(v.shared32_salsa_key).toBe(toHex(shared!.subarray(0, 32)));
        // The longer agreement, of no use today: its first 64 bytes are the digest of the shared secret.
        const raw = provider.x25519(
          secretKeyOf(v.a_secret).reveal().subarray(0, 32),
          publicKeyOf(v.b_public).subarray(0, 32),
        );
        const digest = provider.sha512(raw!);
        const extended = concatBytes(digest, provider.sha512(digest)).subarray(0, 80);
        expect(toHex(extended)).toBe(v.shared80_extended);
      },
    );

    it.each(numbered(loadVectors<SignatureVector[]>('signatures.json')))(
      'of signatures: %i',
      (_, v) => {
        const message = hex(v.message);
        const publicKey = publicKeyOf(v.signer_secret);
        expect(verify(provider, publicKey, message, hex(v.signature))).toBe(v.valid);
        const own = sign(provider, secretKeyOf(v.signer_secret), message);
        if (v.valid) expect(toHex(own)).toBe(v.signature);
        else expect(toHex(own)).not.toBe(v.signature);
        expect(verify(provider, publicKey, message, own)).toBe(true);
      },
    );

    it('refuses signatures of other lengths', () => {
      const v = loadVectors<SignatureVector[]>('signatures.json')[0]!;
      for (const length of [0, 64, signatureLength - 1, signatureLength + 1]) {
        const signature = concatBytes(hex(v.signature), new Uint8Array(9)).subarray(0, length);
        expect(verify(provider, publicKeyOf(v.signer_secret), hex(v.message), signature)).toBe(
          false,
        );
      }
    });
  });
}

interface KbkdfVector {
  readonly key48: string;
  readonly label: string;
  readonly context: number;
  readonly iter: number;
  readonly out48: string;
  readonly hmac_message: string;
  readonly hmac_sha384: string;
}

interface PolyVector {
  readonly poly1305_key: string;
  readonly poly1305_message: string;
  readonly poly1305_tag16: string;
}

interface SivVector {
  readonly k0: string;
  readonly k1: string;
  readonly iv8: string;
  readonly aad: string;
  readonly plaintext: string;
  readonly gmac16: string;
  readonly tag16: string;
  readonly ciphertext: string;
  readonly decrypt_ok: boolean;
}

interface AgreementVector {
  readonly a_secret: string;
  readonly b_public: string;
  readonly b_secret: string;
  readonly shared48: string;
  readonly shared32_salsa_key: string;
  readonly shared80_extended: string;
  readonly aes_k0_48: string;
  readonly aes_k1_48: string;
}

interface SignatureVector {
  readonly signer_secret: string;
  readonly message: string;
  readonly signature: string;
  readonly valid: boolean;
}

function numbered<T>(vectors: readonly T[]): [number, T][] {
  expect(vectors.length).toBeGreaterThan(0);
  return vectors.map((vector, i) => [i, vector]);
}

/** The 64 bytes after the second colon of an identity's text. */
function publicKeyOf(identity: string): Uint8Array {
  return hex(identity.split(':')[2]!);
}

function secretKeyOf(identity: string): Secret<Uint8Array> {
  return new Secret(hex(identity.split(':')[3]!));
}
