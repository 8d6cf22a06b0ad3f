/** What a network is called on the page: its name as text, whatever is in it. */
import { escapeText } from '../../../../src/base/escape.ts';

/** The most that a name has. */
const nameMax = 127;

/** Characters that would move or turn what is around them are shown by their numbers. @param unnamed - in place of no name */
export function networkName(
  { id, name }: { readonly id: string; readonly name: string | null },
  unnamed = id,
): string {
  return name === null || name === '' ? unnamed : escapeText(name, nameMax);
}
