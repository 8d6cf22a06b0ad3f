/** What a person or a peer can get wrong: each has a code, a remedy, an exit code, and JSON alone with `--json`. */
import { createHash, X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect as tcpConnect, createServer as createTcpServer, type AddressInfo } from 'node:net';
import { connect as tlsConnect, createServer as createTlsServer, type TLSSocket } from 'node:tls';

import { beforeAll, afterAll, describe, expect, it } from 'vitest';

import { initAuthority, issueServer } from '../../src/harness/pki/index.ts';
import { opensslAuthority } from './openssl.ts';
import { otherServer } from './peers.ts';
import { errorOf, jsonLines, overspanArgv, stage, type Ended } from './program.ts';

const here = stage('bad-input');
const authority = opensslAuthority(here.path('pki'), 'ec');
const stranger = opensslAuthority(here.path('stranger'), 'ec', {
  commonName: 'Somebody else',
  serverName: 'evil\x1b[2Jname',
});

const tlsRr = (port: number, ...words: readonly string[]): Promise<Ended> =>
  here.overspan('probe', 'tls-rr', `127.0.0.1:${port}`, '--json', ...words);

/** Fails with this code, says how to mend it, and prints nothing but JSON. */
function expectError(ended: Ended, code: string, exit: number): ReturnType<typeof errorOf> {
  const error = errorOf(ended);
  expect(error.code, error.message).toBe(code);
  expect(error.remedy).not.toBe('');
  expect(error.message).not.toMatch(/\p{Cc}/u);
  expect(ended.stderr).not.toContain('UNEXPECTED');
  expect(ended.code).toBe(exit);
  return error;
}

