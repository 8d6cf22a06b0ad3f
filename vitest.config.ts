import { availableParallelism } from 'node:os';

import { defineConfig } from 'vitest/config';

/** Else one processor is left alone, which of two is half. */
const parallel = { maxWorkers: availableParallelism() } as const;

/** Suites that start processes. */
const slow = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 20_000 } },
} as const;

/** Those that measure, or shape the machine, run one file at a time. */
const serial = { ...slow, fileParallelism: false } as const;

export default defineConfig({
  test: {
    reporters: ['default', './tools/count-reporter.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'ui/src/**/*.test.ts', 'tools/**/*.test.ts'],
          testTimeout: 20_000,
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
      { test: { name: 'conformance', include: ['test/conformance/**/*.test.ts'], ...serial } },
      { test: { name: 'lab', include: ['test/lab/**/*.test.ts'], ...serial } },
      { test: { name: 'alone', include: ['test/e2e/alone/*.test.ts'], ...serial } },
      // Programs, a browser, and daemons in namespaces of their own: they wait more than they work, and measure nothing.
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/*.test.ts'],
          ...slow,
          ...parallel,
          sequence: { groupOrder: 1 },
        },
      },
    ],
    coverage: { include: ['src/**/*.ts'], exclude: ['**/*.test.ts'] },
  },
});
