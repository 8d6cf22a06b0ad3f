/** Names of members, as other people chose them. */
import { describe, expect, it } from 'vitest';

import { isName, memberName, memberNames } from './member-name.ts';

const address = 'a1b2c3d4e5';

describe('what a member is called', () => {
  it('is its name as it stands, and its ID where it has none', () => {
    expect(memberName({ name: '<b>me</b>', address })).toBe('<b>me</b>');
    expect(memberName({ name: '', address })).toBe(address);
  });

  it('has no character in it that moves or turns what is around it', () => {
    expect(memberName({ name: '\u001b[31mred\u202e', address })).toBe('\\u{1b}[31mred\\u{202e}');
  });

  it('is one of the first few where there are many', () => {
    const many = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, address }));
    expect(memberNames(many, (n) => `and ${n} more`)).toBe('a, b, c and 2 more');
    expect(memberNames(many.slice(0, 2), (n) => `and ${n} more`)).toBe('a, b');
  });

  it('may be what every member can read', () => {
    expect(isName('Büro 2')).toBe(true);
    expect(isName('')).toBe(true);
    expect(isName('日本')).toBe(false);
    expect(isName('a\u001b')).toBe(false);
    expect(isName('x'.repeat(128))).toBe(false);
  });
});
