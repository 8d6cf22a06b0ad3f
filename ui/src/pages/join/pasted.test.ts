/** What people paste. */
import { expect, it } from 'vitest';

import { joinWord } from './pasted.ts';

const id = '8056c2e21c000001';
const invitation = `${id}-00112233445566778899aabbccddeeff`;

it('is found in whatever came along', () => {
  for (const pasted of [id, ` ${id}\n`, '8056 c2e2 1c00 0001', '8056-c2e2-1c00-0001', `"${id}"`])
    expect(joinWord(pasted), pasted).toBe(id);
  for (const pasted of [id.toUpperCase(), `sudo zerotier-cli join ${id}`, `\u200b${id}\u202c`])
    expect(joinWord(pasted), pasted).toBe(id);
  for (const pasted of [
    invitation,
    `https://join.example.com/join/${id}#${invitation}`,
    `sudo overspan join ${invitation}`,
  ])
    expect(joinWord(pasted), pasted).toBe(invitation);
});

it('is nothing where there is no whole number', () => {
  for (const pasted of ['', 'hello', id.slice(1), `${id}0`, `${id}-0011`, 'x'.repeat(16), '#'])
    expect(joinWord(pasted), pasted).toBeNull();
});
