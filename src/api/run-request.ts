/**
 * What a comparison is to do, checked field by field, and as the words of `overspan compare`: one source for the form of the page,
 * for the command that it shows, and for the process that is started.
 */
import type { RunPath, RunRequest } from './schema/run.ts';

/** Fields of a request. */
export type RunField = keyof RunRequest;

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
  rounds: { min: 2, max: 1_000 },
  timeS: { min: 0.1, max: 3_600 },
  requestsPerVisit: { min: 1, max: 500 },
  sizeBytes: { min: 0, max: 65_536 },
  intervalS: { min: 0, max: 60 },
} as const;

/** What `overspan compare` does where nothing is said. */
export const runDefaults = {
  rounds: 40,
  timeS: 60,
  requestsPerVisit: null,
  sizeBytes: 64,
  intervalS: 0,
  calibrates: true,
  invitation: null,
} as const satisfies Omit<RunRequest, 'paths'>;

const labelForm = /^\w[\w .+-]{0,31}$/;
/** A host without anything that a shell, a URL or a person could misread; with its port. */
const targetForm =
  /^(?:\[[0-9A-Fa-f:.]+(?:%\w+)?\]|[\w.-]+)(?::(\d{1,5}))?$|^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%\w+)?$/;

/** All problems of a request; none: it can be started. */
export function runProblems(request: RunRequest): RunProblem[] {
  const { paths, invitation } = request;
  const problems: RunProblem[] = [];
  const say = (field: RunField, code: RunProblem['code'], at: number | null = null): void => {
    problems.push({ field, code, at });
  };
  if (paths.length < runLimits.paths.min) say('paths', 'too-few');
  if (paths.length > runLimits.paths.max) say('paths', 'too-many');
  for (const [at, { label, target }] of paths.entries()) {
    if (!labelForm.test(label)) say('paths', 'label', at);
    else if (paths.findIndex((other) => other.label === label) < at)
      say('paths', 'label-twice', at);
    if (!isTarget(target)) say('paths', 'target', at);
  }
  if (!isWithin('rounds', request.rounds, true)) say('rounds', 'number');
  if (!isWithin('timeS', request.timeS, false)) say('timeS', 'number');
  if (
    request.requestsPerVisit !== null &&
    !isWithin('requestsPerVisit', request.requestsPerVisit, true)
  )
    say('requestsPerVisit', 'number');
  if (!isWithin('sizeBytes', request.sizeBytes, true)) say('sizeBytes', 'number');
  if (!isWithin('intervalS', request.intervalS, false)) say('intervalS', 'number');
  if (invitation !== null && !/^[\w.:~+/=-]{1,1024}$/.test(invitation))
    say('invitation', 'invitation');
  return problems;
}

/** What came as JSON, as a request; null: it is none at all. Values may still be wrong: see {@link runProblems}. */
export function runRequestOf(value: unknown): RunRequest | null {
  if (!isObject(value)) return null;
  const { paths } = value;
  if (!Array.isArray(paths) || paths.length > runLimits.paths.max) return null;
  const given: Readonly<Record<string, unknown>> = { ...runDefaults, ...value };
  const { rounds, timeS, requestsPerVisit, sizeBytes, intervalS, calibrates, invitation } = given;
  const known: RunPath[] = [];
  for (const path of paths as readonly unknown[]) {
    if (!isObject(path)) return null;
    const { label, target } = path;
    if (typeof label !== 'string' || typeof target !== 'string') return null;
    known.push({ label, target });
  }
  if (
    typeof rounds !== 'number' ||
    typeof timeS !== 'number' ||
    (requestsPerVisit !== null && typeof requestsPerVisit !== 'number') ||
    typeof sizeBytes !== 'number' ||
    typeof intervalS !== 'number' ||
    typeof calibrates !== 'boolean' ||
    (invitation !== null && typeof invitation !== 'string')
  )
    return null;
  return {
    ...{ paths: known, rounds, timeS, requestsPerVisit, sizeBytes, intervalS },
    ...{ calibrates, invitation },
  };
}

/** The words after `overspan` that do what a request asks, without the invitation; what is the default is left out. */
export function compareWords(request: RunRequest): string[] {
  const { paths, rounds, timeS, requestsPerVisit, sizeBytes, intervalS, calibrates } = request;
  const option = (name: string, value: number | null, usual: number | null): string[] =>
    value === null || value === usual ? [] : [name, String(value)];
  return [
    'compare',
    ...paths.map(({ label, target }) => `${label}=${target}`),
    ...option('--rounds', rounds, runDefaults.rounds),
    ...option('--time', timeS, runDefaults.timeS),
    ...option('--requests', requestsPerVisit, null),
    ...option('--size', sizeBytes, runDefaults.sizeBytes),
    ...option('--interval', intervalS, runDefaults.intervalS),
    ...(calibrates ? [] : ['--no-calibrate']),
  ];
}

/** The same as a line to type. @param invitation - shown in it; null: none */
export function compareLine(request: RunRequest, invitation: string | null): string {
  const words = [
    ...compareWords(request),
    ...(invitation === null ? [] : ['--invite', invitation]),
  ];
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
  field: Exclude<keyof typeof runLimits, 'paths'>,
  value: number,
  isWhole: boolean,
): boolean {
  const { min, max } = runLimits[field];
  return value >= min && value <= max && (!isWhole || Number.isInteger(value));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
