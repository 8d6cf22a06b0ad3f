/** The identity that a command is given: the path of a file with its text, or the text itself. */
import { notAnIdentity, readIdentityFile } from '../../../../io/identity/index.ts';
import {
  parseIdentity,
  parseSecretIdentity,
  type Identity,
  type SecretIdentity,
} from '../../../../wire/identity.ts';
import type { CliContext } from '../../../context.ts';

/** What was given. */
export interface GivenIdentity {
  readonly identity: Identity;
  /** Null where the text has no secret key. */
  readonly secret: SecretIdentity | null;
  /** Null where the text itself was given. */
  readonly file: string | null;
}

/** Of the argument, in the help of the commands. */
export const identityArgument = 'a file with the text of an identity, or that text';

/**
 * Reads the argument of a command. Says on standard error where a secret key lies open.
 *
 * @throws IDENTITY_INVALID, IDENTITY_FILE_MISSING, IDENTITY_FILE_UNREADABLE
 */
export async function readIdentityArgument(cli: CliContext, word: string): Promise<GivenIdentity> {
  const isText = /^[0-9a-f]{10}:/i.test(word.trim());
  if (isText) {
    const given = parseGiven(word.trim(), null);
    if (given.secret !== null)
      cli.note('note: others can see the words of a command: give a secret key as a file');
    return given;
  }
  const { text, isOpenToOthers } = await readIdentityFile(word);
  const given = parseGiven(text.reveal(), word);
  if (given.secret !== null && isOpenToOthers)
    cli.note('note: others may read this secret key: chmod 600 the file');
  return given;
}

function parseGiven(text: string, file: string | null): GivenIdentity {
  const identity = parseIdentity(text);
  if (identity === null)
    throw notAnIdentity(
      file === null ? 'the text is not of its form' : 'the file does not hold the text of one',
    );
  return { identity, secret: parseSecretIdentity(text), file };
}
