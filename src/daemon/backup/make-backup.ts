/** Makes a backup of a home and of what its controller holds: while the daemon runs, or without. */
import { errorCode, errorMessage } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { formatAddress, formatU64, type NetworkId } from '../../base/ids.ts';
import type { Secret } from '../../base/secret.ts';
import { isBanned } from '../../controller/member-standing.ts';
import { emptyState, type StoredState } from '../../controller/store.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import { findStoredState, shownUrl } from '../../io/store/index.ts';
import { systemClock } from '../../sys/clock.ts';
import { writePrivateFiles } from '../../sys/private-file.ts';
import { overspanVersion } from '../../sys/version.ts';
import { Home } from '../home.ts';
import { contentBytes, summaryOf, type BackupContent, type BackupSummary } from './content.ts';
import { seal } from './envelope.ts';
import { backupError } from './errors.ts';
import { keptFiles } from './kept-files.ts';

/** What is wanted. */
export interface BackupRequest {
  readonly home: string;
  /** Where the controller keeps its networks. Default: `controller.db` of the home. */
  readonly storeUrl?: string | undefined;
  /** Where the backup goes: a file that is not there yet. */
  readonly file: string;
  readonly passphrase: Secret<string>;
  /** Networks that the daemon says it owns: a database without one of them is not the one. */
  readonly owned: readonly NetworkId[];
}

/**
 * Makes one.
 *
 * @throws BACKUP_NOTHING, BACKUP_FILE_UNUSABLE, BACKUP_WRONG_STORE, HOME_…, STORE_…
 */
export async function makeBackup(
  provider: CryptoProvider,
  request: BackupRequest,
): Promise<BackupSummary> {
  const home = new Home(request.home);
  const identity = await home.identity(provider);
  if (identity === null)
    throw backupError('BACKUP_NOTHING', `${escapeText(home.directory, 4096)} has no identity`, {
      remedy: 'name the home directory of the node: --home DIRECTORY',
    });
  const { address } = identity.identity;
  const url = request.storeUrl ?? home.path('controller.db');
  const found = await findStoredState(url);
  if (found !== null && found.owner !== address)
    throw wrongStore(url, `it is of controller ${formatAddress(found.owner)}`);
  const state: StoredState = found?.state ?? emptyState;
  const missing = request.owned.find((id) => !state.networks.some((each) => each.networkId === id));
  if (missing !== undefined) throw wrongStore(url, `it lacks network ${formatU64(missing)}`);
  const content: BackupContent = {
    program: overspanVersion(),
    createdAtMs: systemClock.wallMs(),
    address,
    files: await keptFiles(home),
    state,
  };
  const version = state.members.some(isBanned) ? 2 : 1;
  await write(request.file, await seal(contentBytes(content), request.passphrase, { version }));
  return summaryOf(content);
}

async function write(path: string, content: Uint8Array): Promise<void> {
  try {
    await writePrivateFiles([{ path, content, mode: 0o600 }], { overwrite: false });
  } catch (error) {
    const isThere = errorCode(error) === 'EEXIST';
    const why = isThere ? 'it is there already' : errorMessage(error);
    throw backupError('BACKUP_FILE_UNUSABLE', `cannot write ${escapeText(path, 4096)}: ${why}`, {
      remedy: 'give a file that is not there yet, in a directory of your own',
      cause: error,
    });
  }
}

function wrongStore(url: string, why: string): Error {
  const where = escapeText(shownUrl(url), 4096);
  return backupError('BACKUP_WRONG_STORE', `${where} is not the database of this node: ${why}`, {
    remedy: 'name the one that it was started with: --store URL, or OVERSPAN_STORE',
  });
}
