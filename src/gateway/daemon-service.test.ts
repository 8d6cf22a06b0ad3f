/** What is said where a daemon does not answer: whether it may have done what was asked. */
import { createServer, type AddressInfo, type Server } from 'node:net';

import { expect, it } from 'vitest';

import type { RequestV1 } from '../api/v1/index.ts';
import { Secret } from '../base/secret.ts';
import { daemonService } from './daemon-service.ts';

const change: RequestV1 = {
  ...{ method: 'POST', path: ['networks'], query: {}, token: '', ifMatch: null, lastEventId: null },
  body: { kind: 'json', value: {} },
};

function asked(port: number): Promise<unknown> {
  const token = new Secret('token');
  const reach = { origin: `http://127.0.0.1:${port}`, token };
  const service = daemonService('here', () => Promise.resolve(reach));
  return service.answer(change, null, new AbortController().signal);
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

it('says that nothing was done only where nothing was sent', async () => {
  // It reads what is asked, and goes away.
  const server = createServer((socket) => {
    socket.once('data', () => socket.destroy());
  });
  const port = await listening(server);
  const lost: unknown = await asked(port).catch((error: unknown) => error);
  expect(lost).toMatchObject({
    code: 'UI_SERVICE_AWAY',
    remedy: expect.stringContaining('may have been done') as string,
  });
  await new Promise((resolve) => server.close(resolve));
  const refused: unknown = await asked(port).catch((error: unknown) => error);
  expect(refused).toMatchObject({
    code: 'UI_SERVICE_AWAY',
    remedy: expect.stringContaining('was not done') as string,
  });
});
