/** Other makes of service behind /api/v1: an official one (a fake of it) and ZeroTier Central (a stub of it). */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { OfficialController } from '../../../test/api/official-controller.ts';
import { virtualTime } from '../../../test/api/virtual-time.ts';
import { CentralStub, stubClock } from '../../../test/programs/central-stub.ts';
import { OverspanError } from '../../base/errors.ts';
import { parseAddress, parseNetworkId, type NetworkId } from '../../base/ids.ts';
import { Secret } from '../../base/secret.ts';
import { ApiClient } from '../client.ts';
import { ClientV1 } from '../client-v1.ts';
import { ApiV1 } from '../v1/index.ts';
import type { ApiEvent, ApiV1Host } from '../v1/service.ts';
import type { Backend } from './backend.ts';
import { CentralBackend } from './central.ts';
import { CentralClient } from './central-client.ts';
import { backendHost } from './host.ts';
import { ZeroTierOneBackend } from './zerotier-one.ts';

/** Time that passes when a test says so. */
class Ticks {
  readonly asked: number[] = [];
  #over: () => void = () => undefined;
  #isWaiting = false;
  #tell: () => void = () => undefined;

  readonly wait = (ms: number, signal: AbortSignal): Promise<void> => {
    this.asked.push(ms);
    this.#isWaiting = true;
    this.#tell();
    return new Promise((resolve, reject) => {
      this.#over = resolve;
      signal.addEventListener('abort', () => {
        reject(new Error('stopped'));
      });
    });
  };

  /** Until it was looked, and is waited for the next time. */
  async looked(): Promise<void> {
    if (!this.#isWaiting) await new Promise<void>((resolve) => (this.#tell = resolve));
  }

  /** The time is over; resolves when it was looked again. */
  async next(): Promise<void> {
    this.#isWaiting = false;
    this.#over();
    await this.looked();
  }
}

let ticks: Ticks;
beforeEach(() => {
  ticks = new Ticks();
});

function hostOf(backend: Backend, client: ApiClient | null): ApiV1Host {
  return backendHost({
    backend,
    client,
    callerOf: (text) =>
      text === 'page' ? { kind: 'local', id: '', name: '', scopes: ['admin'] } : null,
    clock: { nowNs: () => 0, wallMs: () => stubClock },
    wait: ticks.wait,
    fill: (bytes) => bytes.fill(0),
    ranges: () => Promise.resolve(['10.0.0.0/24']),
    log: () => undefined,
  });
}

/** A client of what a host serves, with nothing between them: it checks each answer. */
function clientOf(host: ApiV1Host, token = 'page', ifMatch: string | null = null): ClientV1 {
  const api = new ApiV1(host, '0.0.0');
  return new ClientV1({
    origin: 'http://127.0.0.1',
    token: new Secret(token),
    fetch: async (url, { method, headers, body }) => {
      const { pathname, searchParams } = new URL(url);
      const answer = await api.answer(0, {
        method,
        path: pathname.split('/').slice(3),
        query: Object.fromEntries(searchParams),
        body:
          body === undefined
            ? { kind: 'empty' }
            : { kind: 'json', value: JSON.parse(body) as unknown },
        token: headers['Authorization']?.slice(7) ?? '',
        ifMatch,
        lastEventId: null,
      });
      if (answer.kind === 'events') throw new Error('events are not asked for here');
      const said = answer.kind === 'json' ? answer.body : answer.problem;
      const text = said === undefined ? '' : JSON.stringify(said);
      const status = answer.kind === 'json' ? answer.status : answer.problem.status;
      return { status, text: () => Promise.resolve(text) };
    },
  });
}

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'nothing was thrown',
    (error: unknown) => (error instanceof OverspanError ? error.details['code'] : error),
  );
}

const [alice, bob] = ['45ad10e047', 'bfb8eb1884'].map((text) => parseAddress(text)!);

