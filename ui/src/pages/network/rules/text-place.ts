/** Places in a text: lines and columns as offsets, what a key does at one, and where two texts are different. */

/** From one offset to another. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What is to stand in place of a part of a text, and what is selected then. */
export interface Replacement extends Span {
  readonly text: string;
  readonly selected: Span;
}

/** Lines that are not the same. */
export interface LineChange {
  /** Of both, from 1: what is above is the same. */
  readonly line: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

const step = '  ';

/** The word at a place, counted from 1; beyond the text: its end. */
export function spanAt(text: string, line: number, column: number): Span {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const start = Math.min(before + column - 1, text.length);
  const word = /^(?:[;(),]|[^\s;(),]+)/.exec(text.slice(start))?.[0] ?? '';
  return { start, end: start + word.length };
}

/** A new line that begins where the one before it does. */
export function newLine(text: string, { start, end }: Span): Replacement {
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const inserted = `\n${/^[ \t]*/.exec(line)?.[0] ?? ''}`;
  const at = start + inserted.length;
  return { start, end, text: inserted, selected: { start: at, end: at } };
}

/** All lines of a selection, further in or out. */
export function shifted(text: string, span: Span, direction: 'in' | 'out'): Replacement {
  const start = text.lastIndexOf('\n', span.start - 1) + 1;
  const behind = text.indexOf('\n', span.end);
  const end = behind < 0 ? text.length : behind;
  const lines = text.slice(start, end).split('\n');
  const moved = lines.map((line) =>
    direction === 'out' ? line.replace(/^(?: {1,2}|\t)/, '') : line === '' ? line : step + line,
  );
  const first = (moved[0]?.length ?? 0) - (lines[0]?.length ?? 0);
  const all = moved.join('\n');
  const selected = {
    start: Math.max(start, span.start + first),
    end: Math.max(start, span.end + all.length - (end - start)),
  };
  return { start, end, text: all, selected };
}

/** Where two texts are different: the lines between what is the same above and below. Null: they are the same. */
export function lineChange(before: string, after: string): LineChange | null {
  if (before === after) return null;
  const [a, b] = [before.split('\n'), after.split('\n')];
  let above = 0;
  while (above < Math.min(a.length, b.length) && a[above] === b[above]) above++;
  let below = 0;
  while (below < Math.min(a.length, b.length) - above && a.at(-1 - below) === b.at(-1 - below))
    below++;
  return {
    line: above + 1,
    removed: a.slice(above, a.length - below),
    added: b.slice(above, b.length - below),
  };
}
