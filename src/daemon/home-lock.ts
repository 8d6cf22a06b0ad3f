/**
 * One daemon a home: two with one identity would take each other's packets away. The lock is the kernel's and ends with
 * the process; the official service has none, but leaves its process number in `zerotier-one.pid`.
 */
import { readFile } from 'node:fs/promises';

import { errorCode, errorMessage } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import { makeDirectorySync } from '../sys/directory.ts';
import { isLocked, lockFile, type FileLock } from '../sys/file-lock.ts';
import { daemonError } from './errors.ts';
import type { Home } from './home.ts';

/**
 * Takes a home for this process; makes its directory (0700) where it is missing.
 *
 * @throws HOME_IN_USE, HOME_UNUSABLE
 */
export async function lockHome(home: Home): Promise<FileLock> {
  let result: ReturnType<typeof lockFile>;
  try {
    makeDirectorySync(home.directory, 0o700);
    result = lockFile(home.path('overspan.lock'));
  } catch (error) {
    throw daemonError(
      'HOME_UNUSABLE',
      `cannot use ${escapeText(home.directory, 4096)} as a home: ${errorMessage(error)}`,
      {
        remedy: 'run as its owner, or choose another one: --home DIRECTORY',
        cause: error,
        details: { home: home.directory, errno: errorCode(error) ?? null },
      },
    );
  }
  if (!isLocked(result)) throw inUse(home, 'overspan', result.pid);
  try {
    await refuseOfficialDaemon(home);
    return result;
  } catch (error) {
    result.release();
    throw error;
  }
}

/** Whether the official service runs with a home. @throws HOME_IN_USE where it does */
export async function refuseOfficialDaemon(home: Home): Promise<void> {
  const official = await officialDaemon(home);
  if (official !== null) throw inUse(home, 'zerotier-one', official);
}

/** The process of the official service that runs in a home; null where there is none. */
async function officialDaemon(home: Home): Promise<number | null> {
  const bytes = await home.read('zerotier-one.pid');
  const pid = Number(bytes === null ? Number.NaN : Buffer.from(bytes).toString('latin1').trim());
  if (!Number.isSafeInteger(pid) || pid < 1) return null;
  try {
    const name = await readFile(`/proc/${pid}/comm`, 'utf8');
    return name.startsWith('zerotier') ? pid : null;
  } catch {
    // No such process: the file was left behind by a crash.
    return null;
  }
}

function inUse(home: Home, program: string, pid: number | null): Error {
  const who = pid === null ? `another ${program}` : `${program}, process ${pid},`;
  return daemonError('HOME_IN_USE', `${who} runs with ${escapeText(home.directory, 4096)}`, {
    remedy:
      pid === null
        ? 'stop it first, or choose another home: --home DIRECTORY'
        : `stop it first: kill ${pid}; or choose another home: --home DIRECTORY`,
    details: { home: home.directory, program, pid },
  });
}
