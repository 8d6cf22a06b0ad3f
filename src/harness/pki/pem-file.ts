/**
 * Reads PEM files made by anybody: certificates (one or a chain), keys as PKCS#8, PKCS#1 or SEC1, with whatever text
 * and parameter blocks OpenSSL puts around them. Source: RFC 7468, and RFC 1421 for the old form of encryption.
 */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { open } from 'node:fs/promises';

import { errorCode, errorMessage, type OverspanError } from '../../base/errors.ts';
import { pemFileBytesMax } from './constants.ts';
import { pkiError } from './errors.ts';
import { Secret } from '../../base/secret.ts';
import { shellWord } from './shell-word.ts';

/** Certificates of one file, in its order: a leaf comes before those that issued it. */
export interface CertificateFile {
  readonly path: string;
  readonly certificates: readonly [X509Certificate, ...X509Certificate[]];
  /** The certificates alone, without what else the file holds. */
  readonly pem: string;
}

/** The private key of a file. */
export interface KeyFile {
  readonly path: string;
  readonly key: KeyObject;
  readonly pem: Secret<string>;
  /** Permission bits of the file. */
  readonly mode: number;
}

interface Block {
  readonly label: string;
  readonly text: string;
}

/**
 * Reads every certificate of a file.
 *
 * @throws PKI_FILE_MISSING, PKI_FILE_UNREADABLE, PKI_NOT_PEM
 */
export async function readCertificates(path: string): Promise<CertificateFile> {
  const { text } = await readText(path);
  const blocks = pemBlocks(text);
  const [first, ...rest] = blocks
    .filter(({ label }) => label === 'CERTIFICATE' || label === 'X509 CERTIFICATE')
    .map(({ text: pem }, index) => parseCertificate(path, pem, index));
  if (first === undefined) throw notPem(path, 'certificate', text, blocks);
  const certificates = [first, ...rest] as const;
  return { path, certificates: [...certificates], pem: certificates.map(String).join('') };
}

/** True where a file holds a private key and no certificate. Never throws: such files are shown by their certificate. */
export async function holdsOnlyKeys(path: string): Promise<boolean> {
  try {
    const blocks = pemBlocks((await readText(path)).text);
    return blocks.some(isKey) && !blocks.some(({ label }) => label.endsWith('CERTIFICATE'));
  } catch {
    return false;
  }
}

/**
 * Reads the first private key of a file.
 *
 * @throws PKI_FILE_MISSING, PKI_FILE_UNREADABLE, PKI_NOT_PEM, PKI_KEY_ENCRYPTED
 */
export async function readKey(path: string): Promise<KeyFile> {
  const { text, mode } = await readText(path);
  const blocks = pemBlocks(text);
  const block = blocks.find(isKey);
  if (block === undefined) throw notPem(path, 'private key', text, blocks);
  if (block.label === 'ENCRYPTED PRIVATE KEY' || /^Proc-Type: *4, *ENCRYPTED/m.test(block.text)) {
    const word = shellWord(path);
    throw pkiError('PKI_KEY_ENCRYPTED', `the key in ${word} is protected by a passphrase`, {
      remedy: `umask 077; openssl pkey -in ${word} -out ${shellWord(`${path}.plain`)}   (asks for the passphrase; then use that file)`,
      details: { file: path },
    });
  }
  try {
    return { path, key: createPrivateKey(block.text), pem: new Secret(block.text), mode };
  } catch (error) {
    throw damaged(path, 'private key', error);
  }
}

/** The certificates of a PEM text; an empty list where it holds none. @throws where one is damaged */
export function certificatesOf(pem: string): X509Certificate[] {
  return pemBlocks(pem)
    .filter(({ label }) => label === 'CERTIFICATE')
    .map(({ text }) => new X509Certificate(text));
}

function pemBlocks(text: string): Block[] {
  const pattern = /-----BEGIN ([A-Z0-9 ]{1,40})-----[^-]*(?:-(?!----END )[^-]*)*-----END \1-----/g;
  return [...text.matchAll(pattern)].map((match) => ({
    label: match[1] ?? '',
    text: `${match[0].replaceAll('\r\n', '\n')}\n`,
  }));
}

function isKey({ label }: Block): boolean {
  return label.endsWith('PRIVATE KEY');
}

async function readText(path: string): Promise<{ text: string; mode: number }> {
  try {
    const file = await open(path, 'r');
    try {
      const { mode, size } = await file.stat();
      if (size > pemFileBytesMax) throw notPem(path, 'certificate or key', '', []);
      return { text: await file.readFile('latin1'), mode: mode & 0o777 };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): unknown {
  const word = shellWord(path);
  const details = { file: path, errno: errorCode(error) ?? null };
  switch (errorCode(error)) {
    case 'PKI_NOT_PEM':
      return error;
    case 'ENOENT':
    case 'ENOTDIR':
      return pkiError('PKI_FILE_MISSING', `${word} does not exist`, {
        remedy:
          'give the path of a PEM file, or make certificates: overspan cert init, then overspan cert issue server',
        cause: error,
        details,
      });
    case 'EISDIR':
      return pkiError('PKI_FILE_UNREADABLE', `${word} is a directory`, {
        remedy: 'give the path of a PEM file in it',
        cause: error,
        details,
      });
    default:
      return pkiError('PKI_FILE_UNREADABLE', `cannot read ${word}: ${errorMessage(error)}`, {
        remedy: `see who may read it: ls -l ${word}; run as its owner, or copy it to a place of your own`,
        cause: error,
        details,
      });
  }
}

function parseCertificate(path: string, pem: string, index: number): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw damaged(
      path,
      index === 0 ? 'certificate' : `certificate number ${String(index + 1)}`,
      error,
    );
  }
}

function damaged(path: string, what: string, cause: unknown): OverspanError {
  return pkiError(
    'PKI_NOT_PEM',
    `the ${what} in ${shellWord(path)} is damaged: ${errorMessage(cause)}`,
    {
      remedy:
        'copy the file again from where it was made; see what is in it: openssl asn1parse -in FILE',
      cause,
      details: { file: path },
    },
  );
}

/** Says what the file holds instead, because that names the mistake. */
function notPem(
  path: string,
  wanted: string,
  text: string,
  blocks: readonly Block[],
): OverspanError {
  const word = shellWord(path);
  const [first] = blocks;
  let message = `${word} holds no ${wanted} in PEM form`;
  let remedy = 'a PEM file has a line that begins with -----BEGIN; give the path of such a file';
  if (first !== undefined) {
    message += `; it holds: ${[...new Set(blocks.map(({ label }) => label.toLowerCase()))].join(', ')}`;
    remedy = 'see whether the files of the certificate and the key were swapped';
  } else if (text.startsWith('\x30')) {
    message += '; it looks like DER or PKCS#12';
    remedy =
      wanted === 'certificate'
        ? `openssl x509 -inform der -in ${word} -out ${shellWord(`${path}.pem`)}   (PKCS#12: openssl pkcs12 -in ${word} -nodes)`
        : `openssl pkey -inform der -in ${word} -out ${shellWord(`${path}.pem`)}   (PKCS#12: openssl pkcs12 -in ${word} -nodes)`;
  }
  return pkiError('PKI_NOT_PEM', message, { remedy, details: { file: path } });
}
