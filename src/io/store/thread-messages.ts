/** What the thread of the database is asked and what it answers, by the number of the question. */
import type { AuditQuery } from '../../controller/access/audit-entry.ts';
import type { StoreErrorCode } from './errors.ts';
import type { FoundRows, RowChanges, StoredRows } from './rows.ts';

/** A question. */
export type StoreQuestion = { readonly number: number } & (
  | { readonly kind: 'open'; readonly url: string; readonly owner: string }
  | { readonly kind: 'find'; readonly url: string }
  | { readonly kind: 'write'; readonly changes: RowChanges }
  | { readonly kind: 'audit'; readonly query: AuditQuery }
  | { readonly kind: 'close' }
);

/** Its answer. */
export type StoreAnswer = { readonly number: number } & (
  | { readonly kind: 'opened'; readonly rows: StoredRows }
  | { readonly kind: 'found'; readonly found: FoundRows | null }
  | { readonly kind: 'audit'; readonly lines: readonly string[] }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly code: StoreErrorCode; readonly message: string }
);
