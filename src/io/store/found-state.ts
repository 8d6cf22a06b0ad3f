/** What a database holds, for who only reads it: beside a controller that runs, or without one. Nothing is taken over. */
import { existsSync } from 'node:fs';

import { parseAddress, type Address } from '../../base/ids.ts';
import type { StoredState } from '../../controller/store.ts';
import { DatabaseThread } from './database-thread.ts';
import { storeError } from './errors.ts';
import { storedState } from './records.ts';
import { storeRemedies } from './remedies.ts';
import { isFile } from './store-url.ts';

/** Whose it is, and what it holds. */
export interface FoundState {
  readonly owner: Address;
  readonly state: StoredState;
}

/**
 * Reads it, at one moment. What was acknowledged before is in it.
 *
 * @param url - a path, or `postgres://…`
 * @returns null where nothing was ever kept there
 * @throws STORE_…
 */
export async function findStoredState(url: string): Promise<FoundState | null> {
  if (isFile(url) && !existsSync(url)) return null;
  const thread = new DatabaseThread();
  try {
    const found = await thread.find(url);
    if (found === null) return null;
    const owner = parseAddress(found.owner);
    if (owner === null)
      throw storeError('STORE_DAMAGED', 'the owner of the database cannot be read', {
        remedy: storeRemedies.STORE_DAMAGED,
      });
    return { owner, state: storedState(found.rows) };
  } finally {
    await thread.close();
  }
}
