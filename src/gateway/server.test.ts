/** The server of the page as an attacker meets it: signing in, cookies, forged requests, names, paths, and what it is sent with. */
import { request, type IncomingHttpHeaders } from 'node:http';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { RequestV1 } from '../api/v1/index.ts';
import { Secret } from '../base/secret.ts';
import { bodyBytesMax } from '../http/body.ts';
import { systemClock } from '../sys/clock.ts';
import { readPageFiles } from './files.ts';
import { servePage, type ServedPage } from './listen.ts';
import type { GatewayRuns } from './runs.ts';
import type { GatewayAnswer, GatewayService } from './service.ts';
import { Sessions, sessionIdleMs, sessionsMax, ticketMs, ticketsMax } from './sessions.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const directory = mkdtempSync(join(tmpdir(), 'overspan-page-'));
mkdirSync(join(directory, 'assets'));
writeFileSync(join(directory, 'index.html'), '<meta name="style-nonce" content="{{nonce}}" />');
writeFileSync(join(directory, 'assets', 'index-1.js'), 'const text = "x".repeat(1000);'.repeat(50));
writeFileSync(join(directory, 'secret.txt'), 'secret');

/** What nobody may ask. */
const refuse = (): Promise<never> => Promise.reject(new Error('asked'));
const noRuns: GatewayRuns = {
  ...{ list: refuse, engines: refuse, start: refuse, detail: refuse, stop: refuse, remove: refuse },
  ...{ listen: refuse, record: refuse, report: refuse },
};

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

let page: ServedPage;
/** What the service was asked, and what with. */
let asked: { request: RequestV1; credential: Secret<string> | null }[];

/** What it answers. */
let answer: () => GatewayAnswer;
/** What a session is opened with. */
let admitted: Secret<string> | null;

const refusal: GatewayAnswer = { kind: 'passed-on', status: 401, headers: {}, body: null };

const service: GatewayService = {
  name: 'here',
  kind: 'overspan',
  answer: (given, credential) => {
    asked.push({ request: given, credential });
    return Promise.resolve(answer());
  },
};

beforeEach(async () => {
  asked = [];
  answer = () => ({ kind: 'json', status: 200, body: { done: true } });
  admitted = new Secret('right');
  page = await servePage(
    { port: 0 },
    {
      services: [
        { ...service, joinUrl: 'https://join.example/join/' },
        { ...service, name: 'office', kind: 'central' },
      ],
      admission: {
        hint: 'the token of this test',
        admit: (text) => Promise.resolve(text === 'right' ? admitted : false),
        mayMeasure: () => false,
      },
      files: await readPageFiles(directory),
      runs: noRuns,
      version: '1.2.3',
      clock: systemClock,
      log: () => undefined,
    },
  );
});

afterEach(async () => {
  await page.close();
});

/** Not by `fetch`: it sends no path as it stands, and no Host or Origin of one's own. */
function ask(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
  localAddress = '127.0.0.1',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: page.port, method, path, headers, localAddress },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        });
      },
    );
    sent.on('error', reject).end(body);
  });
}

/** `own`: what the page sends with each request. */
async function signedIn(): Promise<{
  cookie: string;
  proof: string;
  line: string;
  own: Readonly<Record<string, string>>;
}> {
  const { headers, text } = await ask('POST', '/session', {}, JSON.stringify({ token: 'right' }));
  const line = headers['set-cookie']?.[0] ?? '';
  const { proof } = JSON.parse(text) as { proof: string };
  const cookie = line.split(';')[0] ?? '';
  return { line, cookie, proof, own: { Cookie: cookie, 'X-Overspan-Proof': proof } };
}

const sessionIn = ({ text }: Answer): unknown =>
  (JSON.parse(text) as { readonly session: unknown }).session;

const codeOf = ({ text }: Answer): string => (JSON.parse(text) as { code: string }).code;

