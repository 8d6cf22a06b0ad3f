/** A comparison while it is typed: every field as text, and what it asks for. */
import {
  runDefaults,
  runProblems,
  type RunField,
  type RunProblem,
} from '../../../../src/api/run-request.ts';
import type { RunPath, RunRequest } from '../../../../src/api/schema/run.ts';
import type { MemberV1 } from '../../../../src/api/schema/v1.ts';

/** What stands in the form. */
export interface RunDraft {
  readonly paths: readonly RunPath[];
  readonly rounds: string;
  readonly timeS: string;
  /** Empty: as many as the time allows. */
  readonly requestsPerVisit: string;
  readonly sizeBytes: string;
  readonly intervalS: string;
  readonly calibrates: boolean;
  readonly invitation: string;
}

/** What the form begins with. */
export const emptyDraft: RunDraft = {
  paths: [
    { label: 'direct', target: '' },
    { label: 'overlay', target: '' },
  ],
  rounds: String(runDefaults.rounds),
  timeS: String(runDefaults.timeS),
  requestsPerVisit: '',
  sizeBytes: String(runDefaults.sizeBytes),
  intervalS: String(runDefaults.intervalS),
  calibrates: runDefaults.calibrates,
  invitation: '',
};

/** Under which name what was typed is kept. */
export const draftKey = 'comparison';

/**
 * The direct way to a member, as the controller's node has it, beside the one through the network; the rest stays as it was typed.
 * Null: one of the two is not known.
 */
export function draftTo(
  { path, ipAssignments }: Pick<MemberV1, 'path' | 'ipAssignments'>,
  draft: RunDraft,
): RunDraft | null {
  const [overlay] = ipAssignments;
  const direct = path.kind === 'direct' ? path.endpoint?.split('/')[0] : undefined;
  if (overlay === undefined || direct === undefined) return null;
  return {
    ...draft,
    paths: [
      { label: 'direct', target: direct },
      { label: 'overlay', target: overlay },
    ],
  };
}

/** What it asks for; what is no number is NaN, which {@link draftProblems} names. */
export function requestOf(draft: RunDraft): RunRequest {
  const { paths, requestsPerVisit, calibrates } = draft;
  const invitation = draft.invitation.replace(/\s+/g, '');
  return {
    paths: paths.map(({ label, target }) => ({ label: label.trim(), target: target.trim() })),
    rounds: numberOf(draft.rounds),
    timeS: numberOf(draft.timeS),
    requestsPerVisit: requestsPerVisit.trim() === '' ? null : numberOf(requestsPerVisit),
    sizeBytes: numberOf(draft.sizeBytes),
    intervalS: numberOf(draft.intervalS),
    calibrates,
    invitation: invitation === '' ? null : invitation,
  };
}

/** What is wrong, by field. */
export interface DraftProblems {
  readonly isRight: boolean;
  readonly of: (
    field: RunField,
    at?: number,
    code?: RunProblem['code'][],
  ) => RunProblem['code'] | null;
}

/** Everything that is wrong with it. */
export function draftProblems(draft: RunDraft): DraftProblems {
  const problems = runProblems(requestOf(draft));
  return {
    isRight: problems.length === 0,
    of: (field, at, codes) =>
      problems.find(
        (problem) =>
          problem.field === field &&
          problem.at === (at ?? null) &&
          (codes === undefined || codes.includes(problem.code)),
      )?.code ?? null,
  };
}

function numberOf(text: string): number {
  return /^\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : NaN;
}