describe('an official service behind /api/v1', () => {
  let official: OfficialController;
  let host: ApiV1Host;
  let page: ClientV1;
  beforeEach(() => {
    official = new OfficialController();
    const { fetch, token } = official;
    const client = new ApiClient({
      origin: 'http://127.0.0.1:9993',
      token: new Secret(token),
      fetch,
    });
    host = hostOf(new ZeroTierOneBackend(client, virtualTime()), client);
    page = clientOf(host);
  });
  const made = async (): Promise<NetworkId> =>
    parseNetworkId((await page.createNetwork({ name: 'lab' })).id)!;

  it('shows networks and members; what it does not tell is null', async () => {
    const id = await made();
    const text = id.toString(16);
    await page.changeMembers(id, { authorize: ['45ad10e047'] });
    official.asks(text, 'bfb8eb1884');
    const path = { active: true, expired: false, preferred: true, lastSend: 1 };
    official.peers.push({
      ...{ address: '45ad10e047', latency: 7, role: 'LEAF', version: '1.14.1' },
      paths: [{ ...path, address: '10.77.0.2/9994', lastReceive: stubClock - 5 }],
    });
    expect(await page.networks()).toMatchObject([
      { id: text, name: 'lab', description: null, memberCount: null, memberCounts: null },
    ]);
    const shown = await page.network(id);
    expect(shown.memberCounts).toMatchObject({ waiting: 1, 'never-configured': 1, unknown: 0 });
    expect(shown).toMatchObject({ revision: 1, memberCount: 2 });
    expect(await page.members(id)).toMatchObject([
      {
        address: '45ad10e047',
        revision: null,
        state: 'never-configured',
        heard: { source: 'controller', askedAt: null },
        path: {
          kind: 'direct',
          endpoint: '10.77.0.2/9994',
          latencyMs: 7,
          heardAt: stubClock - 5,
        },
      },
      { address: 'bfb8eb1884', state: 'waiting', path: { kind: 'unknown', heardAt: null } },
    ]);
    official.asks(text, '45ad10e047');
    const member = await page.member(id, alice!);
    expect(member).toMatchObject({ state: 'unknown', description: null });
    expect(member.heard.software).toEqual({
      ...{ version: '1.14.1', protocol: null, platform: null, isOverspan: null },
    });
    await page.changeMembers(id, { deauthorize: ['45ad10e047'] });
    await page.deleteMember(id, bob!);
    expect((await page.members(id)).map(({ state }) => state)).toEqual(['denied']);
    await page.deleteNetwork(id);
    expect(await codeOf(page.network(id))).toBe('NETWORK_NOT_OWNED');
  });

  it('keeps whoever saw an older one from changing it, where it tells revisions', async () => {
    const id = await made();
    await page.changeNetwork(id, { name: 'changed' });
    const late = clientOf(host, 'page', '"0"');
    expect(await codeOf(late.changeNetwork(id, { name: 'late' }))).toBe('API_CHANGED_MEANWHILE');
    const now = clientOf(host, 'page', '"1"');
    expect((await now.changeNetwork(id, { name: 'now' })).name).toBe('now');
    await page.changeMembers(id, { authorize: ['45ad10e047'] });
    expect(await codeOf(now.changeMember(id, alice!, { name: 'a' }))).toBe('API_CHANGED_MEANWHILE');
    const any = clientOf(host, 'page', '*');
    expect((await any.changeMember(id, alice!, { name: 'a' })).name).toBe('a');
  });

  it('shows rules as a source, and takes one, whose tests must hold', async () => {
    const id = await made();
    const source =
      'drop not ethertype ipv4;\naccept;\nexpect drop from member to member ethertype ipv6;';
    const set = await page.setRules(id, source);
    expect(set).toMatchObject({ isWritten: false, ruleCount: 3, testCount: 0 });
    expect(official.networks.get(id.toString(16))?.['rules']).toHaveLength(3);
    const wrong = source.replace('expect drop', 'expect accept');
    expect(await codeOf(page.setRules(id, wrong))).toBe('RULES_TEST_FAILED');
    expect(await page.checkRules(id, wrong)).toMatchObject({ ok: false, tests: [{ got: 'drop' }] });
    const packet = 'from member to member ethertype ipv6';
    expect((await page.explainRules(id, { packet })).verdict).toBe('drop');
  });

  it('has a node, which joins and leaves', async () => {
    expect(await page.node()).toMatchObject({
      ...{ address: official.address, version: '1.14.1', isOnline: true, hasController: true },
      ...{ drops: null, listeningOn: null, home: null, networkCount: 0, peerCount: 0 },
    });
    const network = '8056c2e21c000001';
    const id = parseNetworkId(network)!;
    const joined = await page.join({ network, permissions: { dns: true } });
    expect(joined).toMatchObject({
      ...{ status: 'requesting-configuration', askedAt: null, name: null },
      permissions: { managed: true, dns: true },
    });
    expect((await page.permit(id, { managed: false })).permissions.managed).toBe(false);
    const asked = [
      page.permit(id, { managed: ['10.0.0.0/8'] }),
      page.join({ network: `${network}-${'0'.repeat(32)}` }),
      page.log(10),
    ];
    expect(await Promise.all(asked.map(codeOf))).toEqual(asked.map(() => 'SERVICE_LACKS'));
    await page.leave(id);
    expect(await page.joined()).toEqual([]);
    expect(await page.orbit({ id: 'bfb8eb1884' })).toMatchObject({ isWaiting: true });
    await page.deorbit('bfb8eb1884');
    expect(await page.changeSettings({ primaryPort: 9994 })).toEqual({
      settings: { primaryPort: 9994 },
    });
    await page.createNetwork({ routes: [{ target: '10.0.1.0/24', via: null }] });
    expect((await page.freeRange()).target).toBe('10.0.2.0/24');
  });

  it('says what it has not, and that it may own nothing', async () => {
    const id = await made();
    const terms = { note: '', expiresInMs: null, uses: 1 };
    const asked = [
      page.invites(id),
      page.createInvite(id, terms),
      page.tokens(),
      page.audit({ limit: 1 }),
    ];
    expect(await Promise.all(asked.map(codeOf))).toEqual(asked.map(() => 'SERVICE_LACKS'));
    expect(await codeOf(clientOf(host, 'nobody').networks())).toBe('API_TOKEN_REFUSED');
    official.hasController = false;
    expect(await page.node()).toMatchObject({ hasController: false });
    expect(await codeOf(page.networks())).toBe('CONTROLLER_NOT_RUNNING');
  });

  describe('tells events', () => {
    let told: Pick<ApiEvent, 'kind' | 'data'>[];
    let end: () => void;
    beforeEach(async () => {
      told = [];
      end = host.listen(null, ({ kind, data }) => told.push({ kind, data }))!;
      await ticks.looked();
    });
    const next = async (): Promise<typeof told> => {
      told.length = 0;
      await ticks.next();
      return [...told];
    };

    it('of networks, members, joins, paths, and whether it is online', async () => {
      expect(told).toEqual([]);
      const id = await made();
      const network = id.toString(16);
      await page.changeMembers(id, { authorize: ['45ad10e047'] });
      expect(await next()).toEqual([
        { kind: 'network', data: { network, revision: 1 } },
        {
          kind: 'member',
          data: { network, address: '45ad10e047', revision: null, isAuthorized: true },
        },
      ]);
      expect(await next()).toEqual([]);
      official.asks(network, '45ad10e047');
      official.isOnline = false;
      const other = '8056c2e21c000001';
      await page.join({ network: other });
      const path = { active: true, expired: false, preferred: true, lastReceive: 1, lastSend: 1 };
      official.peers.push({
        ...{ address: '45ad10e047', latency: 7, role: 'LEAF', version: '1.14.1' },
        paths: [{ ...path, address: '10.77.0.2/9994' }],
      });
      const way = { address: '45ad10e047', endpoint: '10.77.0.2/9994' };
      expect(await next()).toEqual([
        { kind: 'online', data: { isOnline: false } },
        {
          kind: 'member',
          data: { network, address: '45ad10e047', revision: null, isAuthorized: true },
        },
        { kind: 'joined', data: { network: other, status: 'requesting-configuration' } },
        { kind: 'path', data: { ...way, state: 'learned' } },
      ]);
      official.peers.length = 0;
      await page.leave(parseNetworkId(other)!);
      await page.deleteNetwork(id);
      expect(await next()).toEqual([
        { kind: 'network', data: { network, isDeleted: true } },
        { kind: 'joined', data: { network: other, isLeft: true } },
        { kind: 'path', data: { ...way, state: 'lost' } },
      ]);
      end();
    });

    it('only while somebody listens, every 2 s, and then of what has changed meanwhile', async () => {
      await next();
      expect(ticks.asked).toEqual([2_000, 2_000]);
      const second = host.listen(null, () => undefined)!;
      end();
      end();
      await next();
      second();
      const count = official.requests.length;
      await made();
      expect(official.requests.length - count).toBeLessThan(5);
      const again: string[] = [];
      const third = host.listen(null, ({ kind }) => again.push(kind))!;
      await ticks.next();
      third();
      expect(again).toEqual(['network']);
    });

    it('when it answers again, after it was away', async () => {
      const { fetch } = official;
      Object.assign(official, { token: 'b'.repeat(24) });
      expect(await next()).toEqual([]);
      Object.assign(official, { token: 'a'.repeat(24), fetch });
      official.isOnline = false;
      expect(await next()).toEqual([{ kind: 'online', data: { isOnline: false } }]);
      end();
    });
  });
});