describe('signing in', () => {
  it('takes the right token, and tells neither it nor the cookie to scripts', async () => {
    const { line, proof, own } = await signedIn();
    const [, port, id] = /^overspan_session_(\d+)=([0-9a-f]{64}); (.*)$/.exec(line)!;
    expect(line).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    expect(Number(port)).toBe(page.port);
    const session = await ask('GET', '/session', own);
    expect(sessionIn(session)).toMatchObject({ services: [{ name: 'here' }, { name: 'office' }] });
    for (const secret of ['right', id!, proof]) expect(session.text).not.toContain(secret);
  });

  it('is not done by a cookie that went to another port of the machine: with it alone there is nothing', async () => {
    const { cookie, proof, own } = await signedIn();
    const others = [
      {},
      ...['', `${proof}0`, proof.slice(1), 'é'.repeat(64)].map((each) => ({
        'X-Overspan-Proof': encodeURIComponent(each),
      })),
    ];
    for (const other of others) {
      const headers = { Cookie: cookie, ...other };
      expect(sessionIn(await ask('GET', '/session', headers))).toBeNull();
      expect(sessionIn(await ask('DELETE', '/session', headers))).toBeNull();
      expect(
        (await ask('POST', '/session/ticket', headers, '{"path":"/runs/x/report"}')).status,
      ).toBe(401);
      for (const path of [
        '/services/here/api/v1/networks',
        '/services/here/api/v1/events',
        '/runs',
        '/runs/x/events',
        '/runs/x/report?ticket=',
      ])
        for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])
          expect((await ask(method, path, headers)).status, `${method} ${path}`).toBe(401);
    }
    expect(
      (await ask('GET', '/services/here/api/v1/networks', { 'X-Overspan-Proof': proof })).status,
    ).toBe(401);
    expect(asked).toEqual([]);
    expect(sessionIn(await ask('GET', '/session', own))).not.toBeNull();
  });

  it('of two pages of one host, each keeps its own cookie', async () => {
    const forwarded = { Host: '127.0.0.1:7777' };
    const { headers } = await ask('POST', '/session', forwarded, '{"token":"right"}');
    expect(headers['set-cookie']?.[0]).toMatch(/^overspan_session_7777=/);
  });

  it('refuses any other, and many of them in a short time', async () => {
    for (const body of ['{"token":"wrong"}', '{"token":1}', '{}', 'null', '', '{"token":""}'])
      expect(codeOf(await ask('POST', '/session', {}, body))).toBe('UI_TOKEN_REFUSED');
    for (let i = 0; i < 10; i++) await ask('POST', '/session', {}, '{"token":"wrong"}');
    const right = await ask('POST', '/session', {}, '{"token":"right"}');
    expect(codeOf(right)).toBe('UI_TOO_MANY_TRIES');
    expect(right.status).toBe(429);
    expect(Number(right.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('is not kept from one by who tries many from elsewhere, until there are very many', async () => {
    const wrong = (localAddress: string): Promise<Answer> =>
      ask('POST', '/session', {}, '{"token":"wrong"}', localAddress);
    for (let i = 0; i < 12; i++) await wrong('127.0.0.2');
    expect(codeOf(await wrong('127.0.0.2'))).toBe('UI_TOO_MANY_TRIES');
    expect((await signedIn()).proof).toMatch(/^[0-9a-f]{64}$/);
    const many = Array.from({ length: 60 }, (_, i) => wrong(`127.0.1.${i + 1}`));
    expect((await Promise.all(many)).map(codeOf)).toContain('UI_TOO_MANY_TRIES');
  });

  it('ends with signing out', async () => {
    const { own } = await signedIn();
    expect((await ask('GET', '/services/here/api/v1/networks', own)).status).toBe(200);
    await ask('DELETE', '/session', own);
    expect((await ask('GET', '/services/here/api/v1/networks', own)).status).toBe(401);
  });
});

describe('a service', () => {
  it('is told with where people are sent who are to join its networks, if anywhere', async () => {
    const { own } = await signedIn();
    expect(sessionIn(await ask('GET', '/session', own))).toMatchObject({
      services: [
        { name: 'here', kind: 'overspan', joinUrl: 'https://join.example/join/' },
        { name: 'office', kind: 'central', joinUrl: null },
      ],
    });
  });

  it('is asked with what the session was opened with, and by nobody without one', async () => {
    const { cookie, own } = await signedIn();
    const path = '/services/here/api/v1/networks?x=1';
    expect((await ask('GET', path)).status).toBe(401);
    expect((await ask('GET', path, { Authorization: 'Bearer right' })).status).toBe(401);
    expect((await ask('GET', path, { ...own, Cookie: `${cookie}0` })).status).toBe(401);
    expect(asked).toEqual([]);
    expect((await ask('GET', path, own)).status).toBe(200);
    expect(asked[0]?.request).toMatchObject({ path: ['networks'], query: { x: '1' }, token: '' });
    expect(asked[0]?.credential?.reveal()).toBe('right');
  });

  it('is not asked with what is no body, or too long: it would do what is usual', async () => {
    const { own: headers } = await signedIn();
    const path = '/services/here/api/v1/networks';
    const broken = await ask('POST', path, headers, '{"name":');
    expect([broken.status, codeOf(broken)]).toEqual([400, 'API_BODY_INVALID']);
    for (const length of [bodyBytesMax, 8 * bodyBytesMax]) {
      const long = await ask('POST', path, headers, `"${'x'.repeat(length)}"`);
      expect([long.status, codeOf(long)]).toEqual([413, 'UI_BODY_TOO_LONG']);
    }
    expect(asked).toEqual([]);
    expect((await ask('POST', path, headers)).status).toBe(200);
    expect(asked[0]?.request.body).toEqual({ kind: 'empty' });
  });

  it('that takes no more what the session was opened with ends it', async () => {
    const { own } = await signedIn();
    answer = () => refusal;
    const refused = await ask('GET', '/services/here/api/v1/networks', own);
    expect([refused.status, codeOf(refused)]).toEqual([401, 'UI_SESSION_MISSING']);
    expect(sessionIn(await ask('GET', '/session', own))).toBeNull();
  });

  it('that refuses a token of its own is out of reach, and nobody is signed out', async () => {
    admitted = null;
    const { own } = await signedIn();
    answer = () => refusal;
    const refused = await ask('GET', '/services/here/api/v1/networks', own);
    expect([refused.status, codeOf(refused)]).toEqual([502, 'UI_SERVICE_REFUSED']);
    expect(sessionIn(await ask('GET', '/session', own))).not.toBeNull();
  });

  it('is reached by its own paths alone', async () => {
    const { own } = await signedIn();
    for (const path of [
      '/services/here/status',
      '/services/there/api/v1/x',
      '/services',
      '/services/%',
    ])
      expect((await ask('GET', path, own)).status, path).toBeGreaterThanOrEqual(400);
    expect(asked).toEqual([]);
  });
});

describe('a page elsewhere', () => {
  it('asks nothing here, by whatever name it calls us', async () => {
    const { own } = await signedIn();
    const path = '/services/here/api/v1/networks';
    const forged: Readonly<Record<string, string>>[] = [
      { Host: 'evil.example' },
      { Host: `evil.example:${page.port}` },
      { Origin: 'http://evil.example' },
      { Origin: 'null' },
      { Origin: `http://127.0.0.1:${page.port + 1}` },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'navigate' },
    ];
    for (const headers of forged)
      expect(codeOf(await ask('GET', path, { ...own, ...headers }))).toBe('UI_REQUEST_FORGED');
    expect(asked).toEqual([]);
  });

  it('may lead to this one by a link', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' };
    expect((await ask('GET', '/s/here/networks', headers)).status).toBe(200);
    expect((await ask('POST', '/s/here/networks', headers)).status).toBe(403);
  });
});

