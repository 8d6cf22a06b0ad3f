/** Error codes of the lab. */
import { errorFactory, exitCodes, type ErrorTable } from '../../base/errors.ts';

export const labErrors = {
  LAB_NAMESPACES_REFUSED: {
    summary: 'The system does not let this user make network namespaces; nothing was made.',
    exit: exitCodes.denied,
  },
  LAB_INTERRUPTED: {
    summary: 'The user asked to stop while a lab was being made; what was made is undone.',
    exit: exitCodes.interrupted,
  },
  LAB_NOT_FOUND: {
    summary: 'There is no lab of that name, or none at all.',
    exit: exitCodes.notFound,
  },
  LAB_AMBIGUOUS: {
    summary: 'There are several labs and none was named.',
    exit: exitCodes.usage,
  },
  LAB_HOST_UNKNOWN: {
    summary: 'The lab has no host of that name.',
    exit: exitCodes.notFound,
  },
  LAB_IN_USE: {
    summary: 'The lab belongs to a command that is still running.',
    exit: exitCodes.failed,
  },
  LAB_UNDO_FAILED: {
    summary: 'Something of a lab could not be taken down; the next command tries again.',
    exit: exitCodes.failed,
  },
  LAB_JOURNAL_UNREADABLE: {
    summary: 'The journal of a lab could not be read or written.',
    exit: exitCodes.failed,
  },
} as const satisfies ErrorTable;

export const labError = errorFactory(labErrors);
