/** Rules as a person writes them: compiled, tried, explained, and written again from what a controller has. */
export { checkedSource, compiledSource } from './checked-source.ts';
export { compile, type CompileResult } from './compile.ts';
export type {
  CompiledCapability,
  CompiledSource,
  CompiledTag,
  Expectation,
  RuleOrigin,
} from './compiled.ts';
export { decompile } from './decompile.ts';
export type { DescribedPacket } from './described-packet.ts';
export { explanationLines } from './explain-text.ts';
export { decidingRule, explain, type Explanation } from './explain.ts';
export { rulesFromJson, rulesToJson, type RulesFromJson } from './json.ts';
export { parsePacket, type PacketResult } from './packet-words.ts';
export { formatProblem, type SourceProblem } from './problem.ts';
export { ruleSetFromJson, ruleSetToJson, type RuleSet, type RuleSetFromJson } from './rule-set.ts';
export { runTests, type TestResult } from './run-tests.ts';
