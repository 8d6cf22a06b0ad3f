/** Error codes of reports. */
import { errorFactory, exitCodes, type ErrorTable } from '../../base/errors.ts';

export const reportErrors = {
  REPORT_FILE_EXISTS: {
    summary: 'A file is where the report was to be written.',
    exit: exitCodes.failed,
  },
  REPORT_NOT_WRITABLE: { summary: 'The report could not be written.', exit: exitCodes.failed },
  REPORT_FORMAT_UNKNOWN: {
    summary: 'The format of a report is neither named nor to be seen from the name of its file.',
    exit: exitCodes.usage,
  },
} as const satisfies ErrorTable;

export const reportError = errorFactory(reportErrors);
