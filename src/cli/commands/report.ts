/** `overspan report RUN…`: makes a report from records of runs. Measures nothing. */
import type { Command } from 'commander';
import pc from 'picocolors';

import type { Act } from '../context.ts';

interface ReportOptions {
  readonly output?: string;
  readonly format?: string;
  readonly force?: boolean;
}

export function define(command: Command, act: Act): void {
  command
    .argument('<run...>', 'records of runs (.ndjson)')
    .option('-o, --output <file>', 'write to this file; its ending says the format')
    .option('--format <format>', 'html, json, csv, md or text')
    .option('--force', 'write over a file that is there')
    .action(
      act(async (cli, runs: string[], options: ReportOptions) => {
        const [{ loadRecord }, { renderReport, reportFormatOf, writeReportFile }] =
          await Promise.all([
            import('../../harness/campaign/index.ts'),
            import('../../harness/report/index.ts'),
          ]);
        const { output, force = false } = options;
        const asked = options.format ?? (cli.json && output === undefined ? 'json' : undefined);
        const format = reportFormatOf(asked, output);
        const records = [];
        for (const run of runs) records.push(await loadRecord(run));
        if (output === undefined) {
          const pieces = await renderReport(records, format, pc);
          for (const piece of pieces) cli.print(piece.replace(/\r?\n$/, ''));
          return undefined;
        }
        await writeReportFile(output, await renderReport(records, format), { force });
        if (cli.json) cli.printJson({ report: output, format, runs: records.length });
        else cli.note(`report ${output}`);
        return undefined;
      }),
    );
}
