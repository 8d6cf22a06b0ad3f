/** With the session, what was learnt in it is gone. */
import { expect, it } from 'vitest';

import { aMember } from '../synthetic/member.ts';
import { forgetAll } from './forgetting.ts';
import { goneNames, hide } from './gone.ts';
import { latenciesOf, noteLatencies } from './latencies.ts';

it('forgets the latencies of members', () => {
  const member = aMember();
  noteLatencies('here', [member]);
  const noted = (): unknown[] => [...latenciesOf('here', member.network, member.address)];
  expect(noted()).toHaveLength(1);
  forgetAll();
  expect(noted()).toEqual([]);
});

it('shows again what was hidden and not yet taken away', () => {
  hide('here/networks', ['8056c2e21c000001']);
  expect(goneNames().size).toBe(1);
  forgetAll();
  expect(goneNames().size).toBe(0);
});
