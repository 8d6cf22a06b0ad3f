/** Puts a path into a command that is shown to be typed. */
import { escapeText } from '../../base/escape.ts';

const plain = /^[\w@%+=:,./-]+$/;

/** The text as one word of a POSIX shell, safe to show on a terminal. */
export function shellWord(text: string): string {
  return plain.test(text) ? text : `'${escapeText(text.replaceAll("'", `'\\''`), 4096)}'`;
}
