/** Making directories. Node's own `recursive` never returns where /proc refuses a new entry, so we climb ourselves. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import { errorCode } from '../base/errors.ts';

/**
 * Makes a directory and those above it. What is there stays; whether it is a directory shows when it is used.
 *
 * @param mode - of those that are made; default: the umask's
 * @throws the error of the file system
 */
export function makeDirectorySync(path: string, mode?: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    makeDirectorySync(dirname(path), mode);
    makeOnce(path, mode);
  }
}

/** Another process may have made it in between. */
function makeOnce(path: string, mode?: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}
