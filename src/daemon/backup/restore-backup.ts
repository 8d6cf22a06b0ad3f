/**
 * Puts a backup into a home and a database, where no daemon runs. What is there and differs is moved aside first, and where
 * a step fails everything goes back. The database is written before the files, in one transaction, and the identity last:
 * a home that has it has everything, and what was interrupted can be begun again.
 */
import { existsSync } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';

import { errorCode, errorMessage, OverspanError } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import type { Address } from '../../base/ids.ts';
import type { Secret } from '../../base/secret.ts';
import { changesOf, type StoreChange } from '../../controller/store.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import { isFile, shownUrl, SqlStore } from '../../io/store/index.ts';
import { systemClock } from '../../sys/clock.ts';
import { writePrivateFiles } from '../../sys/private-file.ts';
import { daemonError } from '../errors.ts';
import { lockHome } from '../home-lock.ts';
import { Home } from '../home.ts';
import { parseContent, summaryOf, type BackupContent, type BackupSummary } from './content.ts';
import { differencesOf, type Differences } from './differences.ts';
import { open } from './envelope.ts';
import { backupError } from './errors.ts';
import { setAside, type Move } from './set-aside.ts';

/** What is wanted. */
export interface RestoreRequest {
  readonly home: string;
  /** Where the controller is to keep its networks. Default: `controller.db` of the home. */
  readonly storeUrl?: string | undefined;
  readonly file: string;
  readonly passphrase: Secret<string>;
  /** Also where another identity or networks are: they are moved aside. */
  readonly force: boolean;
}

/** What was done. */
export interface RestoreResult extends BackupSummary {
  /** Where files are now that were in the way. */
  readonly movedAside: readonly string[];
}

/** Bytes of the largest file that is looked at: more than a text can hold when it is decrypted. */
const fileBytesMax = 2 ** 29;

/**
 * Restores one.
 *
 * @throws BACKUP_…, RESTORE_REFUSED, HOME_…, STORE_…; nothing has changed then
 */
export async function restoreBackup(
  provider: CryptoProvider,
  request: RestoreRequest,
): Promise<RestoreResult> {
  const sealed = await readBackup(request.file);
  const content = parseContent(await open(sealed, request.passphrase), provider);
  const home = new Home(request.home);
  const lock = await lockHome(home);
  try {
    const url = request.storeUrl ?? home.path('controller.db');
    const differences = await differencesOf(home, url, content);
    refuse(differences, url, request.force);
    const movedAside = await replace(home, url, content, differences);
    return { ...summaryOf(content), movedAside };
  } finally {
    lock.release();
  }
}

async function readBackup(path: string): Promise<Uint8Array> {
  let why: string;
  try {
    const found = await stat(path);
    if (found.isFile() && found.size <= fileBytesMax) return new Uint8Array(await readFile(path));
    why = found.isFile() ? `it is larger than ${fileBytesMax} bytes` : 'it is no file';
  } catch (error) {
    why = errorMessage(error);
  }
  throw backupError('BACKUP_FILE_UNUSABLE', `cannot read ${escapeText(path, 4096)}: ${why}`, {
    remedy: 'give a file that was made by: overspan backup FILE',
  });
}

function refuse({ database, reasons }: Differences, url: string, force: boolean): void {
  const canMove = database !== 'other' || isFile(url);
  if (reasons.length === 0 || (force && canMove)) return;
  throw backupError('RESTORE_REFUSED', `there is ${reasons.join(', and ')}`, {
    remedy: canMove
      ? 'restore into an empty home: --home DIRECTORY; or move what is there aside: --force'
      : `restore into an empty database: --store URL; that of ${shownUrl(url)} cannot be moved aside`,
    details: { reasons },
  });
}

/** @returns where files are now that were in the way */
async function replace(
  home: Home,
  url: string,
  { address, state }: BackupContent,
  differences: Differences,
): Promise<string[]> {
  const undo: (() => Promise<void>)[] = [];
  try {
    const aside = await setAside(movesOf(home, url, differences));
    undo.push(() => aside.undo());
    if (differences.database !== 'same') {
      undo.push(() => unwrite(url, address, state));
      await write(url, address, changesOf(state));
    }
    await writePrivateFiles(
      differences.missing.map(({ name, bytes }) => ({
        path: home.path(name),
        content: bytes,
        mode: 0o600,
      })),
      { overwrite: false },
    );
    return aside.moved.map(({ to }) => to);
  } catch (error) {
    for (const step of undo.reverse()) await step();
    if (error instanceof OverspanError) throw error;
    throw daemonError(
      'HOME_UNUSABLE',
      `cannot write to ${escapeText(home.directory, 4096)}: ${errorMessage(error)}`,
      {
        remedy: 'run as the owner of the home directory, or choose another one with --home',
        cause: error,
        details: { home: home.directory, errno: errorCode(error) ?? null },
      },
    );
  }
}

/** In one transaction: what is saved in one turn is. */
async function write(url: string, owner: Address, changes: readonly StoreChange[]): Promise<void> {
  const store = await SqlStore.open({ url, owner, log: () => undefined });
  try {
    for (const change of changes) store.save(change);
    await store.flushed();
  } finally {
    await store.close();
  }
}

/** Takes back what was written, or was not: a file is new, as an older one was moved. */
async function unwrite(
  url: string,
  owner: Address,
  { networks, tokens }: BackupContent['state'],
): Promise<void> {
  if (isFile(url)) {
    for (const path of databaseFiles(url)) await rm(path, { force: true });
    return;
  }
  await write(url, owner, [
    ...networks.map(({ networkId }) => ({ kind: 'network-deleted', networkId }) as const),
    ...tokens.map(({ id }) => ({ kind: 'token-deleted', id }) as const),
  ]);
}

function movesOf(home: Home, url: string, differences: Differences): Move[] {
  const { others, isOtherIdentity, database } = differences;
  const name = freeName(home, url);
  const names = [...others, ...(isOtherIdentity ? ['peers.d'] : [])];
  const moves = names.map((each) => ({ from: home.path(each), to: home.path(name, each) }));
  if (database === 'same' || !isFile(url)) return moves;
  const isInHome = resolve(dirname(url)) === resolve(home.directory);
  const to = isInHome ? home.path(name, basename(url)) : `${url}.${name}`;
  const targets = databaseFiles(to);
  return [
    ...moves,
    ...databaseFiles(url).map((from, index) => ({ from, to: targets[index] ?? to })),
  ];
}

/** A database of SQLite, and what it keeps beside. */
function databaseFiles(path: string): string[] {
  return ['', '-wal', '-shm'].map((suffix) => `${path}${suffix}`);
}

/** A name that nothing has yet: `before-restore-20260102T030405Z`. */
function freeName(home: Home, url: string): string {
  const time = new Date(systemClock.wallMs()).toISOString().replace(/[-:]|\.\d+/g, '');
  for (let count = 1; ; count++) {
    const name = `before-restore-${time}${count === 1 ? '' : `-${count}`}`;
    if (!existsSync(home.path(name)) && !existsSync(`${url}.${name}`)) return name;
  }
}
