/** What a person is told by the commands of a node: results, and what is wrong with its remedy. In namespaces. */
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { describeNodes, nodeLab, type NodeHost } from './node-lab.ts';
import { errorOf, overspanArgv, stage, type Ended, type Program } from './program.ts';

const here = stage('node-cli');
const lab = nodeLab(here, ['root', 'a']);
const [root, a] = ['root', 'a'].map((name) => lab.host(name)) as [NodeHost, NodeHost];

/** Starts a node on a host with a home of its own, to its end: for starts that fail. */
const up = (host: NodeHost, home: string, ...words: readonly string[]): Promise<Ended> =>
  host.run(...overspanArgv('up', '--planet', lab.planet, '--home', home, '--json', ...words));
const someNetwork = '8056c2e21c000001';
let program: Program;

describeNodes('a node that is not there', () => {
  it('is told from one that does not answer, both with the command to type', async () => {
    const never = await a.overspan('info', '--json');
    expect([never.code, errorOf(never).code]).toEqual([6, 'DAEMON_NOT_RUNNING']);
    expect(errorOf(never).remedy).toContain('overspan up');
    program = await a.up();
    await program.kill();
    const dead = await a.overspan('info', '--json');
    expect([dead.code, errorOf(dead).code]).toEqual([6, 'DAEMON_NOT_RUNNING']);
    expect(errorOf(dead).message).toContain('127.0.0.1:9993');
  });
});

describeNodes('overspan up', () => {
  it('prints who it is, and keeps its identity', async () => {
    program = await a.up('--json');
    const ready = JSON.parse(await program.line(/ready/)) as Record<string, unknown>;
    const text = readFileSync(join(a.home, 'identity.public'), 'latin1');
    expect(ready).toEqual({
      event: 'ready',
      address: text.slice(0, 10),
      port: 9993,
      controller: true,
      home: a.home,
    });
    expect(statSync(join(a.home, 'identity.secret')).mode & 0o777).toBe(0o600);
  });

  it('does not start twice with one home', async () => {
    const second = await up(a, a.home);
    expect([second.code, errorOf(second).code]).toEqual([1, 'HOME_IN_USE']);
    expect(errorOf(second).remedy).toContain('stop it first: kill ');
  });

  it('takes another port where the usual one is taken, and says so', async () => {
    const argv = overspanArgv('up', '--planet', lab.planet, '--home', here.newHome(), '--json');
    const second = a.start(argv, { timeoutMs: 60_000 });
    const { port } = JSON.parse(await second.line(/ready/)) as { port: number };
    expect(port).toBe(9994);
    expect(second.errors).toMatch(/warn {2}another port: the usual one is taken {2}usual=9993/);
    second.signal('SIGTERM');
    expect((await second.ended).code).toBe(0);
    const asked = await up(a, here.newHome(), '--port', '9993');
    expect([asked.code, errorOf(asked).code]).toEqual([1, 'API_PORT_IN_USE']);
  });

  it('says what it lacks where it may not make devices, and runs without them', async () => {
    const home = here.newHome();
    const without = ['setpriv', '--bounding-set', '-net_admin', '--inh-caps', '-net_admin'];
    const words = ['up', '--planet', lab.planet, '--home', home, '--json'];
    const refused = await a.run(...without, ...overspanArgv(...words));
    expect([refused.code, errorOf(refused).code]).toEqual([5, 'TAP_PERMISSION']);
    expect(errorOf(refused).remedy).toMatch(/sudo|root|CAP_NET_ADMIN/);

    const relay = a.start([...without, ...overspanArgv(...words, '--no-devices')]);
    await relay.line(/ready/);
    const joined = await a.run(...overspanArgv('network', 'list', '--home', home));
    expect(joined.stdout).toBe('no network joined\n');
    relay.signal('SIGTERM');
    expect((await relay.ended).code).toBe(0);
  });

  it('refuses a planet, settings and a home that cannot be used', async () => {
    const planet = await up(a, here.newHome(), '--planet', here.path('none'));
    expect([planet.code, errorOf(planet).code]).toEqual([2, 'PLANET_INVALID']);
    const home = here.newHome();
    mkdirSync(home);
    writeFileSync(join(home, 'local.conf'), '{"settings":{"primaryPort":"x"}}');
    const conf = await up(a, home);
    expect([conf.code, errorOf(conf).code]).toEqual([2, 'LOCAL_CONF_INVALID']);
    writeFileSync(join(home, 'local.conf'), '{}');
    writeFileSync(join(home, 'identity.secret'), 'none');
    const identity = await up(a, home);
    expect([identity.code, errorOf(identity).code]).toEqual([1, 'HOME_IDENTITY_INVALID']);
    writeFileSync(here.path('file'), '');
    const file = await up(a, here.path('file'));
    expect([file.code, errorOf(file).code]).toEqual([5, 'HOME_UNUSABLE']);
  });

  it('ends at once where it is stopped while it starts', async () => {
    const argv = overspanArgv('up', '--planet', lab.planet, '--home', here.newHome());
    const starting = a.start(argv);
    await starting.output(/making an identity/);
    starting.signal('SIGINT');
    const ended = await starting.ended;
    expect([ended.code, ended.stdout]).toEqual([130, '']);
  });
});

