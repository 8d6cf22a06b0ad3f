/**
 * Where keys and certificates lie:
 *
 * ```
 * pki/ca.pem  ca.key               the authority
 *     server.pem  server.key       the measurement server; the certificates above it follow its own
 *     clients/NAME.pem  NAME.key   one pair for each client
 * ```
 *
 * Keys have mode 0600, certificates 0644, directories 0700. PEM files from elsewhere can take the place of any of them.
 */
import { join } from 'node:path';

import { errorCode, errorMessage } from '../../base/errors.ts';
import { writePrivateFiles, type PrivateFile } from '../../sys/private-file.ts';
import { pkiError } from './errors.ts';
import { shellWord } from './shell-word.ts';

/** A certificate's file and its key's. */
export interface PairPaths {
  readonly cert: string;
  readonly key: string;
}

/** The directory of keys and certificates within the state directory. */
export function pkiDirectory(home: string): string {
  return join(home, 'pki');
}

/** The files of the authority and the server. @param directory - from {@link pkiDirectory} or `--dir` */
export function pkiPaths(directory: string): {
  readonly ca: PairPaths;
  readonly server: PairPaths;
} {
  return { ca: pair(directory, 'ca'), server: pair(directory, 'server') };
}

/** The files of one client. @param name - a checked client name: it becomes a file's name */
export function clientPaths(directory: string, name: string): PairPaths {
  return pair(join(directory, 'clients'), name);
}

/**
 * Writes a key and its certificate, both or neither.
 *
 * @throws PKI_FILE_EXISTS where one of them is there and `force` is false; PKI_FILE_UNWRITABLE
 */
export async function writePair(
  paths: PairPaths,
  pems: { readonly certPem: string; readonly keyPem: string },
  force: boolean,
): Promise<void> {
  const files: PrivateFile[] = [
    { path: paths.key, content: pems.keyPem, mode: 0o600 },
    { path: paths.cert, content: pems.certPem, mode: 0o644 },
  ];
  try {
    await writePrivateFiles(files, { overwrite: force });
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      const inTheWay = (error as { dest?: string }).dest ?? paths.cert;
      throw pkiError(
        'PKI_FILE_EXISTS',
        `${shellWord(inTheWay)} is there already; nothing was written`,
        {
          remedy:
            'add --force to replace the key and its certificate (what was signed with the old key stops working), or choose another --dir',
          cause: error,
          details: { file: inTheWay },
        },
      );
    }
    throw pkiError(
      'PKI_FILE_UNWRITABLE',
      `cannot write ${shellWord(paths.key)}: ${errorMessage(error)}`,
      {
        remedy: unwritableRemedy(errorCode(error)),
        cause: error,
        details: { file: paths.key, errno: errorCode(error) ?? null },
      },
    );
  }
}

function unwritableRemedy(errno: string | undefined): string {
  switch (errno) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'make room on that disk (df -h), or choose another directory with --dir or --home';
    case 'EROFS':
      return 'the file system is read-only: choose another directory with --dir or --home';
    default:
      return 'choose a directory that you may write to with --dir or --home, or run as its owner';
  }
}

function pair(directory: string, name: string): PairPaths {
  return { cert: join(directory, `${name}.pem`), key: join(directory, `${name}.key`) };
}
