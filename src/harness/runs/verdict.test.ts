import { expect, it } from 'vitest';

import { syntheticRecord } from '../../../test/synthetic/record.ts';
import { analyse } from '../report/analysis.ts';
import { headline, verdictSentences } from '../report/words.ts';
import { derivedOf } from './verdict.ts';

const analysis = analyse(syntheticRecord(), { resamples: 400 });

it('a verdict has the words of the report, and figures with their intervals', () => {
  const derived = derivedOf(JSON.stringify(analysis));
  expect(derived?.state).toBe('complete');
  expect(derived?.verdict).toMatchObject({
    headline: headline(analysis),
    sentences: verdictSentences(analysis),
    paths: [
      { label: 'direct', p50: '118 [117, 119] µs', p99: '146 [140, 512] µs', lostCount: 0 },
      { label: 'overlay', p50: '233 [231, 235] µs' },
    ],
  });
});

it('what is no analysis that this version can read has none', () => {
  for (const text of [
    '',
    'null',
    '{}',
    '[]',
    JSON.stringify({ ...analysis, version: 2 }),
    JSON.stringify({ ...analysis, format: 'other' }),
    JSON.stringify({ ...analysis, metrics: null }),
    JSON.stringify({ format: 'overspan-analysis', version: 1 }),
  ])
    expect(derivedOf(text)).toBeNull();
});
