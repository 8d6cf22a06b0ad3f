/** Networks, members and invitations, and whose database it is. */
import type { Kysely } from 'kysely';

/** Makes the tables. */
export async function up(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable('owner')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('epoch', 'integer', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('network')
    .addColumn('network_id', 'text', (column) => column.primaryKey())
    .addColumn('data', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('member')
    .addColumn('network_id', 'text', (column) =>
      column.notNull().references('network.network_id').onDelete('cascade'),
    )
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('data', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('member_key', ['network_id', 'address'])
    .execute();
  await db.schema
    .createTable('invite')
    .addColumn('network_id', 'text', (column) =>
      column.notNull().references('network.network_id').onDelete('cascade'),
    )
    .addColumn('invite_id', 'text', (column) => column.notNull())
    .addColumn('data', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('invite_key', ['network_id', 'invite_id'])
    .execute();
}
