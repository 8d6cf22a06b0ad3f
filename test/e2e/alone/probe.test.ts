/** `overspan probe tls-rr`, against our server and against servers of others. */
import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { RecordLine, Visit } from '../../../src/harness/campaign/record.ts';
import type { Analysis } from '../../../src/harness/report/analysis.ts';
import { opensslAuthority } from '../openssl.ts';
import { opensslReverser, otherServer } from '../peers.ts';
import { errorOf, events, jsonLines, stage, type Ended, type Server } from '../program.ts';

const here = stage('probe');
const authority = opensslAuthority(here.path('pki'), 'ec');
const trusting = ['--ca', authority.ca] as const;

const tlsRr = (port: number, ...words: readonly string[]): Promise<Ended> =>
  here.overspan('probe', 'tls-rr', `127.0.0.1:${port}`, ...words);

/** The analysis that a probe with `--json` prints. */
function analysisOf(ended: Ended): Analysis {
  expect(ended, ended.stdout + ended.stderr).toMatchObject({ code: 0 });
  const values = jsonLines(ended.stdout);
  expect(values).toHaveLength(1);
  return values[0] as Analysis;
}

function visitsOf(record: string): Visit[] {
  const lines = jsonLines(readFileSync(record, 'utf8')) as RecordLine[];
  return lines.filter((line) => line.kind === 'visit');
}

