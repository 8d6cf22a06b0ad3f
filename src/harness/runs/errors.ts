/** Error codes of the runs of the page. */
import { errorFactory, exitCodes, type ErrorTable } from '../../base/errors.ts';

export const runErrors = {
  RUN_GOING_ON: {
    summary: 'A run was to be started or deleted, or a report to be made, while a run goes on.',
    exit: exitCodes.failed,
  },
  RUN_UNKNOWN: { summary: 'There is no run of this name.', exit: exitCodes.notFound },
  RUN_NOT_GOING_ON: {
    summary: 'A run was to be stopped that is over.',
    exit: exitCodes.failed,
  },
  RUN_REQUEST_INVALID: {
    summary: 'What a run is to do is not of the form it must have.',
    exit: exitCodes.usage,
  },
  RUN_PROGRAM_FAILED: {
    summary: 'The process of a run, or of a report of one, ended without saying why.',
    exit: exitCodes.failed,
  },
  RUNS_UNREADABLE: {
    summary: 'The directory of the runs cannot be read.',
    exit: exitCodes.failed,
  },
} as const satisfies ErrorTable;

/** Makes one of these errors. */
export const runError = errorFactory(runErrors);
