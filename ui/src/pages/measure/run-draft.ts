/** A run while it is typed: every field as text, and what it asks for. */
import {
  compareDefaults,
  runProblems,
  type RunField,
  type RunProblem,
} from '../../../../src/api/run-request.ts';
import type { RunPath, RunRequest } from '../../../../src/api/schema/run.ts';
import type { MemberV1 } from '../../../../src/api/schema/v1.ts';

/** What stands in the form. */
export interface RunDraft {
  readonly kind: RunRequest['kind'];
  readonly paths: readonly RunPath[];
  /** Names of overlays; null: every one that this machine has. */
  readonly engines: readonly string[] | null;
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
  kind: 'compare',
  paths: [
    { label: 'direct', target: '' },
    { label: 'overlay', target: '' },
  ],
  engines: null,
  rounds: String(compareDefaults.rounds),
  timeS: String(compareDefaults.timeS),
  requestsPerVisit: '',
  sizeBytes: String(compareDefaults.sizeBytes),
  intervalS: String(compareDefaults.intervalS),
  calibrates: compareDefaults.calibrates,
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
    kind: 'compare',
    paths: [
      { label: 'direct', target: direct },
      { label: 'overlay', target: overlay },
    ],
  };
}

/**
 * What it asks for; what is no number is NaN, which {@link draftProblems} names.
 *
 * @param available - overlays that this machine has, in their order; the first one is what the others are held against
 */
export function requestOf(draft: RunDraft, available: readonly string[]): RunRequest {
  const { kind, paths, engines, requestsPerVisit, calibrates } = draft;
  const plan = {
    rounds: numberOf(draft.rounds),
    timeS: numberOf(draft.timeS),
    requestsPerVisit: requestsPerVisit.trim() === '' ? null : numberOf(requestsPerVisit),
    sizeBytes: numberOf(draft.sizeBytes),
  };
  if (kind === 'characterize')
    return { kind, engines: available.filter((name) => engines?.includes(name) ?? true), ...plan };
  const invitation = draft.invitation.replace(/\s+/g, '');
  return {
    kind,
    paths: paths.map(({ label, target }) => ({ label: label.trim(), target: target.trim() })),
    ...plan,
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

/** Everything that is wrong with what a draft asks for. */
export function draftProblems(request: RunRequest): DraftProblems {
  const problems = runProblems(request);
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
