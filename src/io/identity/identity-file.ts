/** Files with the text of one identity: read with a bound, written with mode 0600 and never over another. */
import { open } from 'node:fs/promises';

import { errorCode, errorMessage, type OverspanError } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { Secret } from '../../base/secret.ts';
import { writePrivateFiles } from '../../sys/private-file.ts';
import { identityError } from './errors.ts';

/** The text in a file. */
export interface IdentityFile {
  /** Without white space around it. May hold a secret key. */
  readonly text: Secret<string>;
  /** Whether others than its owner may read it. */
  readonly isOpenToOthers: boolean;
}

/** The text of an identity has 270 characters, and more than 384 are refused: what is larger is something else. */
const fileBytesMax = 4096;

/**
 * Reads a file, whatever text it holds.
 *
 * @throws IDENTITY_FILE_MISSING, IDENTITY_FILE_UNREADABLE, IDENTITY_INVALID where it is too large to be an identity
 */
export async function readIdentityFile(path: string): Promise<IdentityFile> {
  try {
    const file = await open(path, 'r');
    try {
      const { mode } = await file.stat();
      const bytes = new Uint8Array(fileBytesMax);
      const { bytesRead } = await file.read(bytes, 0, fileBytesMax);
      if (bytesRead === fileBytesMax) throw notAnIdentity(`${shown(path)} is too large for one`);
      const text = Buffer.from(bytes.buffer, 0, bytesRead).toString('latin1').trim();
      bytes.fill(0);
      return { text: new Secret(text), isOpenToOthers: (mode & 0o077) !== 0 };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * Writes the text of a secret identity, whole or not at all, readable by its owner alone.
 *
 * @param options - `overwrite`: also over a file that is there
 * @throws IDENTITY_FILE_EXISTS, IDENTITY_FILE_NOT_WRITABLE
 */
export async function writeIdentityFile(
  path: string,
  text: Secret<string>,
  options: { readonly overwrite: boolean },
): Promise<void> {
  try {
    await writePrivateFiles([{ path, content: `${text.reveal()}\n`, mode: 0o600 }], options);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** Says that a text is no identity. @param why - without the text, which may hold a secret key */
export function notAnIdentity(why: string): OverspanError {
  return identityError('IDENTITY_INVALID', `not an identity: ${why}`, {
    remedy:
      'an identity is one line, ADDRESS:0:PUBLIC-KEY[:SECRET-KEY], of 10, 128 and 128 hexadecimal digits: copy it again',
  });
}

function unreadable(path: string, error: unknown): unknown {
  const details = { file: path, errno: errorCode(error) ?? null };
  switch (errorCode(error)) {
    case 'IDENTITY_INVALID':
      return error;
    case 'ENOENT':
    case 'ENOTDIR':
      return identityError('IDENTITY_FILE_MISSING', `${shown(path)} does not exist`, {
        remedy: 'give the path of a file with an identity, or make one: overspan wire identity new',
        cause: error,
        details,
      });
    default:
      return identityError(
        'IDENTITY_FILE_UNREADABLE',
        `cannot read ${shown(path)}: ${errorMessage(error)}`,
        {
          remedy: 'give the path of a file (not of its directory), and run as its owner',
          cause: error,
          details,
        },
      );
  }
}

function unwritable(path: string, error: unknown): OverspanError {
  const details = { file: path, errno: errorCode(error) ?? null };
  if (errorCode(error) === 'EEXIST')
    return identityError('IDENTITY_FILE_EXISTS', `${shown(path)} exists already`, {
      remedy:
        'choose another file; or add --force to replace it: what it holds is then lost, and its address with it',
      cause: error,
      details,
    });
  return identityError(
    'IDENTITY_FILE_NOT_WRITABLE',
    `cannot write ${shown(path)}: ${errorMessage(error)}`,
    { remedy: 'give --out a file in a directory of your own', cause: error, details },
  );
}

function shown(path: string): string {
  return escapeText(path, 4096);
}
