/** What a command that measured prints at its end, and how it exits. */
import pc from 'picocolors';

import { exitCodes, type ExitCode, type OverspanError } from '../base/errors.ts';
import type { RunRecord } from '../harness/campaign/index.ts';
import type { CliContext } from './context.ts';

export interface RunOutcome {
  readonly reason: 'complete' | 'interrupted' | 'failed';
  readonly failure: OverspanError | null;
}

export interface RunFiles {
  /** Null: the run was not kept. */
  readonly recordFile: string | null;
  /** Null: no report was asked for. */
  readonly reportFile: string | null;
}

/**
 * Prints the result, writes the report, and gives the exit code. A run that failed or was stopped still shows what it
 * measured; then its error, if it has one, is thrown.
 */
export async function finish(
  cli: CliContext,
  record: RunRecord,
  outcome: RunOutcome,
  { recordFile, reportFile }: RunFiles,
): Promise<ExitCode | undefined> {
  const { analyse, analysisToJson, analysisToTerminal, writeHtmlReport } =
    await import('../harness/report/index.ts');
  const analysis = analyse(record);
  if (cli.json) cli.printJson(analysisToJson(analysis));
  else for (const line of analysisToTerminal(analysis, pc)) cli.print(line);
  if (recordFile !== null) cli.note(`record ${recordFile}`);
  if (reportFile !== null) {
    await writeHtmlReport([analysis], reportFile);
    cli.note(`report ${reportFile}`);
  }
  if (outcome.failure !== null) throw outcome.failure;
  return outcome.reason === 'interrupted' ? exitCodes.interrupted : undefined;
}
