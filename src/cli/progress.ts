/** One live line on standard error, on terminals only. */
import type { CliContext } from './context.ts';

export interface ProgressLine {
  show(text: string): void;
  /** Clears the line. Call it before printing results. */
  clear(): void;
}

/** A line that is drawn over itself, at most ten times a second; nothing where standard error is no terminal. */
export async function progressLine(cli: CliContext): Promise<ProgressLine> {
  if (!cli.progressIsLive) return { show: () => undefined, clear: () => undefined };
  const { createLogUpdate } = await import('log-update');
  const draw = createLogUpdate(process.stderr);
  return {
    show: draw,
    clear: () => {
      draw.clear();
    },
  };
}
