/** The rules of a network in the forms that services take: a source, and what it compiles to. */
import type { BackendKind, RulesText } from './backend/backend.ts';
import { escapeText } from '../base/escape.ts';
import {
  compiledSource,
  decompile,
  ruleSetFromJson,
  ruleSetToJson,
  type RuleSet,
} from '../rules/index.ts';
import { apiError } from './errors.ts';

/**
 * Both forms of the rules, for a make of service.
 *
 * @param isTheirOwn - the source was read of that make: only Overspan knows tests beside rules, so that others otherwise get
 *   the rules written again, without tests
 * @throws RULES_INVALID, RULES_JSON_INVALID
 */
export function rulesFor(kind: BackendKind, rules: RulesText, isTheirOwn: boolean): RulesText {
  const { ruleSet, json } = ruleSetOf(rules);
  const isTaken = rules.source !== null && (kind === 'overspan' || isTheirOwn);
  return { source: isTaken ? rules.source : decompile(ruleSet), json };
}

/** The rules as a source: the one that somebody wrote, or one that is made of them. @throws RULES_JSON_INVALID */
export function sourceOf(rules: RulesText): string {
  return rules.source ?? decompile(ruleSetOf(rules).ruleSet);
}

function ruleSetOf({ source, json }: RulesText): {
  ruleSet: RuleSet;
  json: Readonly<Record<string, unknown>>;
} {
  if (json === null) {
    const compiled = compiledSource(source ?? 'accept;');
    return { ruleSet: compiled, json: ruleSetToJson(compiled) };
  }
  const { ruleSet, problems } = ruleSetFromJson(json);
  if (problems.length === 0) return { ruleSet, json };
  throw apiError('RULES_JSON_INVALID', escapeText(problems.slice(0, 5).join('; '), 1_024), {
    remedy:
      'the rules there are of a kind that is not known here; docs/rules.md says what can be read',
    details: { problems },
  });
}
