/** Where a controller keeps what it holds: what others import of this folder. */
export { SqlStore, type SqlStoreOptions } from './sql-store.ts';
