import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import wabt from 'wabt';

import { internetChecksum } from '../../wire/ethernet/checksum.ts';
import { checksumOf, foldSum, SummedMemory, wordSumModule } from './word-sum.ts';

describe('summing words by SIMD instructions', () => {
  it('is what its source says', async () => {
    const toolkit = await wabt();
    const source = readFileSync(new URL('word-sum.wat', import.meta.url), 'utf8');
    const { buffer } = toolkit.parseWat('word-sum.wat', source, { simd: true }).toBinary({});
    expect(Buffer.from(buffer).toString('base64')).toBe(wordSumModule);
  });

  it('gives the checksum that the plain loop gives, of any range', () => {
    const memory = new SummedMemory(65_536);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000, size: 'max' }), fc.nat(64), (data, start) => {
        memory.bytes.fill(0xa5);
        memory.bytes.set(data, start);
        const end = start + data.length;
        const sum = memory.wordSum(start, end);
        expect(checksumOf(sum)).toBe(internetChecksum(memory.bytes, start, end));
      }),
    );
  });

  it('does not overflow with the most that it is given', () => {
    const memory = new SummedMemory(512 * 1024);
    memory.bytes.fill(0xff);
    expect(memory.wordSum(0, memory.bytes.length)).toBe(0xffff);
    expect(() => new SummedMemory(512 * 1024 + 1)).toThrow('overflow');
  });

  it('folds sums of 32 bits', () => {
    expect([0, 0xffff, 0x1_0000, 0x1_ffff, 0xffff_ffff].map(foldSum)).toEqual([
      0, 0xffff, 1, 1, 0xffff,
    ]);
  });
});
