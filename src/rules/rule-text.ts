/** One rule in the words of the language. */
import { describeRule, isAction, type Rule } from '../wire/rules/rule.ts';
import { writeAction } from './actions.ts';
import { writeCondition, type TagNames } from './conditions.ts';

/** The words; those of `wire` for what the language cannot say. */
export function ruleText(rule: Rule, tags: TagNames): string {
  if (isAction(rule)) return writeAction(rule) ?? describeRule(rule);
  const condition = writeCondition(rule, tags);
  return condition === null ? describeRule(rule) : `${rule.or ? 'or ' : ''}${condition}`;
}
