/**
 * Reads a record. Any prefix of one loads, because a run may be killed at any byte; everything else that is not a
 * record is refused by name. The file may come from somebody else: it is bounded, decoded strictly and parsed by schema.
 */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

import { errorCode, errorMessage, type OverspanError } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { recordFileError } from './record-file-errors.ts';
import {
  recordLineSchema,
  recordVersion,
  type Environment,
  type Plan,
  type RecordLine,
  type RunRecord,
  type Visit,
} from './record.ts';

/** The largest file that is loaded: about four million samples. */
export const recordBytesMax = 256 * 1024 * 1024;

/** How every record begins; `RecordWriter` sees to the order of the keys. */
const opening = new TextEncoder().encode('{"kind":"header","format":"overspan-record"');

/**
 * Loads a record from a file.
 *
 * @throws RECORD_NOT_FOUND, RECORD_NOT_READABLE, RECORD_TOO_LARGE, and what {@link parseRecord} throws
 */
export async function loadRecord(path: string): Promise<RunRecord> {
  return parseRecord(await readBounded(path), path);
}

/**
 * Reads a record from its bytes.
 *
 * @param bytes - borrowed; a whole record or any prefix of one
 * @param name - what to call it in messages
 * @throws RECORD_NOT_ONE, RECORD_TRUNCATED, RECORD_TOO_NEW, RECORD_TOO_LARGE, RECORD_DAMAGED
 */
export function parseRecord(bytes: Uint8Array, name = 'the record'): RunRecord {
  const shown = escapeText(name);
  if (bytes.length > recordBytesMax) throw tooLarge(shown);
  checkOpening(bytes, shown);

  const collector = new RecordCollector();
  let tornBytes = 0;
  for (let start = 0, number = 1; start < bytes.length; number++) {
    const newline = bytes.indexOf(0x0a, start);
    const whole = newline >= 0;
    const raw = bytes.subarray(start, whole ? newline : bytes.length);
    start += raw.length + 1;

    const value = decodeLine(raw);
    if (value === undefined && !whole) {
      // Only the last line can be without its end: a write that was cut off.
      if (number === 1) throw truncated(shown);
      tornBytes = raw.length;
      break;
    }
    if (number === 1) checkVersion(value, shown);
    const parsed = recordLineSchema.safeParse(value);
    const complaint = parsed.success
      ? collector.take(parsed.data)
      : value === undefined
        ? 'it is no JSON'
        : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)[0];
    if (complaint !== undefined) throw damaged(shown, number, complaint);
  }
  return collector.record(tornBytes);
}

type Header = RunRecord['header'];

/** Puts lines in their places and complains about those that cannot follow the ones before. */
class RecordCollector {
  #header: Header | null = null;
  #before: Environment | null = null;
  #after: Environment | null = null;
  #plan: Plan | null = null;
  #end: RunRecord['end'] = null;
  readonly #labels = new Set<string>();
  readonly #visits: Visit[] = [];
  readonly #notes: RunRecord['notes'][number][] = [];

