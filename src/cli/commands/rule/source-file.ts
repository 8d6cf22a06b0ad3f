/** Files with rules, as commands are given them. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import { errorMessage } from '../../../base/errors.ts';
import { escapeText } from '../../../base/escape.ts';
import { cliError } from '../../errors.ts';

/** Of the argument, in the help of the commands. */
export const sourceArgument = 'a file with rules; - is standard input';

/** Reads a file of rules, or standard input. @throws RULES_FILE_UNREADABLE */
export async function readRulesFile(file: string): Promise<string> {
  try {
    return file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    throw cliError(
      'RULES_FILE_UNREADABLE',
      `cannot read ${escapeText(file)}: ${escapeText(errorMessage(error))}`,
      { remedy: 'name a file with rules, or - for standard input', cause: error },
    );
  }
}
