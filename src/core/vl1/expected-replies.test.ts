import { describe, expect, it } from 'vitest';

import { ExpectedReplies } from './expected-replies.ts';

describe('expected replies', () => {
  it('know when a packet was sent, for any number of answers', () => {
    const expected = new ExpectedReplies();
    expected.add(0xdead_beef, 1_234.5);
    expect(expected.sentMs(0xdead_beef)).toBe(1_234.5);
    expect(expected.sentMs(0xdead_beef)).toBe(1_234.5);
    expect(expected.sentMs(0xdead_beee)).toBeNull();
    expect(expected.sentMs(0)).toBeNull();
  });

  it('keep 32 of each of 256 rings', () => {
    const expected = new ExpectedReplies();
    for (let i = 0; i <= 32; i++) expected.add(0x07 + i * 0x100, i);
    expected.add(0x08, 99);
    expect(expected.sentMs(0x07)).toBeNull();
    expect(expected.sentMs(0x107)).toBe(1);
    expect(expected.sentMs(0x2007)).toBe(32);
    expect(expected.sentMs(0x08)).toBe(99);
  });

  it('answer with the newer of two packets whose upper halves are equal', () => {
    const expected = new ExpectedReplies();
    expected.add(5, 10);
    expected.add(5, 20);
    expect(expected.sentMs(5)).toBe(20);
  });
});