describe('what is sent', () => {
  it('is the page for every address, with a policy of its own each time', async () => {
    const [first, second] = [await ask('GET', '/'), await ask('GET', '/s/here/networks')];
    const nonceOf = ({ text }: Answer): string => /content="(.+?)"/.exec(text)![1]!;
    expect(nonceOf(first)).not.toBe(nonceOf(second));
    const policy = String(first.headers['content-security-policy']);
    expect(policy).toContain(`'nonce-${nonceOf(first)}'`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(first.headers['cache-control']).toBe('no-store');
  });

  it('is compressed for who takes that, and kept', async () => {
    const plain = await ask('GET', '/assets/index-1.js');
    const gzip = await ask('GET', '/assets/index-1.js', { 'Accept-Encoding': 'gzip, br' });
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(gzip.text.length).toBeLessThan(plain.text.length / 4);
    expect(plain.headers['cache-control']).toContain('immutable');
    expect(plain.headers['x-content-type-options']).toBe('nosniff');
  });

  it('is never a file beside it', async () => {
    for (const path of [
      '/assets/../secret.txt',
      '/assets/%2e%2e/secret.txt',
      '/assets/..%2fsecret.txt',
      '/assets/%00',
      '/assets/',
      '/../secret.txt',
      '/secret.txt',
    ])
      expect((await ask('GET', path)).text, path).not.toContain('secret');
  });
});

describe('the place of the page', () => {
  const anywhere = {
    services: [],
    runs: noRuns,
    version: '',
    clock: systemClock,
    log: () => undefined,
  };
  const nobody = {
    hint: '',
    admit: () => Promise.resolve(false as const),
    mayMeasure: () => false,
  };

  it('is loopback, unless there is a certificate', async () => {
    const files = await readPageFiles(directory);
    await expect(
      servePage({ host: '0.0.0.0', port: 0 }, { ...anywhere, admission: nobody, files }),
    ).rejects.toMatchObject({ code: 'UI_TLS_REQUIRED' });
  });

  it('is taken once', async () => {
    const files = await readPageFiles(directory);
    await expect(
      servePage({ port: page.port }, { ...anywhere, admission: nobody, files }),
    ).rejects.toMatchObject({ code: 'UI_PORT_IN_USE' });
  });

  it('needs the files of the page', async () => {
    await expect(readPageFiles(join(directory, 'assets'))).rejects.toMatchObject({
      code: 'UI_NOT_BUILT',
    });
  });
});

describe('sessions', () => {
  const use = (
    sessions: Sessions,
    nowMs: number,
    { session, proof }: ReturnType<Sessions['open']>,
  ): unknown => sessions.use(nowMs, session.id, { proof: proof.reveal() });

  it('end when nobody uses them, and when there are too many', () => {
    const sessions = new Sessions();
    const first = sessions.open(0, null);
    expect(use(sessions, sessionIdleMs, first)).toBe(first.session);
    expect(use(sessions, 2 * sessionIdleMs + 1, first)).toBeNull();
    const second = sessions.open(0, null);
    for (let i = 1; i < sessionsMax; i++) sessions.open(0, null);
    expect(use(sessions, 0, second)).toBe(second.session);
    const third = sessions.open(0, null);
    expect(use(sessions, 0, second)).toBe(second.session);
    for (let i = 0; i < sessionsMax; i++) sessions.open(0, null);
    expect(third.session.ended.aborted).toBe(true);
    expect(use(sessions, 0, third)).toBeNull();
  });

  it('stay no longer for who has the cookie alone', () => {
    const sessions = new Sessions();
    const opened = sessions.open(0, null);
    expect(sessions.use(sessionIdleMs, opened.session.id, { proof: '' })).toBeNull();
    expect(use(sessions, sessionIdleMs + 1, opened)).toBeNull();
  });

  it('give tickets for one path, one time, and a moment', () => {
    const sessions = new Sessions();
    const { session } = sessions.open(0, null);
    const [other] = [sessions.open(0, null).session];
    const path = '/runs/x/report';
    const redeemed = (ticket: string, at = 0, id = session.id, of = path): unknown =>
      sessions.use(at, id, { ticket, path: of });
    const ticket = sessions.ticket(0, session, path);
    expect(redeemed(ticket, 0, session.id, '/runs/y/report')).toBeNull();
    expect(redeemed(ticket, 0, other.id)).toBeNull();
    expect(redeemed(ticket)).toBe(session);
    expect(redeemed(ticket)).toBeNull();
    expect(redeemed(sessions.ticket(0, session, path), ticketMs + 1)).toBeNull();
    const first = sessions.ticket(0, session, path);
    for (let i = 1; i < ticketsMax; i++) sessions.ticket(0, session, path);
    const last = sessions.ticket(0, session, path);
    expect(redeemed(first)).toBeNull();
    expect(redeemed(last)).toBe(session);
  });
});
