import { describe, expect, it } from 'vitest';

import { Prng } from '../../src/base/prng.ts';
import { analyse } from '../../src/harness/report/analysis.ts';
import { simulate, type LatencyModel } from './simulated-path.ts';

const us = 1_000;

/** Noise that depends on the round and the request alone, so that two paths can share it. */
function sharedNoise(seed: string): LatencyModel {
  return (round, request) => {
    const prng = new Prng(`${seed}/${round}/${request}`);
    return 100 * us + round * 3 * us + Math.floor(-Math.log(1 - prng.unit()) * 20 * us);
  };
}

const plus =
  (model: LatencyModel, ns: number): LatencyModel =>
  (...at) =>
    (model(...at) ?? 0) + ns;

const p50 = (analysis: ReturnType<typeof analyse>): ReturnType<typeof analyse>['metrics'][number] =>
  analysis.metrics.find(({ id }) => id === 'p50')!;

describe('a comparison in virtual time', () => {
  it('finds an injected 200 µs exactly, through noise and drift that the paths share', async () => {
    const direct = sharedNoise('n');
    const { record } = await simulate({
      paths: { direct, overlay: plus(direct, 200 * us) },
      floor: () => 80 * us,
    });
    const analysis = analyse(record);
    for (const id of ['p50', 'p90', 'p99', 'mean'] as const) {
      const [comparison] = analysis.metrics.find((metric) => metric.id === id)!.comparisons;
      expect(comparison!.difference!.value, id).toBeCloseTo(200 * us, 3);
      expect(comparison!.difference!.interval.low, id).toBeCloseTo(200 * us, 3);
      expect(comparison!.difference!.interval.high, id).toBeCloseTo(200 * us, 3);
    }
    expect(p50(analysis).comparisons[0]).toMatchObject({
      path: 'overlay',
      against: 'direct',
      verdict: 'higher',
    });
    expect(analysis.calibration).toMatchObject({ floorNs: 80 * us, aaDifferenceNs: { value: 0 } });
  });

  it('finds it within its interval where each path has noise of its own', async () => {
    const own = (seed: string): LatencyModel => {
      const noise = sharedNoise(seed);
      const walk = new Prng('drift both paths share');
      const drift = Array.from({ length: 40 }, () => walk.below(60) * us);
      return (round, request, nowNs) => (noise(round, request, nowNs) ?? 0) + drift[round]!;
    };
    const { record } = await simulate({
      paths: { direct: own('a'), overlay: plus(own('b'), 200 * us) },
      rounds: 40,
      requestsPerVisit: 100,
    });
    const { low, high } = p50(analyse(record)).comparisons[0]!.difference!.interval;
    expect(low).toBeLessThan(200 * us);
    expect(high).toBeGreaterThan(200 * us);
    expect(high - low).toBeLessThan(10 * us);
  });

  it('claims nothing between two names of one path', async () => {
    const { record } = await simulate({ paths: { a: sharedNoise('x'), b: sharedNoise('y') } });
    expect(p50(analyse(record)).comparisons[0]!.verdict).toBe('no-difference');
  });

  it('counts what is lost, and never as a latency', async () => {
    const lossy: LatencyModel = (_round, request) => (request === 20 ? null : 100 * us);
    const { record } = await simulate({
      paths: { direct: () => 100 * us, overlay: lossy },
      rounds: 10,
    });
    const overlay = analyse(record).paths.find(({ label }) => label === 'overlay')!;
    expect(overlay.lostCount).toBe(10);
    expect(overlay.latency.count).toBe(390);
    expect(overlay.latency.max).toBe(100 * us);
  });
});

describe('a campaign', () => {
  it('writes the plan before the first visit, and carries it out in the planned order', async () => {
    const { record } = await simulate({
      paths: { a: () => us, b: () => us, c: () => us },
      rounds: 5,
    });
    const visited = record.plan!.rounds.map((_, round) =>
      record.visits.filter((visit) => visit.round === round).map(({ path }) => path),
    );
    expect(visited).toEqual(record.plan!.rounds);
    for (const labels of record.plan!.rounds) expect([...labels].sort()).toEqual(['a', 'b', 'c']);
    expect(new Set(record.plan!.rounds.map((labels) => labels.join())).size).toBeGreaterThan(1);
  });

  it('draws the same order from the same seed, and another from another', async () => {
    const orders = async (seed: string): Promise<unknown> =>
      (await simulate({ paths: { a: () => us, b: () => us }, rounds: 20, seed })).record.plan!
        .rounds;
    expect(await orders('one')).toEqual(await orders('one'));
    expect(await orders('one')).not.toEqual(await orders('two'));
  });

  it('ends with an error where a path leads to another server', async () => {
    const { record, result } = await simulate({
      paths: { a: () => us, b: () => us },
      instanceIds: { a: '01', b: '02' },
    });
    expect(result.failure?.code).toBe('INSTANCE_MISMATCH');
    expect(record.end).toMatchObject({ reason: 'failed', error: { code: 'INSTANCE_MISMATCH' } });
  });

  it('keeps what it measured when it is interrupted', async () => {
    const stop = new AbortController();
    const { record, result } = await simulate({
      paths: {
        a: (round) => {
          if (round === 3) stop.abort();
          return 100 * us;
        },
        b: () => 100 * us,
      },
      rounds: 10,
      signal: stop.signal,
    });
    expect(result).toEqual({ reason: 'interrupted', failure: null });
    expect(record.visits.length).toBeGreaterThanOrEqual(6);
    expect(analyse(record).run.state).toBe('interrupted');
  });
});