describe('a client', { concurrent: true }, () => {
  it('says that nothing listens', async () => {
    const ended = await tlsRr(1);
    expectError(ended, 'CONNECT_REFUSED', 6);
    expect(ended.stdout.trim().split('\n').length).toBeGreaterThanOrEqual(1);
  });

  it('says so in words without --json', async () => {
    const { code, stdout, stderr } = await here.overspan('probe', 'tls-rr', '127.0.0.1:1');
    expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
    expect(stderr).toMatch(
      /^CONNECT_REFUSED: nothing listens on 127\.0\.0\.1:1\nremedy: start the server/m,
    );
  });

  it('says that there is no way to a host', async (context) => {
    // A network namespace of its own has no routes. (Nothing may leave this machine.)
    const alone = ['unshare', '--user', '--map-root-user', '--net'];
    if ((await here.run([...alone, 'true'])).code !== 0)
      context.skip('user namespaces are refused here');
    const words = ['probe', 'tls-rr', '192.0.2.7', '--json', '--home', here.newHome()];
    const ended = await here.run([...alone, ...overspanArgv(...words)]);
    expectError(ended, 'HOST_UNREACHABLE', 6);
  });

  it('says that a name has no address', async () => {
    const ended = await here.overspan('probe', 'tls-rr', 'no-such-host.invalid', '--json');
    expectError(ended, 'NAME_NOT_FOUND', 4);
    const compared = await here.overspan('compare', 'a=127.0.0.1:1', 'b=x.invalid', '--json');
    expectError(compared, 'NAME_NOT_FOUND', 4);
  });

  it('refuses a server of another authority', async () => {
    const { port } = await otherServer(here, 'first', stranger.server);
    expectError(await tlsRr(port, '--ca', authority.ca), 'SERVER_UNTRUSTED', 5);
    // And one of no authority at all that this machine knows.
    expectError(await tlsRr(port), 'SERVER_UNTRUSTED', 5);
  });

  it('refuses a certificate before and after its time', async () => {
    const day = 86_400_000;
    const directory = here.path('untimely');
    const now = Date.now();
    await initAuthority(directory, { now: now - 400 * day });
    for (const [at, words] of [
      [now - 300 * day, /has expired/],
      [now + 30 * day, /is not valid yet/],
    ] as const) {
      const pair = await issueServer(directory, {
        names: ['127.0.0.1'],
        now: at,
        days: 60,
        force: true,
      });
      const server = await otherServer(here, 'first', pair);
      const ended = await tlsRr(server.port, '--ca', here.path('untimely', 'ca.pem'));
      expect(expectError(ended, 'SERVER_CERTIFICATE_EXPIRED', 5).message).toMatch(words);
    }
    const serve = await here.overspan(
      ...[
        'serve',
        '--port',
        '0',
        '--host',
        '127.0.0.1',
        '--json',
        '--ca',
        here.path('untimely', 'ca.pem'),
      ],
      ...[
        '--cert',
        here.path('untimely', 'server.pem'),
        '--key',
        here.path('untimely', 'server.key'),
      ],
    );
    expectError(serve, 'PKI_NOT_YET_VALID', 1);
  });

  it('refuses a certificate for other names, and shows them escaped', async () => {
    const pair = opensslAuthority(here.path('other-names'), 'ec', {
      names: 'DNS:e\x1b[2Jvil.test',
    });
    const { port } = await otherServer(here, 'first', pair.server);
    const trusting = ['--ca', pair.ca, '--server-name', 'localhost'];
    const { message } = expectError(await tlsRr(port, ...trusting), 'SERVER_NAME_MISMATCH', 5);
    expect(message).toContain('vil.test');
    const words = await here.overspan('probe', 'tls-rr', `127.0.0.1:${port}`, ...trusting);
    expect(words.stderr).not.toContain('\x1b');
    expect(words.stderr).toMatch(/^SERVER_NAME_MISMATCH: /);
  });

  it('knows a port that does not speak TLS', async () => {
    const { port } = await otherServer(here, 'plain', null);
    expectError(await tlsRr(port), 'NOT_TLS', 1);
  });

  it('does not wait for a silent port for ever', async () => {
    const { port } = await otherServer(here, 'silent', null);
    expectError(await tlsRr(port), 'HANDSHAKE_TIMED_OUT', 6);
  });

  it('gives up a server that never answers', async () => {
    const { port } = await otherServer(here, 'mute', authority.server);
    const words = ['--ca', authority.ca, '--payload', 'hello?', '--timeout', '0.2'];
    expectError(await tlsRr(port, ...words), 'NO_REPLY', 6);
  });

  it('gives up a server that closes in mid-request', async () => {
    const { port } = await otherServer(here, 'hang-up', authority.server);
    expectError(await tlsRr(port, '--ca', authority.ca), 'CONNECTION_CLOSED', 6);
    const plain = await tlsRr(port, '--ca', authority.ca, '--payload', 'hello');
    expectError(plain, 'CONNECTION_CLOSED', 6);
  });

  it('says that a server is none of ours, if it refuses our protocol in the handshake', async () => {
    const web = createTlsServer({
      cert: readFileSync(authority.server.cert),
      key: readFileSync(authority.server.key),
      ALPNProtocols: ['http/1.1'],
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const { port } = web.address() as AddressInfo;
    expectError(await tlsRr(port, '--ca', authority.ca), 'NOT_OVERSPAN', 2);
    web.close();
  });

  it('gives up a server that answers garbage', async () => {
    const { port } = await otherServer(here, 'garbage', authority.server);
    expectError(await tlsRr(port, '--ca', authority.ca), 'SERVER_REFUSED', 1);
  });

  it('is told when it shows no certificate', async () => {
    const server = await here.serve(...authority.serverWords);
    expectError(await tlsRr(server.port, '--ca', authority.ca), 'CLIENT_CERTIFICATE_REFUSED', 5);
    const { cert, key } = stranger.client;
    const { raw } = new X509Certificate(readFileSync(authority.server.cert));
    const pin = createHash('sha256').update(raw).digest('hex');
    const wrong = await tlsRr(server.port, '--pin', pin, '--cert', cert, '--key', key);
    expectError(wrong, 'CLIENT_CERTIFICATE_REFUSED', 5);
    await server.stop();
  });

  it('does not mix up certificates and keys', async () => {
    const { ca, client, server } = authority;
    const pair = (cert: string, key: string): string[] => [
      '--ca',
      ca,
      '--cert',
      cert,
      '--key',
      key,
    ];
    expectError(await tlsRr(1, ...pair(client.cert, server.key)), 'PKI_KEY_MISMATCH', 1);
    expectError(await tlsRr(1, ...pair(client.cert, client.cert)), 'PKI_NOT_PEM', 1);
    expectError(await tlsRr(1, ...pair(here.path('none.pem'), client.key)), 'PKI_FILE_MISSING', 4);
    expectError(
      await tlsRr(1, '--ca', stranger.ca, ...pair(client.cert, client.key).slice(2)),
      'PKI_WRONG_CA',
      1,
    );
  });
});

describe('a server', { concurrent: true }, () => {
  const serve = (...words: readonly string[]): Promise<Ended> =>
    here.overspan('serve', '--json', '--host', '127.0.0.1', ...authority.serverWords, ...words);

  it('says that its port is in use', async () => {
    const other = createTcpServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { remedy } = expectError(await serve('--port', String(port)), 'PORT_IN_USE', 1);
    expect(remedy).toContain('--port');
    other.close();
  });

  it('says that the address is not of this machine', async () => {
    const ended = await here.overspan(
      ...['serve', '--json', '--port', '0', '--host', '192.0.2.1', ...authority.serverWords],
    );
    expectError(ended, 'LISTEN_ADDRESS', 4);
  });

  it('says that this user may not listen on a low port', async (context) => {
    const first = Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
    if (first <= 100) context.skip('this system lets everybody listen on low ports');
    const words = overspanArgv('serve', '--json', '--host', '127.0.0.1', '--port', '100');
    const home = here.path('nobody');
    const nobody =
      process.getuid!() === 0
        ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
        : [];
    const made = await here.run([...nobody, 'mkdir', home]);
    if (made.code !== 0) chmodSync(here.directory, 0o777);
    const ended = await here.run([...nobody, ...words, '--home', home]);
    const { remedy } = expectError(ended, 'LISTEN_DENIED', 5);
    expect(remedy).toContain('1024');
  });

  it.each([
    ['half', 'cannot be loaded', 'export const respond = ('],
    ['another', 'exports no function', 'export const answer = 42'],
    ['failing', 'cannot be loaded', 'throw new Error("\\x1b[2J")'],
  ])('refuses a %s responder: it %s', async (name, words, source) => {
    const file = here.path(`${name}.mjs`);
    writeFileSync(file, source);
    const { message } = expectError(await serve('--respond', file), 'RESPONDER_INVALID', 2);
    expect(message).toContain(words);
  });

  it('refuses a responder that is not there, and half a set of certificates', async () => {
    expectError(await serve('--respond', here.path('none.mjs')), 'RESPONDER_INVALID', 2);
    const half = await here.overspan('serve', '--json', '--ca', authority.ca);
    expectError(half, 'PKI_FILE_MISSING', 4);
  });

  it('refuses a key that is not the certificate’s', async () => {
    const { ca, server } = authority;
    const words = ['--ca', ca, '--cert', server.cert, '--key', stranger.server.key];
    const ended = await here.overspan('serve', '--json', '--port', '0', ...words);
    expectError(ended, 'PKI_KEY_MISMATCH', 1);
  });
});

/** Frames of our protocol by hand: magic, type, two zeros, body length, sequence, reply length. */
function frame(type: number, body: Uint8Array, replyBytes = 0, bodyBytes = body.length): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt8(0x4f, 0);
  header.writeUInt8(type, 1);
  header.writeUInt32BE(bodyBytes, 4);
  header.writeUInt32BE(replyBytes, 12);
  return Buffer.concat([header, body]);
}

describe('a server with small limits', { concurrent: true }, () => {
  let port = 0;
  let server: Awaited<ReturnType<typeof here.serve>>;
  beforeAll(async () => {
    server = await here.serve(
      ...authority.serverWords,
      ...['--request-bytes-max', '1000', '--requests-per-second-max', '50'],
      ...['--idle-timeout', '0.5', '--handshake-timeout', '0.5', '--connections-max', '30'],
    );
    port = server.port;
  });
  afterAll(async () => {
    // Whatever they did to it: it still serves, and its last line is its summary.
    const ended = await tlsRr(
      port,
      ...authority.clientWords,
      '-n',
      '2',
      '--warmup',
      '0',
      '--handshakes',
      '0',
    );
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    const { code, stdout, stderr } = await server.stop();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(jsonLines(stdout).at(-1)).toMatchObject({ event: 'summary' });
  });

  const ours = (...words: readonly string[]): Promise<Ended> =>
    tlsRr(port, ...authority.clientWords, '--warmup', '0', '--handshakes', '0', ...words);

  /** A connection of our protocol, by hand. */
  async function open(
    alpn = 'overspan-rr/1',
  ): Promise<{ socket: TLSSocket; closed: Promise<Buffer> }> {
    const socket = tlsConnect({
      ...{ port, host: '127.0.0.1', ca: readFileSync(authority.ca), ALPNProtocols: [alpn] },
      ...{ cert: readFileSync(authority.client.cert), key: readFileSync(authority.client.key) },
    });
    const chunks: Buffer[] = [];
    const closed = new Promise<Buffer>((resolve) => {
      socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => undefined);
      socket.once('close', () => {
        resolve(Buffer.concat(chunks));
      });
    });
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    return { socket, closed };
  }

  it('refuses too long a request, and says so', async () => {
    const { message } = expectError(
      await ours('--size', '60000', '--reply-size', '10'),
      'SERVER_REFUSED',
      1,
    );
    expect(message).toContain('REQUEST_TOO_LONG at most 1000 bytes');
    expect((await ours('--size', '1000', '-n', '3')).code).toBe(0);
  });

  it('refuses too long a reply', async () => {
    const { socket, closed } = await open();
    socket.write(frame(3, Buffer.from('x'), 2 ** 31));
    expect((await closed).toString('latin1')).toContain('REPLY_TOO_LONG at most 1048576 bytes');
  });

  it('refuses more requests a second than allowed, and keeps what was measured', async () => {
    const ended = await ours('-n', '1000');
    const { message } = expectError(ended, 'SERVER_REFUSED', 1);
    expect(message).toContain('RATE_LIMITED at most 50 requests a second');
    const [analysis] = jsonLines(ended.stdout) as { paths: { measuredCount: number }[] }[];
    expect(analysis!.paths[0]!.measuredCount).toBeGreaterThan(0);
  });

  it('closes a connection that is idle', async () => {
    const { closed } = await open();
    expect(await closed).toHaveLength(0);
    await server.program.line(/"event":"closed".*"reason":"idle"/);
  });

  it('closes a connection that does not shake hands', async () => {
    const socket = tcpConnect(port, '127.0.0.1');
    await new Promise((resolve) => socket.once('close', resolve));
    await server.program.line(
      /"event":"refused","remote":"127\.0\.0\.1:\d+","code":"handshake".*TIMEOUT/,
    );
  });

  it('survives garbage, on the port and within TLS', async () => {
    for (const bytes of [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.alloc(5000, 0xff),
      Buffer.from('\x16\x03\x01'),
    ]) {
      const socket = tcpConnect(port, '127.0.0.1');
      socket.on('error', () => undefined).end(bytes);
      socket.resume();
      await new Promise((resolve) => socket.once('close', resolve));
    }
    const { socket, closed } = await open();
    socket.write('no frame at all');
    socket.write('and some more of it');
    expect((await closed).toString('latin1')).toMatch(/MALFORMED bad-magic$/);
    const reply = await open();
    reply.socket.write(frame(4, Buffer.alloc(30)));
    expect((await reply.closed).toString('latin1')).toMatch(
      /MALFORMED a client does not send a reply$/,
    );
  });

  it('survives half a frame and a close', async () => {
    const { socket, closed } = await open();
    socket.end(frame(3, Buffer.from('half'), 0, 400));
    expect(await closed).toHaveLength(0);
    const whole = await open();
    whole.socket.end(frame(3, Buffer.from('whole'), 5));
    // What was asked before the client's close is answered.
    expect(await whole.closed).toHaveLength(16 + 24 + 5);
  });
});

