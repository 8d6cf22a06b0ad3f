/** `overspan characterize`: what `npm start` runs, in a small version. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it, type TestContext } from 'vitest';

import type { RecordLine } from '../../../src/harness/campaign/record.ts';
import { machineState, needKind } from '../../lab/machine.ts';
import { jsonLines, overspanArgv, stage, type Ended } from '../program.ts';

const here = stage('characterize');
const small = ['--engine', 'direct,vxlan', '--rounds', '6', '-n', '20', '--seed', 'small'];

interface Run {
  readonly ended: Ended;
  readonly record: string;
  readonly page: string;
}

/** Runs it behind some words (another user, another namespace) and checks that the machine is as it was. */
async function characterize(before: readonly string[], ...words: readonly string[]): Promise<Run> {
  const directory = here.newHome();
  mkdirSync(directory);
  // Whoever it runs as.
  chmodSync(directory, 0o777);
  const [home, record, page] = ['home', 'run.ndjson', 'run.html'].map(
    (name) => `${directory}/${name}`,
  );
  const state = await machineState(home!);
  const ended = await here.run(
    [
      ...before,
      ...overspanArgv('characterize', ...small, ...words),
      '--home',
      home!,
      '--record',
      record!,
    ],
    { timeoutMs: 55_000, directory, environment: { TMPDIR: directory } },
  );
  expect(await machineState(home!)).toEqual(state);
  // Keys and certificates that live for one run are gone with it.
  expect(readdirSync(directory).filter((file) => file.startsWith('overspan-'))).toEqual([]);
  return { ended, record: record!, page: page! };
}

function expectComparison(
  { ended: { code, stdout, stderr }, record, page }: Run,
  kind: string,
): void {
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(new RegExp(`^lab [0-9a-f]+ \\(${kind}\\): host a and host b`, 'm'));
  expect(stdout).toMatch(/^tls-rr 64 B, 6 rounds, 120 requests a path, lost 0\npath +p50 µs/);
  expect(stdout).toMatch(/^direct +\d/m);
  expect(stdout).toMatch(/^vxlan +\d/m);
  const lines = jsonLines(readFileSync(record, 'utf8')) as RecordLine[];
  const plan = lines.find((line) => line.kind === 'plan')!;
  expect(plan.paths.filter(({ role }) => role === 'measurement')).toMatchObject([
    { label: 'direct', description: expect.stringContaining('veth') as string },
    { label: 'vxlan', description: expect.stringContaining('vxlan') as string },
  ]);
  expect(lines.at(-1)).toMatchObject({ kind: 'end', reason: 'complete' });
  expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>/);
}

function needRoot(context: TestContext): void {
  if (process.getuid!() !== 0) context.skip('only root can become another user');
}

describe('overspan characterize', () => {
  it('compares in a lab of root', async (context) => {
    await needKind(context, 'root');
    expectComparison(await characterize([]), 'root');
  });

  it('compares in a rootless lab', async (context) => {
    await needKind(context, 'rootless');
    expectComparison(await characterize([], '--rootless'), 'rootless');
  });

  it('compares as nobody', async (context) => {
    needRoot(context);
    await needKind(context, 'rootless');
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    expectComparison(await characterize(nobody), 'rootless');
  });

  it('measures over loopback where namespaces are refused, and says what is missing', async (context) => {
    await needKind(context, 'rootless');
    // A user namespace in which nobody may make a network namespace.
    const script = 'echo 0 >/proc/sys/user/max_net_namespaces && exec "$@"';
    const refusing = ['unshare', '--user', '--map-root-user', 'sh', '-c', script, 'sh'];
    const { ended, record, page } = await characterize(refusing);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toMatch(/^LAB_NAMESPACES_REFUSED: .*\nremedy: .+/m);
    expect(ended.stderr).toMatch(/^without a lab, only this machine's loopback can be measured/m);
    expect(ended.stdout).toMatch(/^loopback +\d/m);
    expect(ended.stdout).toMatch(/^again +\d/m);
    expect(jsonLines(readFileSync(record, 'utf8')).at(-1)).toMatchObject({ reason: 'complete' });
    expect(existsSync(page)).toBe(true);
  });
});
