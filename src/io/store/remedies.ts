/** What to do about each error of the database. */
import type { StoreErrorCode } from './errors.ts';

/** What to do about each. */
export const storeRemedies: Readonly<Record<StoreErrorCode, string>> = {
  STORE_UNAVAILABLE:
    'see that the disk has room and the database answers; changes wait and are written when it does',
  STORE_URL_INVALID: 'a path, or postgres://USER:PASSWORD@HOST:PORT/DATABASE',
  STORE_NEWER: 'upgrade this program, or restore a backup that its version made',
  STORE_OLDER: 'start the controller once with this version, which brings the database up to date',
  STORE_OF_ANOTHER:
    'use the home directory whose identity it belongs to, or another database: --store URL',
  STORE_TAKEN: 'stop one of the two; a controller has a database of its own',
  STORE_DAMAGED: 'restore a backup: overspan restore',
};
