/**
 * What a condition in a rule gives, and how conditions are made of decoded rules.
 *
 * Source: vl2 7.2. "Not applicable" is no even under NOT; some matches on tags that are not known yet are yes even under
 * NOT: so there are four results, not two.
 */
import type { RuleKind } from '../../../wire/rules/rule-table.ts';
import type { KnownRule } from '../../../wire/rules/rule.ts';
import type { Match, MatchResult } from './rule-frame.ts';

/** The results of a condition. */
export const matchResults = {
  /** NOT makes it yes. */
  no: 0,
  /** NOT makes it no. */
  yes: 1,
  /** The frame cannot be asked: no, with and without NOT. */
  never: 2,
  /** The other side must be asked: yes, with and without NOT. */
  always: 3,
} as const;

/** A decoded rule of one kind. */
export type RuleOf<Kind extends RuleKind> = Extract<KnownRule, { readonly kind: Kind }>;

/** Makes the conditions of some kinds of rules. */
export type MatchMakers<Kind extends RuleKind> = {
  readonly [Each in Kind]: (rule: RuleOf<Each>) => Match;
};

/** The names of rules that are conditions. */
export type MatchKind = Extract<RuleKind, `MATCH_${string}`>;

/** Yes or no, neither of them for ever. */
export function yesIf(condition: boolean): MatchResult {
  return condition ? matchResults.yes : matchResults.no;
}
