/** What a home and a database hold that a backup does not, or otherwise: what a restore would put out of the way. */
import { equalBytes } from '../../base/bytes.ts';
import { formatAddress } from '../../base/ids.ts';
import { findStoredState, isFile, type FoundState } from '../../io/store/index.ts';
import { parseIdentity } from '../../wire/identity.ts';
import type { Home } from '../home.ts';
import { isEmptyState, sameState, type BackupContent } from './content.ts';
import { identityFile, isJoinedNetwork, keptFiles, type KeptFile } from './kept-files.ts';

/** All of them. */
export interface Differences {
  /** Names in the home that hold something else. */
  readonly others: readonly string[];
  /** Files of the backup that are not in the home as they are; the identity last. */
  readonly missing: readonly KeptFile[];
  readonly isOtherIdentity: boolean;
  /** `same`: nothing needs to be written. `empty`: it can be written into. */
  readonly database: 'same' | 'empty' | 'other';
  /** What nobody would want to be replaced without being asked. */
  readonly reasons: readonly string[];
}

/** Finds them. @param url - of the database. @throws HOME_UNUSABLE; STORE_… where it is no file */
export async function differencesOf(
  home: Home,
  url: string,
  content: BackupContent,
): Promise<Differences> {
  const there = await keptFiles(home);
  const isIn = (files: readonly KeptFile[], { name, bytes }: KeptFile): boolean =>
    files.some((each) => each.name === name && equalBytes(each.bytes, bytes));
  const others = there.filter((file) => !isIn(content.files, file));
  const missing = content.files.filter((file) => !isIn(there, file));
  const identity = otherIdentity(there, content);
  const joinedCount = others.filter(({ name }) => isJoinedNetwork(name)).length;
  const { database, reason } = await databaseOf(url, content);
  return {
    others: others.map(({ name }) => name),
    missing: [...missing].sort(
      (a, b) => Number(a.name === identityFile) - Number(b.name === identityFile),
    ),
    isOtherIdentity: identity !== null,
    database,
    reasons: [
      ...(identity === null ? [] : [identity]),
      ...(joinedCount === 0 ? [] : [`${joinedCount} joined networks as they are here`]),
      ...(reason === null ? [] : [reason]),
    ],
  };
}

/** What identity is there that is not that of the backup; null: none. */
function otherIdentity(there: readonly KeptFile[], { files }: BackupContent): string | null {
  const textOf = (list: readonly KeptFile[]): string | null => {
    const file = list.find(({ name }) => name === identityFile);
    return file === undefined ? null : Buffer.from(file.bytes).toString('latin1').trim();
  };
  const text = textOf(there);
  if (text === null || text === textOf(files)) return null;
  const identity = parseIdentity(text);
  return identity === null
    ? 'an identity that cannot be read'
    : `the identity of ${formatAddress(identity.address)}`;
}

async function databaseOf(
  url: string,
  { address, state }: BackupContent,
): Promise<{ readonly database: Differences['database']; readonly reason: string | null }> {
  let found: FoundState | null;
  try {
    found = await findStoredState(url);
  } catch (error) {
    // A file can be moved; what a server holds, or why it does not answer, is for its owner to see.
    if (!isFile(url)) throw error;
    return { database: 'other', reason: 'a database that cannot be read' };
  }
  if (found === null) return { database: isEmptyState(state) ? 'same' : 'empty', reason: null };
  if (found.owner !== address)
    return { database: 'other', reason: `the database of ${formatAddress(found.owner)}` };
  if (sameState(found.state, state)) return { database: 'same', reason: null };
  if (isEmptyState(found.state)) return { database: 'empty', reason: null };
  const { length } = found.state.networks;
  return { database: 'other', reason: `a database with ${length} networks as they are here` };
}
