import { join } from 'node:path';

import { expect, it } from 'vitest';

import { demandReachable } from './machine.ts';

const hidden = { code: 'SERVICE_PROGRAM_HIDDEN', exit: 1 };

it.each(['/root', '/home', '/tmp'])(
  'refuses what is below %s, which the unit hides',
  async (top) => {
    await expect(demandReachable(join(top, 'a/bin/node'))).rejects.toMatchObject(hidden);
  },
);

it('refuses what another user cannot read', async () => {
  await expect(demandReachable('/proc/1/environ')).rejects.toMatchObject(hidden);
});

it('accepts what everybody runs', async () => {
  await expect(demandReachable('/bin/sh')).resolves.toBeUndefined();
});
