/**
 * Contexts as a person uses them: names for services, tokens that nobody sees, and the same commands for ZeroTier Central (a stub of
 * it, on loopback; see `test/programs/central-stub.ts`) and an Overspan daemon.
 */
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CentralStub } from '../programs/central-stub.ts';
import { errorOf, overspanArgv, stage, type Ended } from './program.ts';

const here = stage('contexts');
const config = here.path('config');
const files = join(config, 'overspan');
const alice = '45ad10e047';
const bob = 'bfb8eb1884';
let central: CentralStub;

/** Runs `overspan` with settings of its own, and no `--home`. */
const run = (...words: readonly string[]): Promise<Ended> => runWith({}, ...words);
const runWith = (
  environment: Record<string, string>,
  ...words: readonly string[]
): Promise<Ended> =>
  here.start(overspanArgv(...words), {
    environment: { XDG_CONFIG_HOME: config, XDG_STATE_HOME: here.path('state'), ...environment },
  }).ended;
async function json<T>(...words: readonly string[]): Promise<T> {
  const ended = await run(...words, '--json');
  expect(ended.code, `${ended.stdout}${ended.stderr}`).toBe(0);
  return JSON.parse(ended.stdout) as T;
}
async function refused(...words: readonly string[]): Promise<[number | null, string]> {
  const ended = await run(...words, '--json');
  return [ended.code, errorOf(ended).code];
}

beforeAll(async () => {
  central = await CentralStub.open();
  writeFileSync(here.path('token'), `${central.token}\n`);
});
afterAll(() => central.close());

