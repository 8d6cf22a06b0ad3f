/** `overspan compare` over loopback. */
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { RecordLine } from '../../../src/harness/campaign/record.ts';
import type { RunProgress } from '../../../src/api/schema/run.ts';
import type { Analysis } from '../../../src/harness/report/analysis.ts';
import { opensslAuthority } from '../openssl.ts';
import { jsonLines, overspanArgv, stage, type Listening } from '../program.ts';

const here = stage('compare');
const authority = opensslAuthority(here.path('pki'), 'ec');

const linesOf = (record: string): RecordLine[] =>
  jsonLines(readFileSync(record, 'utf8')) as RecordLine[];

describe('overspan compare', () => {
  it('prints the paired table, and keeps the plan, the calibration and a report', async (context) => {
    // All of 127.0.0.0/8 is only listened on where nobody else can reach it: in a network namespace of its own.
    const alone = ['unshare', '--user', '--map-root-user', '--net'];
    if ((await here.run([...alone, 'true'])).code !== 0)
      context.skip('user namespaces are refused here');
    const serve = ['serve', '--json', '--host', '0.0.0.0', '--port', '0', ...authority.serverWords];
    const server = here.start(
      [...alone, 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', ...overspanArgv(...serve)],
      { timeoutMs: 120_000 },
    );
    const { port } = JSON.parse(await server.line(/"listening"/)) as Listening;
    const [record, page] = [here.path('run.ndjson'), here.path('report.html')];
    const { code, stdout, stderr } = await here.run([
      ...['nsenter', '-t', String(server.pid), '--user', '--net', '--preserve-credentials'],
      ...overspanArgv('compare', `direct=127.0.0.1:${port}`, `other=127.0.0.2:${port}`),
      ...['--rounds', '12', '-n', '40', '--seed', 'a seed', '--home', here.newHome()],
      ...['--record', record, '-o', page, ...authority.clientWords],
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `record ${record}\nreport ${page}\n` });
    expect(stdout).toMatch(/^tls-rr 64 B, 12 rounds, 480 requests a path, lost 0\npath +p50 µs/);
    expect(stdout).toMatch(/^direct +\d/m);
    expect(stdout).toMatch(/^other +\d/m);
    expect(stdout).toMatch(/^harness floor \S+ .*A\/A difference/m);

    const lines = linesOf(record);
    const kinds = lines.map(({ kind }) => kind);
    expect(kinds.slice(0, 4)).toEqual(['header', 'environment', 'plan', 'visit']);
    expect(kinds.slice(-2)).toEqual(['environment', 'end']);
    const plan = lines.find((line) => line.kind === 'plan')!;
    expect(plan.seed).toBe('a seed');
    expect(plan.rounds).toHaveLength(12);
    for (const round of plan.rounds) expect(round.toSorted()).toEqual(['direct', 'other']);
    expect(new Set(plan.rounds.map((round) => round[0]))).toEqual(new Set(['direct', 'other']));
    const visits = lines.filter((line) => line.kind === 'visit');
    const order = visits.filter(({ phase }) => phase === 'measurement').map(({ path }) => path);
    expect(order).toEqual(plan.rounds.flat());
    expect(visits.filter(({ phase }) => phase === 'calibration')).toHaveLength(80);
    const header = lines.find((line) => line.kind === 'header')!;
    expect(header.requested).toMatchObject({ seed: 'a seed', rounds: 12, requests: 40 });
    expect(JSON.stringify(header)).not.toContain(authority.client.key);

    const html = readFileSync(page, 'utf8');
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).toContain('harness floor');
    expect(html).not.toMatch(/(?:src|href)="http/);
    // The same record gives the same words.
    expect((await here.overspan('report', record)).stdout).toBe(stdout);
    server.signal('SIGINT');
    expect((await server.ended).code).toBe(0);
  });

  it('prints one object with --json, and resumes nothing between paths', async () => {
    const server = await here.serve(...authority.serverWords);
    const record = here.path('json.ndjson');
    const paths = ['a', 'b', 'c'].map((label) => `${label}=127.0.0.1:${server.port}`);
    const words = ['--rounds', '7', '-n', '10', '--no-calibrate', '--record', record];
    const { code, stdout } = await here.overspan(
      ...['compare', ...paths, ...words, '--json', ...authority.clientWords],
    );
    expect(code).toBe(0);
    const [analysis, ...rest] = jsonLines(stdout) as Analysis[];
    expect(rest).toEqual([]);
    expect(analysis).toMatchObject({
      run: { command: 'compare', state: 'complete', roundsDone: 7, roundsPlanned: 7 },
      calibration: null,
      paths: ['a', 'b', 'c'].map((label) => ({
        ...{ label, measuredCount: 70, lostCount: 0, visitCount: 7 },
        ...{ instanceIds: [server.facts.instanceId] },
        setup: { handshakeFull: { count: 7 }, handshakeResumed: { count: 7 } },
      })),
    });
    expect(analysis!.metrics.length).toBeGreaterThan(0);
    // Each path was warmed up, whatever its first exchanges took.
    const warmUps = linesOf(record).flatMap((line) =>
      line.kind === 'visit' && line.phase === 'warm-up' ? [line.samples.latencyNs.length] : [],
    );
    expect(warmUps).toEqual([4_000, 4_000, 4_000]);
    await server.stop();
  });

  it('keeps its record in overspan-runs where no place is named', async () => {
    const server = await here.serve(...authority.serverWords);
    const paths = ['a', 'b'].map((label) => `${label}=127.0.0.1:${server.port}`);
    const words = ['--rounds', '2', '-n', '5', '--no-calibrate'];
    const { code, stderr } = await here.overspan(
      'compare',
      ...paths,
      ...words,
      ...authority.clientWords,
    );
    expect(code).toBe(0);
    const [, file] = /^record (overspan-runs\/compare-\d{8}T\d{6}Z-[0-9a-f]{4}\.ndjson)$/m.exec(
      stderr,
    )!;
    expect(linesOf(here.path(file!)).at(-1)).toMatchObject({ kind: 'end', reason: 'complete' });
    await server.stop();
  });

  it('tells a program how far it is, and ends with it, with what was measured kept', async () => {
    const server = await here.serve(...authority.serverWords);
    const record = here.path('told.ndjson');
    const paths = ['a', 'b'].map((label) => `${label}=127.0.0.1:${server.port}`);
    const program = here.begin([
      ...[
        'compare',
        ...paths,
        '--rounds',
        '10000',
        '-n',
        '20',
        '--no-calibrate',
        '--record',
        record,
      ],
      ...['--progress', 'ndjson', '--until-input-ends', '--run-name', 'told', '--json', '--quiet'],
      ...authority.clientWords,
    ]);
    await program.output(/"phase":"measurement".*"leftNs":\d+\}\n/);
    program.endInput();
    const { code, stdout, stderr } = await program.ended;
    expect(code).toBe(130);
    expect(jsonLines(stdout)).toMatchObject([{ run: { runId: 'told', state: 'interrupted' } }]);
    const told = jsonLines(stderr) as RunProgress[];
    expect(told.map(({ phase }) => phase)).toEqual(
      expect.arrayContaining(['warm-up', 'measurement']),
    );
    expect(told.every(({ visitsPlanned }) => visitsPlanned === 20_002)).toBe(true);
    expect(linesOf(record).at(-1)).toMatchObject({ kind: 'end', reason: 'interrupted' });
    expect(linesOf(record)[0]).not.toHaveProperty('requested.progress');
    await server.stop();
  });
});
