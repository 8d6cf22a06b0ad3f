import fc from 'fast-check';
import { expect, it } from 'vitest';

import { rfc3550Jitter } from './jitter.ts';

it('follows J = J + (|D| − J)/16 by hand', () => {
  // |D| = 16, 32, 0: J = 16/16 = 1; 1 + 31/16 = 2.9375; 2.9375 − 2.9375/16 = 2.75390625.
  expect(rfc3550Jitter([100, 116])).toBe(1);
  expect(rfc3550Jitter([100, 116, 84])).toBe(2.9375);
  expect(rfc3550Jitter([100, 116, 84, 84])).toBe(2.753_906_25);
});

it('is unknown for fewer than two values, and 0 for equal ones', () => {
  expect(rfc3550Jitter([])).toBeNull();
  expect(rfc3550Jitter([7])).toBeNull();
  expect(rfc3550Jitter([7, 7, 7])).toBe(0);
});

it('settles at the step of a series that alternates', () => {
  const alternating = Array.from({ length: 1_000 }, (_, i) => (i % 2) * 480);
  expect(rfc3550Jitter(alternating)).toBeCloseTo(480, 9);
});

it('does not depend on where the clock of the transit times starts', () => {
  const series = fc.array(fc.nat(1_000_000), { minLength: 2 });
  fc.assert(
    fc.property(series, fc.nat(1_000_000), (values, offset) => {
      expect(rfc3550Jitter(values.map((value) => value + offset))).toBe(rfc3550Jitter(values));
    }),
  );
});
