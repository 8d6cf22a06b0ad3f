/** Clients that know nothing of Overspan, with certificates that OpenSSL made. */
import { writeFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { opensslAuthority } from './openssl.ts';
import { opensslClient, pythonClient } from './peers.ts';
import { events, stage, type Server } from './program.ts';

const here = stage('stock');
const ec = opensslAuthority(here.path('ec'), 'ec');
const rsa = opensslAuthority(here.path('rsa'), 'rsa');

const hello = 'Hello, World';
const nameOf = { ec, rsa };

async function lastWord(server: Server): Promise<Record<string, unknown>> {
  const { code, stdout } = await server.stop();
  expect(code).toBe(0);
  return events(stdout.trimEnd().split('\n'), 'summary')[0]!;
}

describe.each(['ec', 'rsa'] as const)('stock clients with %s certificates', (kind) => {
  const authority = nameOf[kind];

  it('are served one after the other, until each closes', async () => {
    const server = await here.serve(...authority.serverWords);
    const python = pythonClient(here, server.port, authority);
    await python.ready;
    python.send('first\n\x1b[2J\x9b31m\xff');
    expect(await python.read(hello.length)).toBe(hello);
    expect(await server.event('served')).toMatchObject({
      protocol: 'plain',
      request: 'first\\n\\x1b[2J\\x9b31m\\xff',
      requestBytes: 15,
      answerBytes: 12,
      sendNs: expect.any(Number) as number,
    });
    // One answer to each read of at most 1,024 bytes.
    python.send('x'.repeat(3000));
    expect(await python.read(3 * hello.length)).toBe(hello.repeat(3));
    await server.event('served', 4);
    expect(events(server.program.lines, 'served').map((event) => event['requestBytes'])).toEqual([
      15, 1024, 1024, 952,
    ]);
    await python.close();
    expect(await server.event('closed')).toMatchObject({ reason: 'client', requests: 4 });

    const openssl = opensslClient(here, server.port, authority);
    openssl.write('from openssl\n');
    await openssl.output(/Hello, World/);
    openssl.endInput();
    expect((await openssl.ended).stdout).toBe(hello);
    expect(await server.event('served', 5)).toMatchObject({ request: 'from openssl\\n' });
    expect(await server.event('closed', 2)).toMatchObject({ reason: 'client', requests: 1 });
    expect(await lastWord(server)).toMatchObject({ connections: 2, requests: 5, refused: 0 });
  });
});

describe('overspan serve', () => {
  it('prints what it received, escaped, and the time that the answer took', async () => {
    const words = ['--host', '127.0.0.1', '--port', '0', ...ec.serverWords];
    const server = here.begin(['serve', ...words]);
    const port = Number(/:(\d+) /.exec(await server.line(/^listening on 127\.0\.0\.1:/))![1]);
    const python = pythonClient(here, port, ec);
    python.send('\x1b]0;title\x07"');
    await python.read(hello.length);
    expect(await server.line(/received/)).toMatch(
      /^#1 received "\\x1b\]0;title\\x07"" · answered 12 bytes, sent in \d+\.\d µs$/,
    );
    await python.close();
    await server.line(/closed by the client · 1 requests$/);
    server.signal('SIGINT');
    const { code, stdout, stderr } = await server.ended;
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/\nserved 1 requests on 1 connections; refused 0\n$/);
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
  });

  it('with --sequential lets the second client wait until the first closes', async () => {
    const server = await here.serve('--sequential', ...ec.serverWords);
    const first = pythonClient(here, server.port, ec);
    await first.ready;
    const second = pythonClient(here, server.port, rsa.ca === ec.ca ? rsa : ec);
    await second.program.line(/^connected$/);
    // The second one is connected and waits; the first is still answered, as often as it likes.
    for (const text of ['one', 'two']) {
      first.send(text);
      expect(await first.read(hello.length)).toBe(hello);
    }
    expect(second.program.lines).toEqual(['connected']);
    expect(events(server.program.lines, 'accepted')).toHaveLength(1);
    await first.close();
    await second.ready;
    second.send('three');
    expect(await second.read(hello.length)).toBe(hello);
    await second.close();
    await server.event('closed', 2);
    const kinds = server.program.lines.map((line) => (JSON.parse(line) as { event: string }).event);
    expect(kinds.slice(1)).toEqual([
      ...['accepted', 'ready', 'served', 'served', 'closed'],
      ...['accepted', 'ready', 'served', 'closed'],
    ]);
    await server.stop();
  });

  it('serves many at the same time without it', async () => {
    const server = await here.serve(...ec.serverWords);
    const clients = [1, 2, 3].map(() => pythonClient(here, server.port, ec));
    await Promise.all(clients.map(({ ready }) => ready));
    for (const client of clients.toReversed()) {
      client.send('still here');
      expect(await client.read(hello.length)).toBe(hello);
    }
    await Promise.all(clients.map((client) => client.close()));
    expect(await lastWord(server)).toMatchObject({ connections: 3, requests: 3 });
  });

  it('echoes with --echo, and to clients that offer a protocol of others', async () => {
    const server = await here.serve('--echo', ...ec.serverWords);
    const python = pythonClient(here, server.port, ec, ['h2', 'http/1.1']);
    python.send('\x00any bytes');
    expect(await python.read(10)).toBe('\x00any bytes');
    await python.close();
    await server.stop();
  });

  it('answers what --respond computes, at once, later, or not at all', async () => {
    const file = here.path('respond.mjs');
    writeFileSync(
      file,
      `export function respond(request, { clientName, remoteAddress, localAddress, replyBytes }) {
         const text = new TextDecoder().decode(request);
         if (text === 'throw') throw new Error('no answer to \\x1b[31mthat');
         if (text === 'reject') return Promise.reject(new Error('no later answer'));
         if (text === 'nothing') return undefined;
         if (text === 'later') return new Promise((resolve) => setImmediate(resolve, 'late answer'));
         return JSON.stringify([text, clientName, remoteAddress.split(':')[0], localAddress, replyBytes]);
       }`,
    );
    const server = await here.serve('--respond', file, ...ec.serverWords);
    const python = pythonClient(here, server.port, ec);
    const expected = JSON.stringify(['who', 'stock client', '127.0.0.1', '127.0.0.1', null]);
    python.send('who');
    expect(await python.read(expected.length)).toBe(expected);
    python.send('later');
    expect(await python.read('late answer'.length)).toBe('late answer');
    python.send('throw');
    expect(await python.read(1)).toBe('');
    expect(await server.event('responder-failed')).toMatchObject({
      detail: 'no answer to \x1b[31mthat',
    });
    expect(await server.event('closed')).toMatchObject({ reason: 'responder-failed', requests: 2 });
    await python.close();
    // A responder that fails ends its connection, not the server.
    for (const text of ['reject', 'nothing']) {
      const next = pythonClient(here, server.port, ec);
      next.send(text);
      expect(await next.read(1)).toBe('');
      await next.close();
    }
    const probe = await here.overspan(
      ...['probe', 'tls-rr', `127.0.0.1:${server.port}`, '-n', '20', '--json', ...ec.clientWords],
    );
    expect(probe.code).toBe(0);
    await server.stop();
  });
});

