/**
 * The passphrase of a backup: out of a file, or typed on the terminal without being shown. Never among the words of the
 * command, which everybody on the machine can read.
 */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';

import { errorMessage } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import { Secret } from '../base/secret.ts';
import { cliError } from './errors.ts';
import { askHidden, canAsk, hiddenLengthMax } from './hidden-input.ts';

/** Characters of a passphrase that a backup is made with. */
const lengthMin = 8;
/** Characters of the longest. */
const lengthMax = hiddenLengthMax;

/** The options of a command that takes one. */
export interface PassphraseOptions {
  readonly passphraseFile?: string;
}

/** Adds them. */
export function addPassphraseOption(command: Command): Command {
  return command.option(
    '--passphrase-file <file>',
    'read the passphrase from a file, its first line (default: ask for it on the terminal)',
  );
}

/** One for a backup that is to be made: long enough, and typed twice. Null: interrupted. @throws PASSPHRASE_UNUSABLE */
export async function newPassphrase(
  options: PassphraseOptions,
  signal: AbortSignal,
): Promise<Secret<string> | null> {
  const passphrase = await passphraseOf(options, signal);
  if (passphrase === null) return null;
  if (passphrase.reveal().length < lengthMin)
    throw unusable(`the passphrase has fewer than ${lengthMin} characters`, 'choose a longer one');
  if (options.passphraseFile !== undefined) return passphrase;
  const again = await typed('the same again: ', signal);
  if (again === null || again.reveal() === passphrase.reveal()) return again;
  throw unusable('the two passphrases differ', 'type the same one twice');
}

/** That of a backup that was made. Null: interrupted. @throws PASSPHRASE_UNUSABLE */
export async function passphraseOf(
  { passphraseFile }: PassphraseOptions,
  signal: AbortSignal,
): Promise<Secret<string> | null> {
  if (passphraseFile === undefined) return await typed('passphrase: ', signal);
  let text: string;
  try {
    text = await readFile(passphraseFile, 'utf8');
  } catch (error) {
    throw unusable(
      `cannot read ${escapeText(passphraseFile, 4096)}: ${errorMessage(error)}`,
      'give a file with the passphrase as its first line',
    );
  }
  const line = text.split(/\r?\n/, 1)[0] ?? '';
  if (line !== '' && line.length <= lengthMax) return new Secret(line);
  throw unusable(
    `the first line of ${escapeText(passphraseFile, 4096)} has no passphrase of 1 to ${lengthMax} characters`,
    'give a file with the passphrase as its first line',
  );
}

/** What is typed until Enter; null: interrupted. */
async function typed(prompt: string, signal: AbortSignal): Promise<Secret<string> | null> {
  if (!canAsk())
    throw unusable('there is no terminal to ask for the passphrase', 'give --passphrase-file FILE');
  const line = await askHidden(prompt, signal);
  return line === null ? null : new Secret(line);
}

function unusable(message: string, remedy: string): Error {
  return cliError('PASSPHRASE_UNUSABLE', message, { remedy });
}
