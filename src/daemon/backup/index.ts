/** Backups of a node: what others import of this folder. A node that only runs loads none of it. */
export type { BackupSummary } from './content.ts';
export { makeBackup } from './make-backup.ts';
export { restoreBackup } from './restore-backup.ts';
