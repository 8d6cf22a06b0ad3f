/** Reports: from records to what is said about them, in every format. */
import type { RunRecord } from '../campaign/record.ts';
import { analyse, type Analysis } from './analysis.ts';
import { renderCsv } from './csv.ts';
import { renderJson } from './json.ts';
import { renderMarkdown } from './markdown.ts';
import { writeReportFile, type ReportFormat } from './report-file.ts';
import { plainPalette, terminalLines, type Palette } from './terminal.ts';

export { analyse, type Analysis } from './analysis.ts';
export {
  reportFormatOf,
  reportFormats,
  writeReportFile,
  type ReportFormat,
} from './report-file.ts';
export { terminalLines as analysisToTerminal, type Palette } from './terminal.ts';

/** The value that `--json` prints: the analysis as it is. */
export function analysisToJson(analysis: Analysis): Analysis {
  return analysis;
}

/**
 * Renders records in a format, in pieces that belong together in order. Plots are loaded only where they are drawn.
 *
 * @param palette - marks for `text`; none by default
 */
export async function renderReport(
  records: readonly RunRecord[],
  format: ReportFormat,
  palette: Palette = plainPalette,
): Promise<Iterable<string>> {
  if (format === 'csv') return renderCsv(records);
  const analyses = records.map((record) => analyse(record));
  switch (format) {
    case 'html':
      return [(await import('./html.ts')).renderHtml(analyses)];
    case 'json':
      return [renderJson(analyses)];
    case 'md':
      return [renderMarkdown(analyses)];
    case 'text':
      return analyses.map((analysis, i) => {
        const text = terminalLines(analysis, palette).join('\n');
        return i === 0 ? `${text}\n` : `\n${text}\n`;
      });
  }
}

/**
 * Writes one self-contained HTML file with a section for each analysis.
 *
 * @throws REPORT_FILE_EXISTS, REPORT_NOT_WRITABLE
 */
export async function writeHtmlReport(
  analyses: readonly Analysis[],
  path: string,
  options: { readonly force: boolean } = { force: false },
): Promise<void> {
  const { renderHtml } = await import('./html.ts');
  await writeReportFile(path, [renderHtml(analyses)], options);
}
