/** API tokens and the audit log. */
import type { Kysely } from 'kysely';

/** Makes the tables. */
export async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('token')
    .addColumn('token_id', 'text', (column) => column.primaryKey())
    .addColumn('data', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('audit')
    .addColumn('entry_id', 'text', (column) => column.primaryKey())
    // No reference: the log of a network outlives it.
    .addColumn('network_id', 'text')
    .addColumn('data', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('audit_network')
    .on('audit')
    .columns(['network_id', 'entry_id'])
    .execute();
}
