/**
 * Text → words. White space separates; `;`, `(`, `)` and `,` stand for themselves; `#` begins a comment, to the end of the
 * line.
 *
 * Source: docs.zerotier.com, "Rules Engine", section "Rule Definition Language Syntax".
 */
import { escapeText } from '../base/escape.ts';
import type { Position, Problems } from './problem.ts';

/** A word of a source. */
export interface Token extends Position {
  /** Empty: the end of the source. */
  readonly text: string;
  /** Where the macro that it stands in was included; null: it stands in no macro. */
  readonly includedAt: Position | null;
}

/** Characters of a source. */
export const sourceLengthMax = 262_144;
/** Characters of a word. */
export const wordLengthMax = 256;

/** Words, and the end behind them. */
export interface Tokens {
  readonly list: readonly Token[];
  readonly end: Token;
}

/** Cuts a source into words. A source or a word that is too long is a problem. */
export function tokenize(source: string, problems: Problems): Tokens {
  if (source.length > sourceLengthMax)
    problems.abort(
      { line: 1, column: 1 },
      `the source has ${source.length} characters`,
      `at most ${sourceLengthMax}`,
    );
  const list: Token[] = [];
  const lines = source.split(/\r\n|\r|\n/);
  for (const [index, line] of lines.entries()) {
    const code = line.replace(/#.*$/, '');
    for (const { 0: text, index: at } of code.matchAll(/[;(),]|[^\s;(),]+/g)) {
      const token = { text, line: index + 1, column: at + 1, includedAt: null };
      if (text.length > wordLengthMax) problems.abort(token, ...tooLong(text));
      list.push(token);
    }
  }
  const column = (lines.at(-1) ?? '').length + 1;
  return { list, end: { text: '', line: lines.length, column, includedAt: null } };
}

/** What is wrong with a word that is too long, and what is expected. */
export function tooLong(text: string): [string, string] {
  return [`a word has ${text.length} characters`, `at most ${wordLengthMax}`];
}

/** How a word is called in a message. */
export function quoteToken({ text }: Token): string {
  return text === '' ? 'the end' : `"${escapeText(text, 40)}"`;
}