describe('a stranger', { concurrent: true }, () => {
  it.each([
    ['who wants a certificate', 'overspan-enrol/1', [], 0],
    ['where none are given', 'overspan-enrol/1', authority.serverWords, 1],
    ['who shows none', 'overspan-rr/1', [], 1],
  ])('%s is cut off however busy it is', async (_, alpn, words, answers) => {
    const server = await here.serve('--handshake-timeout', '0.5', ...words);
    const socket = tlsConnect({
      ...{ port: server.port, host: '127.0.0.1', rejectUnauthorized: false },
      ...{ ALPNProtocols: [alpn], allowHalfOpen: true },
    });
    let answered = 0;
    socket.on('data', () => answered++).on('error', () => undefined);
    const drip = setInterval(() => socket.write('x'), 50);
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(drip);
    expect(answered).toBe(answers);
    expect((await server.stop()).code).toBe(0);
  });
});

describe('the limit of connections', () => {
  it('closes those above it, and takes new ones when there is room', async () => {
    const server = await here.serve('--connections-max', '2', ...authority.serverWords);
    const sockets = [1, 2].map(() => tcpConnect(server.port, '127.0.0.1'));
    await server.event('accepted', 2);
    const ended = await tlsRr(server.port, ...authority.clientWords, '-n', '2');
    const { remedy } = expectError(ended, 'CONNECTION_CLOSED', 6);
    expect(remedy).toContain('limit of connections');
    expect(await server.event('refused')).toMatchObject({ code: 'connections' });
    for (const socket of sockets) socket.destroy();
    await server.event('refused', 3);
    expect(
      (await tlsRr(server.port, ...authority.clientWords, '-n', '2', '--handshakes', '0')).code,
    ).toBe(0);
    await server.stop();
  });

  it('is the same for the lowest of rates: one request a second', async () => {
    const server = await here.serve('--requests-per-second-max', '1', ...authority.serverWords);
    const once = ['-n', '1', '--warmup', '0', '--handshakes', '0'];
    expect((await tlsRr(server.port, ...authority.clientWords, ...once)).code).toBe(0);
    await server.stop();
  });
});

