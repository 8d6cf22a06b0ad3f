/**
 * What a run is to do, checked field by field, and as the words of the command that does it: one source for the form of the page,
 * for the command that it shows, and for the process that is started.
 */
import type {
  CharacterizeRequest,
  CompareRequest,
  RunPath,
  RunPlan,
  RunRequest,
} from './schema/run.ts';

/** Fields of a request. */
export type RunField = keyof CompareRequest | keyof CharacterizeRequest;

/** What is wrong with a field; `at`: with which of the paths. */
export interface RunProblem {
  readonly field: RunField;
  readonly at: number | null;
  /** A word for the texts of the page. */
  readonly code:
    'label' | 'label-twice' | 'target' | 'too-few' | 'too-many' | 'number' | 'invitation' | 'type';
}

/** Limits of what the page starts: a record of a run stays below 256 MiB. */
export const runLimits = {
  paths: { min: 2, max: 6 },
  engines: { min: 2, max: 8 },
  rounds: { min: 2, max: 1_000 },
  timeS: { min: 0.1, max: 3_600 },
  requestsPerVisit: { min: 1, max: 500 },
  sizeBytes: { min: 0, max: 65_536 },
  intervalS: { min: 0, max: 60 },
} as const;

/** What `overspan compare` does where nothing is said. */
export const compareDefaults = {
  kind: 'compare',
  rounds: 40,
  timeS: 60,
  requestsPerVisit: null,
  sizeBytes: 64,
  intervalS: 0,
  calibrates: true,
  invitation: null,
} as const satisfies Omit<CompareRequest, 'paths'>;

/** What `overspan characterize` does where nothing is said. */
export const characterizeDefaults = {
  kind: 'characterize',
  rounds: 40,
  timeS: 30,
  requestsPerVisit: null,
  sizeBytes: 64,
} as const satisfies Omit<CharacterizeRequest, 'engines'>;

const engineForm = /^[a-z][a-z0-9-]{0,31}$/;
const labelForm = /^\w[\w .+-]{0,31}$/;
/** A host without anything that a shell, a URL or a person could misread; with its port. */
const targetForm =
  /^(?:\[[0-9A-Fa-f:.]+(?:%\w+)?\]|[\w.-]+)(?::(\d{1,5}))?$|^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%\w+)?$/;

/** All problems of a request; none: it can be started. */
export function runProblems(request: RunRequest): RunProblem[] {
  const problems: RunProblem[] = [];
  const say = (field: RunField, code: RunProblem['code'], at: number | null = null): void => {
    problems.push({ field, code, at });
  };
  const sayCount = (field: 'paths' | 'engines', count: number): void => {
    if (count < runLimits[field].min) say(field, 'too-few');
    if (count > runLimits[field].max) say(field, 'too-many');
  };
  const { rounds, timeS, requestsPerVisit, sizeBytes } = request;
  if (request.kind === 'compare') {
    sayCount('paths', request.paths.length);
    for (const [at, { label, target }] of request.paths.entries()) {
      if (!labelForm.test(label)) say('paths', 'label', at);
      else if (request.paths.findIndex((other) => other.label === label) < at)
        say('paths', 'label-twice', at);
      if (!isTarget(target)) say('paths', 'target', at);
    }
  } else {
    sayCount('engines', new Set(request.engines).size);
    for (const [at, name] of request.engines.entries())
      if (!engineForm.test(name)) say('engines', 'label', at);
  }
  if (!isWithin('rounds', rounds, true)) say('rounds', 'number');
  if (!isWithin('timeS', timeS, false)) say('timeS', 'number');
  if (requestsPerVisit !== null && !isWithin('requestsPerVisit', requestsPerVisit, true))
    say('requestsPerVisit', 'number');
  if (!isWithin('sizeBytes', sizeBytes, true)) say('sizeBytes', 'number');
  if (request.kind === 'characterize') return problems;
  const { intervalS, invitation } = request;
  if (!isWithin('intervalS', intervalS, false)) say('intervalS', 'number');
  if (invitation !== null && !/^[\w.:~+/=-]{1,1024}$/.test(invitation))
    say('invitation', 'invitation');
  return problems;
}

