import { availableParallelism } from 'node:os';

import { defineConfig } from 'vitest/config';

/** Else one processor is left alone, which of two is half. */
const parallel = { maxWorkers: availableParallelism() } as const;

/** Suites that start processes; the state of one is often asked for by another process. */
const slow = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 20_000, interval: 200 } },
} as const;

/** Those that measure, or look at what is on the machine, run one file at a time. */
const alone = { ...slow, fileParallelism: false } as const;

/** The others wait more than they work: one more than there are processors. */
const beside = {
  ...slow,
  maxWorkers: availableParallelism() + 1,
  sequence: { groupOrder: 1 },
} as const;

export default defineConfig({
  test: {
    reporters: ['default', './tools/count-reporter.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'ui/src/**/*.test.ts', 'tools/**/*.test.ts'],
          testTimeout: 20_000,
          // A process for each of hundreds of files is most of their time, and what they test has no state of its own.
          isolate: false,
          ...parallel,
        },
      },
      { test: { name: 'simulation', include: ['test/simulation/**/*.test.ts'], ...parallel } },
      {
        test: {
          name: 'scenario',
          include: ['sim/**/*.test.ts', 'test/scenario/**/*.test.ts'],
          testTimeout: 60_000,
          ...parallel,
        },
      },
      { test: { name: 'lab', include: ['test/lab/**/*.test.ts'], ...alone } },
      { test: { name: 'alone', include: ['test/e2e/alone/*.test.ts'], ...alone } },
      { test: { name: 'conformance', include: ['test/conformance/**/*.test.ts'], ...beside } },
      { test: { name: 'e2e', include: ['test/e2e/*.test.ts'], ...beside } },
    ],
    coverage: { include: ['src/**/*.ts'], exclude: ['**/*.test.ts'] },
  },
});
