/**
 * The database of a controller: opened, brought up to date, read once, and written in transactions. The same queries for
 * SQLite and PostgreSQL.
 *
 * One controller writes at a time. Whoever opens it counts the epoch up, and each transaction begins by looking at it: one
 * that was overtaken writes nothing more, on whichever machine it runs. Whoever only reads takes nothing over.
 */
import { Kysely, Migrator, sql, type Transaction } from 'kysely';

import { errorMessage } from '../../base/errors.ts';
import type { AuditQuery } from '../../controller/access/audit-entry.ts';
import { auditMax } from '../../controller/store.ts';
import { dialectFor } from './dialect.ts';
import { storeError, type StoreErrorCode } from './errors.ts';
import { storeRemedies } from './remedies.ts';
import { migrations } from './migrations/index.ts';
import type { FoundRows, RowChanges, StoredRows } from './rows.ts';
import type { Tables } from './tables.ts';

/** Rows of one statement: SQLite takes 32,766 values, three a row. */
const rowsPerStatement = 1_000;

/** Which migrations were done. */
const migrationTable = 'migration';

/** An open database. Its methods throw STORE_UNAVAILABLE where it does not answer. */
export class Database {
  readonly #db: Kysely<Tables>;
  readonly #epoch: number;

  private constructor(db: Kysely<Tables>, epoch: number) {
    this.#db = db;
    this.#epoch = epoch;
  }

  /**
   * Opens it and brings its tables up to date.
   *
   * @param url - a path, or `postgres://…`
   * @param owner - address of the controller, 10 digits
   * @throws STORE_UNAVAILABLE, STORE_NEWER, STORE_OF_ANOTHER
   */
  static async open(url: string, owner: string): Promise<Database> {
    const db = new Kysely<Tables>({ dialect: await explained(() => dialectFor(url)) });
    try {
      await migrate(db);
      const epoch = await explained(() => takeOver(db, owner));
      await explained(() => forgetOldLines(db));
      return new Database(db, epoch);
    } catch (error) {
      await db.destroy();
      throw error;
    }
  }

  /**
   * Reads a database beside whoever writes to it: changes nothing, brings nothing up to date, and counts no epoch.
   *
   * @returns null where nothing was ever kept: no tables
   * @throws STORE_UNAVAILABLE, STORE_NEWER, STORE_OLDER
   */
  static async find(url: string): Promise<FoundRows | null> {
    return await explained(async () => {
      const db = new Kysely<Tables>({ dialect: await dialectFor(url, { isReadOnly: true }) });
      try {
        return await atOneMoment(db, async (tx) => {
          const tables = await tx.introspection.getTables();
          if (!tables.some(({ name }) => name === migrationTable)) return null;
          await checkMigrations(tx);
          const owner = await tx.selectFrom('owner').select('address').executeTakeFirst();
          return owner === undefined ? null : { owner: owner.address, rows: await allRows(tx) };
        });
      } finally {
        await db.destroy();
      }
    });
  }

  /** Everything, at one moment. */
  async load(): Promise<StoredRows> {
    return await explained(() => atOneMoment(this.#db, allRows));
  }

  /** Writes all of it or nothing; it is on the disk when the promise resolves. @throws STORE_TAKEN, STORE_UNAVAILABLE */
  async write(changes: RowChanges): Promise<void> {
    await explained(() =>
      this.#db.transaction().execute(async (tx) => {
        await this.#checkEpoch(tx);
        for (const ids of portions(changes.deletedNetworks))
          await tx.deleteFrom('network').where('network_id', 'in', ids).execute();
        for (const rows of portions(changes.networks))
          await tx
            .insertInto('network')
            .values(rows)
            .onConflict((conflict) =>
              conflict.column('network_id').doUpdateSet({ data: sql.ref('excluded.data') }),
            )
            .execute();
        for (const { network_id, address } of changes.deletedMembers)
          await tx
            .deleteFrom('member')
            .where('network_id', '=', network_id)
            .where('address', '=', address)
            .execute();
        for (const rows of portions(changes.members))
          await tx
            .insertInto('member')
            .values(rows)
            .onConflict((conflict) =>
              conflict
                .columns(['network_id', 'address'])
                .doUpdateSet({ data: sql.ref('excluded.data') }),
            )
            .execute();
        for (const { network_id, invite_id } of changes.deletedInvites)
          await tx
            .deleteFrom('invite')
            .where('network_id', '=', network_id)
            .where('invite_id', '=', invite_id)
            .execute();
        for (const rows of portions(changes.invites))
          await tx
            .insertInto('invite')
            .values(rows)
            .onConflict((conflict) =>
              conflict
                .columns(['network_id', 'invite_id'])
                .doUpdateSet({ data: sql.ref('excluded.data') }),
            )
            .execute();
        for (const ids of portions(changes.deletedTokens))
          await tx.deleteFrom('token').where('token_id', 'in', ids).execute();
        for (const rows of portions(changes.tokens))
          await tx
            .insertInto('token')
            .values(rows)
            .onConflict((conflict) =>
              conflict.column('token_id').doUpdateSet({ data: sql.ref('excluded.data') }),
            )
            .execute();
        for (const rows of portions(changes.audit))
          await tx
            .insertInto('audit')
            .values(rows)
            .onConflict((conflict) => conflict.column('entry_id').doNothing())
            .execute();
      }),
    );
  }

