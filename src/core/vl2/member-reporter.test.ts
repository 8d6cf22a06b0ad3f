import { describe, expect, it } from 'vitest';

import { at, TwinVl1 } from '../../../test/twins/vl1.ts';
import { testIdentity } from '../../../test/vectors/identities.ts';
import type { Address, NetworkId } from '../../base/ids.ts';
import { decode, isDrop } from '../../wire/codec.ts';
import { memberReport } from '../../wire/network-config/member-report.ts';
import { MemberReporter, reportedHeardMsMax } from './member-reporter.ts';
import { NetworkState } from './network-state.ts';

interface Bench {
  readonly vl1: TwinVl1;
  readonly state: NetworkState;
  /** Whom the next report names. */
  readonly named: (nowMs: number) => Address[];
}

/** A network in which everybody is a member whom `isIn` says. */
function bench(isIn: (address: Address) => boolean = () => true): Bench {
  const vl1 = new TwinVl1(testIdentity(0));
  const state = new NetworkState(vl1, 1n as NetworkId);
  Object.defineProperty(state, 'admits', { value: isIn });
  const reporter = new MemberReporter(vl1, state);
  return {
    vl1,
    state,
    named: (nowMs) => {
      const bytes = reporter.report(at(nowMs));
      if (bytes.length === 0) return [];
      const report = decode(memberReport, bytes);
      if (isDrop(report)) throw new Error(report);
      return report.members.map(({ address }) => address);
    },
  };
}

/** Members with these numbers, heard at 0. */
function meet({ vl1, state }: Bench, count: number): void {
  for (let number = 1; number <= count; number++) {
    state.members.of(number as Address);
    vl1.heardAtMs.set(number as Address, 0);
  }
}

describe('what a member tells of others', () => {
  it('is nothing where there is nobody', () => {
    expect(bench().named(0)).toEqual([]);
  });

  it('is of those who are members, and were heard within five minutes', () => {
    const it_ = bench((address) => address !== 2);
    meet(it_, 4);
    it_.state.members.of(5 as Address);
    it_.vl1.heardAtMs.set(4 as Address, 1_000);
    expect(it_.named(1_000)).toEqual([1, 3, 4]);
    expect(it_.named(reportedHeardMsMax)).toEqual([4]);
  });

  it('names 64 at a time, and all of them in turn', () => {
    const it_ = bench();
    meet(it_, 150);
    const turns = [1, 2, 3, 4].map((minute) => it_.named(minute));
    expect(turns.map(({ length }) => length)).toEqual([64, 64, 64, 64]);
    expect(turns.map(([first]) => first)).toEqual([1, 65, 129, 43]);
    expect(new Set(turns.slice(0, 3).flat()).size).toBe(150);
  });
});
