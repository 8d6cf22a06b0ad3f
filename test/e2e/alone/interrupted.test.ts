/** Runs that are stopped, and programs that are killed: what was measured is kept, and nothing is left behind. */
import { existsSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { Analysis } from '../../../src/harness/report/analysis.ts';
import { opensslAuthority } from '../openssl.ts';
import { pythonClient } from '../peers.ts';
import { eventually, events, jsonLines, stage } from '../program.ts';

const here = stage('interrupted');
const authority = opensslAuthority(here.path('pki'), 'ec');

const analysisIn = (stdout: string): Analysis => JSON.parse(stdout) as Analysis;

const phasesIn = (record: string): string[] =>
  existsSync(record)
    ? [...readFileSync(record, 'utf8').matchAll(/"phase":"([a-z-]+)"/g)].map(([, phase]) => phase!)
    : [];

describe('SIGINT', () => {
  it('ends a probe, which reports what it measured', async () => {
    const server = await here.serve('--verbose', ...authority.serverWords);
    const record = here.path('probe.ndjson');
    const probe = here.begin([
      ...['probe', 'tls-rr', `127.0.0.1:${server.port}`, '-t', '600', '--interval', '0.005'],
      ...['--warmup', '5', '--json', '--record', record, ...authority.clientWords],
    ]);
    await server.event('served', 25);
    probe.signal('SIGINT');
    const { code, stdout, stderr } = await probe.ended;
    expect({ code, stderr }).toEqual({ code: 130, stderr: `record ${record}\n` });
    const { run, paths } = analysisIn(stdout);
    expect(run.state).toBe('interrupted');
    expect(paths[0]!.measuredCount).toBeGreaterThan(10);
    expect(paths[0]).toMatchObject({ lostCount: 0, warmupCount: 5 });
    const report = await here.overspan('report', record, '--json');
    expect(report.code).toBe(0);
    expect(analysisIn(report.stdout).paths[0]!.measuredCount).toBe(paths[0]!.measuredCount);
    await server.stop();
  });

  it('ends a comparison, which reports the rounds that are whole', async () => {
    const server = await here.serve(...authority.serverWords);
    const record = here.path('compare.ndjson');
    const compare = here.begin([
      ...['compare', `a=127.0.0.1:${server.port}`, `b=127.0.0.1:${server.port}`, '--json'],
      ...['--rounds', '5000', '-n', '10', '--no-calibrate', '--record', record],
      ...authority.clientWords,
    ]);
    await eventually('some rounds', () => phasesIn(record).includes('measurement'));
    await server.event('closed', events(server.program.lines, 'closed').length + 40);
    compare.signal('SIGINT');
    const { code, stdout } = await compare.ended;
    expect(code).toBe(130);
    const { run, paths } = analysisIn(stdout);
    expect(run).toMatchObject({ state: 'interrupted', roundsPlanned: 5000 });
    expect(run.roundsDone).toBeGreaterThan(3);
    expect(paths.every(({ measuredCount }) => measuredCount > 30)).toBe(true);
    const report = await here.overspan('report', record);
    expect(report.code).toBe(0);
    expect(report.stdout).toMatch(new RegExp(`${run.roundsDone} of 5\\s?000 rounds`));
    await server.stop();
  });

  it('ends a server, which lets its clients go and says what it served', async () => {
    const server = await here.serve(...authority.serverWords);
    const python = pythonClient(here, server.port, authority);
    python.send('hello');
    await python.read(12);
    const ended = server.stop();
    expect(await python.read(1)).toBe('');
    const { code, stdout, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(jsonLines(stdout).at(-1)).toEqual({
      ...{ event: 'summary', connections: 1, requests: 1, refused: 0 },
    });
    await python.close();
  });
});

describe('SIGKILL', () => {
  it('of a comparison leaves a record that loads, and no server process', async () => {
    const server = await here.serve(...authority.serverWords);
    const record = here.path('killed.ndjson');
    const compare = here.begin([
      ...['compare', `a=127.0.0.1:${server.port}`, `b=127.0.0.1:${server.port}`],
      ...['--rounds', '100', '--record', record, ...authority.clientWords],
    ]);
    await eventually('calibration', () => phasesIn(record).includes('calibration'));
    const children = readFileSync(`/proc/${compare.pid}/task/${compare.pid}/children`, 'utf8')
      .trim()
      .split(' ');
    const floors = children.filter((pid) =>
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('serve'),
    );
    expect(floors).toHaveLength(1);
    compare.signal('SIGKILL');
    expect((await compare.ended).signal).toBe('SIGKILL');
    await eventually('the floor has ended', () => !existsSync(`/proc/${floors[0]}`));
    const report = await here.overspan('report', record);
    expect(report.code).toBe(0);
    expect(report.stdout).toMatch(/^warning: the record has no end/m);
    await server.stop();
  });
});