describe('a client that is refused', () => {
  it('gets told why, and never reaches the responder', async () => {
    const file = here.path('tell.mjs');
    writeFileSync(
      file,
      `export const respond = () => { process.stderr.write('REACHED\\n'); return 'x'; };`,
    );
    const server = await here.serve('--respond', file, ...ec.serverWords);
    const strangers = [null, rsa.client];
    for (const [index, client] of strangers.entries()) {
      const python = pythonClient(here, server.port, { ca: ec.ca, client });
      await python.ready;
      python.send('let me in');
      expect(await python.read(4096)).toMatch(/^overspan: CLIENT_CERTIFICATE_REFUSED this server/);
      await python.close();
      expect(await server.event('refused', index + 1)).toMatchObject({
        code: 'client-certificate',
      });
    }
    const bare = opensslClient(here, server.port, { ca: ec.ca, client: null });
    bare.write('let me in\n');
    expect((await bare.ended).stdout).toMatch(/^overspan: CLIENT_CERTIFICATE_REFUSED/);
    const { code, stdout, stderr } = await server.stop();
    expect(code).toBe(0);
    expect(stderr).not.toContain('REACHED');
    const [summary] = events(stdout.trimEnd().split('\n'), 'summary');
    expect(summary).toMatchObject({ requests: 0, refused: 3 });
  });

  it('is let in with --no-client-auth, on loopback, which is said', async () => {
    const server = here.begin(['serve', '--no-client-auth', '--port', '0', ...ec.serverWords]);
    const first = await server.line(/^listening/);
    expect(first).toMatch(/^listening on 127\.0\.0\.1:\d+ · NO client certificates asked for/);
    await server.line(/^on loopback only, as without client certificates anybody could use it/);
    const port = Number(/:(\d+) /.exec(first)![1]);
    const python = pythonClient(here, port, { ca: ec.ca, client: null });
    python.send('hello');
    expect(await python.read(hello.length)).toBe(hello);
    await python.close();
    server.signal('SIGTERM');
    expect((await server.ended).code).toBe(0);
  });
});