  /** Lines of the audit log as JSON, the newest first. */
  async audit({ before, network, subject, limit }: AuditQuery): Promise<readonly string[]> {
    return await explained(async () => {
      let query = this.#db.selectFrom('audit').select('data');
      if (before !== undefined) query = query.where('entry_id', '<', before);
      if (network !== undefined) query = query.where('network_id', '=', network);
      // Whoever is let in or put out with others stands in a list of the change, so the text of the line is looked through:
      // all 100,000 that are kept take SQLite 0.2 s, those of one network of seven 0.03 s.
      if (subject !== undefined) query = query.where('data', 'like', `%"${subject}"%`);
      const rows = await query.orderBy('entry_id', 'desc').limit(limit).execute();
      return rows.map(({ data }) => data);
    });
  }

  /** Ends the connections. */
  async close(): Promise<void> {
    await this.#db.destroy();
  }

  async #checkEpoch(tx: Transaction<Tables>): Promise<void> {
    // An update, not a look: PostgreSQL then keeps others waiting until this transaction ends.
    const { numUpdatedRows } = await tx
      .updateTable('owner')
      .set({ epoch: this.#epoch })
      .where('id', '=', 1)
      .where('epoch', '=', this.#epoch)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 1n) return;
    throw failure('STORE_TAKEN', 'another controller writes to this database now');
  }
}

/** Runs queries that all see the same. */
function atOneMoment<T>(
  db: Kysely<Tables>,
  read: (tx: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  return db.transaction().setIsolationLevel('repeatable read').execute(read);
}

async function allRows(tx: Transaction<Tables>): Promise<StoredRows> {
  const networks = tx.selectFrom('network').selectAll().orderBy('network_id');
  const members = tx.selectFrom('member').selectAll().orderBy('network_id').orderBy('address');
  const invites = tx.selectFrom('invite').selectAll().orderBy('network_id').orderBy('invite_id');
  const tokens = tx.selectFrom('token').selectAll().orderBy('token_id');
  return {
    networks: await networks.execute(),
    members: await members.execute(),
    invites: await invites.execute(),
    tokens: await tokens.execute(),
  };
}

/** Whether the tables are those that this program knows. */
async function checkMigrations(tx: Transaction<Tables>): Promise<void> {
  const { rows } = await sql<{
    name: string;
  }>`select name from ${sql.table(migrationTable)}`.execute(tx);
  const done = new Set(rows.map(({ name }) => name));
  const strange = [...done].find((name) => !Object.hasOwn(migrations, name));
  if (strange !== undefined)
    throw failure('STORE_NEWER', `the database has been through ${strange}, which is not known`);
  const missing = Object.keys(migrations).find((name) => !done.has(name));
  if (missing !== undefined)
    throw failure('STORE_OLDER', `the database has not been through ${missing} yet`);
}

/** @returns the epoch that is ours now */
async function takeOver(db: Kysely<Tables>, owner: string): Promise<number> {
  return await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('owner')
      .values({ id: 1, address: owner, epoch: 0 })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
    const { address, epoch } = await tx
      .updateTable('owner')
      .set((eb) => ({ epoch: eb('epoch', '+', 1) }))
      .where('id', '=', 1)
      .returning(['address', 'epoch'])
      .executeTakeFirstOrThrow();
    if (address === owner) return epoch;
    throw failure('STORE_OF_ANOTHER', `the database is of controller ${address}, not ${owner}`);
  });
}

/** The log is kept within its bound where that costs nobody time: at the start. */
async function forgetOldLines(db: Kysely<Tables>): Promise<void> {
  const oldest = await db
    .selectFrom('audit')
    .select('entry_id')
    .orderBy('entry_id', 'desc')
    .offset(auditMax)
    .limit(1)
    .executeTakeFirst();
  if (oldest !== undefined)
    await db.deleteFrom('audit').where('entry_id', '<=', oldest.entry_id).execute();
}

async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
    migrationTableName: migrationTable,
    migrationLockTableName: 'migration_lock',
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const message = errorMessage(error);
  // Kysely's words for one that was executed and is not among ours.
  if (message.includes('previously executed migration')) throw failure('STORE_NEWER', message);
  throw failure('STORE_UNAVAILABLE', message, error);
}

/** Says in our words what a driver says in its own. */
async function explained<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Error && error.name === 'OverspanError') throw error;
    throw failure('STORE_UNAVAILABLE', errorMessage(error), error);
  }
}

function failure(code: StoreErrorCode, message: string, cause?: unknown): Error {
  return storeError(code, message, { remedy: storeRemedies[code], cause });
}

function* portions<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < list.length; at += rowsPerStatement)
    yield list.slice(at, at + rowsPerStatement);
}