describe('overspan context', () => {
  const add = ['context', 'add', 'office', '--central'] as const;

  it('takes a token from a file, keeps it for this user alone, and shows it to nobody', async () => {
    const said = await run(...add, '--url', central.url, '--token-file', here.path('token'));
    expect([said.code, said.stdout]).toEqual([
      0,
      'context office: ZeroTier Central, with 0 networks\n',
    ]);
    expect(readdirSync(files).sort()).toEqual(['contexts.json', 'office.token']);
    for (const name of readdirSync(files))
      expect([name, statSync(join(files, name)).mode & 0o777]).toEqual([name, 0o600]);
    expect(readFileSync(join(files, 'contexts.json'), 'utf8')).not.toContain(central.token);
    const listed = await run('context', 'list');
    expect(listed.stdout).toContain(`office   ZeroTier Central  ${central.url}`);
    expect(`${said.stdout}${said.stderr}${listed.stdout}`).not.toContain(central.token);
  });

  it('keeps no context whose token is refused, and sends a token nowhere unsafe', async () => {
    writeFileSync(here.path('wrong'), 'wrong');
    const wrong = ['context', 'add', 'wrong', '--central', '--token-file', here.path('wrong')];
    expect(await refused(...wrong, '--url', central.url)).toEqual([5, 'CENTRAL_TOKEN_REFUSED']);
    for (const url of ['http://192.0.2.1/api/v1', 'ftp://127.0.0.1/', 'x', `${central.url}?a=b`])
      expect(await refused(...wrong, '--url', url)).toEqual([2, 'OPTION_INVALID']);
    expect(await refused('context', 'add', 'none', '--central')).toEqual([
      5,
      'CONTEXT_TOKEN_MISSING',
    ]);
    expect((await json<{ contexts: object[] }>('context', 'list')).contexts).toHaveLength(1);
  });

  it('refuses what is no context', async () => {
    expect(await refused(...add, '--token-file', here.path('token'))).toEqual([
      2,
      'CONTEXT_EXISTS',
    ]);
    expect(await refused('context', 'add', '../x', '--overspan')).toEqual([2, 'OPTION_INVALID']);
    expect(await refused('context', 'add', 'x')).toEqual([2, 'OPTION_INVALID']);
    expect(await refused('context', 'add', 'x', '--overspan', '--central')).toEqual([
      2,
      'OPTION_INVALID',
    ]);
    for (const words of [
      ['context', 'use', 'nobody'],
      ['context', 'remove', 'constructor'],
      ['network', 'list', '--context', 'nobody'],
    ])
      expect(await refused(...words)).toEqual([4, 'CONTEXT_UNKNOWN']);
  });

  it('is chosen by --context, by $OVERSPAN_CONTEXT and by context use, in this order', async () => {
    const home = here.newHome();
    await json('context', 'add', 'here', '--overspan', '--home', home);
    // The daemon is not there: which service is asked shows in what is said.
    const about = async (ended: Promise<Ended>): Promise<string> => {
      const { stdout } = await ended;
      return stdout.includes(home) ? 'here' : stdout.includes('"joined":null') ? 'office' : stdout;
    };
    const list = ['network', 'list', '--json'] as const;
    expect(await about(run('--context', 'here', ...list))).toBe('here');
    expect(await about(run(...list, '--context', 'office'))).toBe('office');
    await json('context', 'use', 'here');
    expect(await about(run(...list))).toBe('here');
    const environment = { OVERSPAN_CONTEXT: 'office' };
    expect(await about(runWith(environment, ...list))).toBe('office');
    expect(await about(runWith(environment, ...list, '--context', 'here'))).toBe('here');
    const other = await runWith(environment, ...list, '--home', here.newHome());
    expect(errorOf(other).code).toBe('DAEMON_NOT_RUNNING');
    expect(await refused(...list, '--context', 'here', '--home', home)).toEqual([
      2,
      'OPTION_INVALID',
    ]);
    await json('context', 'use');
    expect((await json<{ current: unknown }>('context', 'list')).current).toBeNull();
  });

  it('says what is wrong with a file of contexts, and leaves it as it is', async () => {
    const broken = here.path('broken');
    const file = join(broken, 'overspan', 'contexts.json');
    await runWith({ XDG_CONFIG_HOME: broken }, 'context', 'add', 'x', '--overspan');
    writeFileSync(file, '{"version":2}');
    for (const words of [
      ['context', 'list'],
      ['network', 'list'],
      ['context', 'use'],
    ]) {
      const ended = await runWith({ XDG_CONFIG_HOME: broken }, ...words, '--json');
      expect([ended.code, errorOf(ended).code]).toEqual([1, 'CONTEXTS_UNREADABLE']);
    }
    expect(readFileSync(file, 'utf8')).toBe('{"version":2}');
  });
});

