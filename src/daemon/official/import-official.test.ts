/** Networks of the official controller, as it left them on the disk and as somebody may have changed them since. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, it } from 'vitest';

import { inboundPacket, SilentVl1 } from '../../../test/synthetic/vl1.ts';
import { capturedRecords, hex } from '../../../test/vectors/load.ts';
import { testIdentity } from '../../../test/vectors/identities.ts';
import { ByteWriter, toHex } from '../../base/bytes.ts';
import { formatAddress, parseAddress, type Address } from '../../base/ids.ts';
import { Controller } from '../../controller/controller.ts';
import { changesOf, MemoryStore, type StoredState } from '../../controller/store.ts';
import { nodeProvider } from '../../io/crypto/node-provider.ts';
import { findStoredState, SqlStore } from '../../io/store/index.ts';
import { parseIdentity, parseSecretIdentity, type Identity } from '../../wire/identity.ts';
import { verbNumbers } from '../../wire/verbs/verb.ts';
import { lockHome } from '../home-lock.ts';
import { Home } from '../home.ts';
import { importOfficial } from './import-official.ts';

const provider = nodeProvider();
const captures = fileURLToPath(new URL('../../../test/vectors/captures/', import.meta.url));
const identityText = (name: string): string =>
  readFileSync(join(captures, 'identities', name), 'latin1').trim();
const R = parseSecretIdentity(identityText('R.identity.secret'))!;
const network = '283c5bc4bcc3c8a8';
const B = 'bfb8eb1884';
const directory = mkdtempSync(join(tmpdir(), 'overspan-import-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});
let count = 0;
const newPath = (): string => join(directory, String(count++));

/** A copy of the captured home of the controller, to be changed. */
function officialHome(change?: (edit: (name: string, with_: unknown) => void) => void): string {
  const home = newPath();
  cpSync(join(captures, 'home/controller.d'), join(home, 'controller.d'), { recursive: true });
  writeFileSync(join(home, 'identity.secret'), identityText('R.identity.secret'));
  change?.((name, with_) => {
    const path = join(home, 'controller.d/network', name);
    const before: unknown = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
    mkdirSync(dirname(path), { recursive: true });
    const isText = typeof with_ === 'string' || with_ instanceof Uint8Array;
    writeFileSync(
      path,
      isText ? with_ : JSON.stringify({ ...(before as object), ...(with_ as object) }),
    );
  });
  return home;
}

async function newHome(identity = R): Promise<string> {
  const home = newPath();
  await new Home(home).keepIdentity(identity);
  return home;
}

const bring = (from: string, home: string, isTrial = false) =>
  importOfficial(provider, { home, directory: from, isTrial });

async function stateOf(home: string): Promise<StoredState> {
  return (await findStoredState(join(home, 'controller.db')))!.state;
}

const memberFile = `${network}/member/${B}.json`;
const none = { network: 0, member: 0, setting: 0, file: 0 };

