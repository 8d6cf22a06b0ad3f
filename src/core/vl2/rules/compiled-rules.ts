/**
 * A list of rules made ready to be run for each frame: conditions as functions, actions as numbers.
 *
 * What is compiled holds nothing of the decoded rules but numbers and copies, so rules may be views of a packet.
 */
import type { Address } from '../../../base/ids.ts';
import { isAction, type Rule } from '../../../wire/rules/rule.ts';
import type { Rules } from '../../../wire/rules/rules.ts';
import { characteristicsMatches } from './characteristics.ts';
import { integerMatches } from './integer-range.ts';
import { ipMatches } from './ip-matches.ts';
import { linkMatches } from './link-matches.ts';
import { matchResults, type MatchKind, type MatchMakers } from './match.ts';
import type { CompiledRules, Match, Step } from './rule-frame.ts';
import { tagMatches } from './tag-matches.ts';

/** What a step does. */
export const stepKinds = {
  match: 0,
  drop: 1,
  accept: 2,
  /** Accepts, but never whatever the addresses. */
  priority: 3,
  tee: 4,
  watch: 5,
  redirect: 6,
  break: 7,
  /** An action that only a newer node knows: it does nothing, but ends a set of conditions. */
  nothing: 8,
} as const;

/** @param unknownMatchResult - whether conditions that are not known here count as true (a flag of the network) */
export function compileRules(rules: Rules, unknownMatchResult: boolean): CompiledRules {
  const unknown = unknownMatchResult ? matchResults.yes : matchResults.no;
  return rules.map((rule) => compileRule(rule, () => unknown));
}

const makers: MatchMakers<MatchKind> = {
  ...linkMatches,
  ...ipMatches,
  ...tagMatches,
  ...integerMatches,
  ...characteristicsMatches,
};

const never: Match = () => matchResults.never;
const nowhere = { address: 0 as Address, length: 0 };

function compileRule(rule: Rule, unknownMatch: Match): Step {
  const flags = { isNot: rule.not, isOr: rule.or };
  const action = (kind: number, target = nowhere): Step => ({
    kind,
    ...flags,
    match: never,
    address: target.address,
    length: target.length,
  });
  switch (rule.kind) {
    case 'ACTION_DROP':
      return action(stepKinds.drop);
    case 'ACTION_ACCEPT':
      return action(stepKinds.accept);
    case 'ACTION_PRIORITY':
      return action(stepKinds.priority);
    case 'ACTION_BREAK':
      return action(stepKinds.break);
    case 'ACTION_TEE':
      return action(stepKinds.tee, rule);
    case 'ACTION_WATCH':
      return action(stepKinds.watch, rule);
    case 'ACTION_REDIRECT':
      return action(stepKinds.redirect, rule);
    case 'UNKNOWN':
      return isAction(rule)
        ? action(stepKinds.nothing)
        : { kind: stepKinds.match, ...flags, match: unknownMatch, ...nowhere };
    default: {
      // The table has a maker for each kind of condition; TypeScript does not pair them.
      const make = makers[rule.kind] as (rule: Rule) => Match;
      return { kind: stepKinds.match, ...flags, match: make(rule), ...nowhere };
    }
  }
}
