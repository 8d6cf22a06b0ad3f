/** Backups into and out of PostgreSQL, which cannot be moved aside and is written last of what can fail for its own reasons. */
import { existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Secret } from '../../src/base/secret.ts';
import { changesOf, emptyState, type StoredState } from '../../src/controller/store.ts';
import { makeBackup } from '../../src/daemon/backup/make-backup.ts';
import { restoreBackup, type RestoreResult } from '../../src/daemon/backup/restore-backup.ts';
import { Home } from '../../src/daemon/home.ts';
import { nodeProvider } from '../../src/io/crypto/node-provider.ts';
import { findStoredState, SqlStore } from '../../src/io/store/index.ts';
import { Postgres, postgresRefusal } from '../programs/postgres.ts';
import { testIdentity } from '../vectors/identities.ts';
import { inOrder, sampleInvite, sampleMember, sampleNetwork } from './store.ts';

const provider = nodeProvider();
const passphrase = new Secret<string>('correct horse');
const own = testIdentity(0);
const directory = mkdtempSync(join(tmpdir(), 'overspan-backup-postgres-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});
let count = 0;
const newPath = (): string => join(directory, String(count++));
const network = sampleNetwork(0);
const state: StoredState = {
  ...emptyState,
  networks: [network, sampleNetwork(1)],
  members: [0, 1, 2].map((index) => sampleMember(network, index)),
  invites: [sampleInvite(network, 0)],
};

const isThere = postgresRefusal === null;
const describeServer = isThere ? describe : describe.skip;
describeServer(isThere ? 'PostgreSQL' : `PostgreSQL (skipped: ${postgresRefusal})`, () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await Postgres.start();
  });
  afterAll(async () => {
    await server.close();
  });

  const save = async (url: string, saved: StoredState): Promise<void> => {
    const store = await SqlStore.open({
      url,
      owner: own.identity.address,
      log: () => undefined,
    });
    for (const change of changesOf(saved)) store.save(change);
    await store.flushed();
    await store.close();
  };
  const restore = (home: string, file: string, storeUrl: string): Promise<RestoreResult> =>
    restoreBackup(provider, { home, file, passphrase, storeUrl, force: true });
  const stateOf = async (url: string): Promise<StoredState> =>
    inOrder((await findStoredState(url))!.state);

  it('is backed up, and restored into another database, and into a file', async () => {
    const home = newPath();
    await new Home(home).keepIdentity(own);
    const storeUrl = server.database(`backup_${count++}`);
    await save(storeUrl, state);
    const file = newPath();
    const made = await makeBackup(provider, { home, storeUrl, file, passphrase, owned: [] });
    expect(made.recordCounts).toMatchObject({ networks: 2, members: 3 });
    for (const url of [server.database(`backup_${count++}`), newPath()]) {
      await restore(newPath(), file, url);
      expect(await stateOf(url)).toEqual(inOrder(state));
      // It is the same again, and nothing is in the way.
      expect((await restore(newPath(), file, url)).movedAside).toEqual([]);
    }
  });

  it('that holds something else is left as it is, whatever is asked for', async () => {
    const home = newPath();
    await new Home(home).keepIdentity(own);
    await save(join(home, 'controller.db'), state);
    const file = newPath();
    await makeBackup(provider, { home, file, passphrase, owned: [] });
    const url = server.database(`backup_${count++}`);
    const other = { ...emptyState, networks: [sampleNetwork(5)] };
    await save(url, other);
    const into = newPath();
    await expect(restore(into, file, url)).rejects.toMatchObject({ code: 'RESTORE_REFUSED' });
    expect(await stateOf(url)).toEqual(inOrder(other));
    expect(existsSync(join(into, 'identity.secret'))).toBe(false);
  });

  it('is empty again where the files cannot be written', async () => {
    const home = newPath();
    await new Home(home).keepIdentity(own);
    await save(join(home, 'controller.db'), state);
    const file = newPath();
    await makeBackup(provider, { home, file, passphrase, owned: [] });
    const url = server.database(`backup_${count++}`);
    const into = newPath();
    mkdirSync(into);
    symlinkSync('nothing', join(into, 'identity.public'));
    await expect(restore(into, file, url)).rejects.toMatchObject({ code: 'HOME_UNUSABLE' });
    expect(await stateOf(url)).toEqual(emptyState);
    expect(lstatSync(join(into, 'identity.public')).isSymbolicLink()).toBe(true);
    expect(existsSync(join(into, 'identity.secret'))).toBe(false);
  });
});
