/** What setting up a device must do, as a suite; looked at with `ip`, which is none of ours. */
import { afterEach, describe, expect, it } from 'vitest';

import type { Mac, NetworkId } from '../../src/base/ids.ts';
import type { IpPrefix, Route, TapState } from '../../src/core/ports.ts';
import type { DeviceSetup, OpenDevice } from '../../src/io/netif/port.ts';
import { runCommand } from '../../src/sys/command.ts';

export interface NetifExpectations {
  /** A device that is up and has nothing of its own but a link-local address. */
  readonly device: string;
  /** Another, with 172.31.0.1/24. */
  readonly other: string;
}

interface JsonAddress {
  readonly local: string;
  readonly prefixlen: number;
  readonly scope: string;
  readonly tentative?: boolean;
}

interface JsonRoute {
  readonly dst: string;
  readonly gateway?: string;
  readonly metric?: number;
  readonly protocol: string;
}

/** What `ip` says of a device. */
export async function seenOf(
  device: string,
): Promise<{ mtu: number; addresses: string[]; routes: string[] }> {
  const read = async (...words: string[]): Promise<unknown> => {
    const { stdout } = await runCommand(['ip', '-j', ...words]);
    return JSON.parse(stdout === '' ? '[]' : stdout);
  };
  const [links, v4, v6] = (await Promise.all([
    read('address', 'show', 'dev', device),
    read('-4', 'route', 'show', 'dev', device),
    read('-6', 'route', 'show', 'dev', device),
  ])) as [{ mtu: number; addr_info: JsonAddress[] }[], JsonRoute[], JsonRoute[]];
  const { mtu, addr_info } = links[0]!;
  return {
    mtu,
    addresses: addr_info
      .filter(({ scope }) => scope === 'global')
      .map((a) => `${a.local}/${a.prefixlen}${a.tentative === true ? ' tentative' : ''}`)
      .sort(),
    routes: [...v4, ...v6]
      .filter(({ protocol }) => protocol === 'static')
      .map(({ dst, gateway, metric }) =>
        [dst, ...(gateway === undefined ? [] : ['via', gateway]), metric ?? 0].join(' '),
      )
      .sort(),
  };
}

/** `10.1.0.0/16` */
export function prefix(text: string): IpPrefix {
  const [ip = '', bits = ''] = text.split('/');
  return { ip, bits: Number(bits) };
}

/** A route. */
export function route(target: string, via: string | null = null, metric = 0): Route {
  return { target: prefix(target), via, metric };
}

/** A state with what matters here. */
export function stateOf(
  addresses: readonly string[],
  routes: readonly Route[] = [],
  mtu = 2800,
): TapState {
  return {
    networkId: 1n as NetworkId,
    mac: 0x3211_2233_4455 as Mac,
    mtu,
    addresses: addresses.map(prefix),
    routes,
    dnsDomain: '',
    dnsServers: [],
    deviceName: 'zttest0',
  };
}

