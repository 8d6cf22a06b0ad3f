import { createRequire } from 'node:module';

import { describe, expect, it } from 'vitest';

import type { AesKeys, CryptoProvider } from '../../crypto/provider.ts';
import { errorCode } from '../../base/errors.ts';
import { chooseProvider, type ChooseProviderOptions } from './index.ts';
import { firstWrongAnswer, knownAnswers } from './known-answers.ts';
import { nodeProvider } from './node-provider.ts';
import type { ForeignFunctions } from './openssl-library.ts';
import { opensslProvider } from './openssl-provider.ts';

const realKoffi = (): ForeignFunctions =>
  createRequire(import.meta.url)('koffi') as ForeignFunctions;

/** koffi with functions replaced: by another result, or, for null, by none. */
function koffiWith(replaced: Readonly<Record<string, (() => number) | null>>): ForeignFunctions {
  const koffi = realKoffi();
  return {
    address: (bytes) => koffi.address(bytes),
    load: (path) => {
      const library = koffi.load(path);
      return {
        func: (name, result, parameters) => {
          const other = replaced[name];
          if (other === null) throw new Error(`Cannot find function '${name}' in shared library`);
          return other ?? library.func(name, result, parameters);
        },
      };
    },
  };
}

/** Chooses with nothing forced, and says what was chosen and logged. */
function choose(options: Partial<ChooseProviderOptions>): { name: string; logged: string[] } {
  const logged: string[] = [];
  const log = (message: string): void => void logged.push(message);
  const { name } = chooseProvider({ environment: {}, ...options, log });
  return { name, logged };
}

/** A provider whose results have one bit flipped in one method. */
function flipping(method: keyof CryptoProvider | keyof AesKeys): CryptoProvider {
  const flipOne = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(of, name) {
        const value: unknown = Reflect.get(of, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          const result: unknown = Reflect.apply(value, of, args);
          if (name === 'aesKeys') return flipOne(result as AesKeys);
          if (name !== method) return result;
          if (typeof result === 'boolean') return !result;
          // What is returned, or else what was written: a tag, a block, or the bytes of CTR, the second argument.
          const at = name === 'ctr' ? 1 : args.length - 1;
          const written = (result ?? args[at]) as Uint8Array;
          if (written.length > 0) written[written.length - 1]! ^= 1;
          return result;
        };
      },
    });
  return flipOne(nodeProvider());
}

describe('choosing a provider', () => {
  it('takes OpenSSL where it works, silently', () => {
    expect(choose({})).toEqual({ name: 'openssl', logged: [] });
  });

  it('falls back to node:crypto with the reason where koffi is missing', () => {
    const openssl = (): CryptoProvider =>
      opensslProvider(() => {
        throw new Error("Cannot find module 'koffi'");
      });
    const { name, logged } = choose({ openssl });
    expect(name).toBe('node');
    expect(logged).toEqual([expect.stringContaining("Cannot find module 'koffi'")]);
  });

  it.each([
    ['a function is missing', { EVP_EncryptUpdate: null }, 'EVP_EncryptUpdate'],
    ['OpenSSL has no Poly1305, as under FIPS', { EVP_MAC_fetch: () => 0 }, 'Poly1305'],
    ['contexts cannot be made', { EVP_CIPHER_CTX_new: () => 0 }, 'GMAC'],
    ['calls fail', { EVP_EncryptFinal_ex: () => 0 }, 'GMAC'],
    ['calls pretend to have done something', { EVP_DecryptUpdate: () => 1 }, 'one block, back'],
  ])('falls back to node:crypto with the reason where %s', (_, replaced, reason) => {
    const { name, logged } = choose({ openssl: () => opensslProvider(() => koffiWith(replaced)) });
    expect(name).toBe('node');
    expect(logged).toEqual([expect.stringContaining(reason)]);
  });

  it.each([
    'x25519',
    'x25519PublicKey',
    'ed25519Sign',
    'ed25519Verify',
    'ed25519PublicKey',
    'sha512',
    'sha384',
    'hmacSha384',
    'poly1305',
    'gmac',
    'ctr',
    'encryptBlock',
    'decryptBlock',
  ] as const)('falls back to node:crypto where %s is wrong by one bit', (method) => {
    const { name, logged } = choose({ openssl: () => flipping(method) });
    expect(name).toBe('node');
    expect(logged).toEqual([expect.stringContaining('wrong answer')]);
  });

  it('does as the environment says', () => {
    expect(choose({ environment: { OVERSPAN_CRYPTO: 'node' } })).toEqual({
      name: 'node',
      logged: [],
    });
    expect(choose({ environment: { OVERSPAN_CRYPTO: 'openssl' } }).name).toBe('openssl');
    expect(choose({ environment: { OVERSPAN_CRYPTO: '' } }).name).toBe('openssl');
  });

  it('fails rather than do something else than the environment says', () => {
    const codeOf = (options: Partial<ChooseProviderOptions>): string | undefined => {
      try {
        choose(options);
        return undefined;
      } catch (error) {
        return errorCode(error);
      }
    };
    expect(codeOf({ environment: { OVERSPAN_CRYPTO: 'rot13' } })).toBe('CRYPTO_UNKNOWN');
    const environment = { OVERSPAN_CRYPTO: 'openssl' };
    expect(codeOf({ environment, openssl: () => flipping('gmac') })).toBe('CRYPTO_UNAVAILABLE');
    const missing = (): CryptoProvider => opensslProvider(() => koffiWith({ EVP_MAC_init: null }));
    expect(codeOf({ environment, openssl: missing })).toBe('CRYPTO_UNAVAILABLE');
  });
});

describe('the known answers', () => {
  it('are given by node:crypto', () => {
    expect(firstWrongAnswer(nodeProvider())).toBeNull();
  });

  it('are all hexadecimal and differently named', () => {
    expect(new Set(knownAnswers.map(({ name }) => name)).size).toBe(knownAnswers.length);
    for (const { answer } of knownAnswers) expect(answer).toMatch(/^(null|([0-9a-f]{2})+)$/);
  });
});
