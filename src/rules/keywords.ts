/** The words of the language that begin something or join something. */
import { actionWords } from './actions.ts';
import { conditionByWord } from './conditions.ts';

/** What begins a statement and is no action. */
export const definitionWords: readonly string[] = [
  'tag',
  'cap',
  'macro',
  'include',
  'expect',
  'raw',
];

/** What no tag, capability or macro can be called. */
export const keywords: ReadonlySet<string> = new Set([
  ...actionWords.keys(),
  ...definitionWords,
  ...conditionByWord.keys(),
  ...[
    'and',
    'or',
    'not',
    'id',
    'default',
    'enum',
    'flag',
    'from',
    'to',
    'with',
    'without',
    'member',
  ],
]);
