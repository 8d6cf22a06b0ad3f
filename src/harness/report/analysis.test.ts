import { describe, expect, it } from 'vitest';

import { syntheticBytes, syntheticRecord, twoPaths } from '../../../test/synthetic/record.ts';
import { parseRecord } from '../campaign/record-file.ts';
import type { RunRecord } from '../campaign/record.ts';
import { analyse } from './analysis.ts';
import type { MetricId } from './comparison.ts';

const quick = { resamples: 300 };
const exact = {
  noiseRatio: 0,
  paths: [
    { label: 'direct', baseNs: 118_000 },
    { label: 'overlay', baseNs: 318_000 },
  ],
};

function comparisonOf(record: RunRecord, id: MetricId): unknown {
  return analyse(record, quick).metrics.find((metric) => metric.id === id)?.comparisons[0];
}

describe('an analysis', () => {
  it.each<MetricId>(['p50', 'p90', 'p99', 'mean'])(
    'finds an injected 200 µs exactly at %s',
    (id) => {
      expect(comparisonOf(syntheticRecord(exact), id)).toMatchObject({
        path: 'overlay',
        against: 'direct',
        verdict: 'higher',
        difference: { value: 200_000, interval: { low: 200_000, high: 200_000 } },
        ratio: { value: 318 / 118 },
      });
    },
  );

  it('finds the same path lower when it stands first', () => {
    const record = syntheticRecord({ ...exact, paths: exact.paths.toReversed() });
    expect(comparisonOf(record, 'p50')).toMatchObject({
      path: 'direct',
      verdict: 'lower',
      difference: { value: -200_000 },
    });
  });

  it('claims nothing below the resolution', () => {
    const paths = [twoPaths[0]!, { label: 'same', baseNs: 118_010 }];
    const { resolutionNs, metrics } = analyse(syntheticRecord({ paths, noiseRatio: 0 }), quick);
    expect(resolutionNs).toBe(20);
    expect(metrics[0]?.comparisons[0]).toMatchObject({
      verdict: 'no-difference',
      difference: { value: 10 },
    });
  });

  it('does not invent a quantile that needs more samples', () => {
    const { metrics } = analyse(syntheticRecord({ rounds: 8, requestsPerVisit: 20 }), quick);
    const tail = metrics.find(({ id }) => id === 'p99')!;
    expect(tail.values[0]).toMatchObject({ count: 160, estimate: null, needs: { count: 368 } });
    expect(tail.comparisons[0]).toMatchObject({
      difference: null,
      ratio: null,
      verdict: 'too-few',
    });
  });

  it('keeps unknown as null', () => {
    const { paths, metrics } = analyse(
      syntheticRecord({ serverSays: false, resumes: false, instanceIdOf: () => null }),
      quick,
    );
    expect(paths[0]).toMatchObject({ serverProcessing: null, instanceIds: [] });
    expect(paths[0]?.setup.handshakeResumed).toBeNull();
    expect(metrics.map(({ id }) => id)).not.toContain('handshake-resumed');
  });

  it('counts what is lost and leaves it out of the quantiles', () => {
    const paths = [twoPaths[0]!, { ...twoPaths[1]!, losesOneIn: 10 }];
    const { paths: analysed, warnings } = analyse(syntheticRecord({ paths }), quick);
    const [direct, overlay] = analysed;
    expect(direct?.lostCount).toBe(0);
    expect(overlay!.lostCount).toBeGreaterThan(20);
    expect(overlay!.measuredCount + overlay!.lostCount).toBe(600);
    expect(overlay!.lostByReason).toEqual({ timeout: overlay!.lostCount });
    expect(warnings).toContainEqual(expect.objectContaining({ code: 'lost', path: 'overlay' }));
  });

  it('of a probe has no comparisons and the resolution of the clock', () => {
    const record = syntheticRecord({ paths: [twoPaths[0]!], rounds: 1, calibrationRounds: 0 });
    const analysis = analyse(record, quick);
    expect(analysis).toMatchObject({ calibration: null, resolutionNs: 20 });
    expect(analysis.metrics.flatMap(({ comparisons }) => comparisons)).toEqual([]);
    expect(analysis.paths[0]?.latency.quantiles[0]?.value).toBeGreaterThan(100_000);
  });

  it('calibrates by the calibration alone', () => {
    const { calibration, resolutionNs } = analyse(syntheticRecord(exact), quick);
    expect(calibration).toMatchObject({
      path: 'floor',
      floorNs: 112_000,
      aaDifferenceNs: { value: 0, interval: { low: 0, high: 0 } },
    });
    expect(resolutionNs).toBe(20);
  });

  it('is made of any prefix of a record', () => {
    const bytes = syntheticBytes({ rounds: 2, calibrationRounds: 2, requestsPerVisit: 5 });
    const text = new TextDecoder().decode(bytes);
    for (let end = text.indexOf('\n') + 1; end > 0; end = text.indexOf('\n', end) + 1) {
      const { run, warnings } = analyse(parseRecord(bytes.subarray(0, end)), quick);
      const isWhole = end === bytes.length;
      expect(run.state).toBe(isWhole ? 'complete' : 'unfinished');
      expect(warnings.some(({ code }) => code === 'record-incomplete')).toBe(!isWhole);
    }
  });

  it('is the same for the same record', () => {
    expect(analyse(syntheticRecord(), quick)).toEqual(analyse(syntheticRecord(), quick));
  });

  it('does not mind a round of an absurd number', () => {
    const record = syntheticRecord(exact);
    const visits = record.visits.map((visit) => ({ ...visit, round: visit.round + 2 ** 50 }));
    expect(comparisonOf({ ...record, visits }, 'p50')).toMatchObject({ verdict: 'higher' });
  });
});

