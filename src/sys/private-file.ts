/**
 * Files that hold secrets: written whole or not at all, with their mode from the first byte, and never over an
 * existing file unless that was asked for.
 *
 * A set of files (a key and its certificate) is staged under temporary names in the directories they belong to, made
 * durable, and only then put in place one by one; whatever fails on the way is undone, so that no half of a pair
 * stays. Two writers of the same new set race for its first file, which `link` gives to exactly one of them.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { errorCode } from '../base/errors.ts';

/** One file to be written. */
export interface PrivateFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Permission bits, exactly: the umask does not take part. 0o600 for a key. */
  readonly mode: number;
}

/**
 * Writes a set of files, all or none. Directories that are missing are made with mode 0700; those that exist are left
 * as they are.
 *
 * @param files - at most a handful; the first one decides a race
 * @param options - `overwrite`: replace what is there; otherwise an existing file fails the whole set. `isDurable`, the
 *   default: wait for the disk; without it a file that has just been written may be empty after the machine lost its power
 * @throws the error of the file system, `EEXIST` (its `dest` is the file in the way) where something is there already
 */
export async function writePrivateFiles(
  files: readonly PrivateFile[],
  options: { readonly overwrite: boolean; readonly isDurable?: boolean },
): Promise<void> {
  const { overwrite, isDurable = true } = options;
  const leftovers: string[] = [];
  const undo: (() => Promise<void>)[] = [];
  try {
    const staged: { temporary: string; path: string }[] = [];
    for (const file of files) {
      await makeDirectory(dirname(file.path));
      const temporary = besideName(file.path);
      leftovers.push(temporary);
      await writeStaged(temporary, file, isDurable);
      staged.push({ temporary, path: file.path });
    }
    for (const { temporary, path } of staged) {
      if (overwrite) {
        const before = besideName(path);
        leftovers.push(before);
        const existed = await linkIfThere(path, before);
        await rename(temporary, path);
        undo.push(() => (existed ? rename(before, path) : rm(path)));
      } else {
        await link(temporary, path);
        undo.push(() => rm(path));
      }
    }
    undo.length = 0;
    if (!isDurable) return;
    for (const directory of new Set(files.map(({ path }) => dirname(path))))
      await syncDirectory(directory);
  } finally {
    for (const step of undo.reverse()) await step();
    for (const path of leftovers) await rm(path, { force: true });
  }
}

/** Makes a directory and those above it. Node's own `recursive` never returns where /proc refuses a new entry. */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    await makeDirectory(dirname(path));
    await mkdir(path, { mode: 0o700 }).catch((again: unknown) => {
      // Another writer may have made it in between.
      if (errorCode(again) !== 'EEXIST') throw again;
    });
  }
}

/** A name in the same directory, so that `rename` and `link` stay within one file system. */
function besideName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
}

async function writeStaged(
  path: string,
  { content, mode }: PrivateFile,
  isDurable: boolean,
): Promise<void> {
  const file = await open(path, 'wx', mode & 0o600);
  try {
    await file.writeFile(content);
    await file.chmod(mode);
    if (isDurable) await file.sync();
  } finally {
    await file.close();
  }
}

async function linkIfThere(path: string, name: string): Promise<boolean> {
  try {
    await link(path, name);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Makes the new names themselves durable. Windows cannot open directories and needs no such step. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
