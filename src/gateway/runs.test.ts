/** What the server of the page answers below /runs: to whom, and what goes with it. Who keeps the runs is a stand-in. */
import { request } from 'node:http';
import { Readable } from 'node:stream';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { RunDetail, RunRequest } from '../api/schema/run.ts';
import { characterizeDefaults } from '../api/run-request.ts';
import { exitCodes, OverspanError } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import { systemClock } from '../sys/clock.ts';
import { servePage, type ServedPage } from './listen.ts';
import type { GatewayRuns } from './runs.ts';

const detail: RunDetail = {
  id: 'compare-20261122T184500Z-9f3a',
  state: 'running',
  startedAtUnixMs: 1,
  bytes: 2,
  verdict: null,
  error: null,
  ...{ engine: null, progress: null },
  live: null,
  commandLine: null,
};

let page: ServedPage;
/** What the runs were asked. */
let asked: unknown[][];
let listeners: Set<(detail: RunDetail) => void>;

const unknown = (id: string): OverspanError =>
  new OverspanError('RUN_UNKNOWN', exitCodes.notFound, `no run ${id}`, { remedy: 'look' });

const known = <T>(id: string, value: T): Promise<T> =>
  id === detail.id ? Promise.resolve(value) : Promise.reject(unknown(id));

const runs: GatewayRuns = {
  list: () => {
    asked.push(['list']);
    return Promise.resolve({ runs: [], runningId: null, directory: 'runs', leftOutCount: 0 });
  },
  engines: () => {
    asked.push(['engines']);
    return Promise.resolve({ engines: [{ name: 'direct', lacks: [] }], refusal: null });
  },
  start: (given: RunRequest) => {
    asked.push(['start', given]);
    return Promise.resolve(detail);
  },
  detail: (id) => known(id, detail),
  stop: (id) => {
    asked.push(['stop', id]);
    return known(id, { ...detail, state: 'stopping' });
  },
  remove: (id) => {
    asked.push(['remove', id]);
    return known(id, undefined);
  },
  listen: (id, onDetail) => {
    if (id !== detail.id) return Promise.reject(unknown(id));
    onDetail(detail);
    listeners.add(onDetail);
    return Promise.resolve(() => {
      listeners.delete(onDetail);
    });
  },
  record: (id) => known(id, { bytes: 5, stream: Readable.from([Buffer.from('lines')]) }),
  report: (id) => known(id, '<!doctype html><p>report</p>'),
};

beforeEach(async () => {
  asked = [];
  listeners = new Set();
  page = await servePage(
    { port: 0 },
    {
      services: [],
      runs,
      admission: {
        hint: 'the token of this test',
        admit: (text) => Promise.resolve(new Secret(text)),
        mayMeasure: (credential) => credential?.reveal() === 'own',
      },
      files: { page: () => '', asset: () => null },
      version: '',
      clock: systemClock,
      log: () => undefined,
    },
  );
});

afterEach(async () => {
  await page.close();
});

