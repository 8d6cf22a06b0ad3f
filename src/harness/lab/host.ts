/** One host of a lab: a network namespace in which commands are run. */
import { runCommand, type CommandOptions, type CommandOutput } from '../../sys/command.ts';
import { shellPrefix, type NamespaceShell } from '../../sys/namespace.ts';
import { spawnProcess, type ProcessHandle, type ProcessOptions } from '../../sys/process.ts';
import type { HostFacts } from './journal.ts';
import { labMark } from './undo.ts';

export interface LabHost extends HostFacts {
  /** Runs a command on the host to its end. @throws what runCommand throws */
  run(argv: readonly string[], options?: CommandOptions): Promise<CommandOutput>;
  /** Starts a long-running process on the host; it may share our terminal. It ends with the lab at the latest. */
  readonly spawn: (argv: readonly string[], options?: ProcessOptions) => Promise<ProcessHandle>;
  /** Runs `ip` on the network of the host. @returns what it printed */
  ip(...words: string[]): Promise<string>;
}

/** The host of these facts; whether it has been made yet is not looked at. */
export function makeHost(shell: NamespaceShell, labId: string, facts: HostFacts): LabHost {
  const enter = [...shellPrefix(shell), 'ip', 'netns', 'exec', facts.namespace];
  const environment = { [labMark]: labId, OVERSPAN_LAB_HOST: facts.name };
  /** Entering a mount namespace moves to its root; `env --chdir` goes back, for relative paths in `argv`. */
  const words = (argv: readonly string[], directory = process.cwd()): string[] =>
    shell.kind === 'root'
      ? [...enter, ...argv]
      : [...enter, 'env', `--chdir=${directory}`, ...argv];
  return {
    ...facts,
    run: (argv, options = {}) =>
      runCommand(words(argv, options.directory), {
        ...options,
        environment: { ...environment, ...options.environment },
      }),
    spawn: (argv, options = {}) =>
      spawnProcess(words(argv, options.directory), {
        ...options,
        environment: { ...environment, ...options.environment },
      }),
    ip: async (...args) => {
      const argv = [...shellPrefix(shell), 'ip', '-n', facts.namespace, ...args];
      return (await runCommand(argv)).stdout;
    },
  };
}
