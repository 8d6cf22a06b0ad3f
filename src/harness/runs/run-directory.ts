/**
 * The directory of the runs: `NAME.ndjson` are records, by whoever made them; `.derived/NAME.json` and `.derived/NAME.html` are
 * made of them and may be deleted. A name that comes from elsewhere is looked for among those that are there: it is never a path.
 */
import { constants } from 'node:fs';
import { open, readdir, readFile, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import type { RunState } from '../../api/schema/run.ts';
import { errorCode, errorMessage } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { makeDirectorySync } from '../../sys/directory.ts';
import { recordLineSchema, type RecordLine } from '../campaign/record.ts';
import { runError } from './errors.ts';

const ending = '.ndjson';
/** A name that is shown, and asked for: no separator, nothing hidden. */
const nameForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
/** Bytes at either end of a record that are looked at: its header, and its last line. */
const endBytes = 64 << 10;

/** What is derived of a record. */
export type DerivedKind = 'json' | 'html';

/** A record in the directory. */
export interface RunFile {
  readonly id: string;
  readonly bytes: number;
  readonly changedAtMs: number;
}

/** Ends that are remembered: a list is looked at every few seconds, and most records never change. */
const rememberedMax = 500;

/** What both ends of a record say. */
export interface RunEnds {
  readonly state: RunState;
  readonly startedAtUnixMs: number | null;
}

/** The files of one directory. */
export class RunDirectory {
  readonly path: string;
  /** By name, of the file as it was. */
  readonly #ends = new Map<string, { readonly file: RunFile; readonly ends: RunEnds }>();

  constructor(path: string) {
    this.path = path;
  }

  /** Where the record of a name is, or is to be. */
  recordPath(id: string): string {
    return join(this.path, `${id}${ending}`);
  }

  /** Where what is derived of it is. */
  derivedPath(id: string, kind: DerivedKind): string {
    return join(this.path, '.derived', `${id}.${kind}`);
  }

  /** Makes the directories. @throws RUNS_UNREADABLE */
  make(): void {
    try {
      makeDirectorySync(join(this.path, '.derived'));
    } catch (error) {
      throw this.#unreadable(error);
    }
  }

  /** All records, the one that changed last first; none where there is no directory. @throws RUNS_UNREADABLE */
  async files(): Promise<RunFile[]> {
    const names = await readdir(this.path).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return [];
      throw this.#unreadable(error);
    });
    const files = names
      .filter((name) => name.endsWith(ending))
      .map((name) => this.#file(name.slice(0, -ending.length)));
    return (await Promise.all(files))
      .filter((file) => file !== null)
      .sort((a, b) => b.changedAtMs - a.changedAtMs || (a.id < b.id ? 1 : -1));
  }

  /** The record of a name that came from elsewhere. Null: there is none. */
  find(id: string): Promise<RunFile | null> {
    return this.#file(id);
  }

  /** Opens a record for reading; a link is not followed out of the directory. Null: there is none. */
  async open(id: string): Promise<FileHandle | null> {
    if (!nameForm.test(id)) return null;
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const handle = await open(this.recordPath(id), flags).catch(() => null);
    if (handle === null || (await handle.stat()).isFile()) return handle;
    await handle.close();
    return null;
  }

  /** Deletes the record of a name that was found, and what is derived of it. @throws RUNS_UNREADABLE */
  async remove({ id }: RunFile): Promise<void> {
    try {
      await rm(this.recordPath(id));
      for (const kind of ['json', 'html'] as const)
        await rm(this.derivedPath(id, kind), { force: true });
    } catch (error) {
      throw this.#unreadable(error);
    }
  }

  /** What is derived of a record, where it is newer than the record; else null. */
  async derived({ id, changedAtMs }: RunFile, kind: DerivedKind): Promise<string | null> {
    const path = this.derivedPath(id, kind);
    const made = await stat(path).catch(() => null);
    if (made === null || made.mtimeMs < changedAtMs) return null;
    return readFile(path, 'utf8').catch(() => null);
  }

  /** What the first and the last line of a record say; they are read when the file has changed. */
  async ends(file: RunFile): Promise<RunEnds> {
    const known = this.#ends.get(file.id);
    if (known?.file.changedAtMs === file.changedAtMs && known.file.bytes === file.bytes)
      return known.ends;
    const ends = await this.#readEnds(file.id);
    this.#ends.delete(file.id);
    this.#ends.set(file.id, { file, ends });
    for (const [oldest] of this.#ends)
      if (this.#ends.size > rememberedMax) this.#ends.delete(oldest);
    return ends;
  }

  async #readEnds(id: string): Promise<RunEnds> {
    const handle = await this.open(id);
    if (handle === null) return { state: 'unreadable', startedAtUnixMs: null };
    try {
      const { size } = await handle.stat();
      const first = lineOf((await textAt(handle, 0)).split('\n')[0] ?? '');
      if (first?.kind !== 'header') return { state: 'unreadable', startedAtUnixMs: null };
      const last = lineOf(
        (await textAt(handle, Math.max(0, size - endBytes))).split('\n').at(-2) ?? '',
      );
      const state = last?.kind === 'end' ? last.reason : 'unfinished';
      return { state, startedAtUnixMs: first.startedAtUnixMs };
    } finally {
      await handle.close();
    }
  }

  async #file(id: string): Promise<RunFile | null> {
    const handle = await this.open(id);
    if (handle === null) return null;
    try {
      const { size, mtimeMs } = await handle.stat();
      return { id, bytes: size, changedAtMs: mtimeMs };
    } finally {
      await handle.close();
    }
  }

  #unreadable(cause: unknown): Error {
    const shown = escapeText(this.path, 4_096);
    return runError('RUNS_UNREADABLE', `cannot use ${shown}: ${escapeText(errorMessage(cause))}`, {
      remedy: 'name a directory that this user may write to: --ui-runs DIRECTORY',
      cause,
    });
  }
}

async function textAt(handle: FileHandle, position: number): Promise<string> {
  const bytes = new Uint8Array(endBytes);
  const { bytesRead } = await handle.read(bytes, 0, endBytes, position);
  return new TextDecoder().decode(bytes.subarray(0, bytesRead));
}

function lineOf(text: string): RecordLine | null {
  try {
    return recordLineSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
