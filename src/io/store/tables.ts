/** The tables of the database, as Kysely knows them; `migrations/` makes them. */
import type { AuditRow, InviteRow, MemberRow, NetworkRow, TokenRow } from './rows.ts';

/** One row: whose database it is, and who writes to it. */
export interface OwnerRow {
  readonly id: 1;
  /** Of the controller, 10 digits. */
  readonly address: string;
  /** One more each time it is opened: whoever has an older number may write no more. */
  readonly epoch: number;
}

/** All tables. */
export interface Tables {
  readonly owner: OwnerRow;
  readonly network: NetworkRow;
  readonly member: MemberRow;
  readonly invite: InviteRow;
  readonly token: TokenRow;
  readonly audit: AuditRow;
}
