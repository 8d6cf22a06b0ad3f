import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fromTaggedJson, toTaggedJson } from './tagged-json.ts';

describe('plain values as JSON', () => {
  it('come back as they were, bigints and bytes too', () => {
    const leaf = fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.integer(),
      fc.string(),
      fc.bigInt(0n, 0xffff_ffff_ffff_ffffn),
      fc.uint8Array({ maxLength: 70 }).map((bytes) => Uint8Array.from(bytes)),
    );
    const name = fc.string().filter((key) => key !== '__proto__' && !key.startsWith('$'));
    const value = fc.letrec((tie) => ({
      any: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('any')), fc.dictionary(name, tie('any'))),
    })).any;
    fc.assert(
      fc.property(value, (given) => {
        const read = fromTaggedJson(toTaggedJson(given));
        expect(toTaggedJson(read)).toBe(toTaggedJson(given));
      }),
    );
    expect(fromTaggedJson(toTaggedJson({ a: [7n, Uint8Array.of(1, 255)], b: null }))).toEqual({
      a: [7n, Uint8Array.of(1, 255)],
      b: null,
    });
  });

  it('hold no number that JSON would make null of', () => {
    expect(() => toTaggedJson({ at: Infinity })).toThrow('finite');
  });
});
