/** Who may sign in with a token of a daemon, whatever the daemon answers. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { Secret } from '../base/secret.ts';
import type { Admission } from '../gateway/index.ts';
import { daemonAdmission } from './page-admission.ts';

let server: Server;
let admission: Admission;
let status = 200;
/** Paths and tokens, as they came. */
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`);
    response.writeHead(status).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  admission = daemonAdmission(origin, 'authtoken.secret', new Secret('own'));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

it('is whom the daemon knows, also where the token may do little', async () => {
  for (status of [200, 403]) {
    const admitted = await admission.admit('some');
    expect(admitted === false ? false : admitted?.reveal()).toBe('some');
  }
  expect(asked).toContain('/api/v1/node Bearer some');
  status = 401;
  expect(await admission.admit('some')).toBe(false);
});

it('is nobody where the daemon cannot say', async () => {
  for (status of [429, 500, 503, 302])
    await expect(admission.admit('some'), String(status)).rejects.toMatchObject({
      code: 'UI_SERVICE_AWAY',
    });
});

it('is nobody with what no header can hold, and the daemon is not asked', async () => {
  asked.length = 0;
  for (const text of ['', 'a b', 'a\r\nb', 'é', 'a'.repeat(257)])
    expect(await admission.admit(text)).toBe(false);
  expect(asked).toEqual([]);
});

it('may measure with the own token of the daemon alone', () => {
  for (const [text, may] of [
    ['own', true],
    ['some', false],
  ] as const)
    expect(admission.mayMeasure(new Secret(text))).toBe(may);
});
