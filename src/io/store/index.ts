/** Where a controller keeps what it holds: what others import of this folder. */
export { findStoredState, type FoundState } from './found-state.ts';
export { asStored } from './records.ts';
export { SqlStore, type SqlStoreOptions } from './sql-store.ts';
export { isFile, shownUrl } from './store-url.ts';
