/** What the machine must be for the service to run on it, asked before anything is changed. */
import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { escapeText } from '../base/escape.ts';
import { systemdError } from './errors.ts';
import { serviceName } from './unit.ts';

/** As sd_booted(3) does. @throws SYSTEMD_MISSING */
export async function demandSystemd(): Promise<void> {
  if (await isThere('/run/systemd/system')) return;
  throw systemdError('SYSTEMD_MISSING', 'this machine was not started by systemd', {
    remedy:
      'run `overspan up` under the supervisor that it has, or in a container (Containerfile, docs/operating.md); ' +
      'for an image that systemd will start: --root DIRECTORY',
  });
}

/**
 * Whether another user gets to a file, and the directories that the unit hides are not on the way.
 *
 * @param path - absolute, without links
 * @throws SERVICE_PROGRAM_HIDDEN
 */
export async function demandReachable(path: string): Promise<void> {
  const remedy = 'install it for all users, below /usr or /opt: sudo npm i -g ./overspan-*.tgz';
  const fail = (why: string): Error =>
    systemdError('SERVICE_PROGRAM_HIDDEN', `the service cannot use ${escapeText(path)}: ${why}`, {
      remedy,
      details: { path },
    });
  const hidden = /^\/(home|root|run\/user|tmp|var\/tmp)\//.exec(path);
  if (hidden !== null) throw fail(`/${hidden[1] ?? ''} is not there for a service`);
  const { mode } = await stat(path);
  if ((mode & constants.S_IROTH) === 0) throw fail('only its owner may read it');
  for (let at = dirname(path); at !== dirname(at); at = dirname(at))
    if (((await stat(at)).mode & constants.S_IXOTH) === 0)
      throw fail(`only its owner may enter ${escapeText(at)}`);
}

/** Whether the user of the service is one of the machine. @param root - of its files */
export async function hasUser(root: string): Promise<boolean> {
  const users = await readFile(join(root, 'etc/passwd'), 'utf8').catch(() => '');
  return users.split('\n').some((line) => line.startsWith(`${serviceName}:`));
}

/** Whether there is anything at a path. */
export async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
