/** A source that may be saved: it compiles, and what it expects holds. */
import { compile } from './compile.ts';
import type { CompiledSource } from './compiled.ts';
import { rulesError } from './errors.ts';
import type { Explanation } from './explain.ts';
import { explanationLines } from './explain-text.ts';
import { formatProblem } from './problem.ts';
import { runTests } from './run-tests.ts';

/** Failures that are explained in the details of an error. */
const failuresMax = 20;

/** Compiles a source. @throws RULES_INVALID */
export function compiledSource(source: string): CompiledSource {
  const result = compile(source);
  if (result.kind === 'compiled') return result.compiled;
  const { problems } = result;
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  throw rulesError('RULES_INVALID', `${first ? formatProblem(first) : 'no rules'}${more}`, {
    remedy: 'mend the source; docs/rules.md has the language',
    details: { problems },
  });
}

/** Compiles a source and runs its tests. @throws RULES_INVALID, RULES_TEST_FAILED */
export function checkedSource(source: string): CompiledSource {
  const compiled = compiledSource(source);
  const failures = runTests(compiled).filter(({ isPassed }) => !isPassed);
  const [first] = failures;
  if (first === undefined) return compiled;
  const { test } = first;
  const more = failures.length > 1 ? ` (and ${failures.length - 1} more)` : '';
  throw rulesError(
    'RULES_TEST_FAILED',
    `line ${test.line}: ${test.text}${more}: ${inOneLine(first.explain())}`,
    {
      remedy: 'mend the rules or the expectation; overspan rule test FILE shows what happens',
      details: {
        failures: failures.slice(0, failuresMax).map((each) => ({
          line: each.test.line,
          text: each.test.text,
          explanation: each.explain(),
        })),
      },
    },
  );
}

function inOneLine(explanation: Explanation): string {
  const [verdict = '', ...sides] = explanationLines(explanation, { isLong: false });
  return `${verdict}: ${sides.map((side) => side.trim()).join('; ')}`;
}
