/** Names of networks, as other people chose them. */
import { expect, it } from 'vitest';

import { networkName } from './network-name.ts';

const id = '1122334455000001';

it('is the name as it stands, or the ID, or another word', () => {
  expect(networkName({ id, name: '<b>lab</b>' })).toBe('<b>lab</b>');
  expect(networkName({ id, name: '' })).toBe(id);
  expect(networkName({ id, name: null }, 'no name yet')).toBe('no name yet');
});

it('has no character in it that moves or turns what is around it', () => {
  expect(networkName({ id, name: 'a\u202eb\u001b[31m' })).toBe('a\\u{202e}b\\u{1b}[31m');
});
