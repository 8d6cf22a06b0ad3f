import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { cliDocs } from './cli-docs.ts';

it('docs/cli.md is what the commands say: run `npm run docs`', async () => {
  expect(readFileSync('docs/cli.md', 'utf8')).toBe(await cliDocs());
});