describe('a record', () => {
  it('that finds no room on the disk ends the run', async (context) => {
    // A disk of two pages, in a mount namespace of its own.
    const disk = here.path('disk');
    mkdirSync(disk);
    const script = 'mount -t tmpfs -o size=8k tmpfs "$1" && shift && exec "$@"';
    const small = [
      'unshare',
      '--user',
      '--map-root-user',
      '--mount',
      'sh',
      '-c',
      script,
      'sh',
      disk,
    ];
    if ((await here.run([...small, 'true'])).code !== 0)
      context.skip('user namespaces are refused here');
    const server = await here.serve(...authority.serverWords);
    const words = ['probe', 'tls-rr', `127.0.0.1:${server.port}`, ...authority.clientWords];
    const record = ['-n', '1000', '--json', '--record', here.path('disk', 'run.ndjson')];
    const ended = await here.run([...small, ...overspanArgv(...words, ...record)]);
    expectError(ended, 'RECORD_DISK_FULL', 1);
    await server.stop();
  });

  it('is made in a directory that is made for it, and not where that cannot be', async () => {
    const server = await here.serve(...authority.serverWords);
    const words = [...authority.clientWords, '-n', '5', '--record'];
    const file = here.path('a', 'new', 'directory', 'run.ndjson');
    expect((await tlsRr(server.port, ...words, file)).code).toBe(0);
    expect(existsSync(file)).toBe(true);
    const impossible = [
      here.path('long'.repeat(100)),
      `${file}/below.ndjson`,
      '/proc/none/run.ndjson',
    ];
    for (const path of impossible)
      expectError(await tlsRr(server.port, ...words, path), 'RECORD_NOT_WRITABLE', 1);
    await server.stop();
  });

  it('of a probe that measured nothing is not kept, so that the same command can be tried again', async () => {
    const file = here.path('retry.ndjson');
    const server = await here.serve(...authority.serverWords);
    const words = [...authority.clientWords, '-n', '5', '--json', '--record', file];
    await server.stop();
    expectError(await tlsRr(server.port, ...words), 'CONNECT_REFUSED', 6);
    expect(existsSync(file)).toBe(false);
  });
});

