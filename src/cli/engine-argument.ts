/** Names of engines as they are typed: with commas between them, `NAME?` where the machine may lack it, or `all`. */
import type { CliContext } from './context.ts';

/** For the help of `--engine`. */
export const allEngines = 'all: every one that this machine has; name?: where it has it';

/** The names; of those that need not be there, those that this machine can run, and a note about each that it cannot. */
export async function engineNames(cli: CliContext, text: string): Promise<string[]> {
  const words = text.split(',').map((word) => word.trim());
  if (!words.some((word) => word === 'all' || word.endsWith('?'))) return words;
  const { availableEngines } = await import('../harness/engine/index.ts');
  const available = await availableEngines(cli.signal);
  const wantsAll = words.includes('all');
  for (const { name, findings } of available.lacking)
    if (wantsAll || words.includes(`${name}?`))
      for (const { message, remedy } of findings)
        cli.note(`without ${name}: ${message}${remedy === null ? '' : `; remedy: ${remedy}`}`);
  if (wantsAll) return available.names;
  const isLacking = (name: string): boolean => available.lacking.some((each) => each.name === name);
  return words
    .filter((word) => !word.endsWith('?') || !isLacking(word.slice(0, -1)))
    .map((word) => word.replace(/\?$/, ''));
}