describe('warnings', () => {
  const codes = (change: (record: RunRecord) => Partial<RunRecord>): string[] => {
    const record = syntheticRecord(exact);
    return analyse({ ...record, ...change(record) }, quick).warnings.map(({ code }) => code);
  };
  const end = (record: RunRecord): NonNullable<RunRecord['end']> => record.end!;
  /** The second snapshot, 100 s of processors' time after the first. */
  const afterStealing = (record: RunRecord, ms: number): RunRecord['after'] => {
    const { totalMs, stolenMs } = record.before!.processorTime!;
    const processorTime = { totalMs: totalMs + 100_000, stolenMs: stolenMs + ms };
    return { ...record.after!, processorTime };
  };
  const late = { p50: 1, p99: 60_000_000, max: 90_000_000 };

  it.each<[string, (record: RunRecord) => Partial<RunRecord>]>([
    ['torn', () => ({ tornBytes: 7 })],
    ['interrupted', (r) => ({ end: { ...end(r), reason: 'interrupted' } })],
    ['failed', (r) => ({ end: { ...end(r), reason: 'failed' } })],
    [
      'harness-late',
      (r) => ({ end: { ...end(r), health: { ...end(r).health, eventLoopDelayNs: late } } }),
    ],
    [
      'sends-late',
      (r) => ({ end: { ...end(r), health: { ...end(r).health, sendLatenessNs: late } } }),
    ],
    ['clock-unsynchronised', (r) => ({ before: { ...r.before!, clockSynchronised: false } })],
    ['host-busy', (r) => ({ before: { ...r.before!, loadAverage: [9, 9, 9] } })],
    ['host-stolen', (r) => ({ after: afterStealing(r, 2_000) })],
    ['environment-changed', (r) => ({ after: { ...r.after!, cpuGovernor: 'powersave' } })],
    ['too-few', (r) => ({ visits: r.visits.filter(({ round }) => round < 3) })],
    [
      'rounds-dropped',
      (r) => ({ visits: r.visits.filter(({ round, path }) => round > 0 || path !== 'direct') }),
    ],
    ['instances-differ', (r) => ({ visits: r.visits.map((v) => ({ ...v, instanceId: v.path })) })],
    ['unsent', (r) => ({ visits: r.visits.map((v) => ({ ...v, unsentCount: 1 })) })],
    ['nothing-measured', (r) => ({ visits: r.visits.filter(({ path }) => path !== 'overlay') })],
  ])('say %s', (code, change) => {
    expect(codes(() => ({}))).not.toContain(code);
    expect(codes(change)).toContain(code);
  });

  it('say nothing of a little time that others had, nor where that is not told', () => {
    const unknown = (r: RunRecord): Partial<RunRecord> => ({
      after: { ...r.after!, processorTime: null },
    });
    expect(codes((r) => ({ after: afterStealing(r, 900) }))).toEqual(codes(() => ({})));
    expect(codes(unknown)).toEqual(codes(() => ({})));
  });

  it('are none of an ordinary run: that an overlay has a device with offloads of its own is no fault', () => {
    expect(codes(() => ({}))).toEqual([]);
  });
});
