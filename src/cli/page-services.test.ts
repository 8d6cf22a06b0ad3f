/** Which services `overspan ui` shows. */
import { expect, it } from 'vitest';

import { pageServices } from './page-services.ts';

const home = '/var/lib/overspan';
const here = { kind: 'overspan', home } as const;
const lab = { kind: 'overspan', home: '/srv/lab' } as const;
const office = { kind: 'central', url: 'https://central.example/api/v1' } as const;

it('shows what the command is about, then every context, and always the daemon of the home', () => {
  expect([...pageServices({ name: 'office', service: office }, { lab, office }, home)]).toEqual([
    ...[['office', office] as const, ['lab', lab] as const, ['here', here] as const],
  ]);
  expect([...pageServices({ name: null, service: here }, { lab }, home)]).toEqual([
    ...[['here', here] as const, ['lab', lab] as const],
  ]);
});

it('shows a home once, and a context that is called here, too', () => {
  expect([...pageServices({ name: 'lab', service: lab }, { lab }, '/srv/lab/')]).toEqual([
    ['lab', lab],
  ]);
  const names = pageServices({ name: null, service: here }, { here: office }, home).keys();
  expect([...names]).toEqual(['.here', 'here']);
});