describe('against our server', () => {
  let server: Server;
  beforeAll(async () => {
    server = await here.serve(...authority.serverWords);
  });
  afterAll(() => server.stop());

  const probe = (...words: readonly string[]): Promise<Ended> =>
    tlsRr(server.port, ...authority.clientWords, ...words);

  it('counts what was sent, and the warm-up apart; handshakes full and resumed', async () => {
    const record = here.path('counts.ndjson');
    const before = events(server.program.lines, 'closed').length;
    const words = ['-n', '400', '--warmup', '30', '--handshakes', '8', '--size', '100'];
    const { workload, paths, run } = analysisOf(
      await probe('--json', ...words, '--record', record, '--reply-size', '2000'),
    );
    expect(run).toMatchObject({ command: 'probe', state: 'complete', roundsDone: 1 });
    expect(workload).toMatchObject({
      ...{ requestBytes: 100, replyBytes: 2000, requestsPerVisit: 400, warmupPerVisit: 30 },
      ...{ arrival: 'closed', intervalNs: 0, nagle: false },
    });
    const [path] = paths;
    expect(path).toMatchObject({
      ...{ measuredCount: 400, lostCount: 0, warmupCount: 30, unsentCount: 0 },
      ...{ instanceIds: [server.facts.instanceId] },
      latency: { count: 400 },
      serverProcessing: { count: 400 },
      sendCall: { count: 400 },
      // The visit's own connection is the first of the full ones.
      setup: {
        connect: { count: 16 },
        handshakeFull: { count: 8 },
        handshakeResumed: { count: 8 },
        firstAnswer: { count: 8 },
      },
    });
    const [p50, , p99, p999] = path!.latency.quantiles;
    expect(p50!.interval!.low).toBeLessThanOrEqual(p50!.value!);
    expect(p99!.interval).not.toBeNull();
    expect(p999).toMatchObject({ p: 0.999, interval: null, needsCount: 3688 });

    const [visit] = visitsOf(record);
    expect(visit!.samples.latencyNs).toHaveLength(400);
    for (const column of Object.values(visit!.samples))
      expect(column.every((ns) => Number.isInteger(ns))).toBe(true);
    // The server's word for it: every second connection was a resumed one.
    await server.event('closed', before + 16);
    const ready = events(server.program.lines, 'ready').slice(before);
    expect(ready.map(({ resumed }) => resumed)).toEqual(ready.map((_, index) => index % 2 === 1));
    expect(ready.map(({ clientName }) => clientName)).toEqual(ready.map(() => 'stock client'));
    const closed = events(server.program.lines, 'closed').slice(before);
    expect(closed.map(({ requests }) => requests)).toEqual([430, ...ready.slice(1).map(() => 0)]);
  });

  it('prints a table for people, and no invented figure', async () => {
    const { code, stdout, stderr } = await probe('-n', '20', '--interval', '0.01');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^tls-rr 64 B, .*20 requests.*lost 0/m);
    expect(stdout).toMatch(/needs ≥ 368/);
    expect(stdout).toMatch(/needs ≥ 3\s?688/);
    expect(stdout).toMatch(/jitter/);
  });

  it('sends on a schedule with --interval, for as long as -t says', async () => {
    const { workload, paths, health } = analysisOf(
      await probe('--json', '-t', '0.3', '--interval', '0.02', '--handshakes', '0'),
    );
    expect(workload).toMatchObject({
      ...{ arrival: 'scheduled', intervalNs: 20_000_000 },
      ...{ requestsPerVisit: null, visitNs: 300_000_000 },
    });
    // On a schedule: never more than fit, fewer only where this machine was asleep.
    expect(paths[0]!.measuredCount).toBeLessThanOrEqual(16);
    expect(paths[0]!.measuredCount).toBeGreaterThan(3);
    const due = paths[0]!.series.map(({ atNs }) => atNs);
    expect(due).toEqual(due.toSorted((a, b) => a - b));
    expect(health!.sendLatenessNs).not.toBeNull();
  });

  it('measures for a time in a closed loop with -t alone', async () => {
    const { paths, run } = analysisOf(await probe('--json', '-t', '0.2', '--handshakes', '0'));
    expect(run.state).toBe('complete');
    expect(paths[0]!.measuredCount).toBeGreaterThan(20);
  });

  it.each([
    ['0', '0'],
    ['65536', '1048576'],
  ])('carries %s bytes there and %s back', async (size, replySize) => {
    const words = ['--size', size, '--reply-size', replySize, '-n', '6', '--handshakes', '0'];
    const { paths } = analysisOf(await probe('--json', ...words));
    expect(paths[0]).toMatchObject({ measuredCount: 6, lostCount: 0 });
  });

  it('keeps a record that `overspan report` reads, and never writes over one', async () => {
    const record = here.path('kept.ndjson');
    const first = await probe('-n', '10', '--record', record);
    expect(first.stderr).toContain(`record ${record}\n`);
    const bytes = readFileSync(record);
    const shown = await here.overspan('report', record);
    expect(shown).toMatchObject({ code: 0, stderr: '', stdout: first.stdout });
    const second = await probe('-n', '10', '--record', record, '--json');
    expect(second.code).toBe(1);
    expect(errorOf(second)).toMatchObject({ code: 'RECORD_EXISTS' });
    expect(readFileSync(record)).toEqual(bytes);
    // Nothing secret is in it.
    expect(bytes.toString()).not.toContain(authority.client.key);
  });

  it('trusts a pinned certificate without an authority, and no other', async () => {
    const { raw } = new X509Certificate(readFileSync(authority.server.cert));
    const pin = createHash('sha256').update(raw).digest('hex');
    const pinned = ['-n', '5', '--handshakes', '2', '--json', '--pin'] as const;
    const { client } = authority;
    const own = ['--cert', client.cert, '--key', client.key];
    const colons = pin.toUpperCase().replace(/..(?!$)/g, '$&:');
    for (const written of [pin, colons])
      expect(analysisOf(await tlsRr(server.port, ...own, ...pinned, written)).paths).toHaveLength(
        1,
      );
    const wrong = await tlsRr(
      server.port,
      ...own,
      ...pinned,
      pin.replace(/^./, (c) => (c === '0' ? '1' : '0')),
    );
    expect(errorOf(wrong)).toMatchObject({ code: 'PIN_MISMATCH' });
    expect(wrong.code).toBe(5);
    const none = await tlsRr(server.port, ...own, ...pinned, 'abc');
    expect(errorOf(none)).toMatchObject({ code: 'PIN_INVALID' });
    expect(none.code).toBe(2);
  });

  it('checks the name that --server-name gives', async () => {
    analysisOf(await probe('--json', '-n', '5', '--server-name', 'localhost'));
    const other = await probe('--json', '-n', '5', '--server-name', 'example.test');
    expect(errorOf(other)).toMatchObject({ code: 'SERVER_NAME_MISMATCH' });
    expect(other.code).toBe(5);
  });

  it('does as a stock client does with --payload', async () => {
    const before = events(server.program.lines, 'served').length;
    const { workload, paths } = analysisOf(
      await probe(
        '--json',
        '-n',
        '10',
        '--warmup',
        '2',
        '--payload',
        'Hi\\n\\x00',
        '--handshakes',
        '0',
      ),
    );
    expect(workload).toMatchObject({ requestBytes: 4, replyBytes: null });
    expect(paths[0]).toMatchObject({ measuredCount: 10, serverProcessing: null, instanceIds: [] });
    const served = events(server.program.lines, 'served').slice(before);
    expect(served).toHaveLength(12);
    expect(served[0]).toMatchObject({ request: 'Hi\\n\\x00', protocol: 'plain' });
  });
});

