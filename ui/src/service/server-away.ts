/** The page's own server does not answer. */
import { exitCodes, OverspanError } from '../../../src/base/errors.ts';

/** The error; what it means here, the page says. */
export function serverAway(cause: unknown): OverspanError {
  return new OverspanError('DAEMON_NOT_RUNNING', exitCodes.unreachable, 'no answer', {
    remedy: '',
    cause,
  });
}