/** What came as JSON, as a request; null: it is none at all. Values may still be wrong: see {@link runProblems}. */
export function runRequestOf(value: unknown): RunRequest | null {
  if (!isObject(value)) return null;
  if (value['kind'] === 'compare') return compareRequestOf(value);
  return value['kind'] === 'characterize' ? characterizeRequestOf(value) : null;
}

type Given = Readonly<Record<string, unknown>>;

function compareRequestOf(value: Given): CompareRequest | null {
  const { paths } = value;
  if (!Array.isArray(paths) || paths.length > runLimits.paths.max) return null;
  const given: Given = { ...compareDefaults, ...value };
  const plan = planOf(given);
  const { intervalS, calibrates, invitation } = given;
  const known: RunPath[] = [];
  for (const path of paths as readonly unknown[]) {
    if (!isObject(path)) return null;
    const { label, target } = path;
    if (typeof label !== 'string' || typeof target !== 'string') return null;
    known.push({ label, target });
  }
  if (
    plan === null ||
    typeof intervalS !== 'number' ||
    typeof calibrates !== 'boolean' ||
    (invitation !== null && typeof invitation !== 'string')
  )
    return null;
  return { kind: 'compare', paths: known, ...plan, intervalS, calibrates, invitation };
}

function characterizeRequestOf(value: Given): CharacterizeRequest | null {
  const { engines } = value;
  if (!Array.isArray(engines) || engines.length > runLimits.engines.max) return null;
  if (!engines.every((name) => typeof name === 'string')) return null;
  const plan = planOf({ ...characterizeDefaults, ...value });
  return plan === null ? null : { kind: 'characterize', engines, ...plan };
}

function planOf({ rounds, timeS, requestsPerVisit, sizeBytes }: Given): RunPlan | null {
  if (
    typeof rounds !== 'number' ||
    typeof timeS !== 'number' ||
    (requestsPerVisit !== null && typeof requestsPerVisit !== 'number') ||
    typeof sizeBytes !== 'number'
  )
    return null;
  return { rounds, timeS, requestsPerVisit, sizeBytes };
}

/** The words after `overspan` that do what a request asks, without the invitation; what is the default is left out. */
export function runWords(request: RunRequest): string[] {
  const { kind, rounds, timeS, requestsPerVisit, sizeBytes } = request;
  const usual = kind === 'compare' ? compareDefaults : characterizeDefaults;
  const option = (name: string, value: number | null, unsaid: number | null): string[] =>
    value === null || value === unsaid ? [] : [name, String(value)];
  return [
    kind,
    ...(kind === 'compare'
      ? request.paths.map(({ label, target }) => `${label}=${target}`)
      : ['--engine', request.engines.join(',')]),
    ...option('--rounds', rounds, usual.rounds),
    ...option('--time', timeS, usual.timeS),
    ...option('--requests', requestsPerVisit, usual.requestsPerVisit),
    ...option('--size', sizeBytes, usual.sizeBytes),
    ...(kind === 'compare'
      ? [
          ...option('--interval', request.intervalS, compareDefaults.intervalS),
          ...(request.calibrates ? [] : ['--no-calibrate']),
        ]
      : []),
  ];
}

/** The invitation of a request, which is not among its words. Null: it has none. */
export function invitationOf(request: RunRequest): string | null {
  return request.kind === 'compare' ? request.invitation : null;
}

/** The same as a line to type. @param invitation - shown in it; null: none */
export function runLine(request: RunRequest, invitation: string | null): string {
  const words = [...runWords(request), ...(invitation === null ? [] : ['--invite', invitation])];
  return ['overspan', ...words.map(quoted)].join(' ');
}

function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function isTarget(text: string): boolean {
  const match = targetForm.exec(text);
  if (match === null || text.startsWith('-') || text.length > 255) return false;
  const port = match[1];
  return port === undefined || (Number(port) >= 1 && Number(port) <= 65_535);
}

function isWithin(
  field: Exclude<keyof typeof runLimits, 'paths' | 'engines'>,
  value: number,
  isWhole: boolean,
): boolean {
  const { min, max } = runLimits[field];
  return value >= min && value <= max && (!isWhole || Number.isInteger(value));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
