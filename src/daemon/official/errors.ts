/** Error codes of taking networks over from the official controller. */
import { errorFactory, exitCodes, type ErrorTable } from '../../base/errors.ts';

export const importErrors = {
  IMPORT_NOTHING: {
    summary: 'The directory is neither a controller.d nor a home of the official service with one.',
    exit: exitCodes.notFound,
  },
  IMPORT_IDENTITY_MISSING: {
    summary: 'Neither the home directory nor what is imported has an identity.',
    exit: exitCodes.notFound,
  },
  IMPORT_OF_ANOTHER: {
    summary: 'The networks that are to be imported belong to a controller with another identity.',
    exit: exitCodes.failed,
  },
} as const satisfies ErrorTable;

export const importError = errorFactory(importErrors);
