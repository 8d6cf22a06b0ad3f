/** What a line of the audit log says. */
import { expect, it } from 'vitest';

import { changedKeys } from './member-history.ts';

it('says what was set, and long values by their names alone', () => {
  expect(changedKeys({ name: '<b>', isAuthorized: true, ipAssignments: ['10.0.0.1'] })).toBe(
    'name: "<b>", isAuthorized: true, ipAssignments',
  );
  expect(changedKeys({ authorize: ['a'], deauthorize: [] })).toBe('authorize');
  expect(changedKeys({ description: 'x'.repeat(61) })).toBe('description');
  expect(changedKeys(null)).toBe('');
});
