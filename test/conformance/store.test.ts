import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { errorMessage } from '../../src/base/errors.ts';
import type { MemberRecord } from '../../src/controller/member-record.ts';
import {
  changesOf,
  emptyState,
  MemoryStore,
  type StoredState,
} from '../../src/controller/store.ts';
import { dialectFor } from '../../src/io/store/dialect.ts';
import { findStoredState, SqlStore } from '../../src/io/store/index.ts';
import { Postgres, postgresRefusal } from '../programs/postgres.ts';
import { testIdentity } from '../vectors/identities.ts';
import {
  controllerId,
  inOrder,
  sampleInvite,
  sampleMember,
  sampleNetwork,
  storeConformance,
  type StorePlace,
} from './store.ts';

const directory = mkdtempSync(join(tmpdir(), 'overspan-store-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});
let places = 0;
const newFile = (): string => join(directory, `controller-${places++}.db`);
const open = (url: string, log: string[] = []): Promise<SqlStore> =>
  SqlStore.open({ url, owner: controllerId, log: (line) => log.push(line) });

storeConformance('memory', (): StorePlace => {
  const store = Object.assign(new MemoryStore(), { close: () => Promise.resolve() });
  return { open: () => Promise.resolve(store) };
});

storeConformance('SQLite', (): StorePlace => {
  const url = newFile();
  return { open: () => open(url) };
});

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

  storeConformance('PostgreSQL', (): StorePlace => {
    const name = `store_${places++}`;
    return { open: () => open(server.database(name)) };
  });

  ownership(() => server.database(`store_${places++}`));
  reading(() => server.database(`store_${places++}`));

  it('that is away: who waits is told, and everything is written when it is back', async () => {
    const { store, network, log, whenBack } = await opened();
    await server.stop();
    store.save({ kind: 'network', record: network });
    await expect(store.flushed()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    store.save({ kind: 'member', record: sampleMember(network, 1) });
    await server.resume();
    expect(await whenBack()).toEqual({
      ...emptyState,
      networks: [network],
      members: [sampleMember(network, 1)],
    });
    expect(log.map((line) => line.replace(/:.*/s, ''))).toEqual([
      'the database of the controller is not written',
      'the database of the controller is written again',
    ]);
  });

  it('that goes in the middle of a transaction: it is done again when it is back', async () => {
    const { url, store, network, whenBack } = await opened();
    const other = new Kysely<never>({ dialect: await dialectFor(url) });
    const holding = await other.startTransaction().execute();
    await sql.raw('lock table owner').execute(holding);
    store.save({ kind: 'network', record: network });
    const answer = store.flushed();
    const waiting = sql<{ count: string }>`select count(*) from pg_locks where not granted`;
    await expect.poll(async () => (await waiting.execute(other)).rows[0]!.count).toBe('1');
    await Promise.all([
      server.stop(),
      expect(answer).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' }),
    ]);
    await holding
      .rollback()
      .execute()
      .catch(() => undefined);
    await other.destroy();
    await server.resume();
    expect(await whenBack()).toEqual({ ...emptyState, networks: [network] });
  });

  it('that stands still: who waits is told, and everything is written when it goes on', async () => {
    const { store, network, whenBack } = await opened();
    server.halt();
    try {
      store.save({ kind: 'network', record: network });
      await expect(store.flushed()).rejects.toThrow('has not answered for 10 s');
    } finally {
      server.goOn();
    }
    expect(await whenBack()).toEqual({ ...emptyState, networks: [network] });
  });

  /** A store of a database of its own; `whenBack` waits until everything is written, closes it and says what is there. */
  async function opened() {
    const url = server.database(`store_${places++}`);
    const log: string[] = [];
    const store = await open(url, log);
    const whenBack = async (): Promise<StoredState> => {
      await expect
        .poll(() => store.flushed().catch(errorMessage), { timeout: 10_000 })
        .toBe(undefined);
      await store.close();
      const again = await open(url);
      const state = again.load();
      await again.close();
      return state;
    };
    return { url, store, log, network: sampleNetwork(0), whenBack };
  }
});

describe('a database in a file', () => {
  ownership(newFile);
  reading(newFile);

  it('is nobody else’s to read', async () => {
    const url = newFile();
    const store = await open(url);
    expect(existsSync(url)).toBe(false);
    store.save({ kind: 'network', record: sampleNetwork(0) });
    await store.flushed();
    for (const suffix of ['', '-wal', '-shm'])
      expect(statSync(url + suffix).mode & 0o777).toBe(0o600);
    await store.close();
  });

  it('is no database of another kind', async () => {
    const open_ = open('mysql://me:secret@db.example/overspan');
    await expect(open_).rejects.toMatchObject({ code: 'STORE_URL_INVALID' });
    await expect(open_).rejects.not.toThrow('secret');
  });

  it('that is none is left as it is', async () => {
    const url = newFile();
    writeFileSync(url, 'this is no database, whatever its name says'.repeat(100));
    await expect(open(url)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(statSync(url).size).toBe(4_300);
  });
});

function ownership(newUrl: () => string): void {
  it('is refused to a controller with another identity', async () => {
    const url = newUrl();
    const store = await open(url);
    store.save({ kind: 'network', record: sampleNetwork(0) });
    await store.close();
    const other = testIdentity(7).identity.address;
    await expect(SqlStore.open({ url, owner: other, log: () => undefined })).rejects.toMatchObject({
      code: 'STORE_OF_ANOTHER',
    });
  });

  it('is written by the last one that opened it alone', async () => {
    const url = newUrl();
    const first = await open(url);
    const network = sampleNetwork(0);
    first.save({ kind: 'network', record: network });
    await first.flushed();
    const second = await open(url);
    first.save({ kind: 'network', record: { ...network, revision: 2 } });
    await expect(first.flushed()).rejects.toMatchObject({ code: 'STORE_TAKEN' });
    expect(second.load().networks).toEqual([network]);
    second.save({ kind: 'network', record: { ...network, revision: 3 } });
    await second.flushed();
    await first.close();
    await second.close();
    const third = await open(url);
    expect(third.load().networks).toEqual([{ ...network, revision: 3 }]);
    await third.close();
  });
}

function reading(newUrl: () => string): void {
  const network = sampleNetwork(0);
  const state = {
    networks: [network],
    members: [0, 1, 2].map((index) => sampleMember(network, index)),
    invites: [sampleInvite(network, 0)],
    tokens: [],
  };

  it('is read while it is written to, and goes on being written to', async () => {
    const url = newUrl();
    expect(await findStoredState(url)).toBeNull();
    const store = await open(url);
    for (const change of changesOf(state)) store.save(change);
    await store.flushed();
    const found = await findStoredState(url);
    expect(found?.owner).toBe(controllerId);
    expect(inOrder(found!.state)).toEqual(inOrder(state));
    store.save({ kind: 'network', record: { ...network, revision: 2 } });
    await store.flushed();
    await store.close();
    expect((await findStoredState(url))?.state.networks[0]?.revision).toBe(2);
  });

  it('of before there were bans is brought up to date, with nobody banned', async () => {
    const url = newUrl();
    const store = await open(url);
    store.save({ kind: 'network', record: network });
    const { bannedAtMs, ...older } = sampleMember(network, 1);
    expect(bannedAtMs).toBeGreaterThan(0);
    store.save({ kind: 'member', record: older as MemberRecord });
    await store.flushed();
    await store.close();
    await tamper(url, "delete from migration where name = '0003-bans'");
    await expect(findStoredState(url)).rejects.toMatchObject({ code: 'STORE_OLDER' });
    await (await open(url)).close();
    const found = await findStoredState(url);
    expect(found?.state.members).toEqual([{ ...older, bannedAtMs: 0 }]);
  });

  it('is read only where its tables are those that are known', async () => {
    const url = newUrl();
    const store = await open(url);
    for (const change of changesOf(state)) store.save(change);
    await store.flushed();
    await store.close();
    await tamper(url, "update migration set name = '9999-later' where name like '0001%'");
    await expect(findStoredState(url)).rejects.toMatchObject({ code: 'STORE_NEWER' });
    await tamper(url, 'delete from migration');
    await expect(findStoredState(url)).rejects.toMatchObject({ code: 'STORE_OLDER' });
  });
}

/** Runs a statement on a database, as no program of ours would. */
async function tamper(url: string, statement: string): Promise<void> {
  const db = new Kysely<never>({ dialect: await dialectFor(url) });
  await sql.raw(statement).execute(db);
  await db.destroy();
}
