/** All migrations in the order of their names. One that has landed is never changed: a new one follows it. */
import type { Migration } from 'kysely';

import * as networks from './0001-networks.ts';
import * as access from './0002-access.ts';
import * as bans from './0003-bans.ts';

export const migrations: Readonly<Record<string, Migration>> = {
  '0001-networks': networks,
  '0002-access': access,
  '0003-bans': bans,
};
