/** Making directories. Node's own `recursive` never returns where /proc refuses a new entry, so we climb ourselves. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import { errorCode } from '../base/errors.ts';

/**
 * Makes a directory and those above it, with the umask's permissions. What is there stays; whether it is a directory
 * shows when it is used.
 *
 * @throws the error of the file system
 */
export function makeDirectorySync(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    makeDirectorySync(dirname(path));
    makeOnce(path);
  }
}

/** Another process may have made it in between. */
function makeOnce(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}
