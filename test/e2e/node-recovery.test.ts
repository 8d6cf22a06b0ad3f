/** What nodes survive: SIGKILL of either side and of the root, a direct path that dies, another address. In namespaces. */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { beforeAll, expect, it } from 'vitest';

import { describeNodes, nodeLab, type NodeHost } from './node-lab.ts';
import { stage, type Program } from './program.ts';

const here = stage('node-recovery');
const lab = nodeLab(here, ['root', 'a', 'b']);
const [root, a, b] = ['root', 'a', 'b'].map((name) => lab.host(name)) as [
  NodeHost,
  NodeHost,
  NodeHost,
];
const programs = new Map<NodeHost, Program>();
let network = '';
/** IPv4 of the network, by host. */
const addresses = new Map<NodeHost, string>();

interface Joined {
  readonly isJoined: boolean;
  readonly network: { readonly assignedAddresses: readonly string[] };
}

interface Peer {
  readonly address: string;
  readonly paths: readonly { readonly expired: boolean }[];
}

/** Seconds until traffic flows, with the name of what happened: for the log of the run. */
async function recovered(what: string, from: NodeHost, to: NodeHost): Promise<number> {
  const { first, received } = await from.ping(addresses.get(to) ?? '', 3, 0.05);
  expect(received, received === 3 ? '' : await stateOf(from, to)).toBe(3);
  console.log(`${what}: ${(first ?? Number.NaN).toFixed(2)} s`);
  return first ?? Infinity;
}

/** What two nodes say of themselves: for who has to find out why a test failed. */
async function stateOf(...hosts: readonly NodeHost[]): Promise<string> {
  const words = [
    ['info', '--json'],
    ['peer', 'list'],
    ['network', 'list'],
  ];
  const said = hosts.map(async (host) => [
    `${host.name}:`,
    programs.get(host)?.errors ?? '',
    ...(await Promise.all(words.map(async (each) => (await host.overspan(...each)).stdout))),
    (await host.run('ip', 'neighbour')).stdout,
    (await host.run('ip', '-br', 'address')).stdout,
  ]);
  return (await Promise.all(said)).flat().join('\n');
}

async function kill(host: NodeHost): Promise<void> {
  await programs.get(host)?.kill();
}

async function restart(host: NodeHost, ...words: readonly string[]): Promise<void> {
  programs.set(host, await host.up('-v', ...words));
}

/** What goes between a and b directly is dropped; what goes to and from the root passes. */
async function setDirect(isPossible: boolean): Promise<void> {
  for (const port of ['v-a', 'v-b'])
    await lab.run(
      ...['ip', 'link', 'set', port, 'type', 'bridge_slave'],
      ...['isolated', isPossible ? 'off' : 'on'],
    );
}

beforeAll(async () => {
  await restart(root);
  await Promise.all([restart(a), restart(b)]);
  const made = await root.json<{ network: { id: string } }>('network', 'create', '--public');
  network = made.network.id;
  for (const host of [a, b]) {
    await host.online();
    const joined = await host.json<Joined>('join', network);
    expect(joined.isJoined).toBe(true);
    const ipv4 = joined.network.assignedAddresses.find((each) => /^\d+\./.test(each));
    addresses.set(host, ipv4?.split('/')[0] ?? '');
  }
  await recovered('join, both authorised', a, b);
});

