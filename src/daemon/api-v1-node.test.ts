/** The routes of the node and of rules that are tried, on daemons that are complete but for sockets and devices. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CapturedNode } from '../../test/api/captured-node.ts';
import { ClientV1 } from '../api/client-v1.ts';
import type { NewTokenV1 } from '../api/schema/v1.ts';
import { OverspanError } from '../base/errors.ts';
import { parseAddress, parseNetworkId, type NetworkId } from '../base/ids.ts';
import { Secret } from '../base/secret.ts';
import { MemoryNetwork } from '../io/udp/index.ts';

const directory = mkdtempSync(join(tmpdir(), 'overspan-v1-node-'));
const net = new MemoryNetwork();
/** A controller, and a node that owns nothing. */
const root = new CapturedNode(net, 'R', directory);
const member = new CapturedNode(net, 'A', directory);
const clientOf = ({ origin, token }: { origin: string; token: string }): ClientV1 =>
  new ClientV1({ origin, token: new Secret(token) });
const owner = (): ClientV1 => clientOf(root);
const node = (): ClientV1 => clientOf(member);

beforeAll(async () => {
  await root.start();
  await member.start({ withController: false });
});
afterAll(async () => {
  await member.stop();
  await root.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'nothing was thrown',
    (error: unknown) => (error instanceof OverspanError ? error.details['code'] : error),
  );
}

async function newNetwork(): Promise<NetworkId> {
  const route = { target: '10.9.0.0/24', via: null };
  const pool = { first: '10.9.0.10', last: '10.9.0.99' };
  const addresses = { routes: [route], pools: [pool], assignsIpv4: true };
  const made = await owner().createNetwork({ name: 'lab', ...addresses });
  return parseNetworkId(made.id)!;
}

/** The network as soon as it has come so far. */
async function when(id: NetworkId, status: string): Promise<void> {
  const path = `/api/v1/node/networks/${id.toString(16)}`;
  await member.until(path, (network) => network['status'] === status);
}

