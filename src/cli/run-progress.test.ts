import { expect, it } from 'vitest';

import { progressOf } from './run-progress.ts';

const campaign = {
  phase: 'measurement',
  round: 3,
  rounds: 40,
  path: 'overlay',
  visit: { sent: 5, lost: 0, lastLatencyNs: 118_000 },
  visitsDone: 8,
  visitsPlanned: 80,
} as const;

it('the time that is left goes by the pace so far', () => {
  expect(progressOf(campaign, 4e9)).toEqual({
    event: 'progress',
    phase: 'measurement',
    round: 3,
    rounds: 40,
    path: 'overlay',
    visitsDone: 8,
    visitsPlanned: 80,
    lastLatencyNs: 118_000,
    leftNs: 36e9,
  });
});

it('what is not known yet is null, and not 0', () => {
  expect(progressOf({ ...campaign, visit: null, visitsDone: 1 }, 4e9)).toMatchObject({
    lastLatencyNs: null,
    leftNs: null,
  });
});