describeNodes('overspan join, leave, peer and member', () => {
  it('say what is wrong with what they are given', async () => {
    for (const words of [
      ['join', '8056c2e21c'],
      ['leave', 'x'],
      ['member', 'list', 'x'],
      ['member', 'authorize', someNetwork, 'x'],
    ]) {
      const ended = await a.overspan(...words, '--json');
      expect([words, ended.code, errorOf(ended).code]).toEqual([words, 2, 'OPTION_INVALID']);
    }
    const subnet = await a.overspan('network', 'create', '--subnet', '10.0.0.0/33', '--json');
    expect([subnet.code, errorOf(subnet).code]).toEqual([2, 'OPTION_INVALID']);
  });

  it('say that this node owns no such network, or none at all', async () => {
    const codes = async (home: string): Promise<[number | null, string][]> => {
      const found: [number | null, string][] = [];
      for (const words of [
        ['member', 'list', someNetwork],
        ['member', 'authorize', someNetwork, '1a2b3c4d5e'],
      ]) {
        const ended = await a.start(overspanArgv(...words, '--home', home, '--json')).ended;
        found.push([ended.code, errorOf(ended).code]);
      }
      return found;
    };
    expect(await codes(a.home)).toEqual(Array(2).fill([4, 'NETWORK_NOT_OWNED']));
    const home = here.newHome();
    const words = ['--no-controller', '--no-devices', '--planet', lab.planet, '--home', home];
    const other = a.start(overspanArgv('up', ...words), { timeoutMs: 60_000 });
    await other.output(/ready {2}/);
    expect(await codes(home)).toEqual(Array(2).fill([1, 'CONTROLLER_NOT_RUNNING']));
    other.signal('SIGTERM');
    await other.ended;
  });

  it('give up waiting when they were told to, and the node goes on asking', async () => {
    const words = ['join', someNetwork, '--wait', '--timeout', '1'];
    const waited = await a.overspan(...words);
    expect(waited.code).toBe(6);
    expect(waited.stdout).toMatch(
      /^joining 8056c2e21c000001 as \w{10}\nask(ing|ed) the controller 8056c2e21c( \d+ s ago)? · waiting for its answer\n$/,
    );
    const list = await a.overspan('network', 'list');
    expect(list.stdout).toMatch(/8056c2e21c000001 +– +REQUESTING_CONFIGURATION +– +–/);
    expect((await a.overspan('leave', someNetwork)).code).toBe(0);
    const again = await a.overspan('leave', someNetwork, '--json');
    expect([again.code, errorOf(again).code]).toEqual([4, 'NETWORK_NOT_JOINED']);
  });

  it('end with 130 where a wait is interrupted', async () => {
    const waiting = a.start(a.overspanWords('join', someNetwork, '--wait'));
    await waiting.output(/waiting for its answer/);
    waiting.signal('SIGINT');
    expect(await waiting.ended).toMatchObject({ code: 130, stdout: '' });
    expect((await a.overspan('leave', someNetwork)).code).toBe(0);
  });

  it('say where the token is not the daemon’s, or cannot be read', async () => {
    const home = here.newHome();
    mkdirSync(home);
    writeFileSync(join(home, 'zerotier-one.port'), '9993');
    const words = overspanArgv('info', '--home', home, '--json');
    const missing = await a.run(...words);
    expect([missing.code, errorOf(missing).code]).toEqual([5, 'API_TOKEN_MISSING']);
    writeFileSync(join(home, 'authtoken.secret'), 'a'.repeat(24));
    const refused = await a.run(...words);
    expect([refused.code, errorOf(refused).code]).toEqual([5, 'API_TOKEN_REFUSED']);
    chmodSync(home, 0o755);
  });

  it('list roots and leaves as they are reached', async () => {
    const controller = await root.up();
    await a.online();
    const { stdout } = await a.overspan('peer', 'list');
    expect(stdout).toMatch(
      /^address +role +version +latency +path\n\w{10} +planet +\d+\.\d+\.\d+ +\d+ ms +\S+\/9993\n$/,
    );
    const owned = await root.overspan('network', 'list');
    expect(owned.stdout).toBe('no network joined\n');
    const unknown = await root.overspan('member', 'list', someNetwork, '--json');
    expect([unknown.code, errorOf(unknown).code]).toEqual([4, 'NETWORK_NOT_OWNED']);
    const made = await root.overspan('network', 'create', '--name', 'a \u001b[31mlab', '--public');
    expect(made.stdout).toMatch(/^made public network \w{16} "a \\u\{1b\}\[31mlab"\n$/);
    const network = /\w{16}/.exec(made.stdout)?.[0] ?? '';
    const member = await root.overspan('member', 'deauthorize', network, '1a2b3c4d5e', '--json');
    expect([member.code, errorOf(member).code]).toEqual([4, 'MEMBER_UNKNOWN']);
    expect((await root.overspan('network', 'list')).stdout).toMatch(
      new RegExp(`owned\n.*\n {2}${network} .* public +10\\.147\\.17\\.0/24\n$`),
    );
    for (const each of [controller, program]) {
      each.signal('SIGTERM');
      expect((await each.ended).code).toBe(0);
    }
  });
});

