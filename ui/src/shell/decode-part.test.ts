import { expect, it } from 'vitest';

import { decodePart } from './decode-part.ts';

it('a part of an address is read, or is none', () => {
  const parts = ['', 'a%20b', '%C3%A4', '%', '%zz', '%C3'];
  expect(parts.map(decodePart)).toEqual(['', 'a b', 'ä', null, null, null]);
});
