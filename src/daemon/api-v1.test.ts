/** /api/v1 over HTTP, on a daemon that is complete but for sockets and devices. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CapturedNode } from '../../test/api/captured-node.ts';
import type {
  AuditEntryV1,
  MemberV1,
  NetworkV1,
  NewInviteV1,
  NewTokenV1,
  ProblemV1,
} from '../api/schema/v1.ts';
import { routesV1 } from '../api/v1/index.ts';
import { MemoryNetwork } from '../io/udp/index.ts';

const directory = mkdtempSync(join(tmpdir(), 'overspan-v1-'));
const node = new CapturedNode(new MemoryNetwork(), 'R', directory);
const alice = '45ad10e047';
const bob = 'bfb8eb1884';

beforeAll(async () => {
  await node.start();
});
afterAll(async () => {
  await node.stop();
  rmSync(directory, { recursive: true, force: true });
});

interface Said {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Said> {
  const response = await fetch(`${node.origin}/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${node.token}`, ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? null : (JSON.parse(text) as unknown),
  };
}

async function made<T>(method: string, path: string, body?: unknown): Promise<T> {
  const said = await ask(method, path, body);
  expect([200, 201, 204], JSON.stringify(said.body)).toContain(said.status);
  return said.body as T;
}

async function refused(said: Promise<Said>): Promise<[number, string]> {
  const { status, body } = await said;
  const { code, remedy, detail } = body as ProblemV1;
  expect(remedy, detail).not.toBe('');
  return [status, code];
}

const newNetwork = (patch: object = {}): Promise<NetworkV1> => made('POST', '/networks', patch);

describe('networks', () => {
  it('are made, read, changed and ended', async () => {
    const { id } = await newNetwork({
      name: 'lab',
      routes: [{ target: '10.9.0.0/24', via: null }],
    });
    expect(id).toMatch(/^283c5bc4bc[0-9a-f]{6}$/);
    const changed = await made<NetworkV1>('PATCH', `/networks/${id}`, { mtu: 1400 });
    expect(changed).toMatchObject({ name: 'lab', mtu: 1400, revision: 2 });
    expect(await made('GET', `/networks/${id}`)).toEqual(changed);
    expect(await made<NetworkV1[]>('GET', '/networks')).toContainEqual(changed);
    await made('DELETE', `/networks/${id}`);
    expect(await refused(ask('GET', `/networks/${id}`))).toEqual([
      404,
      'CONTROLLER_NETWORK_UNKNOWN',
    ]);
  });

  it('that somebody has changed meanwhile are not changed unread', async () => {
    const { id } = await newNetwork();
    const { headers } = await ask('GET', `/networks/${id}`);
    const etag = headers.get('etag') ?? '';
    const first = ask('PATCH', `/networks/${id}`, { name: 'first' }, { 'If-Match': etag });
    expect((await first).status).toBe(200);
    const second = ask('PATCH', `/networks/${id}`, { name: 'second' }, { 'If-Match': etag });
    expect(await refused(second)).toEqual([412, 'API_CHANGED_MEANWHILE']);
    expect(await made('GET', `/networks/${id}`)).toMatchObject({ name: 'first' });
  });

  it('take no setting that is none, or is wrong, and keep what they had', async () => {
    const { id } = await newNetwork({ name: 'kept' });
    for (const patch of [
      { nam: 'x' },
      { mtu: 100 },
      { mtu: '1400' },
      { name: 'x'.repeat(128) },
      { __proto__: { name: 'x' }, constructor: 1 },
      { pools: [{ first: '10.0.0.9', last: '10.0.0.1' }] },
      { routes: [{ target: '10.0.0.0/33', via: null }] },
      [],
      'text',
      null,
    ]) {
      const [status] = await refused(ask('PATCH', `/networks/${id}`, JSON.stringify(patch)));
      expect(status, JSON.stringify(patch)).toBe(400);
    }
    expect(await refused(ask('PATCH', `/networks/${id}`, '{'))).toEqual([400, 'API_BODY_INVALID']);
    expect(await made('GET', `/networks/${id}`)).toMatchObject({ name: 'kept', revision: 1 });
  });

  it('have rules that were tried before they are saved', async () => {
    const { id } = await newNetwork();
    const path = `/networks/${id}/rules`;
    const source = `drop not ethertype ipv4 and not ethertype arp;\naccept;\nexpect drop from member to member ethertype ipv6;\n`;
    expect(await made('PUT', path, { source })).toMatchObject({ isWritten: true, testCount: 1 });
    const failing = source.replace('expect drop', 'expect accept');
    expect(await refused(ask('PUT', path, { source: failing }))).toEqual([
      409,
      'RULES_TEST_FAILED',
    ]);
    expect(await refused(ask('PUT', path, { source: 'drop nonsense;' }))).toEqual([
      400,
      'RULES_INVALID',
    ]);
    expect(await made('GET', path)).toMatchObject({ source });
    // What another client sets was not written by anybody.
    await node.json('POST', `/controller/network/${id}`, { rules: [{ type: 'ACTION_ACCEPT' }] });
    expect(await made('GET', path)).toMatchObject({ isWritten: false, ruleCount: 1 });
  });
});

describe('members', () => {
  it('are let in and put out with one word, and say what is known of them', async () => {
    const { id } = await newNetwork();
    const members = `/networks/${id}/members`;
    const entered = await made<MemberV1[]>('POST', members, { authorize: [alice, bob] });
    expect(entered.map(({ address, state }) => [address, state])).toEqual([
      [alice, 'never-configured'],
      [bob, 'never-configured'],
    ]);
    const left = await made<MemberV1[]>('POST', members, { deauthorize: [bob, '0000000001'] });
    expect(left).toMatchObject([{ address: bob, state: 'denied', isAuthorized: false }]);
    expect(left[0]?.deauthorizedAt).toBeGreaterThan(1_700_000_000_000);
    const named = await made<MemberV1>('PATCH', `${members}/${alice}`, {
      name: '<b>\u001b[31m',
      ipAssignments: ['10.1.0.9'],
    });
    expect(named).toMatchObject({ name: '<b>\u001b[31m', ipAssignments: ['10.1.0.9'] });
    await made('DELETE', `${members}/${alice}`);
    expect(await refused(ask('GET', `${members}/${alice}`))).toEqual([
      404,
      'CONTROLLER_MEMBER_UNKNOWN',
    ]);
  });

  it('are deleted with one word, and the log says what they were called', async () => {
    const { id } = await newNetwork();
    const members = `/networks/${id}/members`;
    await made('POST', members, { authorize: [alice], ban: [bob] });
    await made('PATCH', `${members}/${alice}`, { name: 'printer' });
    const forget = [alice, bob, '0000000001'];
    expect(await made('POST', members, { delete: forget })).toEqual([]);
    expect(await made('GET', members)).toEqual([]);
    const [line] = await made<AuditEntryV1[]>('GET', `/audit?network=${id}&subject=${bob}`);
    expect(line).toMatchObject({
      action: 'member.delete',
      change: { delete: forget, names: { [alice]: 'printer' } },
    });
  });

  it('are banned also before they ask, and let in by nothing else before that is lifted', async () => {
    const { id } = await newNetwork({ isPrivate: false });
    const members = `/networks/${id}/members`;
    await made('POST', members, { authorize: [alice] });
    const banned = await made<MemberV1[]>('POST', members, { ban: [alice, bob] });
    expect(banned).toMatchObject(
      [alice, bob].map((address) => ({
        ...{ address, state: 'denied', why: 'it is banned', isBanned: true, isAuthorized: false },
      })),
    );
    expect(banned[0]?.bannedAt).toBeGreaterThan(1_700_000_000_000);
    for (const again of [
      ask('POST', members, { authorize: [bob] }),
      ask('PATCH', `${members}/${bob}`, { isAuthorized: true }),
    ])
      expect(await refused(again)).toEqual([409, 'CONTROLLER_MEMBER_BANNED']);
    const contradiction = ask('PATCH', `${members}/${bob}`, { isAuthorized: true, isBanned: true });
    expect(await refused(contradiction)).toEqual([400, 'CONTROLLER_SETTING_INVALID']);
    const lifted = await made<MemberV1[]>('POST', members, { unban: [alice, '0000000001'] });
    expect(lifted).toMatchObject([{ address: alice, isBanned: false, bannedAt: null }]);
    await made('POST', members, { ban: ['0000000002', '0000000003'] });
    const unasked = { isBanned: false, state: 'never-configured' };
    expect(await made('POST', members, { unban: ['0000000002'] })).toMatchObject([unasked]);
    expect(await made('PATCH', `${members}/0000000003`, { isBanned: false })).toMatchObject({
      ...unasked,
      why: 'not authorised; it has never asked',
    });
    const kept = (await made<MemberV1[]>('GET', members)).map(({ address }) => address);
    expect(kept.sort()).toEqual([alice, bob].sort());
    const free = { isAuthorized: true, isBanned: false };
    expect(await made('PATCH', `${members}/${bob}`, free)).toMatchObject(free);
    const lines = await made<AuditEntryV1[]>('GET', `/audit?network=${id}`);
    expect(lines.map(({ action }) => action)).toEqual([
      ...['member.change', 'member.change', 'member.unban', 'member.ban', 'member.unban'],
      ...['member.ban', 'member.authorize', 'network.create'],
    ]);
    expect(lines[5]?.change).toEqual({ ban: [alice, bob] });
  });

  it('are not found at paths that are none', async () => {
    const { id } = await newNetwork();
    const said = async (path: string): Promise<number> => (await ask('GET', path)).status;
    for (const path of ['/networks/../..', '/networks/%2e%2e', `/networks/${id}/members/..%2f..`])
      expect([400, 404, 401], path).toContain(await said(path));
    expect(await said(`/networks/${id}/nothing`)).toBe(404);
    expect(await refused(ask('PUT', `/networks/${id}`, {}))).toEqual([405, 'API_METHOD_UNKNOWN']);
  });
});

describe('access', () => {
  const as = (token: string): Readonly<Record<string, string>> => ({
    Authorization: `Bearer ${token}`,
  });

  it('by a token goes as far as its scopes, until it ends', async () => {
    const { id } = await newNetwork();
    const request = { name: 'ci', scopes: ['members'], expiresInMs: null };
    const { token, id: tokenId } = await made<NewTokenV1>('POST', '/tokens', request);
    const may = async (method: string, path: string, body?: object): Promise<number> =>
      (await ask(method, path, body, as(token))).status;
    expect(await may('GET', '/networks')).toBe(200);
    expect(await may('POST', `/networks/${id}/members`, { authorize: [alice] })).toBe(200);
    expect(await may('PATCH', `/networks/${id}`, { name: 'x' })).toBe(403);
    expect(await may('GET', '/tokens')).toBe(403);
    expect(await may('GET', '/audit')).toBe(403);
    expect(JSON.stringify(await made('GET', '/tokens'))).not.toContain(token.slice(12));
    await made('DELETE', `/tokens/${tokenId}`);
    expect(await may('GET', '/networks')).toBe(401);
  });

  it('is for nobody who shows something else', async () => {
    const { token } = await made<NewTokenV1>('POST', '/tokens', { name: 't', scopes: ['admin'] });
    for (const text of [
      '',
      'x',
      token.slice(0, -1),
      `${token}0`,
      token.toUpperCase(),
      `${token.slice(0, 12)}${'0'.repeat(32)}`,
      node.token.slice(0, -1),
    ])
      expect(await refused(ask('GET', '/networks', undefined, as(text)))).toEqual([
        401,
        'API_TOKEN_REFUSED',
      ]);
    // A token of v1 opens nothing else.
    const old = await fetch(`${node.origin}/status`, { headers: { 'X-ZT1-Auth': token } });
    expect(old.status).toBe(401);
  });

  it('that is guessed at is held up', async () => {
    const statuses = new Set<number>();
    for (let i = 0; i < 40; i++)
      statuses.add((await ask('GET', '/networks', undefined, as(`guess${i}`))).status);
    expect([...statuses].sort()).toEqual([401, 429]);
    // Whoever has a token is not concerned.
    expect((await ask('GET', '/networks')).status).toBe(200);
  });

  it('leaves a line for each change: who, what, where', async () => {
    const { id } = await newNetwork({ name: 'audited' });
    const { token } = await made<NewTokenV1>('POST', '/tokens', {
      name: 'bot',
      scopes: ['members'],
    });
    await ask('POST', `/networks/${id}/members`, { authorize: [alice] }, as(token));
    await node.json('POST', `/controller/network/${id}`, { name: 'elsewhere' });
    const lines = await made<AuditEntryV1[]>('GET', `/audit?network=${id}`);
    expect(lines.map(({ action, actor }) => [action, actor.kind, actor.name])).toEqual([
      ['network.change', 'local', ''],
      ['member.authorize', 'token', 'bot'],
      ['network.create', 'local', ''],
    ]);
    expect(JSON.stringify(await made('GET', '/audit'))).not.toContain(token);
    const naming = await made<AuditEntryV1[]>('GET', `/audit?network=${id}&subject=${alice}`);
    expect(naming.map(({ action }) => action)).toEqual(['member.authorize']);
    expect(await refused(ask('GET', '/audit?subject=%25'))).toEqual([400, 'API_BODY_INVALID']);
    const [line] = await made<AuditEntryV1[]>('GET', '/audit?limit=1');
    expect(await made('GET', `/audit?limit=1&before=${line?.id ?? ''}`)).toHaveLength(1);
  });

  it('by an invitation is handed on once, and shown without its token', async () => {
    const { id } = await newNetwork();
    const path = `/networks/${id}/invites`;
    const invite = await made<NewInviteV1>('POST', path, { note: 'workshop', uses: 2 });
    expect(invite.invitation).toMatch(new RegExp(`^${id}-[0-9a-f]{32}$`));
    const secret = invite.invitation.slice(17);
    expect(JSON.stringify(await made('GET', path))).not.toContain(secret);
    await made('DELETE', `${path}/${invite.id}`);
    expect(await made('GET', path)).toEqual([]);
  });
});

describe('the document', () => {
  it('describes every route', async () => {
    const document = await made<{ paths: Record<string, Record<string, unknown>> }>(
      'GET',
      '/openapi.json',
    );
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(
      routesV1.map(({ method, path }) => `${method} ${path}`).sort(),
    );
  });
});

describe('events', () => {
  it('come as they happen, and those that were missed on the way back', async () => {
    const { id } = await newNetwork();
    const first = await listen();
    await made('POST', `/networks/${id}/members`, { authorize: [alice] });
    const event = await first.next(({ text }) => text.includes(alice));
    expect(event.text).toContain('event: member');
    await first.end();
    await made('POST', `/networks/${id}/members`, { authorize: [bob] });
    const second = await listen(event.id);
    expect((await second.next(({ text }) => text.includes(bob))).text).toContain(id);
    await second.end();
  });
});

interface Heard {
  readonly id: string;
  readonly text: string;
}

async function listen(after?: string): Promise<{
  next: (wanted: (event: Heard) => boolean) => Promise<Heard>;
  end: () => Promise<void>;
}> {
  const stop = new AbortController();
  const response = await fetch(`${node.origin}/api/v1/events`, {
    headers: {
      Authorization: `Bearer ${node.token}`,
      ...(after === undefined ? {} : { 'Last-Event-ID': after }),
    },
    signal: stop.signal,
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    next: async (wanted) => {
      for (;;) {
        const blocks = text.split('\n\n').map((block) => ({
          id: /^id: (\d+)$/m.exec(block)?.[1] ?? '',
          text: block,
        }));
        const found = blocks.slice(0, -1).find(wanted);
        if (found !== undefined) return found;
        const { value, done } = await reader.read();
        if (done) throw new Error(`ended after: ${text}`);
        text += value;
      }
    },
    end: async () => {
      stop.abort();
      await reader.cancel().catch(() => undefined);
    },
  };
}
