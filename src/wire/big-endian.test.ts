import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ByteReader } from '../base/bytes.ts';
import { u16At, u32At, u40At } from './big-endian.ts';

describe('numbers at an offset', () => {
  it('are those that a reader gives', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 5, maxLength: 12 }),
        fc.nat({ max: 7 }),
        (bytes, given) => {
          const at = Math.min(given, bytes.length - 5);
          expect(u16At(bytes, at)).toBe(new ByteReader(bytes, at).u16());
          expect(u32At(bytes, at)).toBe(new ByteReader(bytes, at).u32());
          expect(u40At(bytes, at)).toBe(new ByteReader(bytes, at).u40());
        },
      ),
    );
  });
});
