/** Runs the tests that stand in a source with its rules. */
import type { CompiledSource, Expectation } from './compiled.ts';
import { explain, judge, type Explanation } from './explain.ts';

/** How one test went. */
export interface TestResult {
  readonly test: Expectation;
  readonly isPassed: boolean;
  /** Why: made when it is asked for, as there may be many tests, and much to say of each. */
  readonly explain: () => Explanation;
}

/** Runs all, in the order of the source. */
export function runTests(compiled: CompiledSource): TestResult[] {
  const verdictOf = judge(compiled);
  return compiled.tests.map((test) => ({
    test,
    isPassed: verdictOf(test.packet) === test.verdict,
    explain: () => explain(compiled, test.packet),
  }));
}
