/** The server of the page as an attacker meets it: signing in, cookies, forged requests, names, paths, and what it is sent with. */
import { request, type IncomingHttpHeaders } from 'node:http';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { RequestV1 } from '../api/v1/index.ts';
import { Secret } from '../base/secret.ts';
import { systemClock } from '../sys/clock.ts';
import { readPageFiles } from './files.ts';
import { servePage, type ServedPage } from './listen.ts';
import type { GatewayRuns } from './runs.ts';
import type { GatewayService } from './service.ts';
import { Sessions, sessionIdleMs, sessionsMax } from './sessions.ts';

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
  ...{ list: refuse, start: refuse, detail: refuse, stop: refuse },
  ...{ listen: refuse, record: refuse, report: refuse },
};

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

let page: ServedPage;
/** What the service was asked, and what with. */
let asked: { request: RequestV1; credential: Secret<string> | null }[];

const service: GatewayService = {
  name: 'here',
  kind: 'overspan',
  answer: (given, credential) => {
    asked.push({ request: given, credential });
    return Promise.resolve({ kind: 'json', status: 200, body: { done: true } });
  },
};

beforeEach(async () => {
  asked = [];
  page = await servePage(
    { port: 0 },
    {
      services: [
        { ...service, joinUrl: 'https://join.example/join/' },
        { ...service, name: 'office', kind: 'central' },
      ],
      admission: {
        hint: 'the token of this test',
        admit: (text) => Promise.resolve(text === 'right' ? new Secret(text) : false),
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
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: page.port, method, path, headers },
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

async function signedIn(): Promise<{ cookie: string; proof: string; line: string }> {
  const { headers, text } = await ask('POST', '/session', {}, JSON.stringify({ token: 'right' }));
  const line = headers['set-cookie']?.[0] ?? '';
  const { session } = JSON.parse(text) as { session: { proof: string } };
  return { line, cookie: line.split(';')[0] ?? '', proof: session.proof };
}

const codeOf = ({ text }: Answer): string => (JSON.parse(text) as { code: string }).code;

describe('signing in', () => {
  it('takes the right token, and tells neither it nor the session to scripts', async () => {
    const { line } = await signedIn();
    expect(line).toMatch(/^overspan_session=[0-9a-f]{64}; HttpOnly; SameSite=Strict; Path=\/$/);
    const session = await ask('GET', '/session', { Cookie: line.split(';')[0]! });
    expect(session.text).not.toContain('right');
    expect(session.text).not.toContain(/=(\w+)/.exec(line)![1]);
  });

  it('refuses any other, and many of them in a short time', async () => {
    for (const body of [
      '{"token":"wrong"}',
      '{"token":1}',
      '{}',
      'null',
      'no json',
      '{"token":""}',
    ])
      expect(codeOf(await ask('POST', '/session', {}, body))).toBe('UI_TOKEN_REFUSED');
    for (let i = 0; i < 10; i++) await ask('POST', '/session', {}, '{"token":"wrong"}');
    const right = await ask('POST', '/session', {}, '{"token":"right"}');
    expect(codeOf(right)).toBe('UI_TOO_MANY_TRIES');
  });

  it('ends with signing out', async () => {
    const { cookie, proof } = await signedIn();
    const headers = { Cookie: cookie };
    expect((await ask('DELETE', '/session', headers)).status).toBe(403);
    expect((await ask('GET', '/services/here/api/v1/networks', headers)).status).toBe(200);
    await ask('DELETE', '/session', { ...headers, 'X-Overspan-Proof': proof });
    expect((await ask('GET', '/services/here/api/v1/networks', headers)).status).toBe(401);
  });
});

describe('a service', () => {
  it('is told with where people are sent who are to join its networks, if anywhere', async () => {
    const { cookie } = await signedIn();
    const { text } = await ask('GET', '/session', { Cookie: cookie });
    expect((JSON.parse(text) as { session: unknown }).session).toMatchObject({
      services: [
        { name: 'here', kind: 'overspan', joinUrl: 'https://join.example/join/' },
        { name: 'office', kind: 'central', joinUrl: null },
      ],
    });
  });

  it('is asked with what the session was opened with, and by nobody without one', async () => {
    const { cookie } = await signedIn();
    const path = '/services/here/api/v1/networks?x=1';
    expect((await ask('GET', path)).status).toBe(401);
    expect((await ask('GET', path, { Authorization: 'Bearer right' })).status).toBe(401);
    expect((await ask('GET', path, { Cookie: `${cookie}0` })).status).toBe(401);
    expect(asked).toEqual([]);
    expect((await ask('GET', path, { Cookie: cookie })).status).toBe(200);
    expect(asked[0]?.request).toMatchObject({ path: ['networks'], query: { x: '1' }, token: '' });
    expect(asked[0]?.credential?.reveal()).toBe('right');
  });

  it('is changed only by the page: a cookie alone, or another proof, does nothing', async () => {
    const { cookie, proof } = await signedIn();
    const path = '/services/here/api/v1/networks';
    const others = ['', `${proof}0`, proof.slice(1), 'é'.repeat(64)];
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      expect((await ask(method, path, { Cookie: cookie })).status).toBe(403);
      for (const other of others.map((each) => encodeURIComponent(each)))
        expect(
          (await ask(method, path, { Cookie: cookie, 'X-Overspan-Proof': other })).status,
        ).toBe(403);
    }
    expect(asked).toEqual([]);
    const headers = { Cookie: cookie, 'X-Overspan-Proof': proof };
    expect((await ask('POST', path, headers, '{}')).status).toBe(200);
  });

  it('is reached by its own paths alone', async () => {
    const { cookie } = await signedIn();
    for (const path of [
      '/services/here/status',
      '/services/there/api/v1/x',
      '/services',
      '/services/%',
    ])
      expect((await ask('GET', path, { Cookie: cookie })).status, path).toBeGreaterThanOrEqual(400);
    expect(asked).toEqual([]);
  });
});

describe('a page elsewhere', () => {
  it('asks nothing here, by whatever name it calls us', async () => {
    const { cookie, proof } = await signedIn();
    const own = { Cookie: cookie, 'X-Overspan-Proof': proof };
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
  it('end when nobody uses them, and when there are too many', () => {
    const sessions = new Sessions();
    const first = sessions.open(0, null);
    expect(sessions.use(sessionIdleMs, first.id)).toBe(first);
    expect(sessions.use(2 * sessionIdleMs + 1, first.id)).toBeNull();
    const second = sessions.open(0, null);
    for (let i = 1; i < sessionsMax; i++) sessions.open(0, null);
    expect(sessions.use(0, second.id)).toBe(second);
    const third = sessions.open(0, null);
    expect(sessions.use(0, second.id)).toBe(second);
    for (let i = 0; i < sessionsMax; i++) sessions.open(0, null);
    expect(third.ended.aborted).toBe(true);
    expect(sessions.use(0, third.id)).toBeNull();
  });
});
