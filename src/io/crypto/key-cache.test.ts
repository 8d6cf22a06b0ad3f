import { describe, expect, it } from 'vitest';

import { KeyCache } from './key-cache.ts';

const bytes = (n: number): Uint8Array => Uint8Array.of(n >> 8, n & 255);

describe('the cache of imported keys', () => {
  it('imports a key once, by its bytes and not by the array that holds them', () => {
    const imported: string[] = [];
    const cache = new KeyCache((key) => imported.push(key.join()));
    const array = bytes(1);
    cache.get(array);
    cache.get(bytes(1));
    array.fill(9);
    cache.get(array);
    expect(imported).toEqual(['0,1', '9,9']);
  });

  it('holds 64 keys and drops the one that was not used for longest', () => {
    const imported: number[] = [];
    const cache = new KeyCache((key) => imported.push(key[1]!));
    for (let n = 0; n < 64; n++) cache.get(bytes(n));
    cache.get(bytes(0));
    cache.get(bytes(64));
    expect(cache.size).toBe(64);
    imported.length = 0;
    for (const n of [0, 64, 63, 2]) cache.get(bytes(n));
    expect(imported).toEqual([]);
    cache.get(bytes(1));
    expect(imported).toEqual([1]);
  });

  it('keeps nothing of a key that cannot be imported', () => {
    const cache = new KeyCache(() => {
      throw new Error('not a key');
    });
    expect(() => cache.get(bytes(1))).toThrow('not a key');
    expect(cache.size).toBe(0);
  });
});
