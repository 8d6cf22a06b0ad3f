import { expect, it } from 'vitest';

import type { MemberReportV1 } from '../api/schema/v1.ts';
import { reportsText } from './member-reports.ts';

const nowMs = 1_800_000_000_000;
const word = (change: Partial<MemberReportV1> = {}): MemberReportV1 => ({
  source: 'member',
  by: '45ad10e047',
  at: nowMs - 12_000,
  kind: 'direct',
  latencyMs: 4,
  heardAt: nowMs - 15_000,
  ...change,
});

it('words of other members are counted, with what they measured and how old they are', () => {
  const relayed = word({ kind: 'relayed', latencyMs: null, heardAt: null, at: nowMs - 50_000 });
  expect(reportsText([word(), word({ latencyMs: 31 }), relayed], nowMs)).toBe(
    '2 of 3 that say so reach it directly (4 to 31 ms), heard 15 s ago; said 12 s ago',
  );
  expect(reportsText([word(), word({ latencyMs: null })], nowMs)).toContain('directly (4 ms),');
  expect(reportsText([relayed], nowMs)).toBe(
    '0 of 1 that say so reach it directly, not heard; said 50 s ago',
  );
  expect(reportsText([], nowMs)).toContain('say nothing');
});