describe('Nagle’s algorithm', () => {
  // Linux delays an acknowledgement by 40 ms at the least; nothing else on a loopback takes that long.
  const delayNs = 30e6;

  it('on the server holds the first answer back until the session tickets are acknowledged', async () => {
    const server = await here.serve('--nagle', ...authority.serverWords);
    const record = here.path('nagle.ndjson');
    const few = ['-n', '5', '--handshakes', '0', '--json', ...authority.clientWords];
    analysisOf(await tlsRr(server.port, ...few, '--record', record));
    expect(visitsOf(record)[0]!.setups[0]!.firstAnswerNs).toBeGreaterThan(delayNs);
    const plain = here.path('nagle-plain.ndjson');
    analysisOf(await tlsRr(server.port, ...few, '--record', plain, '--payload', 'Hello'));
    expect(visitsOf(plain)[0]!.setups[0]!.firstAnswerNs).toBeGreaterThan(delayNs);
    await server.stop();
  });
});

describe('against servers of others', () => {
  const few = ['-n', '12', '--warmup', '3', '--json', ...trusting] as const;

  it('talks to `openssl s_server -rev` by lines', async () => {
    const reverser = await opensslReverser(here, authority);
    const words = ['-n', '12', '--warmup', '3', '--json', ...authority.clientWords];
    const { paths } = analysisOf(await tlsRr(reverser.port, ...words, '--reply', 'line'));
    expect(paths[0]).toMatchObject({
      ...{ measuredCount: 12, lostCount: 0, warmupCount: 3, serverProcessing: null },
      // It serves one connection at a time and gives tickets.
      setup: { handshakeFull: { count: 10 }, handshakeResumed: { count: 10 } },
    });
    const spoken = await tlsRr(reverser.port, ...words, '--reply', 'line', '--payload', 'a line');
    expect(analysisOf(spoken).workload).toMatchObject({ requestBytes: 7 });
    const refused = await tlsRr(reverser.port, '--json', ...trusting, '--reply', 'line');
    expect(errorOf(refused)).toMatchObject({ code: 'CLIENT_CERTIFICATE_REFUSED' });
    expect(refused.code).toBe(5);
  });

  it('takes the first bytes that come as the reply', async () => {
    const { program, port } = await otherServer(here, 'tickets', authority.server);
    const { paths } = analysisOf(
      await tlsRr(port, ...few, '--reply', 'first', '--handshakes', '3'),
    );
    expect(paths[0]).toMatchObject({
      ...{ measuredCount: 12, lostCount: 0 },
      setup: { handshakeFull: { count: 3 }, handshakeResumed: { count: 3 } },
    });
    expect(program.lines.slice(1)).toEqual([
      'full',
      'resumed',
      'full',
      'resumed',
      'full',
      'resumed',
    ]);
  });

  it('waits for so many bytes, however they are cut', async () => {
    const { port } = await otherServer(here, 'pieces', authority.server);
    const words = [...few, '--payload', 'give me thirty', '--handshakes', '0'];
    const { paths } = analysisOf(await tlsRr(port, ...words, '--reply', 'bytes:30'));
    expect(paths[0]).toMatchObject({ measuredCount: 12, lostCount: 0 });
    const more = await tlsRr(port, ...words, '--reply', 'bytes:31', '--timeout', '0.2');
    expect(errorOf(more)).toMatchObject({ code: 'NO_REPLY' });
    expect(more.code).toBe(6);
  });

  it('connects anew for every request where the close ends the reply', async () => {
    const { port } = await otherServer(here, 'close', authority.server);
    const words = [...few, '--payload', 'Hello', '--handshakes', '0'];
    const { paths } = analysisOf(await tlsRr(port, ...words, '--reply', 'close'));
    expect(paths[0]).toMatchObject({
      ...{ measuredCount: 12, lostCount: 0 },
      setup: { connect: { count: 15 } },
    });
  });

  it('takes a banner for no reply', async () => {
    const { port } = await otherServer(here, 'banner', authority.server);
    const record = here.path('banner.ndjson');
    const words = [...few, '--reply', 'line', '--record', record, '--warmup', '0'];
    const { paths } = analysisOf(await tlsRr(port, ...words, '--handshakes', '0'));
    expect(paths[0]).toMatchObject({ measuredCount: 12, lostCount: 0 });
  });

  it('asks what ends a reply where it was not said', async () => {
    const { port } = await otherServer(here, 'first', authority.server);
    const ended = await tlsRr(port, '--json', ...trusting);
    expect(errorOf(ended)).toMatchObject({
      code: 'NOT_OVERSPAN',
      remedy: expect.stringContaining('--reply first') as string,
    });
    expect(ended.code).toBe(2);
    const unclear = await tlsRr(port, '--json', ...trusting, '--reply', 'bytes:0');
    expect(errorOf(unclear)).toMatchObject({ code: 'OPTION_INVALID' });
    expect(existsSync('overspan-runs-that-nobody-asked-for')).toBe(false);
  });
});
