/** What a service of another make does not have. */
import { OverspanError } from '../../../src/base/errors.ts';

/** Whether an error says that: there is nothing to mend then. */
export function isLacking(error: unknown): boolean {
  return error instanceof OverspanError && error.details['code'] === 'SERVICE_LACKS';
}