describe('paths of a comparison', { concurrent: true }, () => {
  it('lead to one server', async () => {
    const [one, two] = await Promise.all([
      here.serve(...authority.serverWords),
      here.serve(...authority.serverWords),
    ]);
    const record = here.path('mismatch.ndjson');
    const ended = await here.overspan(
      ...['compare', `a=127.0.0.1:${one.port}`, `b=127.0.0.1:${two.port}`, '--json'],
      ...[...authority.clientWords, '--record', record],
    );
    expectError(ended, 'INSTANCE_MISMATCH', 1);
    expect(existsSync(record)).toBe(false);
    await Promise.all([one.stop(), two.stop()]);
  });

  it.each([
    [['a=127.0.0.1']],
    [['127.0.0.1', '127.0.0.2']],
    [['a=127.0.0.1', 'a=127.0.0.2']],
    [['=127.0.0.1', 'b=127.0.0.2']],
    [['a=127.0.0.1:0', 'b=127.0.0.2']],
    [['a=127.0.0.1:65536', 'b=127.0.0.2']],
    [['a=', 'b=127.0.0.2']],
    [['\x1b[2J=127.0.0.1', 'b=127.0.0.2']],
  ])('are not %j', async (paths) => {
    expectError(await here.overspan('compare', '--json', ...paths), 'PATHS_INVALID', 2);
  });
});

