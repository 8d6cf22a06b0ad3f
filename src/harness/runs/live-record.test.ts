/** A record that grows shows in the end what the report of it shows, however it came to the disk. */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

import { syntheticBytes, syntheticRecord } from '../../../test/synthetic/record.ts';
import { analyse } from '../report/analysis.ts';
import { LiveRecord } from './live-record.ts';

const shape = {
  rounds: 12,
  paths: [
    { label: 'direct', baseNs: 118_000, host: '192.0.2.1' },
    { label: 'overlay', baseNs: 233_000, host: '192.0.2.2', losesOneIn: 20 },
  ],
};
const folder = mkdtempSync(join(tmpdir(), 'overspan-live-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('ends as the report begins: the same counts, quantiles and curve', async () => {
  const bytes = syntheticBytes(shape);
  const { paths } = analyse(syntheticRecord(shape), { resamples: 10 });
  const file = join(folder, 'grows.ndjson');
  const record = new LiveRecord(file);
  await record.read();
  expect(record.live()).toBeNull();
  const counts: number[] = [];
  // Pieces end within lines, and a line comes in several.
  for (let at = 0; at < bytes.length; at += 7_001) {
    appendFileSync(file, bytes.subarray(at, at + 7_001));
    await Promise.all([record.read(), record.read()]);
    counts.push(record.live()?.paths[0]?.measuredCount ?? 0);
  }
  expect(new Set(counts).size).toBeGreaterThan(5);
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
  expect(record.live()?.paths).toEqual(
    paths.map(({ label, measuredCount, lostCount, curve, latency }) => ({
      ...{ label, measuredCount, lostCount, curve },
      p50Ns: latency.quantiles.find(({ p }) => p === 0.5)?.value,
      p99Ns: latency.quantiles.find(({ p }) => p === 0.99)?.value,
      needs: { p50: 6, p99: 368 },
    })),
  );
});

it('says how many samples a quantile takes where there are fewer', async () => {
  const file = join(folder, 'short.ndjson');
  appendFileSync(file, syntheticBytes({ ...shape, rounds: 1, requestsPerVisit: 5 }));
  const record = new LiveRecord(file);
  await record.read();
  expect(record.live()?.paths[0]).toMatchObject({ measuredCount: 5, p50Ns: null, p99Ns: null });
});

it('passes over what is no line of a record', async () => {
  const file = join(folder, 'odd.ndjson');
  const [header, ...rest] = new TextDecoder().decode(syntheticBytes(shape)).split('\n');
  appendFileSync(file, [header, 'no json', '{"kind":"visit"}', '[]', ...rest].join('\n'));
  const record = new LiveRecord(file);
  await record.read();
  const whole = analyse(syntheticRecord(shape), { resamples: 10 });
  expect(record.live()?.paths[1]?.measuredCount).toBe(whole.paths[1]?.measuredCount);
});
