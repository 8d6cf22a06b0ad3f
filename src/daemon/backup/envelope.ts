/**
 * The file of a backup: a header, and what it holds, encrypted by a passphrase. `docs/backup.md` has the same table.
 *
 * | at | bytes | what |
 * |---|---|---|
 * | 0 | 16 | `overspan backup` and a newline |
 * | 16 | 1 | version: 1; 2 where it holds bans |
 * | 17 | 16 | salt, random |
 * | 33 | 12 | nonce, random |
 * | 45 | 16 | check of the passphrase |
 * | 61 | n | content, AES-256-GCM |
 * | 61 + n | 16 | its tag; the whole header is its associated data |
 *
 * Both versions are laid out alike. Programs from before there were bans know 1 alone, and would let the banned in.
 *
 * Key (32 bytes) and check (16 bytes) are scrypt of passphrase and salt, N = 2¹⁷, r = 8, p = 1. The check tells a wrong
 * passphrase from a damaged file, and nothing that the tag would not tell whoever guesses.
 */
import {
  createCipheriv,
  createDecipheriv,
  randomBytes,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';
import { promisify } from 'node:util';

import { concatBytes, latin1Bytes } from '../../base/bytes.ts';
import type { Secret } from '../../base/secret.ts';
import { backupError } from './errors.ts';

/** Bytes of the header. */
export const headerBytes = 61;

const magic = latin1Bytes('overspan backup\n');
const versionMax = 2;
const tagBytes = 16;
const at = { version: 16, salt: 17, nonce: 33, check: 45 } as const;

/** What scrypt costs. */
export interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly maxmem: number;
}

/** 128 MiB of memory and about half a second. Node allows less memory unless it is told. */
const usualCost: Cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 2 ** 20 };

interface Derived {
  readonly key: Uint8Array;
  readonly check: Uint8Array;
}

/** How a file is sealed. */
export interface SealOptions {
  /** Default: 1. */
  readonly version?: 1 | 2;
  /** Another one for tests alone: what was sealed with it no one else opens. */
  readonly cost?: Cost;
}

/** Encrypts. @returns the whole file */
export async function seal(
  content: Uint8Array,
  passphrase: Secret<string>,
  { version = 1, cost = usualCost }: SealOptions = {},
): Promise<Uint8Array> {
  const salt = new Uint8Array(randomBytes(16));
  const nonce = new Uint8Array(randomBytes(12));
  const { key, check } = await derive(passphrase, salt, cost);
  const header = concatBytes(magic, Uint8Array.of(version), salt, nonce, check);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(header);
  const body = [cipher.update(content), cipher.final()];
  return concatBytes(header, ...body, cipher.getAuthTag());
}

/**
 * Decrypts.
 *
 * @param file - the whole of it. @param cost - as it was sealed with
 * @throws BACKUP_INVALID, BACKUP_NEWER, BACKUP_PASSPHRASE_WRONG, BACKUP_DAMAGED
 */
export async function open(
  file: Uint8Array,
  passphrase: Secret<string>,
  cost: Cost = usualCost,
): Promise<Uint8Array> {
  const header = checkedHeader(file);
  const { key, check } = await derive(passphrase, header.subarray(at.salt, at.nonce), cost);
  if (!timingSafeEqual(check, header.subarray(at.check)))
    throw backupError('BACKUP_PASSPHRASE_WRONG', 'the passphrase is not that of this backup', {
      remedy:
        'give the passphrase that it was made with; if it is, the file is damaged: take another copy',
    });
  const end = file.length - tagBytes;
  if (end < headerBytes) throw damaged();
  const decipher = createDecipheriv('aes-256-gcm', key, header.subarray(at.nonce, at.check))
    .setAAD(header)
    .setAuthTag(file.subarray(end));
  // Nothing of it is looked at before the tag is found right.
  const content = decipher.update(file.subarray(headerBytes, end));
  try {
    return concatBytes(content, decipher.final());
  } catch {
    throw damaged();
  }
}

function checkedHeader(file: Uint8Array): Uint8Array {
  const isOurs = magic.every((byte, index) => file[index] === byte);
  if (!isOurs)
    throw backupError('BACKUP_INVALID', 'the file is no backup of this program', {
      remedy: 'give a file that was made by: overspan backup FILE',
    });
  const found = file[at.version];
  if (found !== undefined && found > versionMax)
    throw backupError('BACKUP_NEWER', `the backup has version ${found}; ${versionMax} is known`, {
      remedy: 'upgrade this program',
    });
  if (file.length < headerBytes || found === 0) throw damaged();
  return file.subarray(0, headerBytes);
}

function damaged(): Error {
  return backupError('BACKUP_DAMAGED', 'the backup is cut short, or was changed', {
    remedy: 'take another copy of it',
  });
}

async function derive(passphrase: Secret<string>, salt: Uint8Array, cost: Cost): Promise<Derived> {
  // One form of each letter, however it was typed.
  const text = passphrase.reveal().normalize('NFC');
  const derived = await derivedBytes(text, salt, 48, cost);
  return { key: derived.subarray(0, 32), check: derived.subarray(32) };
}

const derivedBytes = promisify<string, Uint8Array, number, Cost, Buffer>(scrypt);
