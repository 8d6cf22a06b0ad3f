/** Chooses where a lab's namespaces are made, and says what to do where they are refused. */
import { readFileSync } from 'node:fs';

import { errorCode, errorMessage, type OverspanError } from '../../base/errors.ts';
import { runCommand } from '../../sys/command.ts';
import { canUseRoot, startHolder, type Holder, type NamespaceShell } from '../../sys/namespace.ts';
import { labError } from './errors.ts';

/** A shell that works, and the holder that was started for it; null as root. */
export interface OpenShell {
  readonly shell: NamespaceShell;
  readonly holder: Holder | null;
}

/**
 * Namespaces of the host where we are root and may make them, else rootless ones.
 *
 * @param rootless - true: rootless also as root
 * @throws LAB_NAMESPACES_REFUSED with the command that allows them; nothing was made
 */
export async function openShell(rootless: boolean, signal?: AbortSignal): Promise<OpenShell> {
  try {
    if (process.platform !== 'linux') throw new Error('network namespaces are a part of Linux');
    await runCommand(['ip', '-V'], { signal });
    if (!rootless && (await canUseRoot(signal))) return { shell: { kind: 'root' }, holder: null };
    await runCommand(['nsenter', '--version'], { signal });
    const holder = await startHolder();
    return { shell: { kind: 'rootless', holder: holder.identity }, holder };
  } catch (error) {
    if (errorCode(error) === 'COMMAND_INTERRUPTED') throw error;
    throw refused(error);
  }
}

function refused(error: unknown): OverspanError {
  return labError('LAB_NAMESPACES_REFUSED', `no lab can be made here: ${errorMessage(error)}`, {
    remedy: refusalRemedy(error),
    cause: error,
  });
}

/** The switches by which distributions refuse user namespaces: the file, the value that refuses, the mending command. */
const switches = [
  {
    file: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    refuses: '1',
    remedy: 'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or run it as root',
  },
  {
    file: '/proc/sys/kernel/unprivileged_userns_clone',
    refuses: '0',
    remedy: 'sudo sysctl -w kernel.unprivileged_userns_clone=1, or run it as root',
  },
  {
    file: '/proc/sys/user/max_user_namespaces',
    refuses: '0',
    remedy: 'sudo sysctl -w user.max_user_namespaces=10000, or run it as root',
  },
] as const;

/** What would allow namespaces on this machine. */
export function refusalRemedy(error: unknown): string {
  if (errorCode(error) === 'COMMAND_MISSING') return 'sudo apt-get install iproute2 util-linux';
  if (process.platform !== 'linux') return 'run it on a Linux host, or measure two real hosts';
  const found = switches.find(({ file, refuses }) => {
    try {
      return readFileSync(file, 'utf8').trim() === refuses;
    } catch {
      return false;
    }
  });
  return (
    found?.remedy ??
    'run it as root on the host; in a container, start that with --privileged (or --cap-add SYS_ADMIN --cap-add NET_ADMIN)'
  );
}
