/** Makes the next command that is shown look where this one wrote. */
import { homeDirectory, type CliContext } from '../../context.ts';

/**
 * The option that leads another command to the same directory; empty where it goes there by itself.
 *
 * @param directory - of `--dir`
 * @param word - quotes a path for a shell
 */
export function sameDirectory(
  cli: CliContext,
  directory: string | undefined,
  word: (text: string) => string,
): string {
  if (directory !== undefined) return ` --dir ${word(directory)}`;
  return cli.home === homeDirectory(undefined) ? '' : ` --home ${word(cli.home)}`;
}
