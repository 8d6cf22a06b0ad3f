/** A line that a person types and nobody sees: for secrets, on a terminal. */

/** Characters of the longest line. */
export const hiddenLengthMax = 1_024;

/** Whether there is a terminal to ask on. */
export function canAsk(): boolean {
  return process.stdin.isTTY;
}

/**
 * Asks on standard error and reads a line of the terminal without showing it; the terminal is as it was afterwards. Only where
 * {@link canAsk}.
 *
 * @returns null where the person stopped with Ctrl-C or Ctrl-D, or the signal says so
 */
export async function askHidden(question: string, signal: AbortSignal): Promise<string | null> {
  const { stdin, stderr } = process;
  // Before anybody is asked: what is typed until then would be shown.
  stdin.setRawMode(true);
  stderr.write(question);
  stdin.setEncoding('utf8');
  stdin.resume();
  try {
    return await typedLine(stdin, signal);
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write('\n');
  }
}

function typedLine(stdin: NodeJS.ReadStream, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const letters: string[] = [];
    const end = (line: string | null): void => {
      stdin.off('data', onData);
      signal.removeEventListener('abort', onAbort);
      resolve(line);
    };
    const onAbort = (): void => {
      end(null);
    };
    const onData = (text: string): void => {
      for (const letter of text) {
        if (letter === '\r' || letter === '\n') {
          end(letters.join(''));
          return;
        }
        // In this mode the terminal sends no signal: ctrl-C and ctrl-D are letters.
        if (letter === '\u0003' || letter === '\u0004') {
          end(null);
          return;
        }
        if (letter === '\u007f' || letter === '\b') letters.pop();
        else if (letter >= ' ' && letters.length < hiddenLengthMax) letters.push(letter);
      }
    };
    stdin.on('data', onData);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
}
