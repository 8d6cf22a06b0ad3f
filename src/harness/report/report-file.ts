/** Where reports go: formats by name or by a file's ending, and files that are never overwritten unasked. */
import { open } from 'node:fs/promises';
import { extname } from 'node:path';

import { errorCode, errorMessage, type OverspanError } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { reportError } from './errors.ts';

export const reportFormats = ['html', 'json', 'csv', 'md', 'text'] as const;
export type ReportFormat = (typeof reportFormats)[number];

const endings: Readonly<Record<string, ReportFormat>> = {
  '.html': 'html',
  '.htm': 'html',
  '.json': 'json',
  '.csv': 'csv',
  '.md': 'md',
  '.markdown': 'md',
  '.txt': 'text',
};

/**
 * The format that was asked for: by name, else by the ending of the file, else text.
 *
 * @throws REPORT_FORMAT_UNKNOWN
 */
export function reportFormatOf(name: string | undefined, file: string | undefined): ReportFormat {
  const named = reportFormats.find((format) => format === name);
  if (named !== undefined) return named;
  const known = `say --format ${reportFormats.join('|')}`;
  if (name !== undefined)
    throw reportError('REPORT_FORMAT_UNKNOWN', `no format is called "${escapeText(name)}"`, {
      remedy: known,
    });
  if (file === undefined) return 'text';
  const byEnding = endings[extname(file).toLowerCase()];
  if (byEnding !== undefined) return byEnding;
  throw reportError('REPORT_FORMAT_UNKNOWN', `the name ${escapeText(file)} says no format`, {
    remedy: known,
  });
}

/**
 * Writes pieces of text to a file, one after the other.
 *
 * @param force - write over a file that is there
 * @throws REPORT_FILE_EXISTS, REPORT_NOT_WRITABLE
 */
export async function writeReportFile(
  path: string,
  pieces: Iterable<string>,
  { force }: { readonly force: boolean },
): Promise<void> {
  try {
    const handle = await open(path, force ? 'w' : 'wx');
    try {
      for (const piece of pieces) await handle.writeFile(piece);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw writeError(path, error);
  }
}

function writeError(path: string, cause: unknown): OverspanError {
  const shown = escapeText(path);
  return errorCode(cause) === 'EEXIST'
    ? reportError('REPORT_FILE_EXISTS', `${shown} is already there`, {
        remedy: 'name another file, or add --force to write over it',
        cause,
      })
    : reportError(
        'REPORT_NOT_WRITABLE',
        `cannot write ${shown}: ${escapeText(errorMessage(cause))}`,
        { remedy: 'name a file in a folder that you may write to and that has room', cause },
      );
}