describe('a numeric option', { concurrent: true }, () => {
  const probe = ['probe', 'tls-rr', '127.0.0.1:1'];
  const compare = ['compare', 'a=127.0.0.1:1', 'b=127.0.0.1:1'];
  it.each([
    [
      probe,
      [
        '--requests',
        '--time',
        '--warmup',
        '--handshakes',
        '--size',
        '--reply-size',
        '--interval',
        '--timeout',
      ],
    ],
    [
      compare,
      ['--rounds', '--requests', '--time', '--size', '--reply-size', '--interval', '--timeout'],
    ],
    [
      ['serve'],
      [
        ...[
          '--port',
          '--invitations',
          '--invitation-lifetime',
          '--connections-max',
          '--request-bytes-max',
        ],
        ...['--requests-per-second-max', '--idle-timeout', '--handshake-timeout'],
      ],
    ],
    [['characterize'], ['--rounds', '--requests', '--time', '--size']],
  ])('of %j takes numbers within bounds', async (command, options) => {
    for (const [index, option] of options.entries()) {
      // One of each kind of wrong value, in turn.
      const wrong = ['many', '-1', '1e3', '99999999999', '0x10', '', 'NaN', '١٢'][index % 8]!;
      const ended = await here.overspan(...command, `${option}=${wrong}`, '--json');
      const { message, remedy } = expectError(ended, 'OPTION_INVALID', 2);
      expect(message).toContain(option);
      expect(remedy).toContain(`for example: ${option} `);
    }
  });

  it('takes a host that is one', async () => {
    for (const host of ['', 'a b', '127.0.0.1:0', '127.0.0.1:99999', 'http://x'])
      expectError(await here.overspan('probe', 'tls-rr', host, '--json'), 'OPTION_INVALID', 2);
  });
});
