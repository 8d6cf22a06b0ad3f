/** Error codes of calling the C library. */
import { errorFactory, exitCodes, type ErrorTable } from '../../base/errors.ts';

export const ffiErrors = {
  FFI_UNAVAILABLE: {
    summary: 'The functions of the C library cannot be called on this machine.',
    exit: exitCodes.failed,
  },
} as const satisfies ErrorTable;

export const ffiError = errorFactory(ffiErrors);
