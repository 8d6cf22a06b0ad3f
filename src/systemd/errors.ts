/** Error codes of the service that systemd runs. */
import { errorFactory, exitCodes, type ErrorTable } from '../base/errors.ts';

export const systemdErrors = {
  SYSTEMD_MISSING: {
    summary: 'This machine was not started by systemd, so there is nobody to hand a service to.',
    exit: exitCodes.notFound,
  },
  SERVICE_PROGRAM_HIDDEN: {
    summary:
      'Node.js or Overspan is installed where the service, another user without home directories, cannot reach it.',
    exit: exitCodes.failed,
  },
  SERVICE_FILES_UNWRITABLE: {
    summary: 'A file of the service cannot be read, written or removed.',
    exit: exitCodes.denied,
  },
} as const satisfies ErrorTable;

export const systemdError = errorFactory(systemdErrors);