describe('a node', () => {
  it('says who it is and whom it knows; what is not known is null', async () => {
    await member.until('/status', ({ online }) => online === true);
    const shown = await node().node();
    expect(shown).toMatchObject({
      address: '45ad10e047',
      isOnline: true,
      planet: { id: '000000000d953866', timestamp: 1_795_363_866_869 },
      listeningOn: ['10.77.0.2/9994'],
      hasController: false,
      home: member.home.directory,
      networkCount: 0,
      peerCount: 1,
    });
    expect(await owner().node()).toMatchObject({ hasController: true, isOnline: true });
    const [peer] = await node().peers();
    expect(peer).toMatchObject({ address: '283c5bc4bc', role: 'root', isDirect: true });
    expect(peer?.paths).toMatchObject([{ endpoint: '10.77.0.1/9993', isPreferred: true }]);
    expect(peer?.paths[0]?.lastReceivedAt).toBeGreaterThan(1_700_000_000_000);
  });

  it('joins a network, says what it waits for, and leaves it', async () => {
    const id = await newNetwork();
    const text = id.toString(16);
    const heard = await member.events();
    const joining = await node().join({ network: text, permissions: { dns: true } });
    expect(joining).toMatchObject({ id: text, name: null, type: null, mtu: null, dns: null });
    expect(joining.permissions).toEqual({
      managed: true,
      global: false,
      default: false,
      dns: true,
    });
    await when(id, 'access-denied');
    expect((await node().joinedNetwork(id)).why).toMatch(
      /^asked the controller 283c5bc4bc \d+ s ago; waiting to be authorised$/,
    );
    await owner().changeMember(id, parseAddress('45ad10e047')!, { isAuthorized: true });
    await when(id, 'ok');
    const [joined] = await node().joined();
    expect(joined).toMatchObject({
      name: 'lab',
      addresses: [expect.stringMatching(/^10\.9\.0\.\d+\/24$/)],
      routes: [{ target: '10.9.0.0/24', via: null }],
      type: 'private',
      isBridge: false,
    });
    expect(joined?.why).toMatch(/; joined$/);
    expect(joined?.askedAt).toBeGreaterThan(1_700_000_000_000);
    const permitted = await node().permit(id, { managed: ['10.9.0.0/25'], dns: false });
    expect(permitted.permissions).toMatchObject({ managed: ['10.9.0.0/25'], dns: false });
    await node().leave(id);
    expect(await codeOf(node().joinedNetwork(id))).toBe('NETWORK_NOT_JOINED');
    expect(await codeOf(node().leave(id))).toBe('NETWORK_NOT_JOINED');
    expect(await codeOf(node().permit(id, { dns: true }))).toBe('NETWORK_NOT_JOINED');
    await heard.until((all) => all.includes('isLeft'));
    const told = heard.of('joined').map(({ status, isLeft }) => status ?? isLeft);
    expect(told).toEqual(['requesting-configuration', 'access-denied', 'ok', true]);
    await heard.end();
  });

  it('joins by an invitation, which nothing repeats', async () => {
    const id = await newNetwork();
    const terms = { note: 'for A', expiresInMs: null, uses: 1 };
    const { invitation } = await owner().createInvite(id, terms);
    expect(await codeOf(node().join({ network: invitation.slice(0, -1) }))).toBe(
      'API_BODY_INVALID',
    );
    const refused: unknown = await node()
      .join({ network: `${invitation.slice(0, -1)}x` })
      .catch((error: unknown) => error);
    expect(JSON.stringify(refused)).not.toContain(invitation.slice(17, 40));
    await node().join({ network: invitation });
    await when(id, 'ok');
    await node().leave(id);
  });

  it('follows moons, keeps settings, and says what it logged', async () => {
    expect(await node().moons()).toEqual([]);
    const waiting = await node().orbit({ id: 'bfb8eb1884' });
    expect(waiting).toEqual({
      id: '000000bfb8eb1884',
      isWaiting: true,
      timestamp: null,
      roots: [],
    });
    expect(await node().moons()).toEqual([waiting]);
    await node().deorbit('bfb8eb1884');
    expect(await node().moons()).toEqual([]);
    expect(await codeOf(node().deorbit('x'))).toBe('API_PATH_INVALID');
    const changed = await node().changeSettings({ allowTokenInUrl: false });
    expect(changed['settings']).toMatchObject({ allowTokenInUrl: false });
    expect(await node().settings()).toEqual(changed);
    expect(await codeOf(node().changeSettings({ primaryPort: 'x' }))).toBe('LOCAL_CONF_INVALID');
    const lines = await node().log(1_000);
    expect(lines[0]).toMatchObject({ level: 'info', fields: expect.anything() as unknown });
    expect(lines.map(({ message }) => message)).toEqual(
      expect.arrayContaining(['ready', 'online', 'local.conf was read again']),
    );
    expect(await node().log(1)).toEqual(lines.slice(-1));
  });

  it('proposes addresses that clash with nothing here', async () => {
    expect(await owner().freeRange()).toEqual({
      target: '192.168.127.0/24',
      pool: { first: '192.168.127.1', last: '192.168.127.254' },
    });
    const route = { target: '192.168.127.0/25', via: null };
    const { id } = await owner().createNetwork({ routes: [route] });
    expect(await codeOf(owner().freeRange())).toBe('RANGE_NONE_FREE');
    await owner().deleteNetwork(parseNetworkId(id)!);
  });
});

describe('a node without a controller', () => {
  it('says so where its networks, tokens or log are asked for', async () => {
    const id = parseNetworkId('45ad10e047000001')!;
    const refused = [
      node().networks(),
      node().createNetwork({}),
      node().members(id),
      node().checkRules(id, 'accept;'),
      node().tokens(),
      node().audit({ limit: 1 }),
    ];
    expect(await Promise.all(refused.map(codeOf))).toEqual(
      refused.map(() => 'CONTROLLER_NOT_RUNNING'),
    );
    expect(await codeOf(clientOf({ origin: member.origin, token: 'x' }).node())).toBe(
      'API_TOKEN_REFUSED',
    );
  });
});