  /** @returns what is wrong with the line at this place, or undefined */
  take(line: RecordLine): string | undefined {
    if ((this.#header === null) !== (line.kind === 'header'))
      return 'the header is out of its place';
    switch (line.kind) {
      case 'header':
        this.#header = line;
        return undefined;
      case 'environment':
        if ((line.when === 'before' ? this.#before : this.#after) !== null)
          return `a second environment ${line.when} the run`;
        if (line.when === 'before') this.#before = line;
        else this.#after = line;
        return undefined;
      case 'plan':
        if (this.#plan !== null) return 'a second plan';
        this.#plan = line;
        for (const { label } of line.paths) this.#labels.add(label);
        return this.#labels.size === line.paths.length ? undefined : 'two paths of one name';
      case 'visit':
        if (!this.#labels.has(line.path)) return 'a visit to a path that is not in the plan';
        if (!columnsAgree(line)) return 'the columns of samples differ in length';
        this.#visits.push(line);
        return undefined;
      case 'note':
        this.#notes.push(line);
        return undefined;
      case 'end':
        if (this.#end !== null) return 'a second end';
        this.#end = line;
        return undefined;
    }
  }

  record(tornBytes: number): RunRecord {
    if (this.#header === null) throw new Error('invariant broken: the opening was checked');
    return {
      header: this.#header,
      before: this.#before,
      after: this.#after,
      plan: this.#plan,
      visits: this.#visits,
      notes: this.#notes,
      end: this.#end,
      tornBytes,
    };
  }
}

function columnsAgree({ samples }: Visit): boolean {
  const { length } = samples.latencyNs;
  return Object.values(samples).every((column) => column.length === length);
}

/** The JSON value of a line, or undefined where it is not UTF-8 or not JSON. */
function decodeLine(raw: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw)) as unknown;
  } catch {
    return undefined;
  }
}

function checkOpening(bytes: Uint8Array, shown: string): void {
  const common = Math.min(bytes.length, opening.length);
  for (let i = 0; i < common; i++) {
    if (bytes[i] !== opening[i]) {
      throw recordFileError('RECORD_NOT_ONE', `${shown} is no record of Overspan`, {
        remedy: 'name the .ndjson file that a run printed as its record',
      });
    }
  }
  if (bytes.length < opening.length) throw truncated(shown);
}

function checkVersion(value: unknown, shown: string): void {
  if (typeof value !== 'object' || value === null || !('version' in value)) return;
  if (typeof value.version !== 'number' || value.version <= recordVersion) return;
  throw recordFileError(
    'RECORD_TOO_NEW',
    `${shown} has version ${value.version} of the format; this program reads up to ${recordVersion}`,
    { remedy: 'use the version of Overspan that wrote it, or a newer one' },
  );
}

async function readBounded(path: string): Promise<Uint8Array> {
  const shown = escapeText(path);
  try {
    // Without O_NONBLOCK a FIFO would be waited for until somebody writes to it.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) {
        throw recordFileError('RECORD_NOT_ONE', `${shown} is not a file`, {
          remedy: 'name the .ndjson file that a run printed as its record',
        });
      }
      if (stat.size > recordBytesMax) throw tooLarge(shown);
      // No further than the size that was checked: a run that is still being written may grow meanwhile.
      const bytes = new Uint8Array(stat.size);
      let length = 0;
      while (length < bytes.length) {
        const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return bytes.subarray(0, length);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw readError(shown, error);
  }
}

function readError(shown: string, cause: unknown): unknown {
  const code = errorCode(cause);
  if (code?.startsWith('RECORD_') === true) return cause;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return recordFileError('RECORD_NOT_FOUND', `there is no record ${shown}`, {
      remedy: 'name the .ndjson file that a run printed as its record',
      cause,
    });
  }
  const message = `cannot read ${shown}: ${escapeText(errorMessage(cause))}`;
  return recordFileError('RECORD_NOT_READABLE', message, {
    remedy: 'run as the user who made the record, or copy it to a place you may read',
    cause,
  });
}

function truncated(shown: string): OverspanError {
  return recordFileError('RECORD_TRUNCATED', `${shown} ends within its first line`, {
    remedy: 'nothing was measured before it was cut off: measure again, or copy the file again',
  });
}

function tooLarge(shown: string): OverspanError {
  return recordFileError('RECORD_TOO_LARGE', `${shown} is larger than ${recordBytesMax} bytes`, {
    remedy: 'measure in several shorter runs, and report on each',
  });
}

function damaged(shown: string, line: number, complaint: string): OverspanError {
  return recordFileError('RECORD_DAMAGED', `${shown}, line ${line}: ${escapeText(complaint)}`, {
    remedy: `copy the file again; what came before can be saved with: head -n ${line - 1}`,
    details: { line },
  });
}
