/** Chooses where a lab's namespaces are made, and says what to do where they are refused. */
import { errorCode, errorMessage, type OverspanError } from '../../base/errors.ts';
import { runCommand } from '../../sys/command.ts';
import { canUseRoot, startHolder, type Holder, type NamespaceShell } from '../../sys/namespace.ts';
import { userNamespaceRemedy } from '../../sys/user-namespaces.ts';
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

/** What would allow namespaces on this machine. */
export function refusalRemedy(error: unknown): string {
  if (errorCode(error) === 'COMMAND_MISSING') return 'sudo apt-get install iproute2 util-linux';
  if (process.platform !== 'linux') return 'run it on a Linux host, or measure two real hosts';
  const mend = userNamespaceRemedy();
  return mend !== null
    ? `${mend}, or run it as root`
    : 'run it as root on the host; in a container, start that with --privileged (or --cap-add SYS_ADMIN --cap-add NET_ADMIN)';
}
