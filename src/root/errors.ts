/** Error codes of making worlds. */
import {
  errorFactory,
  exitCodes,
  type ErrorEntry,
  type ErrorOptions,
  type OverspanError,
} from '../base/errors.ts';

type Code = 'WORLD_INVALID' | 'WORLD_KEY_INVALID';

export const rootErrors: Readonly<Record<Code, ErrorEntry>> = {
  WORLD_INVALID: {
    summary: 'A planet or moon cannot be made of these roots, or a file holds none.',
    exit: exitCodes.usage,
  },
  WORLD_KEY_INVALID: {
    summary: 'What was given as the signing key of a planet is none, or is of another planet.',
    exit: exitCodes.usage,
  },
};

export const rootError: (code: Code, message: string, options: ErrorOptions) => OverspanError =
  errorFactory(rootErrors);