describeNodes('a node with CAP_NET_ADMIN and no other right', () => {
  it('joins a network, and sets its device up', async () => {
    const controller = await root.up();
    const only = ['setpriv', '--bounding-set=-all,+net_admin', '--inh-caps=-all,+net_admin'];
    const node = a.start([...only, ...a.overspanWords('up', '--planet', lab.planet)], {
      timeoutMs: 60_000,
    });
    await node.output(/ready {2}/);
    await a.online();
    const made = await root.json<{ network: { id: string } }>('network', 'create', '--public');
    const { isJoined, network } = await a.json<{
      isJoined: boolean;
      network: { portDeviceName: string; assignedAddresses: string[] };
    }>('join', made.network.id);
    expect(isJoined).toBe(true);
    const shown = await a.run('ip', '-br', 'address', 'show', 'dev', network.portDeviceName);
    for (const address of network.assignedAddresses) expect(shown.stdout).toContain(address);
    for (const each of [node, controller]) {
      each.signal('SIGTERM');
      expect((await each.ended).code).toBe(0);
    }
  });
});

describe('overspan root', () => {
  const init = (...words: readonly string[]): Promise<Ended> =>
    here.overspan('root', 'init', ...words);

  it('makes a planet of several roots, and identities where there are none', async () => {
    const out = here.path('two', 'planet');
    const second = here.path('two', 'second.secret');
    const first = here.path('two', 'first.secret');
    const made = await init(
      ...['192.0.2.1', '192.0.2.2:1000,[2001:db8::2]:1001', '--out', out],
      ...['--identity', first, second, '--json'],
    );
    expect(made.code).toBe(0);
    const { roots } = JSON.parse(made.stdout) as {
      roots: { address: string; endpoints: string[]; identityFile: string; isNew: boolean }[];
    };
    expect(roots.map(({ endpoints }) => endpoints)).toEqual([
      ['192.0.2.1/9993'],
      ['192.0.2.2/1000', '2001:db8::2/1001'],
    ]);
    expect(roots.map(({ identityFile, isNew }) => [identityFile, isNew])).toEqual([
      [first, true],
      [second, true],
    ]);
    expect(statSync(second).mode & 0o777).toBe(0o600);
    expect(statSync(`${out}.key`).mode & 0o777).toBe(0o600);
    const shown = await here.overspan('root', 'show', out);
    expect(shown.stdout).toContain(`root       ${roots[1]?.address}  192.0.2.2/1000`);
    expect(shown.stdout).toContain('signed by  the same key');
  });

  it('makes the next revision only where that was asked for, and with the key', async () => {
    const out = here.path('revised');
    const words = ['192.0.2.1', '--out', out, '--identity', here.path('two', 'first.secret')];
    expect((await init(...words)).code).toBe(0);
    const again = await init(...words, '--json');
    expect([again.code, errorOf(again).code]).toEqual([1, 'ROOT_FILES_EXIST']);
    const before = readFileSync(out);
    expect((await init(...words, '--revise')).code).toBe(0);
    const id = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(1, 9)).toString('hex');
    const after = readFileSync(out);
    expect(id(after)).toBe(id(before));
    expect(after.readBigUInt64BE(9)).toBeGreaterThan(before.readBigUInt64BE(9));
    writeFileSync(`${out}.key`, readFileSync(here.path('two', 'planet.key')));
    const wrong = await init(...words, '--revise', '--json');
    expect([wrong.code, errorOf(wrong).code]).toEqual([2, 'WORLD_KEY_INVALID']);
    expect((await init(...words, '--force')).code).toBe(0);
    expect(id(readFileSync(out))).not.toBe(id(before));
  });

  it('refuses endpoints that are none', async () => {
    for (const endpoint of ['x', '192.0.2.1/0', '192.0.2.1/70000', '2001:db8::1:9993/x', '']) {
      const ended = await init(endpoint, '--out', here.path('bad'), '--json');
      expect([endpoint, ended.code, errorOf(ended).code]).toEqual([endpoint, 2, 'OPTION_INVALID']);
    }
  });
});
