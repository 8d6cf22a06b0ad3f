/** Moving files out of the way of others, in steps that can be undone. Nothing is ever removed that was there before. */
import { lstat, mkdir, rename, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import { errorCode } from '../../base/errors.ts';

/** One file, from where to where. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/** What was moved. */
export interface Aside {
  readonly moved: readonly Move[];
  /** Moves it back. Idempotent. */
  undo(): Promise<void>;
}

/**
 * Moves files, and directories with what is in them; directories that are missing are made with mode 0700. What is not
 * there is passed over.
 *
 * @throws the error of the file system; what was moved is back then
 */
export async function setAside(moves: readonly Move[]): Promise<Aside> {
  const moved: Move[] = [];
  const undo = async (): Promise<void> => {
    for (let move = moved.pop(); move !== undefined; move = moved.pop()) {
      await rename(move.to, move.from);
      // Directories that were made for it; one that holds anything stays.
      const directory = dirname(move.to);
      for (const each of [directory, dirname(directory)]) await rmdir(each).catch(() => undefined);
    }
  };
  try {
    for (const move of moves) {
      if (!(await isThere(move.from))) continue;
      await mkdir(dirname(move.to), { recursive: true, mode: 0o700 });
      await rename(move.from, move.to);
      moved.push(move);
    }
  } catch (error) {
    await undo();
    throw error;
  }
  return { moved, undo };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
