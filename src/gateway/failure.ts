/** What a request of a browser is answered with where it failed. */
import { problem, problemOf, type ProblemAnswer } from '../api/v1/problem.ts';
import { errorMessage, OverspanError } from '../base/errors.ts';

/** Statuses that say more than what a command would exit with. */
const statuses: Readonly<Record<string, number>> = {
  UI_SESSION_MISSING: 401,
  UI_BODY_TOO_LONG: 413,
  UI_TOO_MANY_TRIES: 429,
  UI_SERVICE_REFUSED: 502,
};

/**
 * What can be mended is said; what cannot is a bug, whose words are for the log. `details.retryAfterS` of an error says when it may
 * be tried again.
 */
export function problemOfAny(error: unknown, log: (message: string) => void): ProblemAnswer {
  if (error instanceof OverspanError) {
    const answer = problemOf(error);
    const status = statuses[error.code] ?? answer.problem.status;
    const { retryAfterS } = error.details;
    return {
      ...answer,
      problem: { ...answer.problem, status },
      ...(typeof retryAfterS === 'number' ? { retryAfterS } : {}),
    };
  }
  log(`a request to the page failed: ${errorMessage(error)}`);
  const remedy = 'see the log of the process that serves the page';
  return problem(500, 'UI_FAILED', 'it failed', { remedy });
}
