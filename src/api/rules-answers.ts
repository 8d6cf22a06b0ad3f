/** What /api/v1 says of rules that are tried with nothing saved: by the same functions as `overspan rule`. */
import { escapeText } from '../base/escape.ts';
import {
  compile,
  compiledSource,
  explain,
  explanationLines,
  parsePacket,
  runTests,
  type CompiledSource,
  type SourceProblem,
  type TestResult,
} from '../rules/index.ts';
import { apiError } from './errors.ts';
import type { RulesCheckV1, RulesExplainedV1 } from './schema/v1-rules.ts';

/** How a source does. */
export function rulesCheck(source: string): RulesCheckV1 {
  const result = compile(source);
  if (result.kind !== 'compiled') {
    const problems = result.problems.map(problemView);
    const summary = counted(problems.length, 'problem');
    return { ok: false, problems, warnings: [], tests: [], ruleCount: null, summary };
  }
  const { compiled } = result;
  const results = runTests(compiled);
  return {
    ok: results.every(({ isPassed }) => isPassed),
    problems: [],
    warnings: compiled.warnings.map(problemView),
    tests: results.map(({ test, isPassed }) => ({
      line: test.line,
      text: escapeText(test.text, 1_024),
      passed: isPassed,
      got: isPassed === (test.verdict === 'accept') ? 'accept' : 'drop',
    })),
    ruleCount: compiled.rules.length,
    summary: summaryOf(compiled, results),
  };
}

/** Which rules decide on a packet. @throws RULES_INVALID, API_BODY_INVALID where the packet is none */
export function rulesExplained(source: string, packet: string): RulesExplainedV1 {
  const compiled = compiledSource(source);
  const described = parsePacket(packet, compiled);
  if (described.kind === 'problems') {
    const [problem] = described.problems;
    const said = problem === undefined ? 'it is none' : problemView(problem).message;
    throw apiError('API_BODY_INVALID', `the packet: ${said}`, {
      remedy: 'describe one: from member to member ipprotocol tcp dport 22',
    });
  }
  const explanation = explain(compiled, described.packet);
  return {
    verdict: explanation.verdict,
    lines: explanationLines(explanation, { isLong: false }),
    details: explanationLines(explanation, { isLong: true }),
  };
}

function problemView({
  line,
  column,
  message,
  expected,
}: SourceProblem): RulesCheckV1['problems'][0] {
  return { line, column, message: `${message}; expected ${expected}` };
}

function summaryOf(
  { rules, capabilities, tags }: CompiledSource,
  results: readonly TestResult[],
): string {
  const passed = results.filter(({ isPassed }) => isPassed).length;
  return [
    `${rules.length} of 1024 rules`,
    counted(capabilities.length, 'capability', 'capabilities'),
    counted(tags.length, 'tag'),
    results.length === 0 ? 'no tests' : `${passed} of ${results.length} tests pass`,
  ].join(', ');
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
