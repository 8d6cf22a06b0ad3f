/**
 * Starting a node with less than the rights of root: it says what is missing, or runs with what it has. Each runs in a
 * network namespace of its own, in which there is nothing but loopback: no way out, and no root that answers.
 */
import { chmodSync, chownSync, mkdirSync } from 'node:fs';

import { beforeAll, describe, expect, it, type TestContext } from 'vitest';

import { tapRefusal } from '../tap-access.ts';
import { errorOf, overspanArgv, stage, type Ended } from './program.ts';

const here = stage('node-rights');
const nobody = 65_534;
const planet = here.path('planet');
/** Why other users cannot be played here; null: they can. */
let refusal: string | null = tapRefusal;

beforeAll(async () => {
  const made = await here.overspan('root', 'init', '10.77.0.1/9993', '--out', planet);
  if (made.code !== 0) throw new Error(made.stderr);
  chmodSync(planet, 0o644);
  if (process.getuid?.() !== 0) refusal ??= 'only root can become another user';
  if (refusal !== null) return;
  const tried = await here.run([...withTun, ...asNobody(), ...overspanArgv('--version')]);
  if (tried.code !== 0) refusal = `another user cannot run the program here: ${tried.stderr}`;
});

/** Words before a command that run it as a user without any right but those named. */
function asNobody(...capabilities: readonly string[]): string[] {
  const list = ['-all', ...capabilities.map((name) => `+${name}`)].join(',');
  return [
    ...['setpriv', '--reuid', String(nobody), '--regid', String(nobody), '--clear-groups'],
    ...['--inh-caps', list, '--ambient-caps', list],
  ];
}

/** A home that belongs to the user. */
function home(): string {
  const directory = here.newHome();
  mkdirSync(directory);
  chownSync(directory, nobody, nobody);
  return directory;
}

const up = (...words: readonly string[]): string[] =>
  overspanArgv('up', '--planet', planet, '--home', home(), '--json', ...words);

/** Words before a command that give it namespaces of its own, in which every user may open /dev/net/tun, as is usual. */
const withTun = [
  ...['unshare', '--net', '--mount', 'sh', '-c'],
  'mount -t tmpfs tmpfs /dev/net && mknod -m 666 /dev/net/tun c 10 200 && exec "$@"',
  'sh',
];

/** Starts it in a namespace of its own, until it is ready, and ends it. */
async function ready(argv: readonly string[]): Promise<Ended> {
  const program = here.start([...withTun, ...argv], { timeoutMs: 60_000 });
  await program.line(/"event":"ready"/);
  program.signal('SIGTERM');
  return program.ended;
}

function skipWhereRefused(context: TestContext): void {
  if (refusal !== null) context.skip(refusal);
}

describe('overspan up as an ordinary user', () => {
  it('says that it may make no devices, and every way out', async (context) => {
    skipWhereRefused(context);
    const ended = await here.run(['unshare', '--net', ...asNobody(), ...up()]);
    expect([ended.code, errorOf(ended).code]).toEqual([5, 'TAP_PERMISSION']);
    expect(errorOf(ended).message).toMatch(/may not be (made|opened) by this user/);
    for (const way of ['sudo overspan up', 'CAP_NET_ADMIN', '--no-devices'])
      expect(errorOf(ended).remedy).toContain(way);
  });

  it('does not send into a namespace where they are refused', async (context) => {
    skipWhereRefused(context);
    // The limit is that of a namespace around it: nothing of the machine is changed.
    const script = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"';
    const ended = await here.run([
      ...['unshare', '--user', `--map-user=${nobody}`, '--keep-caps', '--net'],
      ...['sh', '-c', script, 'sh', 'setpriv', '--inh-caps=-all', '--ambient-caps=-all'],
      ...overspanArgv('up', '--planet', planet, '--home', here.newHome(), '--json'),
    ]);
    expect([ended.code, errorOf(ended).code]).toEqual([5, 'TAP_PERMISSION']);
    expect(errorOf(ended).remedy).not.toContain('unshare');
    expect(errorOf(ended).remedy).toContain('sudo overspan up');
  });

  it('runs with CAP_NET_ADMIN and nothing else', async (context) => {
    skipWhereRefused(context);
    // As the unit of `overspan service install` has it: no more rights can come from anywhere.
    const forever = ['--bounding-set', '-all,+net_admin', '--no-new-privs'];
    const ended = await ready([...asNobody('net_admin'), ...forever, ...up()]);
    expect([ended.code, ended.stderr.includes('warn')]).toEqual([0, false]);
  });

  it('runs in a user namespace of its own', async (context) => {
    skipWhereRefused(context);
    const ended = await ready([...asNobody(), 'unshare', '--map-root-user', '--net', ...up()]);
    expect([ended.code, ended.stderr.includes('warn')]).toEqual([0, false]);
  });

  it('runs without devices and without any right', async (context) => {
    skipWhereRefused(context);
    const ended = await ready([...asNobody(), ...up('--no-devices')]);
    expect(ended.code).toBe(0);
  });

  it('says which home it may not use', async (context) => {
    skipWhereRefused(context);
    const argv = overspanArgv('up', '--planet', planet, '--home', '/proc/overspan', '--json');
    const ended = await here.run(['unshare', '--net', ...asNobody('net_admin'), ...argv]);
    expect([ended.code, errorOf(ended).code]).toEqual([5, 'HOME_UNUSABLE']);
    expect(errorOf(ended).remedy).toContain('--home');
  });
});
