import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { errorDocs, errorTables } from './error-docs.ts';

it('docs/errors.md is what the tables say: run `npm run docs`', async () => {
  expect(readFileSync('docs/errors.md', 'utf8')).toBe(await errorDocs());
});

it('no code is declared twice', async () => {
  const codes = (await errorTables()).flatMap(({ table }) => Object.keys(table));
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  expect(codes.length).toBeGreaterThan(20);
});
