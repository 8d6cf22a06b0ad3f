/** What a request of a browser is answered with where it failed. */
import { problem, problemOf, type ProblemAnswer } from '../api/v1/problem.ts';
import { errorMessage, OverspanError } from '../base/errors.ts';

/** What can be mended is said; what cannot is a bug, whose words are for the log. */
export function problemOfAny(error: unknown, log: (message: string) => void): ProblemAnswer {
  if (error instanceof OverspanError) return problemOf(error);
  log(`a request to the page failed: ${errorMessage(error)}`);
  const remedy = 'see the log of the process that serves the page';
  return problem(500, 'UI_FAILED', 'it failed', { remedy });
}
