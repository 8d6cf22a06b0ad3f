/** Error codes of the overlay engines. */
import { errorFactory, exitCodes, type ErrorTable } from '../../base/errors.ts';

export const engineErrors = {
  ENGINE_NOT_FOUND: {
    summary: 'There is no engine of that name.',
    exit: exitCodes.usage,
  },
  ENGINE_DAEMON_ENDED: {
    summary: 'A program that an engine runs on a host of the lab ended by itself.',
    exit: exitCodes.failed,
  },
  ENGINE_NOT_READY: {
    summary: 'An engine did not get as far as carrying traffic in time.',
    exit: exitCodes.unreachable,
  },
} as const satisfies ErrorTable;

export const engineError = errorFactory(engineErrors);
