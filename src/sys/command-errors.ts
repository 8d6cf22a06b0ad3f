/** Error codes of running commands of the host. */
import { errorFactory, exitCodes, type ErrorTable } from '../base/errors.ts';

export const commandErrors = {
  COMMAND_MISSING: {
    summary: 'A command of the host that is needed here is not installed.',
    exit: exitCodes.notFound,
  },
  COMMAND_FAILED: {
    summary: 'A command of the host ended with an error.',
    exit: exitCodes.failed,
  },
  COMMAND_TIMED_OUT: {
    summary: 'A command of the host did not end in time and was killed.',
    exit: exitCodes.unreachable,
  },
  COMMAND_INTERRUPTED: {
    summary: 'A command of the host was killed because the user asked to stop.',
    exit: exitCodes.interrupted,
  },
  PERMISSION: {
    summary: 'The system does not let this user do what was asked for.',
    exit: exitCodes.denied,
  },
} as const satisfies ErrorTable;

export const commandError = errorFactory(commandErrors);
