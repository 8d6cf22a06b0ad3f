/**
 * The files of the service: which there are, and how they come to the disk and go from it.
 *
 * | file | mode | content |
 * |---|---|---|
 * | `/etc/systemd/system/overspan.service` | 644 | the unit |
 * | `/etc/sysusers.d/overspan.conf` | 644 | the user |
 * | `/etc/overspan/planet` | 644 | the planet that was given, binary |
 * | `/etc/overspan/service.env` | 600 | what nobody else may read: where the database is, with its password |
 */
import { chmod, mkdir, readFile, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { errorCode, errorMessage } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import { writePrivateFiles } from '../sys/private-file.ts';
import { systemdError } from './errors.ts';
import { isAsWritten } from './marked-text.ts';

const configuration = '/etc/overspan';

/** Where each is, below the root directory. */
export const servicePaths = {
  unit: '/etc/systemd/system/overspan.service',
  sysusers: '/etc/sysusers.d/overspan.conf',
  planet: join(configuration, 'planet'),
  environment: join(configuration, 'service.env'),
} as const;

/** One file to be written. */
export interface ServiceFile {
  readonly path: string;
  readonly mode: number;
  readonly content: string | Uint8Array;
}

/** What became of a file: `kept` was changed by hand. */
export interface FileResult {
  readonly path: string;
  readonly state: 'written' | 'unchanged' | 'kept' | 'removed';
}

/** Writes a file, unless it is there already, or was changed by hand. @throws SERVICE_FILES_UNWRITABLE */
export async function putFile(
  root: string,
  { path, mode, content }: ServiceFile,
  options: { readonly force: boolean },
): Promise<FileResult> {
  return explained(path, async () => {
    const place = join(root, path);
    const old = await readIfThere(place);
    if (old?.equals(Buffer.from(content)) === true) {
      await chmod(place, mode);
      return { path, state: 'unchanged' };
    }
    if (old !== null && !options.force && isChangedByHand(path, old))
      return { path, state: 'kept' };
    await makePublicDirectory(dirname(place));
    await writePrivateFiles([{ path: place, content, mode }], { overwrite: true });
    return { path, state: 'written' };
  });
}

/**
 * Removes every file that is there, unless it was changed by hand.
 *
 * @returns those that were there
 * @throws SERVICE_FILES_UNWRITABLE
 */
export async function removeFiles(
  root: string,
  options: { readonly force: boolean },
): Promise<FileResult[]> {
  const results: FileResult[] = [];
  for (const path of Object.values(servicePaths))
    await explained(path, async () => {
      const place = join(root, path);
      const old = await readIfThere(place);
      if (old === null) return;
      const isKept = !options.force && isChangedByHand(path, old);
      if (!isKept) await rm(place);
      results.push({ path, state: isKept ? 'kept' : 'removed' });
    });
  // With what somebody else has put there it stays.
  await rmdir(join(root, configuration)).catch(() => undefined);
  return results;
}

/** Whether there is a file at that path. */
export async function isFile(root: string, path: string): Promise<boolean> {
  return explained(path, async () => (await readIfThere(join(root, path))) !== null);
}

/** A planet has no room for a mark: it is what was given last. */
function isChangedByHand(path: string, content: Buffer): boolean {
  return path !== servicePaths.planet && !isAsWritten(content.toString());
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Makes a directory and those above it, with mode 0755 whatever the umask is: the service reads in it. */
async function makePublicDirectory(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    await makePublicDirectory(dirname(path));
    await mkdir(path);
  }
  await chmod(path, 0o755);
}

async function explained<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw systemdError(
      'SERVICE_FILES_UNWRITABLE',
      `${path} cannot be managed: ${escapeText(errorMessage(error))}`,
      {
        remedy: 'run it as root: sudo overspan service …; see first what it would do: --dry-run',
        cause: error,
        details: { path },
      },
    );
  }
}
