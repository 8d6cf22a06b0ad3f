/** Backup and restore of homes and databases in files. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import {
  inOrder,
  sampleInvite,
  sampleMember,
  sampleNetwork,
} from '../../../test/conformance/store.ts';
import { testIdentity } from '../../../test/vectors/identities.ts';
import { latin1Bytes } from '../../base/bytes.ts';
import { Secret } from '../../base/secret.ts';
import { toTaggedJson } from '../../base/tagged-json.ts';
import { changesOf, emptyState, type StoredState } from '../../controller/store.ts';
import { nodeProvider } from '../../io/crypto/node-provider.ts';
import { findStoredState, SqlStore } from '../../io/store/index.ts';
import { formatSecretIdentity } from '../../wire/identity.ts';
import { lockHome } from '../home-lock.ts';
import { Home } from '../home.ts';
import { contentBytes, parseContent, type BackupContent } from './content.ts';
import { makeBackup } from './make-backup.ts';
import { restoreBackup } from './restore-backup.ts';

const provider = nodeProvider();
const passphrase = new Secret('correct horse');
const directory = mkdtempSync(join(tmpdir(), 'overspan-backup-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});
let count = 0;
const newPath = (): string => join(directory, String(count++));

const own = testIdentity(0);
const other = testIdentity(1);
const network = sampleNetwork(0);
const networkName = '00000000000000ab';
const state: StoredState = {
  networks: [network, sampleNetwork(1)],
  members: [0, 1, 2].map((index) => sampleMember(network, index)),
  invites: [sampleInvite(network, 1)],
  tokens: [
    {
      id: '01234567',
      hash: 'ab'.repeat(32),
      name: 'of a program',
      scopes: ['read'],
      createdAtMs: 1_700_000_000_000,
      expiresAtMs: 0,
    },
  ],
};

const files: Readonly<Record<string, string>> = {
  'authtoken.secret': 'abcdefghijklmnopqrstuvwx',
  'local.conf': '{}',
  'moons.d/000000b6d4e58ce8.moon': 'moon',
  [`networks.d/${networkName}.conf`]: '\n',
  [`networks.d/${networkName}.local.conf`]: 'allowManaged=0\n',
  planet: 'planet',
  'planet.key': 'key',
};

function write(home: string, name: string, content: string): void {
  mkdirSync(dirname(join(home, name)), { recursive: true, mode: 0o700 });
  writeFileSync(join(home, name), content);
}

async function save(url: string, saved: StoredState): Promise<SqlStore> {
  const store = await SqlStore.open({
    url,
    owner: own.identity.address,
    log: () => undefined,
  });
  for (const change of changesOf(saved)) store.save(change);
  await store.flushed();
  return store;
}

/** A home with all that a backup holds, and what it does not. */
async function newHome(): Promise<string> {
  const home = newPath();
  await new Home(home).keepIdentity(own);
  for (const [name, content] of Object.entries(files)) write(home, name, content);
  write(home, 'peers.d/0123456789.peer', 'peer');
  write(home, 'zerotier-one.port', '9993');
  await (await save(join(home, 'controller.db'), state)).close();
  return home;
}

const madeOf = newHome().then(async (home) => {
  const file = newPath();
  const made = await makeBackup(provider, { home, file, passphrase, owned: [network.networkId] });
  return { home, file, made };
});

async function restore(home: string, file: string, force = false, storeUrl?: string) {
  return await restoreBackup(provider, { home, file, passphrase, force, storeUrl });
}

/** All files below, with what they hold; but for the lock. */
function contents(home: string): Record<string, string> {
  const names = existsSync(home) ? readdirSync(home, { recursive: true, encoding: 'utf8' }) : [];
  return Object.fromEntries(
    names
      .filter((name) => name !== 'overspan.lock' && statSync(join(home, name)).isFile())
      .sort()
      .map((name) => [name, readFileSync(join(home, name), 'latin1')]),
  );
}

async function stateOf(url: string): Promise<StoredState> {
  return inOrder((await findStoredState(url))!.state);
}

