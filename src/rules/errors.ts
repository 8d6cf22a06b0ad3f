/** Error codes of rules that a person writes. */
import {
  errorFactory,
  exitCodes,
  type ErrorEntry,
  type ErrorOptions,
  type OverspanError,
} from '../base/errors.ts';

type Code = 'RULES_INVALID' | 'RULES_TEST_FAILED';

/** The table. */
export const rulesErrors: Readonly<Record<Code, ErrorEntry>> = {
  RULES_INVALID: {
    summary:
      'Rules cannot be read: `details.problems` says where, what is wrong and what was expected.',
    exit: exitCodes.usage,
  },
  RULES_TEST_FAILED: {
    summary:
      'Rules do not do what an `expect` line in them says: `details.failures` says which rule decided.',
    exit: exitCodes.failed,
  },
};

/** Makes one. */
export const rulesError: (code: Code, message: string, options: ErrorOptions) => OverspanError =
  errorFactory(rulesErrors);
