/** Error codes of making, checking and keeping identities. */
import { errorFactory, exitCodes, type ErrorTable } from '../../base/errors.ts';

export const identityErrors = {
  IDENTITY_INVALID: {
    summary:
      'What was given as an identity is none: digits are missing, or the address is reserved.',
    exit: exitCodes.usage,
  },
  IDENTITY_NOWHERE_TO_GO: {
    summary: 'A new identity was asked for, but neither a file for its secret key nor to see it.',
    exit: exitCodes.usage,
  },
  IDENTITY_FILE_MISSING: {
    summary: 'There is no such file with an identity.',
    exit: exitCodes.notFound,
  },
  IDENTITY_FILE_UNREADABLE: {
    summary:
      'The file with an identity is there but cannot be read: a directory, or not permitted.',
    exit: exitCodes.denied,
  },
  IDENTITY_FILE_EXISTS: {
    summary:
      'A file is where a new identity was to be written; an address that is lost is lost for ever.',
    exit: exitCodes.failed,
  },
  IDENTITY_FILE_NOT_WRITABLE: {
    summary: 'The file with a new identity could not be written.',
    exit: exitCodes.failed,
  },
  IDENTITY_QUEUE_FULL: {
    summary: 'More identities were to be made or checked at once than are kept waiting.',
    exit: exitCodes.failed,
  },
  IDENTITY_THREAD_FAILED: {
    summary: 'The thread that makes and checks identities ended by itself.',
    exit: exitCodes.failed,
  },
} as const satisfies ErrorTable;

export const identityError = errorFactory(identityErrors);
