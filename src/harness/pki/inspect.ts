/** Looks at certificate files without failing at the first thing that is wrong with them. */
import { access, readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';

import { errorCode, OverspanError } from '../../base/errors.ts';
import { checkIdentity } from './checks.ts';
import { describeCertificate, type CertificateFacts } from './describe.ts';
import { pkiError, type PkiErrorCode, type Problem } from './errors.ts';
import {
  holdsOnlyKeys,
  readCertificates,
  readKey,
  type CertificateFile,
  type KeyFile,
} from './pem-file.ts';
import { shellWord } from './shell-word.ts';

/** One file with certificates. */
export interface FileFacts {
  readonly file: string;
  /** In the order of the file; empty where it could not be read. */
  readonly certificates: readonly CertificateFacts[];
  /** The file of its key, where one lies beside it under the same name. */
  readonly keyFile: string | null;
  readonly problems: readonly Problem[];
}

const certificateEndings = ['.pem', '.crt', '.cer'];

/**
 * Looks at a file, or at all certificates of a directory and its `clients` folder, which are then also checked
 * against the directory's `ca.pem`.
 *
 * @param now - wall clock, ms since the Unix epoch
 * @throws PKI_FILE_MISSING, PKI_FILE_UNREADABLE for the path itself
 */
export async function inspect(path: string, now: number): Promise<FileFacts[]> {
  if (!(await isDirectory(path))) {
    await readCertificates(path).catch(rethrowMissing);
    return [await inspectFile(path, null, now)];
  }
  const caPath = join(path, 'ca.pem');
  const ca = (await exists(caPath)) ? await readCertificates(caPath).catch(() => null) : null;
  const files = [
    ...(await certificateFiles(path)),
    ...(await certificateFiles(join(path, 'clients'))),
  ];
  if (files.length === 0) {
    throw pkiError('PKI_FILE_MISSING', `there is no certificate in ${shellWord(path)}`, {
      remedy: `overspan cert init --dir ${shellWord(path)}`,
      details: { file: path },
    });
  }
  const facts: FileFacts[] = [];
  // The authority first: everything else refers to it.
  for (const file of files.sort((a, b) => Number(b === caPath) - Number(a === caPath)))
    facts.push(await inspectFile(file, ca, now));
  return facts;
}

async function inspectFile(
  path: string,
  ca: CertificateFile | null,
  now: number,
): Promise<FileFacts> {
  const problems: Problem[] = [];
  const collect = <T>(reading: Promise<T>): Promise<T | null> =>
    reading.catch((error: unknown) => {
      problems.push(asProblem(error, path));
      return null;
    });
  const keyPath = `${path.slice(0, -extname(path).length || undefined)}.key`;
  const keyFile = keyPath !== path && (await exists(keyPath)) ? keyPath : null;
  const cert = await collect(readCertificates(path));
  const key: KeyFile | null = keyFile === null ? null : await collect(readKey(keyFile));
  return {
    file: path,
    certificates: cert?.certificates.map(describeCertificate) ?? [],
    keyFile,
    problems: [
      ...problems,
      ...checkIdentity({ ca: cert === null ? null : ca, cert, key }, now, null),
    ],
  };
}

async function certificateFiles(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((error: unknown) =>
    errorCode(error) === 'ENOENT' ? [] : null,
  );
  // A directory that may not be read is shown as such, among those files that may.
  if (names === null) return [directory];
  const files: string[] = [];
  for (const name of names.sort()) {
    const file = join(directory, name);
    if (name.startsWith('.') || !certificateEndings.includes(extname(name))) continue;
    if (!(await holdsOnlyKeys(file))) files.push(file);
  }
  return files;
}

function asProblem(error: unknown, file: string): Problem {
  if (!(error instanceof OverspanError)) throw error;
  const { code, message, remedy } = error;
  return { severity: 'error', code: code as PkiErrorCode, message, remedy, file };
}

function rethrowMissing(error: unknown): void {
  const code = errorCode(error);
  if (code === 'PKI_FILE_MISSING' || code === 'PKI_FILE_UNREADABLE') throw error;
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