describeNodes('nodes that talk', () => {
  it('go on over the root when their direct path dies, and directly when it is back', async () => {
    await setDirect(false);
    expect(await recovered('direct path dead, over the root', a, b)).toBeLessThan(10);
    await setDirect(true);
    expect(await recovered('direct path back', a, b)).toBeLessThan(10);
  });

  it('leave a path that the operator blacklists while they run, and take it again', async () => {
    const { address } = await b.json<{ address: string }>('info');
    const isDirect = async (): Promise<boolean> => {
      const { peers } = await a.json<{ peers: Peer[] }>('peer', 'list');
      const paths = peers.find((peer) => peer.address === address)?.paths ?? [];
      return paths.some(({ expired }) => !expired);
    };
    const becomes = async (wanted: boolean): Promise<void> => {
      for (let turn = 0; (await isDirect()) !== wanted; turn++) {
        if (turn === 100) throw new Error(`never: ${wanted ? 'direct' : 'relayed'}`);
        await a.ping(addresses.get(b) ?? '', 1);
        await delay(200);
      }
    };
    await becomes(true);
    const physical = {
      [`${b.ip}/32`]: { blacklist: true },
      [`${b.ip6}/128`]: { blacklist: true },
    };
    writeFileSync(join(a.home, 'local.conf'), JSON.stringify({ physical }));
    await becomes(false);
    expect(await recovered('blacklisted, over the root', a, b)).toBeLessThan(10);
    rmSync(join(a.home, 'local.conf'));
    await becomes(true);
  });

  it('go on while the root is away', async () => {
    await kill(root);
    expect(await recovered('root killed', a, b)).toBeLessThan(10);
    const { joined } = await a.json<{ joined: { status: string }[] }>('network', 'list');
    expect(joined.map(({ status }) => status)).toEqual(['OK']);
  });

  it('are heard by a root that comes back and knows nothing', async () => {
    await restart(root);
    for (const host of [a, b]) await host.online();
    await setDirect(false);
    expect(await recovered('root back, over the root', a, b)).toBeLessThan(15);
    await setDirect(true);
  });

  it('meet again after SIGKILL of one of them, which remembers its network', async () => {
    await kill(b);
    expect((await b.run('ip', '-br', 'link')).stdout).not.toContain('zt');
    expect(readFileSync(join(b.home, 'networks.d', `${network}.conf`), 'latin1')).toContain('nwid');
    await restart(b);
    expect(await recovered('b killed and started, from a', a, b)).toBeLessThan(10);
    await kill(a);
    await restart(a);
    expect(await recovered('a killed and started, from a', a, b)).toBeLessThan(10);
  });

  it('meet again without a root: they remember each other, and where they were', async () => {
    await kill(root);
    const program = programs.get(a);
    program?.signal('SIGTERM');
    expect((await program?.ended)?.code).toBe(0);
    const { address } = await b.json<{ address: string }>('info');
    expect(statSync(join(a.home, 'peers.d', `${address}.peer`)).mode & 0o777).toBe(0o600);
    await restart(a);
    // Who has an IPv4 address is asked of the controller, which is away; a 6PLANE address says so itself.
    const { joined } = await b.json<{ joined: { assignedAddresses: string[] }[] }>(
      'network',
      'list',
    );
    const sixPlane = joined[0]?.assignedAddresses.find((each) => each.endsWith('/40')) ?? '';
    const { received, first } = await a.ping(sixPlane.split('/')[0] ?? '', 3, 0.05);
    console.log(`a started without a root, from a: ${(first ?? Number.NaN).toFixed(2)} s`);
    expect(received, received === 3 ? '' : await stateOf(a, b)).toBe(3);
    expect(first).toBeLessThan(10);
    expect(await a.json('info')).toMatchObject({ online: false });
    await restart(root);
    for (const host of [a, b]) await host.online();
  });

  it('meet again after one of them got another address', async () => {
    const change = async (from: string, to: string): Promise<void> => {
      // In this order: with the first address of a subnet Linux takes the others away.
      await a.run('ip', 'address', 'del', from, 'dev', 'eth0');
      await a.run('ip', 'address', 'add', to, 'dev', 'eth0');
    };
    await change(`${a.ip}/24`, '10.77.0.99/24');
    await a.run('ip', 'address', 'del', `${a.ip6}/64`, 'dev', 'eth0');
    expect(await recovered('address changed, from a', a, b)).toBeLessThan(10);
    expect(await recovered('address changed, from b', b, a)).toBeLessThan(10);
    const info = await a.json<{ config: { settings: { listeningOn: string[] } } }>('info');
    expect(info.config.settings.listeningOn).toEqual(['10.77.0.99/9993']);
  });
});
