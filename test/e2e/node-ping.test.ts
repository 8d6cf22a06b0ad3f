/** Two nodes on a root of our own: join, ping, TCP, leave. In namespaces, with the built program. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { describeNodes, nodeLab, type NodeHost } from './node-lab.ts';
import { errorOf, stage, type Program } from './program.ts';
import { copyOverTcp } from './tcp-copy.ts';

const here = stage('node-ping');
const lab = nodeLab(here, ['root', 'a', 'b']);
const [root, a, b] = ['root', 'a', 'b'].map((name) => lab.host(name)) as [
  NodeHost,
  NodeHost,
  NodeHost,
];

/** How much is copied; 1024 for the long run. */
const mebibytes = Number(process.env['OVERSPAN_TCP_MIB'] ?? 64);

interface Info {
  readonly address: string;
  readonly planetWorldId: number;
}
interface JoinedNetwork {
  readonly isJoined: boolean;
  readonly network: {
    readonly status: string;
    readonly assignedAddresses: readonly string[];
    readonly portDeviceName: string;
  };
}

const programs = new Map<NodeHost, Program>();
let network = '';
/** Of the network, by host: IPv4, RFC 4193, 6PLANE. */
const addresses = new Map<NodeHost, { ipv4: string; rfc4193: string; sixPlane: string }>();

function addressesOf(host: NodeHost): { ipv4: string; rfc4193: string; sixPlane: string } {
  const found = addresses.get(host);
  if (found === undefined) throw new Error(`${host.name} has not joined`);
  return found;
}
const devices = async (host: NodeHost): Promise<string> =>
  (await host.run('ip', '-br', 'link')).stdout;

