/** The state directory: whether it can be written, and what dead makers of labs left in it. */
import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { errorMessage } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { listLabs, sweepLabs } from '../lab/labs.ts';
import { missing, ok, warning, type Finding } from './finding.ts';

/** Sweeps, and says what was found. */
export async function homeFindings(home: string): Promise<Finding[]> {
  const refusal = refusedWrite(home);
  if (refusal !== null) {
    const message = `${escapeText(home)} cannot be written: ${escapeText(refusal)}`;
    return [missing('home', message, 'choose another: --home DIRECTORY, or OVERSPAN_HOME')];
  }
  const { swept, failures } = await sweepLabs(home);
  const labs = listLabs(home).map(({ id }) => id);
  const left = swept.length === 0 ? '' : `; taken down after their maker: ${swept.join(', ')}`;
  return [
    ok('home', `state is kept in ${escapeText(home)}`),
    ok('labs', `${labs.length === 0 ? 'no labs' : `labs: ${labs.join(', ')}`}${left}`),
    ...failures.map((error) =>
      warning('labs-left', `${error.code}: ${escapeText(error.message)}`, error.remedy),
    ),
  ];
}

/** Tries it, in the nearest directory that is there. @returns why nothing can be written, or null */
function refusedWrite(home: string): string | null {
  let directory = resolve(home);
  while (!existsSync(directory) && dirname(directory) !== directory) directory = dirname(directory);
  try {
    rmdirSync(mkdtempSync(join(directory, '.overspan-doctor-')));
    return null;
  } catch (error) {
    return errorMessage(error);
  }
}
