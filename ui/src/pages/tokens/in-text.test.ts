import { expect, it } from 'vitest';

import { inText } from './in-text.ts';

it.each([
  [1, 'in 1 s'],
  [119_000, 'in 119 s'],
  [120_000, 'in 2 min'],
  [7_200_000, 'in 2 h'],
  [86_400_000, 'in 24 h'],
  [604_799_000, 'in 7 days'],
])('%i ms is %s', (ms, text) => {
  expect(inText(ms)).toBe(text);
});
