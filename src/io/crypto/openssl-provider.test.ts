/** What FFI adds to the conformance suite: where arrays lie, and who frees what. */
import { createRequire } from 'node:module';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { describe, expect, it } from 'vitest';

import { toHex } from '../../base/bytes.ts';
import type { AesKeys } from '../../crypto/provider.ts';
import { nodeProvider } from './node-provider.ts';
import type { ForeignFunctions } from './openssl-library.ts';
import { opensslProvider } from './openssl-provider.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const gmacKey = new Uint8Array(32).fill(1);
const ctrKey = new Uint8Array(32).fill(2);
const ours = opensslProvider().aesKeys(gmacKey, ctrKey);
const reference = nodeProvider().aesKeys(gmacKey, ctrKey);
const counter = new Uint8Array(16);

/** CTR and GMAC of a range, as text. */
function results(keys: AesKeys, bytes: Uint8Array, start: number, end: number): string {
  const tag = new Uint8Array(16);
  keys.ctr(counter, bytes, start, end);
  keys.gmac(counter.subarray(0, 12), counter, bytes, start, end, tag);
  return toHex(tag) + toHex(bytes);
}

describe('OpenSSL through FFI', () => {
  it('finds small arrays again after the garbage collector moved what is in its heap', () => {
    // 64 bytes are the most that V8 keeps in its own heap; each array is used, survives, and is used again.
    for (let length = 1; length <= 70; length++) {
      const mine = new Uint8Array(length);
      const other = new Uint8Array(length);
      expect(results(ours, mine, 0, length)).toBe(results(reference, other, 0, length));
      if (length % 16 === 0) collectGarbage();
      expect(results(ours, mine, 0, length)).toBe(results(reference, other, 0, length));
    }
  });

  it('finds views at any offset, of one buffer or of many, shared or not', () => {
    const buffers = [new ArrayBuffer(200), new ArrayBuffer(4000), new SharedArrayBuffer(200)];
    for (let turn = 0; turn < 60; turn++) {
      const buffer = buffers[turn % buffers.length]!;
      const mine = new Uint8Array(buffer, turn, 100);
      const other = mine.slice();
      expect(results(ours, mine, turn % 7, 90)).toBe(results(reference, other, turn % 7, 90));
    }
  });

  it('does not use the address of a buffer that is gone', () => {
    const bytes = new Uint8Array(500);
    ours.ctr(counter, bytes, 0, 500);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    expect(() => {
      ours.ctr(counter, bytes, 0, 500);
    }).toThrow('lies in its buffer');
    ours.ctr(counter, bytes, 0, 0);
  });

  it('signs messages of any length, with more keys than it keeps', () => {
    const [provider, other] = [opensslProvider(), nodeProvider()];
    for (let i = 0; i < 200; i++) {
      const seed = new Uint8Array(32).fill(i % 100);
      const message = new Uint8Array(2 * i).fill(i);
      expect(toHex(provider.ed25519Sign(seed, message))).toBe(
        toHex(other.ed25519Sign(seed, message)),
      );
    }
  });

  it('frees its contexts once: when closed, or when forgotten', async () => {
    const alive = new Set<number>();
    const koffi = createRequire(import.meta.url)('koffi') as ForeignFunctions;
    const counting: ForeignFunctions = {
      address: (bytes) => koffi.address(bytes),
      load: (path) => ({
        func: (name, result, parameters) => {
          const real = koffi.load(path).func(name, result, parameters);
          if (name === 'EVP_CIPHER_CTX_new')
            return () => {
              const context = real();
              alive.add(context);
              return context;
            };
          if (name !== 'EVP_CIPHER_CTX_free') return real;
          return (context) => {
            expect(alive.delete(context)).toBe(true);
            return real(context);
          };
        },
      }),
    };
    const provider = opensslProvider(() => counting);
    const closed = provider.aesKeys(gmacKey, ctrKey);
    expect(alive.size).toBe(4);
    closed.close();
    expect(alive.size).toBe(0);
    (() => {
      for (let i = 0; i < 10; i++) provider.aesKeys(gmacKey, ctrKey);
    })();
    expect(alive.size).toBe(40);
    // Finalisers run some turns of the loop after a collection.
    for (let turn = 0; turn < 100 && alive.size > 0; turn++) {
      collectGarbage();
      await nextTurn();
    }
    expect(alive.size).toBe(0);
    closed.close();
  });
});
