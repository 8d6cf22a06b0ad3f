/**
 * Actions: the words of the language ⇄ rules of the engine.
 *
 * Source: docs.zerotier.com, "Rules Engine"; `watch` is as `tee`. A length of −1 is written as the greatest one.
 */
import { formatAddress } from '../base/ids.ts';
import type { Rule } from '../wire/rules/rule.ts';
import type { WordReader } from './word-reader.ts';

/** Rules that are actions. */
export type ActionRule = Extract<Rule, { readonly kind: `ACTION_${string}` }>;

const lengthMax = 0xffff;
const flags = { not: false, or: false } as const;

/** What reads the arguments of each action. */
export const actionWords: ReadonlyMap<string, (words: WordReader) => ActionRule> = new Map<
  string,
  (words: WordReader) => ActionRule
>([
  ['drop', () => ({ kind: 'ACTION_DROP', ...flags })],
  ['accept', () => ({ kind: 'ACTION_ACCEPT', ...flags })],
  ['break', () => ({ kind: 'ACTION_BREAK', ...flags })],
  ['tee', (words) => copy('ACTION_TEE', words)],
  ['watch', (words) => copy('ACTION_WATCH', words)],
  [
    'redirect',
    (words) => ({
      kind: 'ACTION_REDIRECT',
      ...flags,
      address: words.address(),
      flags: 0,
      length: 0,
    }),
  ],
]);

/** `tee 128 deadbeef11`; null where the language cannot say the rule. */
export function writeAction(rule: Rule): string | null {
  if (rule.not || rule.or) return null;
  switch (rule.kind) {
    case 'ACTION_DROP':
    case 'ACTION_ACCEPT':
    case 'ACTION_BREAK':
      return rule.fieldAsReceived === undefined ? wordOf(rule.kind) : null;
    case 'ACTION_TEE':
    case 'ACTION_WATCH': {
      if (rule.flags !== 0 || rule.fieldAsReceived !== undefined) return null;
      const length = rule.length === lengthMax ? -1 : rule.length;
      return `${wordOf(rule.kind)} ${length} ${formatAddress(rule.address)}`;
    }
    case 'ACTION_REDIRECT':
      return rule.flags === 0 && rule.length === 0 && rule.fieldAsReceived === undefined
        ? `redirect ${formatAddress(rule.address)}`
        : null;
    default:
      return null;
  }
}

function copy(kind: 'ACTION_TEE' | 'ACTION_WATCH', words: WordReader): ActionRule {
  const length = words.integerOrAll('how many bytes', lengthMax) ?? lengthMax;
  return { kind, ...flags, address: words.address(), flags: 0, length };
}

function wordOf(kind: string): string {
  return kind.replace('ACTION_', '').toLowerCase();
}
