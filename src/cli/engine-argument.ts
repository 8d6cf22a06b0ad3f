/** Names of engines as they are typed: with commas between them, or `all`. */
import type { CliContext } from './context.ts';

/** For the help of `--engine`. */
export const allEngines = 'all: every one that this machine has';

/** The names; for `all`, those that this machine can run, and a note about each that it cannot. */
export async function engineNames(cli: CliContext, text: string): Promise<string[]> {
  const names = text.split(',').map((name) => name.trim());
  if (!names.includes('all')) return names;
  const { availableEngines } = await import('../harness/engine/index.ts');
  const available = await availableEngines(cli.signal);
  for (const { name, findings } of available.lacking)
    for (const { message, remedy } of findings)
      cli.note(`without ${name}: ${message}${remedy === null ? '' : `; remedy: ${remedy}`}`);
  return available.names;
}
