/** What went wrong, as an answer (RFC 9457): the status follows from what a command would exit with. */
import { exitCodes, type ExitCode, type OverspanError } from '../../base/errors.ts';
import type { ProblemV1 } from '../schema/v1.ts';

/** An answer that says what is wrong. */
export interface ProblemAnswer {
  readonly kind: 'problem';
  readonly problem: ProblemV1;
  readonly retryAfterS?: number;
}

const statuses: Readonly<Partial<Record<ExitCode, number>>> = {
  [exitCodes.usage]: 400,
  [exitCodes.notFound]: 404,
  [exitCodes.denied]: 403,
  [exitCodes.unreachable]: 503,
  [exitCodes.failed]: 409,
};

/** An error of ours. */
export function problemOf({ exit, code, message, remedy }: OverspanError): ProblemAnswer {
  return problem(statuses[exit] ?? 500, code, message, { remedy });
}

/** One that is no error of ours. */
export function problem(
  status: number,
  code: string,
  detail: string,
  { remedy }: { readonly remedy: string },
): ProblemAnswer {
  const title = code.toLowerCase().replaceAll('_', ' ');
  return { kind: 'problem', problem: { type: 'about:blank', title, status, detail, code, remedy } };
}
