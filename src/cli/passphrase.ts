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

/** Characters of a passphrase that a backup is made with. */
const lengthMin = 8;
/** Characters of the longest. */
const lengthMax = 1_024;

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

/** What is typed until Enter; null: interrupted. The terminal is as it was afterwards. */
async function typed(prompt: string, signal: AbortSignal): Promise<Secret<string> | null> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY)
    throw unusable('there is no terminal to ask for the passphrase', 'give --passphrase-file FILE');
  // Before anybody is asked: what is typed until then would be shown.
  stdin.setRawMode(true);
  stderr.write(prompt);
  stdin.setEncoding('utf8');
  stdin.resume();
  try {
    const line = await typedLine(stdin, signal);
    return line === null ? null : new Secret(line);
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
        else if (letter >= ' ' && letters.length < lengthMax) letters.push(letter);
      }
    };
    stdin.on('data', onData);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
}

function unusable(message: string, remedy: string): Error {
  return cliError('PASSPHRASE_UNUSABLE', message, { remedy });
}
