/**
 * The two kinds of database behind one query builder. The only file that knows their drivers.
 *
 * SQLite: a write-ahead log and `synchronous=FULL`, so that what was committed survives the loss of power, too. The driver
 * (libsql) aborts the process where arguments are not a list; Kysely gives lists.
 */
import { closeSync, openSync } from 'node:fs';
import { Socket } from 'node:net';

import { PostgresDialect, SqliteDialect, type Dialect } from 'kysely';

import { storeError } from './errors.ts';
import { storeRemedies } from './remedies.ts';
import { isPostgres, shownUrl } from './store-url.ts';

/** How long is waited for somebody else's transaction, ms. */
const busyMs = 5_000;

/**
 * How long a connection to PostgreSQL may be silent until it is given up, ms. A server that stands still, or that the network
 * no longer reaches, ends no connection: the system would send again for a quarter of an hour.
 */
const silentMs = 10_000;

/**
 * The dialect for where the database is.
 *
 * @param url - a path, or `postgres://…`
 * @param options - `isReadOnly`: whatever is tried, nothing that is kept changes
 */
export async function dialectFor(
  url: string,
  { isReadOnly = false }: { readonly isReadOnly?: boolean } = {},
): Promise<Dialect> {
  if (isPostgres(url)) return await postgres(url);
  if (/^[a-z][a-z0-9+.-]*:\/\//.test(url))
    throw storeError('STORE_URL_INVALID', `not a database that can be used: ${shownUrl(url)}`, {
      remedy: storeRemedies.STORE_URL_INVALID,
    });
  return await (isReadOnly ? sqliteToRead(url) : sqlite(url));
}

async function sqlite(path: string): Promise<Dialect> {
  // Private from its first byte on; SQLite gives the files beside it the same permissions.
  closeSync(openSync(path, 'a', 0o600));
  const { default: Database } = await import('libsql');
  const database = new Database(path);
  for (const pragma of [
    `busy_timeout=${busyMs}`,
    'journal_mode=WAL',
    'synchronous=FULL',
    'foreign_keys=ON',
  ])
    database.exec(`PRAGMA ${pragma}`);
  return new SqliteDialect({ database });
}

async function sqliteToRead(path: string): Promise<Dialect> {
  const { default: Database } = await import('libsql');
  // The driver passes its option `readonly` over.
  const database = new Database(path);
  for (const pragma of [`busy_timeout=${busyMs}`, 'query_only=ON'])
    database.exec(`PRAGMA ${pragma}`);
  return new SqliteDialect({ database });
}

async function postgres(url: string): Promise<Dialect> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({
    connectionString: url,
    max: 2,
    connectionTimeoutMillis: busyMs,
    stream: () => {
      const socket = new Socket();
      return socket.setTimeout(silentMs, () => {
        socket.destroy(new Error(`the database has not answered for ${silentMs / 1_000} s`));
      });
    },
    application_name: 'overspan',
  });
  // A connection that is lost says so to the query that waits or comes next, and as an event, too: of the pool while nobody
  // uses it, else of the client. One that nobody hears ends the thread.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new PostgresDialect({ pool });
}
