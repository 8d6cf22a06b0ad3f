/** What examinations are made with: they try things and leave nothing. */
import { errorMessage } from '../../base/errors.ts';
import { runCommand } from '../../sys/command.ts';
import { canUseRoot } from '../../sys/namespace.ts';

export interface HostTools {
  /** The first line that a program prints, or null when it is not there or fails. */
  firstLine(argv: readonly string[]): Promise<string | null>;
  /** Runs a command in a network namespace that ends with it. @returns null when it worked, else why not */
  tryInNamespace(argv: readonly string[]): Promise<string | null>;
}

export function hostTools(signal?: AbortSignal): HostTools {
  /** What worked on this host; decided at the first use. */
  let unshare: Promise<readonly string[]> | undefined;
  const chooseUnshare = async (): Promise<readonly string[]> =>
    (await canUseRoot(signal))
      ? ['unshare', '--net']
      : ['unshare', '--user', '--map-root-user', '--net'];
  return {
    firstLine: async (argv) => {
      try {
        const { stdout, stderr } = await runCommand(argv, { signal });
        return (stdout === '' ? stderr : stdout).split('\n')[0] ?? null;
      } catch {
        return null;
      }
    },
    tryInNamespace: async (argv) => {
      unshare ??= chooseUnshare();
      try {
        await runCommand([...(await unshare), ...argv], { signal });
        return null;
      } catch (error) {
        return errorMessage(error);
      }
    },
  };
}
