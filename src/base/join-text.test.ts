import { describe, expect, it } from 'vitest';

import { parseJoinText } from './join-text.ts';

describe('what is handed on to join a network', () => {
  const network = '8056c2e21c000001';
  const token = '0123456789abcdef0123456789abcdef';

  it('is its number, or an invitation', () => {
    expect(parseJoinText(` ${network}\n`)).toEqual({ id: 0x8056c2e21c000001n, token: null });
    expect(parseJoinText(`${network}-${token}`.toUpperCase())).toEqual({
      id: 0x8056c2e21c000001n,
      token,
    });
  });

  it('is nothing else', () => {
    for (const text of ['', network.slice(1), `${network}-`, `${network}-${token}0`, `x${network}`])
      expect(parseJoinText(text), text).toBeNull();
  });
});
