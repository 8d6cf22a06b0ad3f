import { describe, expect, it } from 'vitest';

import { compile } from '../../../../../src/rules/index.ts';
import { lineChange, newLine, shifted, spanAt, type Replacement } from './text-place.ts';

/** What a text is then, with the selection between bars. */
function done(text: string, { start, end, text: put, selected }: Replacement): string {
  const all = text.slice(0, start) + put + text.slice(end);
  return `${all.slice(0, selected.start)}|${all.slice(selected.start, selected.end)}|${all.slice(selected.end)}`;
}

describe('a place', () => {
  it('is the word that a problem of the compiler is about', () => {
    const source = 'accept\n  and nonsense 5\n;\n';
    const result = compile(source);
    const [problem] = result.kind === 'problems' ? result.problems : [];
    const { start, end } = spanAt(source, problem!.line, problem!.column);
    expect(source.slice(start, end)).toBe('nonsense');
  });

  it('beyond the text is its end', () => {
    expect(spanAt('ab\nc', 9, 1)).toEqual({ start: 4, end: 4 });
    expect(spanAt('', 1, 1)).toEqual({ start: 0, end: 0 });
  });
});

describe('a key', () => {
  it('begins a line where the one before it begins', () => {
    const text = 'drop\n  not';
    expect(done(text, newLine(text, { start: 10, end: 10 }))).toBe('drop\n  not\n  ||');
    expect(done(text, newLine(text, { start: 2, end: 4 }))).toBe('dr\n||\n  not');
    expect(done(text, newLine(text, { start: 0, end: 0 }))).toBe('\n||drop\n  not');
  });

  it('moves the lines of a selection in and out again', () => {
    const text = 'a\nb\n\nc';
    const moved = shifted(text, { start: 0, end: 4 }, 'in');
    expect(done(text, moved)).toBe('  |a\n  b\n|\nc');
    const inside = '  a\n  b\n\nc';
    expect(done(inside, shifted(inside, { start: 2, end: 8 }, 'out'))).toBe('|a\nb\n|\nc');
  });

  it('moves nothing out that is at the edge', () => {
    expect(done('a\nb', shifted('a\nb', { start: 2, end: 2 }, 'out'))).toBe('a\n||b');
  });
});

describe('what is different', () => {
  it('is between what is the same above and below', () => {
    expect(lineChange('a\nb\nc\n', 'a\nx\ny\nc\n')).toEqual({
      line: 2,
      removed: ['b'],
      added: ['x', 'y'],
    });
    expect(lineChange('a\na', 'a\na\na')).toEqual({ line: 3, removed: [], added: ['a'] });
    expect(lineChange('a', 'a')).toBeNull();
  });
});