describe('a backup', () => {
  it('says what is in it, and is nobody else’s to read', async () => {
    const { file, made } = await madeOf;
    expect(made).toMatchObject({
      joinedCount: 1,
      recordCounts: { networks: 2, members: 3, invites: 1, tokens: 1 },
    });
    expect(made.files).toEqual([
      ...['authtoken.secret', 'identity.public', 'identity.secret', 'local.conf'],
      ...['planet', 'planet.key', 'moons.d/000000b6d4e58ce8.moon'],
      ...[`networks.d/${networkName}.conf`, `networks.d/${networkName}.local.conf`],
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('with bans in it is not one that programs restore which know of none', async () => {
    const versions: (number | undefined)[] = [];
    for (const bannedAtMs of [0, 1_700_000_000_000]) {
      const home = newPath();
      await new Home(home).keepIdentity(own);
      const members = [{ ...sampleMember(network, 1), bannedAtMs }];
      const saved = { ...emptyState, networks: [network], members };
      await (await save(join(home, 'controller.db'), saved)).close();
      const file = newPath();
      await makeBackup(provider, { home, file, passphrase, owned: [] });
      versions.push(readFileSync(file)[16]);
    }
    expect(versions).toEqual([1, 2]);
  });

  it('is made while a controller has the database, which goes on writing', async () => {
    const home = await newHome();
    const store = await save(join(home, 'controller.db'), {
      ...emptyState,
      networks: [sampleNetwork(2)],
    });
    const lock = await lockHome(new Home(home));
    const file = newPath();
    const made = await makeBackup(provider, { home, file, passphrase, owned: [] });
    expect(made.recordCounts).toEqual({ networks: 3, members: 3, invites: 1, tokens: 1 });
    store.save({ kind: 'network', record: { ...network, revision: 7 } });
    await store.flushed();
    await store.close();
    lock.release();
  });

  it('is not written over anything', async () => {
    const { home, file } = await madeOf;
    const before = readFileSync(file);
    await expect(makeBackup(provider, { home, file, passphrase, owned: [] })).rejects.toMatchObject(
      { code: 'BACKUP_FILE_UNUSABLE' },
    );
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('is not made of no node, nor of a database that is another’s or lacks what the daemon owns', async () => {
    const { home } = await madeOf;
    const request = { home, file: newPath(), passphrase, owned: [] };
    await expect(makeBackup(provider, { ...request, home: newPath() })).rejects.toMatchObject({
      code: 'BACKUP_NOTHING',
    });
    await expect(
      makeBackup(provider, { ...request, owned: [sampleNetwork(8).networkId] }),
    ).rejects.toMatchObject({ code: 'BACKUP_WRONG_STORE' });
    const another = newPath();
    await new Home(another).keepIdentity(other);
    await expect(
      makeBackup(provider, {
        ...request,
        home: another,
        storeUrl: join(home, 'controller.db'),
      }),
    ).rejects.toMatchObject({ code: 'BACKUP_WRONG_STORE' });
    expect(existsSync(request.file)).toBe(false);
  });
});

describe('a backup that is restored', () => {
  it('gives an empty home everything, and a database everything that was in the other', async () => {
    const { home, file } = await madeOf;
    const into = newPath();
    const restored = await restore(into, file);
    expect(restored.movedAside).toEqual([]);
    const { 'peers.d/0123456789.peer': peer, ...expected } = contents(home);
    expect(peer).toBe('peer');
    const { 'controller.db': database, ...found } = contents(into);
    expect(database).toBeDefined();
    expect(found).toEqual(
      Object.fromEntries(
        Object.entries(expected).filter(([name]) => !/^controller|port$/.test(name)),
      ),
    );
    expect(await stateOf(join(into, 'controller.db'))).toEqual(inOrder(state));
    for (const name of [...restored.files, 'controller.db'])
      expect(statSync(join(into, name)).mode & 0o777).toBe(0o600);
    // Again: it is the same, and nothing is done.
    const before = contents(into);
    expect((await restore(into, file)).movedAside).toEqual([]);
    expect(contents(into)).toEqual(before);
  });

  it('goes on where it was interrupted: the database is there, the identity is not', async () => {
    const { file } = await madeOf;
    const into = newPath();
    await restore(into, file);
    rmSync(join(into, 'identity.secret'));
    rmSync(join(into, 'planet'));
    await restore(into, file);
    expect(readFileSync(join(into, 'identity.secret'), 'latin1')).toBe(
      formatSecretIdentity(own).reveal(),
    );
    expect(existsSync(join(into, 'planet'))).toBe(true);
  });

  it('is refused where another identity or networks are, and nothing changes', async () => {
    const { file } = await madeOf;
    const withIdentity = newPath();
    await new Home(withIdentity).keepIdentity(other);
    const joined = newPath();
    write(joined, 'networks.d/00000000000000cd.conf', '\n');
    const owning = newPath();
    mkdirSync(owning);
    await (
      await save(join(owning, 'controller.db'), { ...state, networks: [network], invites: [] })
    ).close();
    for (const into of [withIdentity, joined, owning]) {
      const before = contents(into);
      await expect(restore(into, file)).rejects.toMatchObject({ code: 'RESTORE_REFUSED' });
      expect(contents(into)).toEqual(before);
    }
  });

  it('moves what is there aside where that is asked for, and loses nothing', async () => {
    const { file } = await madeOf;
    const into = newPath();
    await new Home(into).keepIdentity(other);
    write(into, 'networks.d/00000000000000cd.conf', 'joined');
    write(into, 'peers.d/0123456789.peer', 'peer');
    write(into, 'local.conf', '{"mine":true}');
    write(into, 'notes.txt', 'of nobody');
    writeFileSync(join(into, 'controller.db'), 'no database');
    const before = contents(into);
    const { movedAside } = await restore(into, file, true);
    const aside = readdirSync(into).find((name) => name.startsWith('before-restore-'))!;
    expect(aside).toMatch(/^before-restore-\d{8}T\d{6}Z$/);
    expect(movedAside).toHaveLength(6);
    const { 'notes.txt': notes, ...moved } = before;
    expect(contents(join(into, aside))).toEqual(moved);
    expect(readFileSync(join(into, 'notes.txt'), 'latin1')).toBe(notes);
    expect(await stateOf(join(into, 'controller.db'))).toEqual(inOrder(state));
    expect(readFileSync(join(into, 'local.conf'), 'latin1')).toBe('{}');
  });

  it('goes into a database elsewhere, and moves the one there aside beside itself', async () => {
    const { file } = await madeOf;
    const url = newPath();
    await (await save(url, { ...emptyState, networks: [sampleNetwork(5)] })).close();
    await expect(restore(newPath(), file, false, url)).rejects.toMatchObject({
      code: 'RESTORE_REFUSED',
    });
    const { movedAside } = await restore(newPath(), file, true, url);
    expect(await stateOf(url)).toEqual(inOrder(state));
    expect(movedAside[0]).toMatch(/\.before-restore-\d{8}T\d{6}Z$/);
    expect((await stateOf(movedAside[0]!)).networks).toHaveLength(1);
  });

  it('puts everything back where a step fails', async () => {
    const { file } = await madeOf;
    const into = newPath();
    await new Home(into).keepIdentity(other);
    write(into, 'local.conf', '{"mine":true}');
    const before = contents(into);
    // The database cannot be written.
    const nowhere = join(newPath(), 'controller.db');
    await expect(restore(into, file, true, nowhere)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    expect(contents(into)).toEqual(before);
    // The database can, and one of the files cannot: where it is to be is a link to nothing.
    symlinkSync('nothing', join(into, 'planet'));
    await expect(restore(into, file, true)).rejects.toMatchObject({ code: 'HOME_UNUSABLE' });
    expect(lstatSync(join(into, 'planet')).isSymbolicLink()).toBe(true);
    rmSync(join(into, 'planet'));
    expect(contents(into)).toEqual(before);
    expect(readdirSync(into).filter((name) => name.startsWith('before-restore'))).toEqual([]);
  });

  it('is refused while a daemon runs, with a wrong passphrase, and where it is damaged', async () => {
    const { file } = await madeOf;
    const into = newPath();
    await expect(
      restoreBackup(provider, {
        home: into,
        file,
        passphrase: new Secret('another horse'),
        force: true,
      }),
    ).rejects.toMatchObject({ code: 'BACKUP_PASSPHRASE_WRONG' });
    const damaged = newPath();
    writeFileSync(damaged, readFileSync(file).subarray(0, -1));
    await expect(restore(into, damaged, true)).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
    await expect(restore(into, directory, true)).rejects.toMatchObject({
      code: 'BACKUP_FILE_UNUSABLE',
    });
    expect(existsSync(into)).toBe(false);
    const lock = await lockHome(new Home(into));
    await expect(restore(into, file, true)).rejects.toMatchObject({ code: 'HOME_IN_USE' });
    expect(contents(into)).toEqual({});
    lock.release();
  });
});

describe('what a backup holds', () => {
  const content: BackupContent = {
    program: '0.1.0',
    createdAtMs: 1_700_000_000_000,
    address: own.identity.address,
    files: [
      { name: 'identity.secret', bytes: latin1Bytes(formatSecretIdentity(own).reveal()) },
      { name: 'local.conf', bytes: new Uint8Array([0, 255]) },
    ],
    state,
  };
  const codeOf = (bytes: Uint8Array): string | undefined => {
    try {
      parseContent(bytes, provider);
      return undefined;
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  /** The text with some of it replaced. */
  const changed = (from: string | RegExp, to: string): Uint8Array => {
    const text = new TextDecoder().decode(contentBytes(content));
    expect(text).toMatch(from);
    return new TextEncoder().encode(text.replace(from, to));
  };

  it('is the same when it is read again, and is the same text whatever its order', () => {
    const again = parseContent(contentBytes(content), provider);
    expect({ ...again, state: inOrder(again.state) }).toEqual({
      ...content,
      state: inOrder(content.state),
    });
    const reversed: BackupContent = {
      ...content,
      files: [...content.files].reverse(),
      state: { ...state, members: [...state.members].reverse() },
    };
    expect(contentBytes(reversed)).toEqual(contentBytes(content));
  });

  it.each([
    ['a place outside the home', 'local.conf', '../local.conf'],
    ['a place that a home has not', 'local.conf', 'networks.d/../planet'],
    ['a file twice', 'local.conf', 'identity.secret'],
    ['no file at all', /"files":\[.*?\]/, '"files":7'],
    ['the identity of another', /"address":"[0-9a-f]{10}"/, '"address":"0123456789"'],
    [
      'a network of another',
      /"networkId":\{"\$u64":"[0-9a-f]{10}/,
      '"networkId":{"$u64":"0123456789',
    ],
    ['a network with impossible settings', '"mtu":2800', '"mtu":"wide"'],
    ['a member without its network', /"networks":\[.*\](?=,"members)/, '"networks":[]'],
    ['a record that is none', /"invites":\[/, '"invites":[7,'],
    ['no time', /"createdAtMs":\d+,"address/, '"createdAtMs":"now","address'],
    ['no JSON', /\}$/, ''],
  ])('is refused with %s', (_what, from, to) => {
    expect(codeOf(changed(from, to))).toBe('BACKUP_INVALID');
  });

  it('is refused where it is no UTF-8, or no object', () => {
    expect(codeOf(new Uint8Array([0xff, 0xfe]))).toBe('BACKUP_INVALID');
    for (const value of [null, 7, [], {}])
      expect(codeOf(new TextEncoder().encode(toTaggedJson(value)))).toBe('BACKUP_INVALID');
  });

  it('that is not known is a newer version’s', () => {
    expect(codeOf(changed('"state":{', '"state":{"operators":[],'))).toBe('BACKUP_NEWER');
    expect(codeOf(changed('"program"', '"operators":[],"program"'))).toBe('BACKUP_NEWER');
    for (const [from, to] of [
      ['"bannedAtMs":', '"jailedAtMs":5,"bannedAtMs":'],
      ['"issuedAfterMs":', '"issuedBy":"x","issuedAfterMs":'],
      ['"hasBroadcast":', '"isSecret":true,"hasBroadcast":'],
      ['"usesLeft":', '"usesPerDay":3,"usesLeft":'],
      ['"scopes":', '"networks":[],"scopes":'],
    ] as const)
      expect([from, codeOf(changed(from, to))]).toEqual([from, 'BACKUP_NEWER']);
  });

  it('may lack what an older version did not keep', () => {
    expect(codeOf(changed(/"bannedAtMs":0,/g, ''))).toBeUndefined();
    expect(codeOf(changed(/"rulesSource":"[^"]*",/g, ''))).toBeUndefined();
  });
});