describe('the same commands, about ZeroTier Central (a stub of it)', () => {
  const office = ['--context', 'office'] as const;
  let network = '';

  it('make a network and let members in', async () => {
    const words = ['network', 'create', '--name', 'a \u001b[31mlab', '--pool', '10.9.0.0/24'];
    const made = await run(...words, '--description', 'of the office', ...office);
    expect(made.stdout).toMatch(/^made private network \w{16} "a \\u\{1b\}\[31mlab"\n$/);
    network = /\w{16}/.exec(made.stdout)?.[0] ?? '';
    central.seen(network, alice, 5_000);
    const into = await run('member', 'authorize', network, alice, bob, ...office);
    expect(into.stdout).toBe(
      `${alice} is authorised on ${network}\n${bob} is authorised on ${network}\n`,
    );
    await json('member', 'rename', network, alice, 'alice', ...office);
    await json('member', 'assign', network, alice, '10.9.0.7', ...office);
    const { stdout } = await run('member', 'list', network, ...office);
    expect(stdout).toMatch(/^address +name +state +addresses +runs +last heard\n/);
    expect(stdout).toMatch(
      new RegExp(`\n${alice} +alice +ok +10\\.9\\.0\\.7 +1\\.14\\.1 +.*, by ZeroTier Central\n`),
    );
    expect(stdout).toMatch(new RegExp(`\n${bob} +– +never-configured +– +– +–\n$`));
    const shown = await run('member', 'show', network, alice, ...office);
    expect(shown.stdout).toMatch(/^member +45ad10e047 of \w{16} "alice"\nstate +ok: authorised; /);
  });

  it('change and show a network', async () => {
    const words = ['--mtu', '1400', '--route', '10.1.0.0/16=10.9.0.7', '--dns', 'lab=10.9.0.7'];
    const set = await run('network', 'set', network, ...words, ...office);
    expect(set.stdout).toMatch(/\nroutes +10\.9\.0\.0\/24, 10\.1\.0\.0\/16 via 10\.9\.0\.7\n/);
    expect(set.stdout).toMatch(/\nMTU +1400\n/);
    const moved = await run('network', 'set', network, '--pool', '10.8.0.0/24', ...office);
    expect(moved.stdout).toMatch(/\nroutes +10\.8\.0\.0\/24, 10\.1\.0\.0\/16 via 10\.9\.0\.7\n/);
    for (const wrong of [
      ['--route', '10.1.0.0/33=10.9.0.7'],
      ['--route', '10.1.0.0/16=fd00::1'],
      ['--dns', 'lab=x'],
      ['--pool', '10.0.0.0/33'],
      ['--mtu', '100'],
      ['--private', '--public'],
      [],
    ])
      expect(await refused('network', 'set', network, ...office, ...wrong)).toEqual([
        2,
        'OPTION_INVALID',
      ]);
    const assign = ['member', 'assign', network, alice] as const;
    expect(await refused(...assign, 'x', ...office)).toEqual([2, 'OPTION_INVALID']);
    expect(await refused(...assign, ...office)).toEqual([2, 'OPTION_INVALID']);
  });

  it('write a network as a file, and make one of it', async () => {
    const file = await run('network', 'export', network, ...office);
    writeFileSync(here.path('lab.json'), file.stdout);
    const made = await json<{ network: { id: string; name: string } }>(
      ...['network', 'import-file', here.path('lab.json'), ...office],
    );
    expect(made.network.id).not.toBe(network);
    const again = await run('network', 'export', made.network.id, ...office);
    expect(again.stdout.replaceAll(made.network.id, network)).toBe(file.stdout);
    writeFileSync(here.path('lab.json'), '{"format":"overspan-network"}');
    expect(await refused('network', 'import-file', here.path('lab.json'), ...office)).toEqual([
      2,
      'NETWORK_FILE_INVALID',
    ]);
  });

  it('shut out and forget', async () => {
    const unknown = ['member', 'deauthorize', network, alice, '1a2b3c4d5e'] as const;
    expect(await refused(...unknown, ...office)).toEqual([4, 'MEMBER_UNKNOWN']);
    const out = await run('member', 'deauthorize', network, alice, ...office);
    expect(out.stdout).toBe(`${alice} is no longer authorised on ${network}\n`);
    expect((await run('member', 'delete', network, bob, ...office)).code).toBe(0);
    expect(await refused('network', 'delete', network, ...office)).toEqual([
      2,
      'CONFIRMATION_MISSING',
    ]);
    expect((await run('network', 'delete', network, '--yes', ...office)).code).toBe(0);
    expect(await refused('network', 'show', network, ...office)).toEqual([4, 'NETWORK_NOT_OWNED']);
  });

  it('say what is of a node, or of Overspan alone', async () => {
    for (const words of [
      ['info'],
      ['join', '8056c2e21c000001'],
      ['leave', '8056c2e21c000001'],
      ['peer', 'list'],
      ['invite', 'list', '8056c2e21c000001'],
      ['api-token', 'list'],
      ['audit'],
    ])
      expect([words, ...(await refused(...words, ...office))]).toEqual([words, 2, 'SERVICE_LACKS']);
  });

  it('are not there without the token', async () => {
    expect((await run('context', 'remove', 'office')).code).toBe(0);
    expect(readdirSync(files)).toEqual(['contexts.json']);
    expect(await refused('network', 'list', ...office)).toEqual([4, 'CONTEXT_UNKNOWN']);
  });
});
