/** Error codes of a node. */
import {
  errorFactory,
  exitCodes,
  type ErrorEntry,
  type ErrorOptions,
  type OverspanError,
} from '../../base/errors.ts';

/** The table. */
export const coreErrors: Readonly<Record<'NETWORKS_TOO_MANY', ErrorEntry>> = {
  NETWORKS_TOO_MANY: {
    summary: 'A node cannot join another network: it is in as many as it may be.',
    exit: exitCodes.failed,
  },
};

/** Makes one. */
export const coreError: (
  code: keyof typeof coreErrors,
  message: string,
  options: ErrorOptions,
) => OverspanError = errorFactory(coreErrors);