describe('the captured controller.d', () => {
  it('is taken over whole, and a second time changes nothing', async () => {
    const from = officialHome();
    const home = await newHome();
    const first = await bring(from, home);
    expect(first).toEqual({
      address: formatAddress(R.identity.address),
      isAdopted: false,
      networks: [{ id: network, name: 'lab3', memberCount: 3, isNew: true }],
      lossCounts: none,
      losses: [],
    });
    const state = await stateOf(home);
    expect(state.networks[0]).toMatchObject({ revision: 4, createdAtMs: 1795363878732 });
    expect(state.members.find(({ name }) => name === 'node-b')).toMatchObject({
      address: parseAddress(B),
      authorization: 'command',
      revision: 7,
      ipAssignments: ['10.144.0.35'],
      tags: [
        { id: 200, value: 5 },
        { id: 100, value: 7 },
      ],
      capabilities: [1],
      software: { protocolVersion: 12, majorVersion: 1, minorVersion: 14, revision: 1 },
    });
    const again = await bring(join(from, 'controller.d'), home);
    expect(again.networks).toEqual([{ ...first.networks[0], isNew: false }]);
    expect(await stateOf(home)).toEqual(state);
    const store = await SqlStore.open({
      url: join(home, 'controller.db'),
      owner: R.identity.address,
      log: () => undefined,
    });
    expect(await store.audit({ limit: 10 })).toMatchObject([
      { action: 'network.import', network, change: { members: 3 } },
    ]);
    await store.close();
  });

  it('gives its members the configurations that they had, byte for byte', async () => {
    const home = await newHome();
    await bring(officialHome(), home);
    const records = new Map(capturedRecords().map((record) => [record.frame, record]));
    const people = new Map<Address, Identity>(
      ['A', 'B'].map((name) => {
        const identity = parseIdentity(identityText(`${name}.identity.public`))!;
        return [identity.address, identity];
      }),
    );
    // Of A; and of B, which got the same as a push.
    for (const [request, answer] of [
      [603, 604],
      [614, 617],
    ] as const) {
      const asked = records.get(request)!;
      const expected = records.get(answer)!;
      const store = new MemoryStore();
      const { networks, ...others } = await stateOf(home);
      // The files are younger than the answers, and nothing is issued that is older than they are.
      const older = networks.map((record) => ({ ...record, issuedAfterMs: 0 }));
      for (const change of changesOf({ networks: older, ...others })) store.save(change);
      const vl1 = new SilentVl1(R, provider, {
        fill: (bytes) => {
          new ByteWriter(bytes).u64(BigInt(`0x${String(expected['updateId'])}`));
        },
      });
      const controller = new Controller(vl1, { store });
      const wallMs = Number.parseInt(/^ts=(\w+)$/m.exec(String(expected['dict']))![1]!, 16);
      const packet = inboundPacket(
        people.get(parseAddress(asked.src)!)!,
        verbNumbers.NETWORK_CONFIG_REQUEST,
        BigInt(`0x${asked.id}`),
        hex(asked.payload!),
      );
      expect(controller.handlePacket({ wallMs, monoMs: 1_000 }, packet)).toBe('accepted');
      const [sent] = vl1.take().map(({ payload }) => toHex(payload));
      expect(sent?.endsWith(expected.payload!)).toBe(true);
    }
  });

  it('is only looked at where that is asked for', async () => {
    const home = await newHome();
    const { networks } = await bring(officialHome(), home, true);
    expect(networks).toMatchObject([{ isNew: true }]);
    expect(readdirSync(home).sort()).toEqual(['identity.public', 'identity.secret']);
  });
});

describe('the identity of an official home', () => {
  it('is taken over by a home that has none', async () => {
    const home = newPath();
    expect(await bring(officialHome(), home)).toMatchObject({ isAdopted: true });
    expect((await new Home(home).identity(provider))?.identity).toEqual(R.identity);
    expect((await bring(officialHome(), home)).isAdopted).toBe(false);
  });

  it('is not where its controller.d alone is given, nor in the place of another', async () => {
    const from = officialHome();
    const empty = newPath();
    await expect(bring(join(from, 'controller.d'), empty)).rejects.toMatchObject({
      code: 'IMPORT_IDENTITY_MISSING',
    });
    const home = await newHome(testIdentity(3));
    await expect(bring(from, home)).rejects.toMatchObject({ code: 'IMPORT_OF_ANOTHER' });
    expect(existsSync(join(empty, 'identity.secret'))).toBe(false);
    expect(existsSync(join(home, 'controller.db'))).toBe(false);
  });

  it('is not while a daemon runs in either', async () => {
    const home = await newHome();
    const lock = await lockHome(new Home(home));
    await expect(bring(officialHome(), home)).rejects.toMatchObject({ code: 'HOME_IN_USE' });
    lock.release();
    await expect(bring(newPath(), home)).rejects.toMatchObject({ code: 'IMPORT_NOTHING' });
  });
});

