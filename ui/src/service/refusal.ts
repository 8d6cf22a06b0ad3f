/** Why a service refused something, for programs. */
import { OverspanError } from '../../../src/base/errors.ts';

/** Somebody else has changed it since it was read. */
export const changedMeanwhile = 'API_CHANGED_MEANWHILE';

/** The code of the problem that a service answered with; null: it did not answer so. */
export function refusalCode(error: unknown): string | null {
  const code = error instanceof OverspanError ? error.details['code'] : undefined;
  return typeof code === 'string' ? code : null;
}