/** Declares the tests of one implementation. */
export function netifConformance(open: OpenDevice, { device, other }: NetifExpectations): void {
  const opened: DeviceSetup[] = [];
  const take = (name = device): DeviceSetup => {
    const setup = open(name);
    opened.push(setup);
    return setup;
  };
  afterEach(async () => {
    for (const setup of opened.splice(0)) {
      setup.withdraw();
      setup.close();
      setup.close();
    }
    expect(await seenOf(device)).toEqual({ mtu: 1500, addresses: [], routes: [] });
  });

  it('applies addresses of both families, routes and the MTU, ready to be used', async () => {
    const problems = take().apply(
      stateOf(
        ['10.147.17.21/24', 'fd80:56c2:e21c::1/88', '10.9.9.9/32'],
        [
          route('10.147.17.0/24'),
          route('192.168.0.0/16', '10.147.17.1', 50),
          route('172.20.0.0/14'),
          route('fd00:1::/48', 'fd80:56c2:e21c::2'),
        ],
      ),
    );
    expect(problems).toEqual([]);
    expect(await seenOf(device)).toEqual({
      mtu: 2800,
      addresses: ['10.147.17.21/24', '10.9.9.9/32', 'fd80:56c2:e21c::1/88'],
      routes: [
        '172.20.0.0/14 0',
        '192.168.0.0/16 via 10.147.17.1 50',
        'fd00:1::/48 via fd80:56c2:e21c::2 1024',
      ],
    });
  });

  it('gives IPv4 its broadcast address', async () => {
    take().apply(stateOf(['10.147.17.21/20']));
    const { stdout } = await runCommand(['ip', '-4', 'address', 'show', 'dev', device]);
    expect(stdout).toContain('inet 10.147.17.21/20 brd 10.147.31.255 ');
  });

  it('goes from one state to another: what is new comes, what is not in it goes', async () => {
    const setup = take();
    setup.apply(
      stateOf(
        ['10.1.0.1/24', '10.2.0.1/24'],
        [route('10.3.0.0/16', '10.1.0.9'), route('10.4.0.0/16')],
      ),
    );
    const next = stateOf(
      ['10.2.0.1/24', '10.5.0.1/16'],
      [route('10.3.0.0/16', '10.2.0.9'), route('10.6.0.0/16')],
      1400,
    );
    expect(setup.apply(next)).toEqual([]);
    const expected = {
      mtu: 1400,
      addresses: ['10.2.0.1/24', '10.5.0.1/16'],
      routes: ['10.3.0.0/16 via 10.2.0.9 0', '10.6.0.0/16 0'],
    };
    expect(await seenOf(device)).toEqual(expected);
    expect(setup.apply(next)).toEqual([]);
    expect(await seenOf(device)).toEqual(expected);
  });

  it('keeps the second address of a network when the first goes', async () => {
    const setup = take();
    setup.apply(stateOf(['10.1.0.1/24', '10.1.0.2/24'], [route('10.9.0.0/16', '10.1.0.9')]));
    expect(setup.apply(stateOf(['10.1.0.2/24'], [route('10.9.0.0/16', '10.1.0.9')]))).toEqual([]);
    expect(await seenOf(device)).toMatchObject({
      addresses: ['10.1.0.2/24'],
      routes: ['10.9.0.0/16 via 10.1.0.9 0'],
    });
  });

  it('mends what others took away, and leaves what others added', async () => {
    const setup = take();
    const state = stateOf(['10.1.0.1/24'], [route('10.9.0.0/16')]);
    setup.apply(state);
    await runCommand(['ip', 'address', 'flush', 'dev', device, 'scope', 'global']);
    await runCommand(['ip', 'address', 'add', '10.77.0.1/24', 'dev', device]);
    expect(setup.apply(state)).toEqual([]);
    expect((await seenOf(device)).addresses).toEqual(['10.1.0.1/24', '10.77.0.1/24']);
    expect((await seenOf(device)).routes).toEqual(['10.9.0.0/16 0']);
    expect(setup.withdraw()).toEqual([]);
    expect((await seenOf(device)).addresses).toEqual(['10.77.0.1/24']);
    await runCommand(['ip', 'address', 'delete', '10.77.0.1/24', 'dev', device]);
  });

  it('leaves routes of the machine alone, says so, and does the rest', async () => {
    const setup = take();
    await runCommand(['ip', 'route', 'add', '10.50.0.0/16', 'dev', other, 'proto', 'static']);
    try {
      const problems = setup.apply(
        stateOf(
          ['10.1.0.1/24'],
          // The second is a network that the machine is in.
          [route('10.50.0.0/16'), route('172.31.0.0/24', '10.1.0.9'), route('10.60.0.0/16')],
        ),
      );
      expect(problems.map(({ code }) => code)).toEqual(['NETIF_ROUTE_TAKEN', 'NETIF_ROUTE_TAKEN']);
      expect(problems[0]!.message).toContain('the route to 10.50.0.0/16');
      expect((await seenOf(device)).routes).toEqual(['10.60.0.0/16 0']);
      expect(setup.withdraw()).toEqual([]);
      expect(await seenOf(other)).toMatchObject({
        addresses: ['172.31.0.1/24'],
        routes: ['10.50.0.0/16 0'],
      });
    } finally {
      await runCommand(['ip', 'route', 'delete', '10.50.0.0/16', 'dev', other]);
    }
  });

  it('says what a network asks for that cannot be, and does the rest', async () => {
    const problems = take().apply(
      stateOf(
        ['10.1.0.1/33', '10.1.0.1/24', 'nonsense/8', 'fd00::1/129'],
        [route('10.0.0.0/8', 'fd00::1'), route('10.7.0.0/16', '203.0.113.1'), route('10.8.0.0/16')],
      ),
    );
    expect(problems.map(({ code }) => code)).toEqual(Array(5).fill('NETIF_REFUSED'));
    expect(problems.at(-1)!.message).toContain('10.7.0.0/16 through 203.0.113.1');
    expect(await seenOf(device)).toMatchObject({
      addresses: ['10.1.0.1/24'],
      routes: ['10.8.0.0/16 0'],
    });
  });

  it('says that IPv6 is off', async () => {
    const sysctl = `net.ipv6.conf.${device}.disable_ipv6`;
    await runCommand(['sysctl', '-w', `${sysctl}=1`]);
    try {
      const problems = take().apply(stateOf(['fd00::1/64', '10.1.0.1/24']));
      expect(problems.map(({ code }) => code)).toEqual(['NETIF_IPV6_OFF']);
      expect(problems[0]!.remedy).toContain(`${sysctl}=0`);
      expect((await seenOf(device)).addresses).toEqual(['10.1.0.1/24']);
    } finally {
      await runCommand(['sysctl', '-w', `${sysctl}=0`]);
    }
  });

  describe('of a device that is not there', () => {
    it('says so', () => {
      expect(() => take('zzz0')).toThrow(
        expect.objectContaining({ code: 'NETIF_MISSING' }) as Error,
      );
    });

    it('has nothing to withdraw', async () => {
      await runCommand(['ip', 'link', 'add', 'gone0', 'type', 'veth', 'peer', 'gone1']);
      await runCommand(['ip', 'link', 'set', 'gone0', 'up']);
      const setup = take('gone0');
      expect(setup.apply(stateOf(['10.1.0.1/24'], [route('10.9.0.0/16')]))).toEqual([]);
      await runCommand(['ip', 'link', 'delete', 'gone0']);
      expect(setup.withdraw()).toEqual([]);
      expect(setup.apply(stateOf(['10.1.0.1/24'])).map(({ code }) => code)).toContain(
        'NETIF_MISSING',
      );
    });
  });
}
