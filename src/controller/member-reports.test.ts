import { describe, expect, it } from 'vitest';

import type { Address } from '../base/ids.ts';
import type { ReportedMember } from '../wire/network-config/member-report.ts';
import { MemberReports } from './member-reports.ts';

const address = (number: number): Address => number as Address;
const about = (...numbers: readonly number[]): ReportedMember[] =>
  numbers.map((number) => ({
    ...{ address: address(number), kind: 'relayed', latencyMs: null, heardAgoS: null },
  }));

describe('what members say of each other', () => {
  it('is the latest word of each, of 16 members at most', () => {
    const reports = new MemberReports();
    for (let by = 1; by <= 20; by++) reports.take(by, address(by), about(99));
    reports.take(30, address(6), about(99));
    const words = reports.of(30, address(99)).map(({ by, saidAtMs }) => [by, saidAtMs]);
    expect(words).toHaveLength(16);
    expect(words[0]).toEqual([6, 30]);
    expect(words.slice(1).map(([by]) => by)).toEqual([
      ...[20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 5],
    ]);
    expect(reports.size).toBe(16);
  });

  it('has an end in all: of whom nothing was said for longest is not told of any more', () => {
    const reports = new MemberReports(10);
    reports.take(0, address(1), about(20, 21, 22));
    reports.take(0, address(2), about(20));
    for (let number = 100; number < 200; number++) {
      reports.take(number, address(1), about(number));
      reports.take(number, address(3), about(20));
      expect(reports.size).toBeLessThanOrEqual(10);
    }
    expect(reports.of(199, address(21))).toEqual([]);
    expect(reports.of(199, address(20)).map(({ by }) => by)).toEqual([3, 2, 1]);
  });

  it('is gone when it is old, also where nobody asks', () => {
    const reports = new MemberReports();
    reports.take(0, address(1), about(10, 11, 12));
    reports.take(100_000, address(2), about(12));
    reports.take(180_000, address(1), about(13));
    expect(reports.of(180_000, address(12)).map(({ by }) => by)).toEqual([2]);
    expect(reports.size).toBe(3);
  });

  it('is forgotten with those who said it and those of whom it was said', () => {
    const reports = new MemberReports();
    for (const by of [1, 2, 3])
      reports.take(0, address(by), about(...[1, 2, 3, 4].filter((n) => n !== by)));
    reports.forget(new Set([address(1), address(4)]));
    expect(reports.of(0, address(1))).toEqual([]);
    expect(reports.of(0, address(2)).map(({ by }) => by)).toEqual([3]);
    expect(reports.size).toBe(2);
    reports.forget(new Set([address(2), address(3)]));
    expect(reports.size).toBe(0);
  });
});
