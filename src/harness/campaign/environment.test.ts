import { describe, expect, it } from 'vitest';

import type { Clock } from '../../base/clock.ts';
import { smallestStepNs, takeEnvironment, type EnvironmentSources } from './environment.ts';
import { environmentSchema } from './record.ts';

const clock: Clock = { nowNs: () => 7_000, wallMs: () => 1_760_000_000_000 };

const request = {
  when: 'before' as const,
  originNs: 2_000,
  clock,
  versions: { overspan: '0.1.0' },
  targets: [
    { path: 'direct', host: 'server.example', address: '192.0.2.7' },
    { path: 'named', host: 'server.example', address: null },
  ],
};

const host = {
  hostname: 'h',
  systemName: 'Linux',
  systemRelease: '6.12',
  cpuModel: null,
  cpuCount: 2,
  memoryBytes: 1024,
  loadAverage: [1, 2, 3],
};

// Printed by iproute2 6.15 and ethtool 6.14 on Debian 13, cut to what matters and a field more.
const printed: Readonly<Record<string, string>> = {
  'ip -j route get 192.0.2.7':
    '[{"dst":"192.0.2.7","gateway":"10.0.0.1","dev":"vx0","prefsrc":"10.0.0.2","flags":[],"uid":0,"cache":[],"metrics":[{"congestion":"cubic"}]}]',
  'ip -j -d link show dev vx0':
    '[{"ifindex":4,"ifname":"vx0","mtu":1450,"qdisc":"noqueue","link_type":"ether","linkinfo":{"info_kind":"vxlan","info_data":{"id":7}}}]',
  'tc -j qdisc show dev vx0': '[{"kind":"mq","root":true},{"kind":"fq_codel"},{"kind":"fq_codel"}]',
  'ethtool -k vx0':
    'Features for vx0:\ntx-checksumming: on\n\ttx-checksum-ipv4: off [fixed]\ntcp-segmentation-offload: off [requested on]\ntx-udp-segmentation: on\nhighdma: on [fixed]\n',
};

const files: Readonly<Record<string, string>> = {
  '/etc/os-release': 'ID=debian\nPRETTY_NAME="Debian 13"\n',
  '/proc/stat': 'cpu  100 2 30 400 5 0 6 70 20 0\ncpu0 100 2 30 400 5 0 6 70 20 0\nintr 1 2\n',
};

const played: EnvironmentSources = {
  host: () => host,
  readText: (path) => Promise.resolve(files[path] ?? null),
  run: (argv) => {
    const stdout = printed[argv.join(' ')];
    return stdout === undefined
      ? Promise.reject(new Error('not there'))
      : Promise.resolve({ stdout });
  },
};

describe('the environment', () => {
  it('says what packets of a path meet', async () => {
    const environment = await takeEnvironment(request, played);
    expect(environment.paths[0]).toEqual({
      path: 'direct',
      host: 'server.example',
      interface: 'vx0',
      sourceAddress: '10.0.0.2',
      gateway: '10.0.0.1',
      mtuBytes: 1450,
      linkKind: 'vxlan',
      qdisc: 'mq fq_codel',
      congestionControl: 'cubic',
      offloads: {
        'tx-checksumming': true,
        'tcp-segmentation-offload': false,
        'tx-udp-segmentation': true,
      },
    });
    expect(environment).toMatchObject({ atNs: 5_000, os: 'Debian 13', loadAverage: [1, 2, 3] });
    expect(environment.processorTime).toEqual({ totalMs: 6_130, stolenMs: 700 });
    expect(environmentSchema.parse(environment)).toEqual(environment);
  });

  it('asks no tool about a name that has no address', async () => {
    const environment = await takeEnvironment(request, played);
    expect(environment.paths[1]).toMatchObject({ path: 'named', interface: null, mtuBytes: null });
  });

  it.each<[string, EnvironmentSources['run']]>([
    ['has none of the tools', () => Promise.reject(new Error('ENOENT'))],
    ['has tools that print rubbish', () => Promise.resolve({ stdout: '[{"dev":4}' })],
    ['has tools that print another shape', () => Promise.resolve({ stdout: '{}' })],
  ])('is mostly null, and whole, on a host that %s', async (_name, run) => {
    const bare = { ...played, run, readText: () => Promise.resolve(null) };
    const environment = await takeEnvironment(request, bare);
    expect(environmentSchema.parse(environment)).toEqual(environment);
    expect(environment).toMatchObject({ os: null, clockSynchronised: null, clockSource: null });
    expect(environment.processorTime).toBeNull();
    expect(environment.paths[0]).toMatchObject({ interface: null, offloads: null, qdisc: null });
  });
});

describe('the step of the clock', () => {
  it('is the smallest that was seen', () => {
    let nowNs = 0;
    let reading = 0;
    const stepping: Clock = { ...clock, nowNs: () => (nowNs += reading++ % 3 === 0 ? 0 : 40) };
    expect(smallestStepNs(stepping)).toBe(40);
  });

  it('is unknown for a clock that stands still', () => {
    expect(smallestStepNs(clock)).toBeNull();
  });
});