async function ask(
  path: string,
  {
    method = 'GET',
    headers = {},
    body,
  }: { method?: string; headers?: object; body?: unknown } = {},
): Promise<Response> {
  return fetch(`${page.url.replace(/\/$/, '')}${path}`, {
    method,
    headers: { ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function session(token: string): Promise<{ Cookie: string; 'X-Overspan-Proof': string }> {
  const answer = await ask('/session', { method: 'POST', body: { token } });
  const info = (await answer.json()) as { proof: string; session: { mayMeasure: boolean } };
  expect(info.session.mayMeasure).toBe(token === 'own');
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  return { Cookie: cookie, 'X-Overspan-Proof': info.proof };
}

const code = async (answer: Response): Promise<string> =>
  ((await answer.json()) as { code: string }).code;

describe('who may measure', () => {
  it('is a session of the token that may, and nobody else', async () => {
    expect((await ask('/runs')).status).toBe(401);
    const other = await session('other');
    const answer = await ask('/runs', { headers: other });
    expect(answer.status).toBe(403);
    expect(await code(answer)).toBe('UI_RUNS_DENIED');
    expect(await code(await ask('/runs', { method: 'POST', headers: other, body: {} }))).toBe(
      'UI_RUNS_DENIED',
    );
    expect((await ask('/engines', { headers: other })).status).toBe(403);
    expect(asked).toEqual([]);
    expect((await ask('/runs', { headers: await session('own') })).status).toBe(200);
  });

  it('is its page alone: a cookie by itself starts, stops and shows nothing', async () => {
    const { Cookie } = await session('own');
    for (const path of ['/runs', `/runs/${detail.id}/stop`])
      expect((await ask(path, { method: 'POST', headers: { Cookie }, body: {} })).status).toBe(401);
    expect((await ask('/engines', { headers: { Cookie } })).status).toBe(401);
    for (const part of ['', '/events', '/record', '/report'])
      expect((await ask(`/runs/${detail.id}${part}`, { headers: { Cookie } })).status).toBe(401);
    expect(asked).toEqual([]);
  });

  it('may be a frame or a download of its page, by a ticket for one path and one time', async () => {
    const headers = await session('own');
    const { Cookie } = headers;
    const path = `/runs/${detail.id}/record`;
    const ticketFor = async (of: string): Promise<string> => {
      const given = { method: 'POST', headers, body: { path: of } };
      return ((await (await ask('/session/ticket', given)).json()) as { ticket: string }).ticket;
    };
    const ticket = await ticketFor(path);
    expect(
      (await ask(`/runs/${detail.id}/report?ticket=${ticket}`, { headers: { Cookie } })).status,
    ).toBe(401);
    expect((await ask(`${path}?ticket=${ticket}`)).status).toBe(401);
    expect((await ask(`${path}?ticket=${ticket}`, { headers: { Cookie } })).status).toBe(200);
    expect((await ask(`${path}?ticket=${ticket}`, { headers: { Cookie } })).status).toBe(401);
    const stop = `/runs/${detail.id}/stop`;
    const stopTicket = await ticketFor(stop);
    expect(
      (await ask(`${stop}?ticket=${stopTicket}`, { method: 'POST', headers: { Cookie }, body: {} }))
        .status,
    ).toBe(401);
    const other = { method: 'POST', headers, body: { path: '/services/here/api/v1/networks' } };
    expect((await ask('/session/ticket', other)).status).toBe(404);
    expect(asked).toEqual([]);
  });
});

describe('runs', () => {
  it('are started with what was asked, and with what is usual where nothing was', async () => {
    const headers = await session('own');
    const paths = ['a', 'b'].map((label) => ({ label, target: '192.0.2.1' }));
    const compare = { kind: 'compare', paths, rounds: 3 };
    const answer = await ask('/runs', { method: 'POST', headers, body: compare });
    expect(answer.status).toBe(201);
    const engines = ['direct', 'vxlan'];
    const characterize = { kind: 'characterize', engines, sizeBytes: 9 };
    await ask('/runs', { method: 'POST', headers, body: characterize });
    expect(asked).toEqual([
      ['start', expect.objectContaining({ ...compare, timeS: 60 })],
      ['start', { ...characterizeDefaults, ...characterize }],
    ]);
    for (const body of [
      ...[null, [], { paths }, { ...compare, kind: 'other' }, { ...compare, paths: 1 }],
      ...[
        { ...compare, paths: [1] },
        { ...compare, rounds: '3' },
      ],
      ...[
        { ...characterize, engines: 'all' },
        { ...characterize, engines: [1] },
      ],
    ])
      expect(await code(await ask('/runs', { method: 'POST', headers, body }))).toBe(
        'UI_RUN_INVALID',
      );
  });

  it('are told what they may compare in a lab', async () => {
    const headers = await session('own');
    const answer = await ask('/engines', { headers });
    expect(await answer.json()).toEqual({
      engines: [{ name: 'direct', lacks: [] }],
      refusal: null,
    });
    expect((await ask('/engines', { method: 'POST', headers, body: {} })).status).toBe(404);
    expect((await ask('/engines/direct', { headers })).status).toBe(404);
    expect(asked).toEqual([['engines']]);
  });

  it('are sent as files, and as a report that runs no script and is shown by the page alone', async () => {
    const headers = await session('own');
    const record = await ask(`/runs/${detail.id}/record`, { headers });
    expect(await record.text()).toBe('lines');
    expect(record.headers.get('content-disposition')).toBe(
      `attachment; filename="${detail.id}.ndjson"`,
    );
    const report = await ask(`/runs/${detail.id}/report`, { headers });
    const policy = report.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'self'");
    expect(policy).toContain('sandbox allow-same-origin');
    expect(policy).not.toContain('script');
    expect(report.headers.get('content-disposition')).toBeNull();
    const saved = await ask(`/runs/${detail.id}/report?save`, { headers });
    expect(saved.headers.get('content-disposition')).toContain('.html');
  });

  it('are deleted by name, by their page alone', async () => {
    const headers = await session('own');
    const given = { method: 'DELETE', headers };
    const { Cookie } = headers;
    const forged = await ask(`/runs/${detail.id}`, { method: 'DELETE', headers: { Cookie } });
    expect(forged.status).toBe(401);
    expect((await ask(`/runs/${detail.id}`, given)).status).toBe(204);
    expect(await code(await ask('/runs/nothing', given))).toBe('RUN_UNKNOWN');
    expect((await ask('/runs', given)).status).toBe(404);
    expect((await ask(`/runs/${detail.id}/report`, given)).status).toBe(404);
    expect(asked).toEqual([
      ['remove', detail.id],
      ['remove', 'nothing'],
    ]);
  });

  it('are reached by names and parts that there are', async () => {
    const headers = await session('own');
    for (const path of [
      '/runs/nothing',
      `/runs/${detail.id}/other`,
      `/runs/${detail.id}/report/more`,
      '/runs/..%2f..%2fetc%2fpasswd/record',
      '/runs/%00/record',
    ])
      expect((await ask(path, { headers })).status, path).toBe(404);
    expect((await ask(`/runs/${detail.id}`, { method: 'PUT', headers })).status).toBe(404);
  });

  it('tell of themselves until whoever listens is gone', async () => {
    const headers = await session('own');
    const pieces: string[] = [];
    const path = `/runs/${detail.id}/events`;
    await new Promise<void>((resolve) => {
      const sent = request({ port: page.port, path, headers }, (response) => {
        response.setEncoding('utf8').on('data', (piece: string) => {
          pieces.push(piece);
          const text = pieces.join('');
          if (text.includes('"stopping"')) sent.destroy();
          else if (text.includes('"running"'))
            for (const listener of listeners) listener({ ...detail, state: 'stopping' });
        });
        response.once('close', resolve);
      });
      sent.once('error', () => undefined).end();
    });
    expect(pieces.join('')).toMatch(/\nevent: run\ndata: \{.*"running".*\}\n\n/);
    await expect.poll(() => listeners.size).toBe(0);
  });
});
