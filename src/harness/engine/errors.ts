/** Error codes of the overlay engines. */
import { errorFactory, exitCodes, type ErrorTable } from '../../base/errors.ts';

export const engineErrors = {
  ENGINE_NOT_FOUND: {
    summary: 'There is no engine of that name.',
    exit: exitCodes.usage,
  },
} as const satisfies ErrorTable;

export const engineError = errorFactory(engineErrors);
