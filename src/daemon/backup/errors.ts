/** Error codes of backups. */
import { errorFactory, exitCodes, type ErrorTable } from '../../base/errors.ts';

export const backupErrors = {
  BACKUP_NOTHING: {
    summary: 'There is nothing to back up: the home directory has no identity.',
    exit: exitCodes.notFound,
  },
  BACKUP_WRONG_STORE: {
    summary: 'The database that was named, or that of the home directory, is not that of the node.',
    exit: exitCodes.usage,
  },
  BACKUP_FILE_UNUSABLE: {
    summary: 'The file of a backup cannot be read or written, or is there already.',
    exit: exitCodes.failed,
  },
  BACKUP_INVALID: {
    summary: 'The file is no backup, or what it holds cannot be used.',
    exit: exitCodes.usage,
  },
  BACKUP_NEWER: {
    summary: 'The backup was made by a newer version of this program.',
    exit: exitCodes.failed,
  },
  BACKUP_PASSPHRASE_WRONG: {
    summary: 'The passphrase is not that of the backup, or the beginning of the file is damaged.',
    exit: exitCodes.denied,
  },
  BACKUP_DAMAGED: {
    summary: 'The backup is cut short, or was changed since it was made.',
    exit: exitCodes.failed,
  },
  RESTORE_REFUSED: {
    summary: 'What is in the home directory or the database would be replaced by the backup.',
    exit: exitCodes.failed,
  },
} as const satisfies ErrorTable;

export const backupError = errorFactory(backupErrors);
