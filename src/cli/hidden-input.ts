/** A line that a person types and nobody sees: for secrets, on a terminal. */

/**
 * Asks on standard error and reads a line of standard input without showing it.
 *
 * @returns null where standard input is no terminal, or the person stopped with Ctrl-C or Ctrl-D
 */
export async function askHidden(question: string): Promise<string | null> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) return null;
  stderr.write(question);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  let typed = '';
  try {
    for await (const text of stdin as AsyncIterable<string>)
      for (const key of text) {
        if (key === '\r' || key === '\n') return typed;
        if (key === '\u0003' || key === '\u0004') return null;
        // Backspace, as terminals send it.
        if (key === '\u007f' || key === '\b') typed = typed.slice(0, -1);
        else typed += key;
      }
    return null;
  } finally {
    stdin.setRawMode(false);
    stderr.write('\n');
  }
}
