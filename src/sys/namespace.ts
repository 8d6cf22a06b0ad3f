/**
 * Where commands that make network namespaces run: on the host as root, or, for everybody, inside a user namespace of
 * their own that a holder process keeps open. Whoever builds a lab puts {@link NamespaceShell.prefix} before each
 * command and does not care which.
 *
 * Rootless: `unshare --user --map-root-user --net --mount`, a tmpfs on /run (so that `ip netns` has a /run/netns that is
 * ours), and `nsenter` into it. Checked as an unprivileged user on Linux 6.18, util-linux 2.38, iproute2 6.1.
 */
import { once } from 'node:events';

import { escapeText } from '../base/escape.ts';
import { commandError } from './command-errors.ts';
import { runCommand } from './command.ts';
import { isAlive, processIdentity, type ProcessIdentity } from './process-identity.ts';
import { spawnProcess } from './process.ts';

/** Where namespaces are made. JSON-safe: it is written to the journal of a lab. */
export type NamespaceShell =
  { readonly kind: 'root' } | { readonly kind: 'rootless'; readonly holder: ProcessIdentity };

/** A holder that was just started: it ends with us unless it is told to stay. */
export interface Holder {
  readonly identity: ProcessIdentity;
  /** From now on it outlives us, until it is killed. */
  stay(): Promise<void>;
  /** Ends it, and with it every namespace in which no process is left. */
  stop(): Promise<void>;
}

/** The words before a command that make it run in the shell. */
export function shellPrefix(shell: NamespaceShell): readonly string[] {
  if (shell.kind === 'root') return [];
  const target = String(shell.holder.pid);
  return ['nsenter', '-t', target, '-U', '-m', '-n', '--preserve-credentials'];
}

/** Whether commands can still be run in it: a holder may have been killed. */
export function shellIsAlive(shell: NamespaceShell): boolean {
  return shell.kind === 'root' || isAlive(shell.holder);
}

/**
 * Whether this process may make network and mount namespaces directly, and `ip netns` has a place for their names.
 * Makes one and lets it go.
 */
export async function canUseRoot(signal?: AbortSignal): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  try {
    // Root of a container may be short of either.
    const place = 'test -w /run/netns || { test ! -e /run/netns && test -w /run; }';
    await runCommand(['unshare', '--net', '--mount', 'sh', '-c', place], { signal });
    return true;
  } catch (error) {
    if (signal?.aborted === true) throw error;
    return false;
  }
}

/**
 * What the holder runs. It waits for a word on its input, and the end of the input is the end of its maker, even by
 * SIGKILL: nothing has to be remembered for a holder to go away. Told `stay`, it becomes a sleep that stays.
 */
const holderScript = `mount -t tmpfs tmpfs /run && mkdir /run/netns && echo ready && read -r word &&
  [ "$word" = stay ] && exec sleep 2147483647 </dev/null >/dev/null 2>&1`;

/**
 * Starts a holder of a user, network and mount namespace.
 *
 * @throws PERMISSION or COMMAND_FAILED with what the system said where namespaces are refused; COMMAND_MISSING
 */
export async function startHolder(): Promise<Holder> {
  const argv = [
    'unshare',
    '--user',
    '--map-root-user',
    '--net',
    '--mount',
    'sh',
    '-c',
    holderScript,
  ];
  const child = await spawnProcess(argv, { stdin: 'pipe', ownGroup: true });
  let said = '';
  child.stderr?.on('data', (chunk: Uint8Array) => {
    said += new TextDecoder().decode(chunk);
  });
  const ready = child.stdout === null ? Promise.resolve() : once(child.stdout, 'data');
  await Promise.race([ready, child.exited]);
  const identity = processIdentity(child.pid);
  const exit = identity === null ? await child.exited : null;
  if (identity === null) {
    throw commandError(
      'PERMISSION',
      `user namespaces are refused here: ${escapeText(said.trim())}`,
      {
        remedy: 'run it as root, or see `overspan doctor`',
        details: { exitCode: exit?.exitCode ?? null },
      },
    );
  }
  return {
    identity,
    stay: async () => {
      const { stdin } = child;
      if (stdin !== null) {
        stdin.end('stay\n');
        // Once it is in the kernel's buffer the holder reads it, even if we are killed now.
        await once(stdin, 'finish');
      }
      child.release();
    },
    stop: async () => {
      await child.kill();
    },
  };
}