describeNodes('nodes on a root of our own', () => {
  it('are online at once', async () => {
    programs.set(root, await root.up());
    for (const host of [a, b]) programs.set(host, await host.up());
    for (const host of [root, a, b]) await host.online();
  });

  it('know no other root, and have no way out', async () => {
    const planet = await root.json<{ planet: unknown; id: string }>('root', 'show', lab.planet);
    const { address: rootAddress } = await root.json<Info>('info');
    for (const host of [root, a, b]) {
      const { planetWorldId } = await host.json<Info>('info');
      expect(BigInt(planetWorldId)).toBe(BigInt(`0x${planet.id}`));
      const { peers } = await host.json<{ peers: { address: string; role: string }[] }>(
        'peer',
        'list',
      );
      const roots = peers.filter(({ role }) => role !== 'LEAF').map(({ address }) => address);
      expect(roots).toEqual(host === root ? [] : [rootAddress]);
      for (const family of ['-4', '-6']) {
        const routes = (await host.run('ip', family, 'route', 'show', 'table', 'all')).stdout;
        expect(routes).not.toMatch(/^default|^0\.0\.0\.0|^::\/0|\bvia\b/m);
      }
    }
    const links = (await lab.run('ip', '-br', 'link')).stdout.split('\n').slice(0, -1);
    const names = links.map((line) => line.split(/[@ ]/)[0]);
    expect(names.sort()).toEqual(['br0', 'lo', 'v-a', 'v-b', 'v-root']);
  });

  it('wait to be authorised, and say so', async () => {
    const words = ['network', 'create', '--name', 'lab', '--subnet', '10.144.0.0/24'];
    const made = await root.json<{ network: { id: string } }>(...words);
    network = made.network.id;
    const waiting = a.start(a.overspanWords('join', network, '--wait'), { timeoutMs: 30_000 });
    const { address } = await a.json<Info>('info');
    const rootAddress = network.slice(0, 10);
    await waiting.output(
      new RegExp(
        `asked the controller ${rootAddress} \\d+ s ago · ` +
          `waiting to be authorised: overspan member authorize ${network} ${address}\n`,
      ),
    );
    const listed = await root.overspan('member', 'list', network);
    expect(listed.stdout).toMatch(new RegExp(`${address} +– +waiting `));
    expect(await root.overspan('member', 'authorize', network, address)).toMatchObject({ code: 0 });
    const joined = await waiting.ended;
    expect(joined.code).toBe(0);
    expect(joined.stdout).toMatch(
      new RegExp(
        `^joined ${network} "lab" as ${address}\n` +
          'address  10\\.144\\.0\\.\\d+/24, fd[0-9a-f:]+/88, fc[0-9a-f:]+/40 {4}' +
          'device  zt\\w{8} {4}after \\d+\\.\\d s\n$',
      ),
    );
    expect((await a.overspan('network', 'list')).stdout).toMatch(
      new RegExp(`^ {2}${network} +lab +OK +zt\\w{8} +10\\.144\\.0\\.\\d+/24, fd.*, fc`, 'm'),
    );
    const { joined: networks } = await a.json<{ joined: object[] }>('network', 'list');
    expect(networks).toMatchObject([{ dns: { domain: '', servers: [] } }]);
  });

  it('are told where a network does not exist, with the digits to look at', async () => {
    const { address } = await root.json<Info>('info');
    const nowhere = `${address}fffff1`;
    const told = await b.overspan('join', nowhere, '--wait', '--json');
    expect([told.code, errorOf(told).code]).toEqual([4, 'NETWORK_NOT_FOUND']);
    expect(errorOf(told).remedy).toContain(`overspan leave ${nowhere}`);
    // Without waiting it is no different: the answer is there.
    const again = await b.overspan('join', nowhere);
    expect([again.code, again.stdout]).toEqual([4, '']);
    expect(again.stderr).toMatch(/^NETWORK_NOT_FOUND: .*\nremedy: /);
    expect((await b.overspan('leave', nowhere)).code).toBe(0);
  });

  it('that were authorised before are let in at once', async () => {
    const { address } = await b.json<Info>('info');
    await root.json('member', 'authorize', network, address);
    const joined = await b.json<JoinedNetwork>('join', network);
    expect(joined).toMatchObject({ isJoined: true, network: { status: 'OK' } });
  });

  it('have the addresses of the network on their devices, and no others', async () => {
    for (const host of [a, b]) {
      const { joined } = await host.json<{ joined: JoinedNetwork['network'][] }>('network', 'list');
      const device = joined[0]?.portDeviceName ?? '';
      const assigned = [...(joined[0]?.assignedAddresses ?? [])];
      const shown = (await host.run('ip', '-br', 'address', 'show', 'dev', device)).stdout;
      const there = shown.trim().split(/\s+/).slice(2);
      expect(there.filter((each) => !each.startsWith('fe80')).sort()).toEqual(assigned.sort());
      const find = (pattern: RegExp): string =>
        assigned.find((each) => pattern.test(each))?.split('/')[0] ?? '';
      addresses.set(host, {
        ipv4: find(/^10\./),
        rfc4193: find(/^fd.*\/88$/),
        sixPlane: find(/^fc.*\/40$/),
      });
    }
  });

  it('ping each other over IPv4, RFC 4193 and 6PLANE', async () => {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const)
      for (const [kind, address] of Object.entries(addressesOf(to))) {
        const { received, first } = await from.ping(address, 5);
        expect([kind, received]).toEqual([kind, 5]);
        expect(first).toBeLessThan(10);
      }
  });

  it('find a direct path', async () => {
    const { address } = await b.json<Info>('info');
    const list = await a.json<{ peers: { address: string; paths: { expired: boolean }[] }[] }>(
      'peer',
      'list',
    );
    const peer = list.peers.find((each) => each.address === address);
    expect(peer?.paths.filter(({ expired }) => !expired).length).toBeGreaterThan(0);
  });

  it('carry what does not fit into one datagram', async () => {
    const { ipv4, rfc4193 } = addressesOf(b);
    for (const address of [ipv4, rfc4193])
      for (const bytes of [1400, 2700, 8000])
        expect((await a.ping(address, 3, 0.05, bytes)).received).toBe(3);
  });

  it(
    `move ${mebibytes} MiB over TCP as they are`,
    async () => {
      const copies = [
        [a, b, addressesOf(b).ipv4],
        [b, a, addressesOf(a).rfc4193],
      ] as const;
      for (const [from, to, address] of copies) {
        const { sent, received, seconds } = await copyOverTcp(from, to, address, mebibytes);
        expect(received).toEqual(sent);
        expect(received.bytes).toBe(mebibytes * 2 ** 20);
        console.log(
          `${mebibytes} MiB to ${address}: ${((mebibytes * 8.39) / seconds).toFixed(0)} Mbit/s`,
        );
      }
    },
    120_000 + mebibytes * 1_000,
  );

  it('take the device away when the network is left, and only then forget it', async () => {
    const conf = join(b.home, 'networks.d', `${network}.conf`);
    expect(readFileSync(conf, 'latin1')).toContain(network);
    expect(await devices(b)).toContain('zt');
    expect(await b.overspan('leave', network)).toMatchObject({
      code: 0,
      stdout: `left ${network}\n`,
    });
    expect(await devices(b)).not.toContain('zt');
    expect(existsSync(conf)).toBe(false);
    expect((await b.overspan('leave', network)).stderr).toMatch(/^NETWORK_NOT_JOINED/);
    expect((await b.json<JoinedNetwork>('join', network)).isJoined).toBe(true);
    expect((await a.ping(addressesOf(b).ipv4, 3)).received).toBe(3);
  });

  it('are put out by the controller, and let in again', async () => {
    const { address } = await b.json<Info>('info');
    await root.json('member', 'deauthorize', network, address);
    const { ipv4 } = addressesOf(b);
    const blocked = a.start(a.pingWords(ipv4, 1), { timeoutMs: 5_000 });
    await expect(blocked.ended).rejects.toThrow(/took more than/);
    await root.json('member', 'authorize', network, address);
    expect((await a.ping(ipv4, 3)).received).toBe(3);
  });

  it('end when they are told to, and leave nothing behind', async () => {
    for (const [host, program] of programs) {
      program.signal(host === b ? 'SIGINT' : 'SIGTERM');
      const ended = await program.ended;
      expect([host.name, ended.code, ended.signal]).toEqual([host.name, 0, null]);
      expect(ended.stderr.trimEnd().split('\n').at(-1)).toMatch(/ stopped$/);
      expect(await devices(host)).not.toContain('zt');
      expect(existsSync(join(host.home, 'zerotier-one.pid'))).toBe(false);
    }
  });
});
