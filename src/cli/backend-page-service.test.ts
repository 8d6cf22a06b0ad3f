/** An official service on the page, which is away and comes back elsewhere. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterAll, expect, it } from 'vitest';

import { OfficialController } from '../../test/api/official-controller.ts';
import type { RequestV1 } from '../api/v1/index.ts';
import type { GatewayService } from '../gateway/index.ts';
import { backendPageService } from './backend-page-service.ts';
import type { CliContext } from './context.ts';

const home = mkdtempSync(join(tmpdir(), 'overspan-official-'));
const official = new OfficialController();
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

/** Serves the fake on any port, with a token, as its home says then. */
async function serve(token: string): Promise<Server> {
  Object.assign(official, { token });
  const server = createServer((request, response) => {
    void text(request)
      .then((body) =>
        official.fetch(`http://127.0.0.1${request.url}`, {
          method: request.method ?? '',
          headers: { 'X-ZT1-Auth': String(request.headers['x-zt1-auth']) },
          signal: AbortSignal.timeout(1_000),
          ...(body === '' ? {} : { body }),
        }),
      )
      .then(async (answer) => response.writeHead(answer.status).end(await answer.text()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  writeFileSync(join(home, 'zerotier-one.port'), String((server.address() as AddressInfo).port));
  writeFileSync(join(home, 'authtoken.secret'), token);
  return server;
}

async function end(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** Of the answer, and what to do about it. */
async function answerOf(service: GatewayService): Promise<[code: string, remedy: string]> {
  const request: RequestV1 = {
    ...{ method: 'GET', path: ['networks'], query: {}, body: { kind: 'empty' } },
    ...{ token: '', ifMatch: null, lastEventId: null },
  };
  const answer = await service.answer(request, null, AbortSignal.timeout(5_000));
  if (answer.kind !== 'problem') return [answer.kind, ''];
  return [answer.problem.code, answer.problem.remedy];
}

it('is found again on another port and with another token', async () => {
  const { signal } = new AbortController();
  const cli = { signal, note: () => undefined } as unknown as CliContext;
  const service = backendPageService(cli, 'lab', { kind: 'zerotier-one', home });
  const away = ['DAEMON_NOT_RUNNING', expect.stringContaining('systemctl start zerotier-one')];
  expect(await answerOf(service)).toEqual(away);
  const first = await serve('a'.repeat(24));
  expect(await answerOf(service)).toEqual(['json', '']);
  await end(first);
  expect(await answerOf(service)).toEqual(away);
  const second = await serve('b'.repeat(24));
  expect(await answerOf(service)).toEqual(['json', '']);
  await end(second);
});