describe('files that somebody has changed', () => {
  it('lose what cannot be used, part by part, and every part is named', async () => {
    const from = officialHome((edit) => {
      edit(`${network}.json`, {
        name: 'ネットワーク',
        mtu: 99_999,
        routes: [
          { target: '10.144.0.0/24', via: null },
          { target: 'nowhere', via: null },
          7,
          { target: '172.31.0.0/16', via: '10.144.0.10', metric: 5 },
        ],
        ipAssignmentPools: 'all of them',
        dns: { domain: 'lab.test', servers: ['10.144.0.1', 'here'] },
        tags: [
          { id: 200, default: null },
          { id: 100, default: 2 ** 40 },
        ],
        authTokens: { sesame: 'soon' },
        ssoEnabled: true,
        clientId: 'abc',
        somethingNew: { deep: [1] },
        multicastLimit: null,
        certificateTimeoutWindowSize: 600_000,
      });
      edit(memberFile, {
        ipAssignments: ['10.144.0.35', 'not an address'],
        tags: [[200, 5], [1]],
        ssoExempt: true,
        lastAuthorizedCredentialType: 'sso',
        name: 7,
      });
    });
    const home = await newHome();
    const { losses, lossCounts } = await bring(from, home);
    expect(
      losses.map(({ file, key }) => `${file.replace(/^network\//, '')} ${key}`).sort(),
    ).toEqual(
      [
        `${network}.json authTokens`,
        `${network}.json clientId`,
        `${network}.json dns`,
        `${network}.json ipAssignmentPools`,
        `${network}.json mtu`,
        `${network}.json multicastLimit`,
        `${network}.json name`,
        `${network}.json routes[1]`,
        `${network}.json routes[2]`,
        `${network}.json routes[3].metric`,
        `${network}.json somethingNew`,
        `${network}.json ssoEnabled`,
        `${network}.json tags[1]`,
        `${memberFile} ipAssignments[1]`,
        `${memberFile} lastAuthorizedCredentialType`,
        `${memberFile} ssoExempt`,
        `${memberFile} tags[1]`,
      ].sort(),
    );
    expect(lossCounts).toEqual({ ...none, setting: losses.length });
    const state = await stateOf(home);
    expect(state.networks[0]?.settings).toMatchObject({
      name: '',
      mtu: 10_000,
      membershipWindowMs: 600_000,
      routes: [{ target: '10.144.0.0/24' }, { target: '172.31.0.0/16', via: '10.144.0.10' }],
      tags: [{ id: 200, default: null }],
    });
  });

  it.each([
    [
      'a rule that is none',
      { rules: [{ type: 'ACTION_DROP' }, { type: 'ACTION_SHRUG' }] },
      'rules[1]',
    ],
    ['no list of rules', { rules: 7 }, 'rules'],
    ['the number of another', { id: '283c5bc4bc000001' }, ''],
    ['too deep a nest', '['.repeat(200_000), ''],
    ['no JSON', '{"id":', ''],
    ['no object', '[]', ''],
    ['no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), ''],
    ['more bytes than are read', ' '.repeat(2 ** 24 + 1), ''],
  ])('lose a network with %s, and no other', async (_what, with_, key) => {
    const from = officialHome((edit) => {
      edit('283c5bc4bc000007.json', { id: '283c5bc4bc000007' });
      edit(`${network}.json`, with_);
    });
    const home = await newHome();
    const { networks, losses, lossCounts } = await bring(from, home);
    expect(networks.map(({ id }) => id)).toEqual(['283c5bc4bc000007']);
    expect(lossCounts).toEqual({ ...none, network: 1 });
    expect(losses).toMatchObject([{ kind: 'network', file: `network/${network}.json` }]);
    expect(losses[0]?.key.startsWith(key)).toBe(true);
  });

  it.each([
    ['the identity of another address', { identity: identityText('A.identity.public') }],
    ['an identity that is none', { identity: 'bfb8eb1884:0:zz' }],
    ['the address of another', { address: '45ad10e047' }],
    ['the network of another', { nwid: '283c5bc4bc000001' }],
    ['no object', 'null'],
  ])('lose a member with %s, and no other', async (_what, with_) => {
    const from = officialHome((edit) => {
      edit(memberFile, with_);
    });
    const { networks, losses } = await bring(from, await newHome());
    expect(networks).toMatchObject([{ memberCount: 2 }]);
    expect(losses).toMatchObject([{ kind: 'member', file: `network/${memberFile}` }]);
  });

  it('are counted to the last, and named as far as anybody reads', async () => {
    const from = officialHome((edit) => {
      edit(memberFile, Object.fromEntries(Array.from({ length: 10_500 }, (_, i) => [`x${i}`, 1])));
      edit(`${network}.json`, { routes: Array.from({ length: 2_000 }, () => 'nowhere') });
    });
    const { losses, lossCounts } = await bring(from, await newHome());
    expect(lossCounts.setting).toBe(10_500 + 1_024 + 1);
    expect(losses).toHaveLength(10_000);
  });

  it('let nobody in whom the official controller would not have', async () => {
    const from = officialHome((edit) => {
      edit(memberFile, { authorized: { yes: true } });
    });
    const home = await newHome();
    const { losses } = await bring(from, home);
    const member = (await stateOf(home)).members.find(({ name }) => name === 'node-b');
    expect(member).toMatchObject({ authorization: null, lastAuthorization: 'command' });
    expect(losses).toMatchObject([{ kind: 'setting', key: 'authorized' }]);
  });

  it('go on telling who was shut out, and believe no time that is to come', async () => {
    const from = officialHome((edit) => {
      edit(memberFile, { authorized: false, lastDeauthorizedTime: 1_700_000_000_000 });
      edit(`${network}/member/45ad10e047.json`, {
        authorized: false,
        lastDeauthorizedTime: 9_000_000_000_000_000,
      });
    });
    const home = await newHome();
    await bring(from, home);
    const [record] = (await stateOf(home)).networks;
    expect(record?.shutOut).toEqual([{ address: parseAddress(B), thresholdMs: 1_700_000_000_000 }]);
    expect(record?.issuedAfterMs).toBeLessThan(9_000_000_000_000);
  });

  it('lead nowhere else: links, pipes and strangers are named and not followed', async () => {
    const from = officialHome();
    const folder = join(from, 'controller.d/network');
    const elsewhere = newPath();
    mkdirSync(join(elsewhere, 'member'), { recursive: true });
    cpSync(join(folder, memberFile), join(elsewhere, 'member', `${B}.json`));
    writeFileSync(join(elsewhere, 'network.json'), '{"name":"from elsewhere"}');
    symlinkSync(join(elsewhere, 'network.json'), join(folder, '283c5bc4bc000001.json'));
    writeFileSync(join(folder, '283c5bc4bc000002.json'), '{"id":"283c5bc4bc000002"}');
    symlinkSync(elsewhere, join(folder, '283c5bc4bc000002'));
    spawnSync('mkfifo', [join(folder, network, 'member/0123456789.json')]);
    symlinkSync('nothing', join(folder, network, 'member/0123456780.json'));
    writeFileSync(join(folder, network, 'member/notes.txt'), 'mine');
    writeFileSync(join(folder, '0123456789abcdef.json'), '{}');
    mkdirSync(join(folder, '283c5bc4bc000009'));
    const home = await newHome();
    const { networks, losses } = await bring(from, home);
    expect(networks).toMatchObject([
      { id: '283c5bc4bc000002', memberCount: 0 },
      { id: network, memberCount: 3 },
    ]);
    expect(losses.map(({ kind, file }) => `${kind} ${file}`).sort()).toEqual([
      'file network/283c5bc4bc000002',
      'file network/283c5bc4bc000009',
      `file network/${network}/member/notes.txt`,
      `member network/${network}/member/0123456780.json`,
      `member network/${network}/member/0123456789.json`,
      'network network/0123456789abcdef.json',
      'network network/283c5bc4bc000001.json',
    ]);
  });
});
