/**
 * A lock on a file that only one process of this machine can hold, and that the kernel takes back at its end, however
 * that comes: flock(2), by the C library of the process. Where it cannot be called, the file says which process holds the
 * lock (`sys/process-identity.ts`), and two that start at the same moment after a crash may both get it.
 *
 * The file stays when the lock is released: to remove it would let a third process lock another file of the same name.
 */
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';

import { isAlive, processIdentity, type ProcessIdentity } from './process-identity.ts';

/** A lock that is held. */
export interface FileLock {
  /** Gives it back. Idempotent. */
  release(): void;
}

/** Who holds the lock that was asked for, as far as the file says. */
export interface LockHolder {
  readonly pid: number | null;
}

/** Of sys/file.h on Linux, macOS and the BSDs. */
const exclusive = 2;
const nonBlocking = 4;

/**
 * Takes the lock without waiting for it.
 *
 * @param path - made where it is missing, mode 0600; its directory must be there
 * @returns who holds it where somebody else does
 * @throws the error of the file system
 */
export function lockFile(path: string): FileLock | LockHolder {
  // Not truncated at opening: it may say who holds it. Append makes the file where there is none.
  const descriptor = openSync(path, 'a+', 0o600);
  try {
    const holder = readHolder(path);
    const flock = loadFlock();
    const isFree = flock === null ? holder === null || !isAlive(holder) : flock(descriptor) === 0;
    if (!isFree) {
      closeSync(descriptor);
      return { pid: holder?.pid ?? null };
    }
    ftruncateSync(descriptor);
    writeSync(descriptor, `${JSON.stringify(processIdentity())}\n`);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  let isHeld = true;
  return {
    release: () => {
      if (!isHeld) return;
      isHeld = false;
      ftruncateSync(descriptor);
      // The end of the last descriptor is the end of the lock.
      closeSync(descriptor);
    },
  };
}

/** Whether it was taken. */
export function isLocked(result: FileLock | LockHolder): result is FileLock {
  return 'release' in result;
}

function readHolder(path: string): ProcessIdentity | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value !== 'object' || value === null) return null;
    const { pid, startTicks, bootId } = value as Record<string, unknown>;
    if (typeof pid !== 'number' || typeof startTicks !== 'string' || typeof bootId !== 'string')
      return null;
    return { pid, startTicks, bootId };
  } catch {
    // Empty: nobody ever held it, or its holder gave it back.
    return null;
  }
}

/** @returns what is 0 where the lock was taken; null where there is no such call */
function loadFlock(): ((descriptor: number) => number) | null {
  if (process.platform === 'win32') return null;
  try {
    const koffi = createRequire(import.meta.url)('koffi') as {
      load(path: null): {
        func(name: string, result: string, parameters: readonly string[]): FlockFunction;
      };
    };
    const flock = koffi.load(null).func('flock', 'int', ['int', 'int']);
    return (descriptor) => flock(descriptor, exclusive | nonBlocking);
  } catch {
    return null;
  }
}

type FlockFunction = (descriptor: number, operation: number) => number;