describe('changes of the node', () => {
  it('leave a line in the audit log, whichever API made them, where there is one', async () => {
    const id = 0x8056c2e21c000001n as NetworkId;
    const text = id.toString(16);
    await owner().join({ network: text });
    await owner().permit(id, { global: true });
    // Nothing is new.
    await root.json('POST', `/network/${text}`);
    await owner().permit(id, { global: true });
    await root.json('POST', `/network/${text}`, { allowGlobal: true, allowDefault: false });
    await root.json('DELETE', `/network/${text}`);
    await owner().changeSettings({ allowTokenInUrl: false });
    await owner().changeSettings({ allowTokenInUrl: false });
    await owner().orbit({ id: 'bfb8eb1884' });
    await root.json('DELETE', '/moon/bfb8eb1884');
    await root.json('DELETE', '/moon/bfb8eb1884');
    const lines = await owner().audit({ limit: 7 });
    const noted = lines.filter(({ action }) => action.startsWith('node.'));
    expect(
      noted.map(({ action, network, subject, change }) => [action, network ?? subject, change]),
    ).toEqual([
      ['node.deorbit', '000000bfb8eb1884', null],
      ['node.orbit', '000000bfb8eb1884', null],
      ['node.settings', null, { settings: ['allowTokenInUrl'] }],
      ['node.leave', text, null],
      ['node.permissions', text, { allowGlobal: true }],
      ['node.join', text, {}],
    ]);
  });

  it('need the scope `node`; to look at it needs none', async () => {
    const token = async (scope: 'read' | 'node'): Promise<ClientV1> => {
      const made: NewTokenV1 = await owner().createToken({
        name: scope,
        scopes: [scope],
        expiresInMs: null,
      });
      return clientOf({ origin: root.origin, token: made.token });
    };
    const [reader, changer] = [await token('read'), await token('node')];
    expect(await reader.joined()).toEqual([]);
    const refused = [
      reader.join({ network: '8056c2e21c000001' }),
      reader.settings(),
      reader.changeSettings({}),
      reader.deorbit('bfb8eb1884'),
    ];
    const codes = await Promise.all(refused.map(codeOf));
    expect(codes).toEqual(refused.map(() => 'API_SCOPE_MISSING'));
    expect(await changer.settings()).toBeTypeOf('object');
    expect(await codeOf(changer.createNetwork({}))).toBe('API_SCOPE_MISSING');
  });
});

describe('rules', () => {
  const source = [
    'drop not ethertype ipv4 and not ethertype arp;',
    'accept;',
    'expect drop from member to member ethertype ipv6;',
    'expect drop from member to member ipprotocol tcp dport 22;',
  ].join('\n');

  it('are tried, and nothing is saved', async () => {
    const id = await newNetwork();
    expect(await owner().checkRules(id, source)).toEqual({
      ok: false,
      problems: [],
      warnings: [],
      tests: [
        {
          line: 3,
          text: 'expect drop from member to member ethertype ipv6',
          passed: true,
          got: 'drop',
        },
        {
          line: 4,
          text: 'expect drop from member to member ipprotocol tcp dport 22',
          passed: false,
          got: 'accept',
        },
      ],
      ruleCount: 4,
      summary: '4 of 1024 rules, 0 capabilities, 0 tags, 1 of 2 tests pass',
    });
    const wrong = await owner().checkRules(id, 'accept;\ndrop nonsense;');
    expect(wrong).toMatchObject({ ok: false, problems: [{ line: 2, column: 6 }], tests: [] });
    expect((await owner().rules(id)).isWritten).toBe(false);
    expect((await owner().checkRules(id, 'accept;')).ok).toBe(true);
    const nowhere = parseNetworkId('283c5bc4bcffffff')!;
    expect(await codeOf(owner().checkRules(nowhere, 'accept;'))).toBe('CONTROLLER_NETWORK_UNKNOWN');
  });

  it('are explained on both sides: those of the network, or others', async () => {
    const id = await newNetwork();
    const packet = 'from member to member ethertype ipv6';
    const own = await owner().explainRules(id, { packet });
    expect([own.verdict, own.lines]).toEqual([
      'accept',
      [
        'accept',
        expect.stringMatching(/^ {2}sender: accept, by rule 0 /),
        expect.stringMatching(/^ {2}receiver: accept, by rule 0 /),
      ],
    ]);
    const other = await owner().explainRules(id, { source, packet });
    expect(other.lines[1]).toMatch(/^ {2}sender: drop, by rule 2 \(line 1\): drop/);
    expect(other.details.length).toBeGreaterThan(other.lines.length);
    expect(await codeOf(owner().explainRules(id, { packet: 'nonsense' }))).toBe('API_BODY_INVALID');
    expect(await codeOf(owner().explainRules(id, { packet, source: 'x' }))).toBe('RULES_INVALID');
  });
});