describe('ZeroTier Central behind /api/v1 (a stub of it)', () => {
  let stub: CentralStub;
  let host: ApiV1Host;
  let page: ClientV1;
  beforeAll(async () => {
    stub = await CentralStub.open();
  });
  afterAll(() => stub.close());
  beforeEach(() => {
    const time = virtualTime(stubClock);
    const options = { ...time, origin: stub.url, token: new Secret(stub.token) };
    host = hostOf(new CentralBackend(new CentralClient(options), time), null);
    page = clientOf(host);
    stub.networks.clear();
  });

  it('shows networks and members, and when it saw them', async () => {
    const { id: text } = await page.createNetwork({ name: 'office', description: 'of us' });
    const id = parseNetworkId(text)!;
    stub.seen(text, '45ad10e047', 30_000);
    expect(await page.networks()).toMatchObject([
      { id: text, description: 'of us', revision: null, memberCount: 1, memberCounts: null },
    ]);
    await page.changeMembers(id, { authorize: ['45ad10e047'] });
    const [member] = await page.members(id);
    expect(member).toMatchObject({
      ...{ state: 'ok', revision: null },
      heard: { source: 'ZeroTier Central', askedAt: stubClock - 30_000 },
      path: { kind: 'unknown', endpoint: null, heardAt: null },
    });
    expect((await page.network(id)).memberCounts).toMatchObject({ ok: 1 });
    const source = 'drop not ethertype ipv4; # as somebody wrote it\naccept;\n';
    expect(await page.setRules(id, source)).toMatchObject({ source, isWritten: true });
  });

  it('is no node, and has neither invitations nor a log; it knows which addresses are free', async () => {
    const asked = [
      page.node(),
      page.joined(),
      page.join({ network: '8056c2e21c000001' }),
      page.settings(),
      page.invites(parseNetworkId('8056c2e21c000001')!),
      page.audit({ limit: 1 }),
    ];
    expect(await Promise.all(asked.map(codeOf))).toEqual(asked.map(() => 'SERVICE_LACKS'));
    expect((await page.freeRange()).target).toBe('10.0.1.0/24');
  });

  it('is looked at every 15 s for events', async () => {
    const told: ApiEvent[] = [];
    const end = host.listen(null, (event) => told.push(event))!;
    await ticks.looked();
    const { id } = await page.createNetwork({ name: 'office' });
    stub.seen(id, '45ad10e047', 30_000);
    await ticks.next();
    expect(ticks.asked).toEqual([15_000, 15_000]);
    expect(told.map(({ kind, data }) => [kind, data['network'], data['address']])).toEqual([
      ['network', id, undefined],
      ['member', id, '45ad10e047'],
    ]);
    end();
  });
});
