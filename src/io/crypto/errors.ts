/** Error codes of choosing a cryptographic library. */
import { errorFactory, exitCodes, type ErrorTable } from '../../base/errors.ts';

export const cryptoErrors = {
  CRYPTO_UNAVAILABLE: {
    summary: 'A cryptographic library cannot be used on this machine.',
    exit: exitCodes.failed,
  },
  CRYPTO_UNKNOWN: {
    summary: 'There is no cryptographic library of the name that was asked for.',
    exit: exitCodes.usage,
  },
} as const satisfies ErrorTable;

export const cryptoError = errorFactory(cryptoErrors);
