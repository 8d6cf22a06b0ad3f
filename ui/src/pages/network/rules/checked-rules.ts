/** A source of rules, looked at while it is written: what is wrong with it, and how its tests go. */
import {
  compile,
  runTests,
  type CompiledSource,
  type SourceProblem,
  type TestResult,
} from '../../../../../src/rules/index.ts';

/** What is known of a source. */
export interface CheckedRules {
  /** Null: it does not compile. */
  readonly compiled: CompiledSource | null;
  readonly problems: readonly SourceProblem[];
  /** Allowed, and hardly meant. */
  readonly warnings: readonly SourceProblem[];
  readonly tests: readonly TestResult[];
  /** Tests that fail. */
  readonly failedCount: number;
}

/** Compiles a source and runs its tests. */
export function checkRules(source: string): CheckedRules {
  const result = compile(source);
  if (result.kind === 'problems')
    return { compiled: null, problems: result.problems, warnings: [], tests: [], failedCount: 0 };
  const { compiled } = result;
  const tests = runTests(compiled);
  const failedCount = tests.filter(({ isPassed }) => !isPassed).length;
  return { compiled, problems: [], warnings: compiled.warnings, tests, failedCount };
}

/** Whether a service would take it. */
export function isSound({ compiled, failedCount }: CheckedRules): boolean {
  return compiled !== null && failedCount === 0;
}
