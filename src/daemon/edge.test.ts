import { describe, expect, it } from 'vitest';

import { toHex } from '../base/bytes.ts';
import { systemEntropy } from './edge.ts';

describe('the generator of the system', () => {
  it.each([8, 12, 16, 17, 32, 4_096])('gives no %i bytes twice', (length) => {
    const seen = new Set<string>();
    for (let i = 0; i < 600; i++) {
      const bytes = new Uint8Array(length);
      systemEntropy.fill(bytes);
      seen.add(toHex(bytes));
      // Eight zeros in a row are what it leaves where it has been.
      expect(toHex(bytes)).not.toContain('0'.repeat(16));
    }
    expect(seen.size).toBe(600);
  });

  it('fills all of what it is given and nothing else', () => {
    const buffer = new Uint8Array(40);
    for (let turn = 0; turn < 200; turn++) systemEntropy.fill(buffer.subarray(8, 24));
    expect(buffer.subarray(0, 8)).toEqual(new Uint8Array(8));
    expect(buffer.subarray(24)).toEqual(new Uint8Array(16));
  });
});
