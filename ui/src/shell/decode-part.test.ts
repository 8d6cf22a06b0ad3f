/** Addresses that somebody typed. */
import { expect, it } from 'vitest';

import { decodePart } from './decode-part.ts';

it('is text, or nothing', () => {
  expect(decodePart('here')).toBe('here');
  expect(decodePart('a%20b%C3%BC')).toBe('a bü');
  for (const part of ['%', '%zz', '%ff', 'a%']) expect(decodePart(part), part).toBeNull();
});
