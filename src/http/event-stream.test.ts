/** A stream of events ends with who listens: also where they left before it began, and where they do not read. */
import {
  createServer,
  request,
  type ClientRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { backlogBytesMax, EventStream } from './event-stream.ts';

let server: Server;
let asking: ClientRequest;
let response: ServerResponse;
/** The answer, when it begins. */
let answer: Promise<IncomingMessage>;

beforeEach(async () => {
  const asked = new Promise<ServerResponse>((resolve) => {
    server = createServer((_, given) => {
      resolve(given);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  asking = request({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  answer = new Promise((resolve) => asking.once('response', resolve));
  asking.on('error', () => undefined).end();
  response = await asked;
});

afterEach(async () => {
  asking.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it('sends what came before it was open, and what comes then', async () => {
  let ended = 0;
  const stream = new EventStream(response);
  stream.write({ id: 1, kind: 'member', data: { at: 2 } });
  stream.open(() => ended++);
  stream.write({ kind: 'run', data: 'x' });
  const given = await answer;
  expect(given.headers['content-type']).toBe('text/event-stream');
  let text = '';
  given.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  await expect
    .poll(() => text)
    .toBe(': listening\n\nid: 1\nevent: member\ndata: {"at":2}\n\nevent: run\ndata: "x"\n\n');
  asking.destroy();
  await expect.poll(() => ended).toBe(1);
});

it('is over at once for who has left while it was being made', async () => {
  const closed = new Promise((resolve) => response.once('close', resolve));
  asking.destroy();
  await closed;
  let ended = 0;
  const stream = new EventStream(response);
  stream.write({ kind: 'run', data: 'x' });
  stream.open(() => ended++);
  expect(ended).toBe(1);
});

it('sends away who is too far behind', async () => {
  let ended = 0;
  const stream = new EventStream(response);
  stream.open(() => ended++);
  (await answer).on('error', () => undefined).pause();
  const data = 'x'.repeat(backlogBytesMax / 4);
  for (let i = 0; i < 100; i++) stream.write({ kind: 'run', data });
  await expect.poll(() => ended).toBe(1);
});
