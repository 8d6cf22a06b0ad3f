/** Error codes of the database of a controller. */
import { errorFactory, exitCodes, type ErrorTable } from '../../base/errors.ts';

export const storeErrors = {
  STORE_UNAVAILABLE: {
    summary: 'The database of the controller cannot be opened, read or written at present.',
    exit: exitCodes.unreachable,
  },
  STORE_URL_INVALID: {
    summary: 'What names the database is neither a file nor a URL of PostgreSQL.',
    exit: exitCodes.usage,
  },
  STORE_NEWER: {
    summary: 'The database was written by a newer version of this program.',
    exit: exitCodes.failed,
  },
  STORE_OLDER: {
    summary:
      'The database was written by an older version of this program, and is only to be read.',
    exit: exitCodes.failed,
  },
  STORE_OF_ANOTHER: {
    summary: 'The database holds the networks of a controller with another identity.',
    exit: exitCodes.failed,
  },
  STORE_TAKEN: {
    summary: 'Another controller has opened the same database since, and writes to it now.',
    exit: exitCodes.failed,
  },
  STORE_DAMAGED: {
    summary: 'A record in the database cannot be read.',
    exit: exitCodes.failed,
  },
} as const satisfies ErrorTable;

/** One of the codes. */
export type StoreErrorCode = keyof typeof storeErrors;

/** Makes one. */
export const storeError = errorFactory(storeErrors);
