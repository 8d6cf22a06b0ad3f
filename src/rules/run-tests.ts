/** Runs the tests that stand in a source with its rules. */
import type { CompiledSource, Expectation } from './compiled.ts';
import { explain, type Explanation } from './explain.ts';

/** How one test went. */
export interface TestResult {
  readonly test: Expectation;
  readonly isPassed: boolean;
  readonly explanation: Explanation;
}

/** Runs all, in the order of the source. */
export function runTests(compiled: CompiledSource): TestResult[] {
  return compiled.tests.map((test) => {
    const explanation = explain(compiled, test.packet);
    return { test, isPassed: explanation.verdict === test.verdict, explanation };
  });
}
