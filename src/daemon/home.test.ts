/** The home directory, and that it is the official one's. */
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, it } from 'vitest';

import { testIdentity } from '../../test/vectors/identities.ts';
import { nodeProvider } from '../io/crypto/node-provider.ts';
import { encode } from '../wire/codec.ts';
import { formatIdentity, formatSecretIdentity } from '../wire/identity.ts';
import { spawnProcess } from '../sys/process.ts';
import { world } from '../wire/world.ts';
import { peerFile, peerRecord, type PeerRecord } from '../wire/peer-record.ts';
import { lockHome } from './home-lock.ts';
import { Home, peerFileAgeMaxMs, readPlanet, readWorld } from './home.ts';

const provider = nodeProvider();
const captures = fileURLToPath(new URL('../../test/vectors/captures/', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'overspan-home-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});
let count = 0;
const newHome = (): Home => new Home(join(directory, `home-${++count}`));

/** The home of node A of the capture, as far as it was kept. */
function capturedHome(): Home {
  const home = newHome();
  for (const name of ['networks.d', 'peers.d', 'moons.d'])
    mkdirSync(home.path(name), { recursive: true });
  const copy = (from: string, to: string): void => {
    cpSync(join(captures, from), home.path(to));
  };
  copy('identities/A.identity.secret', 'identity.secret');
  copy('identities/A.identity.public', 'identity.public');
  copy('planet', 'planet');
  copy('home/local.conf', 'local.conf');
  for (const name of ['283c5bc4bcc3c8a8.conf', '283c5bc4bcc3c8a8.local.conf'])
    copy(`home/A.networks.d.${name}`, `networks.d/${name}`);
  for (const name of ['283c5bc4bc', 'bfb8eb1884']) {
    const hex = readFileSync(join(captures, `home/A.peers.d.${name}.peer.hex`), 'latin1').trim();
    writeFileSync(home.path('peers.d', `${name}.peer`), Buffer.from(hex, 'hex'));
  }
  return home;
}

function recordOf(index: number): PeerRecord {
  return { identity: testIdentity(index).identity, version: null, addresses: [] };
}

/** Keeps a peer as if some days ago. */
async function keepPeer(home: Home, index: number, days: number): Promise<void> {
  const record = recordOf(index);
  const name = peerFile(record.identity);
  await home.persist(name, encode(peerRecord, record));
  const seconds = (Date.now() - (days * peerFileAgeMaxMs) / 30) / 1_000;
  utimesSync(home.path(name), seconds, seconds);
}

/** Name, mode and length of each file, as `captures/home/*.files.txt` lists them. */
function listing(home: Home): string[] {
  return readdirSync(home.directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(home.path(name)).isFile())
    .map((name) => {
      const { mode, size } = statSync(home.path(name));
      return `${(mode & 0o777).toString(8)} ${size} ./${name}`;
    })
    .sort();
}

describe('the home of an official node', () => {
  it('is read: identity, planet, networks and peers', async () => {
    const home = capturedHome();
    const identity = await home.identity(provider);
    const text = readFileSync(join(captures, 'identities/A.identity.secret'), 'latin1').trim();
    expect(identity && formatSecretIdentity(identity).reveal()).toBe(text);
    const planet = await home.planet();
    expect(planet && encode(world, planet)).toEqual(
      new Uint8Array(readFileSync(join(captures, 'planet'))),
    );
    const networks = await home.networks();
    expect(networks).toHaveLength(1);
    expect(networks[0]?.networkId).toBe(0x283c5bc4bcc3c8a8n);
    const config = readFileSync(join(captures, 'home/A.networks.d.283c5bc4bcc3c8a8.conf'));
    expect(networks[0]?.config).toEqual(new Uint8Array(config));
    const { records, passedOver } = await home.peers(Date.now(), 100);
    expect(records.map(({ identity: who }) => peerFile(who)).sort()).toEqual([
      'peers.d/283c5bc4bc.peer',
      'peers.d/bfb8eb1884.peer',
    ]);
    expect(passedOver).toEqual([]);
  });

  it('has the files that ours would have, with the same modes and lengths', async () => {
    const official = readFileSync(join(captures, 'home/A.files.txt'), 'latin1').split('\n');
    const home = newHome();
    await home.keepIdentity(testIdentity(3));
    await home.token();
    await home.setRunning(9994);
    const planet = await readPlanet(join(captures, 'planet'));
    await home.persist('planet', encode(world, planet));
    const pidLine = new RegExp(`^644 ${String(process.pid).length} ./zerotier-one.pid$`);
    for (const line of listing(home).filter((each) => !pidLine.test(each)))
      expect(official).toContain(line);
    expect(listing(home).filter((each) => pidLine.test(each))).toHaveLength(1);
    expect(statSync(home.directory).mode & 0o777).toBe(0o700);
  });
});

describe('a home', () => {
  it('that is empty has nothing, and that is no error', async () => {
    const home = newHome();
    expect(await home.identity(provider)).toBeNull();
    expect(await home.planet()).toBeNull();
    expect([await home.networks(), await home.moons()]).toEqual([[], []]);
    expect(existsSync(home.directory)).toBe(false);
  });

  it('keeps an identity once, without a newline, and never over another', async () => {
    const home = newHome();
    const mine = testIdentity(5);
    await home.keepIdentity(mine);
    expect(readFileSync(home.path('identity.public'), 'latin1')).toBe(
      formatIdentity(mine.identity),
    );
    await expect(home.keepIdentity(testIdentity(6))).rejects.toMatchObject({
      code: 'HOME_UNUSABLE',
    });
    expect((await home.identity(provider))?.identity).toEqual(mine.identity);
  });

  it('refuses an identity whose halves do not fit', async () => {
    const home = newHome();
    await home.keepIdentity({ ...testIdentity(5), secretKey: testIdentity(6).secretKey });
    await expect(home.identity(provider)).rejects.toMatchObject({ code: 'HOME_IDENTITY_INVALID' });
  });

  it('keeps its token', async () => {
    const home = newHome();
    const token = (await home.token()).reveal();
    expect(token).toMatch(/^[a-z0-9]{24}$/);
    expect((await home.token()).reveal()).toBe(token);
    expect((await newHome().token()).reveal()).not.toBe(token);
  });

  it('remembers a network without a configuration by one newline, as long as it is joined', async () => {
    const home = newHome();
    const name = 'networks.d/8056c2e21c000001.conf';
    await home.persist(name, new Uint8Array([10]));
    expect(await home.networks()).toEqual([{ networkId: 0x8056c2e21c000001n, config: null }]);
    expect(statSync(home.path(name)).mode & 0o777).toBe(0o600);
    await home.persist(name, null);
    await home.persist(name, null);
    expect(await home.networks()).toEqual([]);
  });

  it('passes over files of other names, and moons that are none', async () => {
    const home = newHome();
    mkdirSync(home.path('moons.d'), { recursive: true });
    mkdirSync(home.path('networks.d'));
    writeFileSync(home.path('moons.d/0000001234567890.moon'), 'x');
    cpSync(join(captures, 'planet'), home.path('moons.d/0000001234567891.moon'));
    writeFileSync(home.path('networks.d/notes.txt'), 'x');
    writeFileSync(home.path('networks.d/8056c2e21c000001.local.conf'), 'allowManaged=1');
    expect(await home.moons()).toEqual([]);
    expect(await home.networks()).toEqual([]);
  });

  it('keeps peers for itself, and gives back those written last', async () => {
    const home = newHome();
    for (const index of [1, 2, 3]) await keepPeer(home, index, 4 - index);
    const file = peerFile(testIdentity(1).identity);
    expect(statSync(home.path(file)).mode & 0o777).toBe(0o600);
    expect(readdirSync(home.path('peers.d'))).toHaveLength(3);
    const numbers = async (max: number): Promise<string[]> =>
      (await home.peers(Date.now(), max)).records.map(({ identity }) => peerFile(identity));
    const file2 = peerFile(testIdentity(2).identity);
    const file3 = peerFile(testIdentity(3).identity);
    expect(await numbers(9)).toEqual([file, file2, file3]);
    expect(await numbers(2)).toEqual([file2, file3]);
  });

  it('forgets peers after 30 days, and those of which there are too many', async () => {
    const home = newHome();
    for (const [index, days] of [
      [1, 31],
      [2, 29],
      [3, 1],
    ] as const)
      await keepPeer(home, index, days);
    expect((await home.peers(Date.now(), 9)).records.map(({ identity }) => identity)).toEqual(
      [2, 3].map((index) => testIdentity(index).identity),
    );
    expect(await home.forgetOldPeers(Date.now(), 9)).toBe(1);
    expect(readdirSync(home.path('peers.d'))).toHaveLength(2);
    expect(await home.forgetOldPeers(Date.now(), 1)).toBe(1);
    expect((await home.peers(Date.now(), 9)).records.map(({ identity }) => identity)).toEqual([
      testIdentity(3).identity,
    ]);
    expect(await newHome().forgetOldPeers(Date.now(), 9)).toBe(0);
  });

  it('passes over what is no peer, says so, and never removes it, however old it is', async () => {
    const home = newHome();
    await keepPeer(home, 1, 0);
    const bytes = encode(peerRecord, recordOf(2));
    const bad: Record<string, Uint8Array> = {
      // Of another node than its name says, cut off, with something behind it, empty, of a name that we do not know.
      '0123456789.peer': bytes,
      '1123456789.peer': bytes.subarray(0, 80),
      '2123456789.peer': Uint8Array.of(...bytes, 0),
      '3123456789.peer': new Uint8Array(0),
      'notes.txt': bytes,
    };
    for (const [name, content] of Object.entries(bad)) {
      writeFileSync(home.path('peers.d', name), content);
      utimesSync(home.path('peers.d', name), 1, 1);
    }
    mkdirSync(home.path('peers.d/4123456789.peer'));
    const { records, passedOver } = await home.peers(Date.now(), 100);
    expect(records.map(({ identity }) => identity)).toEqual([testIdentity(1).identity]);
    expect(passedOver).toEqual(['notes.txt', '4123456789.peer']);
    expect(await home.forgetOldPeers(Date.now(), 0)).toBe(1);
    expect(readdirSync(home.path('peers.d')).sort()).toEqual(
      ['4123456789.peer', ...Object.keys(bad)].sort(),
    );
    // Those that are not too old are named.
    for (const name of Object.keys(bad)) utimesSync(home.path('peers.d', name), 2e9, 2e9);
    expect([...(await home.peers(Date.now(), 100)).passedOver].sort()).toEqual(
      ['4123456789.peer', ...Object.keys(bad)].sort(),
    );
  });

  it('says which file cannot be used', async () => {
    const home = newHome();
    mkdirSync(home.path('identity.secret'), { recursive: true });
    await expect(home.identity(provider)).rejects.toMatchObject({
      code: 'HOME_UNUSABLE',
      details: { errno: 'EISDIR' },
    });
  });
});

describe('the file of a planet', () => {
  it('is refused where it is none', async () => {
    const path = join(directory, 'no-planet');
    for (const content of ['', 'text', Buffer.alloc(178)]) {
      writeFileSync(path, content);
      await expect(readPlanet(path)).rejects.toMatchObject({ code: 'PLANET_INVALID' });
    }
    await expect(readPlanet(join(directory, 'none'))).rejects.toMatchObject({
      code: 'PLANET_INVALID',
    });
    await expect(readWorld(directory)).rejects.toMatchObject({ code: 'PLANET_INVALID' });
  });
});

describe('the lock of a home', () => {
  it('lets one daemon in, and the next when it is gone', async () => {
    const home = newHome();
    const lock = await lockHome(home);
    await expect(lockHome(home)).rejects.toMatchObject({
      code: 'HOME_IN_USE',
      details: { pid: process.pid, program: 'overspan' },
    });
    lock.release();
    (await lockHome(home)).release();
  });

  it('is refused while the official service runs there, and only then', async () => {
    const home = newHome();
    mkdirSync(home.directory);
    const script = "process.title = 'zerotier-one'; console.log(1); setInterval(() => {}, 99)";
    const official = await spawnProcess([process.execPath, '-e', script]);
    try {
      await once(official.stdout!, 'data');
      writeFileSync(home.path('zerotier-one.pid'), String(official.pid));
      await expect(lockHome(home)).rejects.toMatchObject({
        code: 'HOME_IN_USE',
        details: { pid: official.pid, program: 'zerotier-one' },
      });
    } finally {
      await official.kill(0);
    }
    (await lockHome(home)).release();
    // A number that was given away again: process 1 runs, but is another program.
    writeFileSync(home.path('zerotier-one.pid'), '1');
    (await lockHome(home)).release();
  });

  it('is refused where something else has the name of the directory, or none can be made', async () => {
    const home = newHome();
    writeFileSync(home.directory, '');
    await expect(lockHome(home)).rejects.toMatchObject({ code: 'HOME_UNUSABLE' });
    await expect(lockHome(new Home('/proc/overspan/home'))).rejects.toMatchObject({
      code: 'HOME_UNUSABLE',
      details: { errno: 'ENOENT' },
    });
  });
});
