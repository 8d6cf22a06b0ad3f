/**
 * Hosts for nodes: network namespaces on one bridge, inside a user namespace of their own. There is no way out of it: no
 * interface of the machine is in it, and no host has a default route.
 *
 * Every node of our own planets is started through here: {@link NodeHost.up}, or {@link NodeHost.start}.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';

import { runCommand } from '../../src/sys/command.ts';
import { shellPrefix, startHolder, type Holder } from '../../src/sys/namespace.ts';
import {
  overspanArgv,
  type Ended,
  type Program,
  type Programs,
  type StartOptions,
} from './program.ts';

/** What `ping.py` prints. */
export interface Pings {
  readonly sent: number;
  readonly received: number;
  /** Seconds from the first request to the first answer. */
  readonly first: number | null;
  readonly rtt_ms: readonly number[];
}

/** A host. */
export interface NodeHost {
  readonly name: string;
  /** On the bridge. */
  readonly ip: string;
  readonly ip6: string;
  /** Of its node. */
  readonly home: string;
  /** The words that run a command here. */
  argv(...words: readonly string[]): string[];
  run(...words: readonly string[]): Promise<Ended>;
  start(words: readonly string[], options?: StartOptions): Program;
  /** The words that run `overspan` with the home of this host, for {@link start}. */
  overspanWords(...words: readonly string[]): string[];
  /** The words that ping, for {@link start}. */
  pingWords(address: string, count: number, intervalS?: number, bytes?: number): string[];
  /** Runs `overspan` with the home of this host, to its end. */
  overspan(...words: readonly string[]): Promise<Ended>;
  /** The same with `--json`; throws where it fails. */
  json<T>(...words: readonly string[]): Promise<T>;
  /** Starts the node with the lab's planet, and waits until its API answers. */
  up(...words: readonly string[]): Promise<Program>;
  /** Waits until the node says that it is online. */
  online(): Promise<void>;
  /** Pings until `count` answers came. */
  ping(address: string, count?: number, intervalS?: number, bytes?: number): Promise<Pings>;
}

/** All hosts. */
export interface NodeHosts {
  readonly planet: string;
  host(name: string): NodeHost;
  /** Runs a command beside the hosts, where the bridge is. */
  run(...words: readonly string[]): Promise<Ended>;
  /** Words before a command that run it beside the hosts. */
  prefix(): readonly string[];
  /** Makes the namespaces, and the planet of which the first host is the root. */
  raise(): Promise<void>;
  /** Takes them away. */
  close(): Promise<void>;
}

/** What hosts may be like. */
export interface NodeHostsOptions {
  /** Whether they have IPv6 on the bridge, too. Default true. */
  readonly hasIpv6?: boolean;
}

/**
 * Hosts, to be raised.
 *
 * @param here - what is started is started here. @param names - the first one is the root
 */
export function nodeHosts(
  here: Omit<Programs, 'close'>,
  names: readonly string[],
  { hasIpv6 = true }: NodeHostsOptions = {},
): NodeHosts {
  let holder: Holder | undefined;
  const planet = here.path('planet');
  const inside = (): readonly string[] => {
    if (holder === undefined) throw new Error('the lab is not there yet');
    return shellPrefix({ kind: 'rootless', holder: holder.identity });
  };
  const hosts = new Map(
    names.map((name, index) => [name, nodeHost(here, inside, name, index + 1, planet)]),
  );
  const host = (name: string): NodeHost => {
    const found = hosts.get(name);
    if (found === undefined) throw new Error(`there is no host ${name}`);
    return found;
  };
  const raise = async (): Promise<void> => {
    holder = await startHolder();
    const ip = async (...words: readonly string[]): Promise<void> => {
      await runCommand([...inside(), 'ip', ...words]);
    };
    await ip('link', 'add', 'br0', 'type', 'bridge');
    await ip('link', 'set', 'br0', 'up');
    for (const { name, ip: address, ip6 } of hosts.values()) {
      await ip('netns', 'add', name);
      const device = ['type', 'veth', 'peer', 'name', 'eth0', 'netns', name] as const;
      await ip('link', 'add', `v-${name}`, ...device);
      await ip('link', 'set', `v-${name}`, 'master', 'br0', 'up');
      await ip('-n', name, 'link', 'set', 'lo', 'up');
      await ip('-n', name, 'address', 'add', `${address}/24`, 'dev', 'eth0');
      if (hasIpv6) await ip('-n', name, 'address', 'add', `${ip6}/64`, 'dev', 'eth0', 'nodad');
      await ip('-n', name, 'link', 'set', 'eth0', 'up');
    }
    const first = host(names[0]!);
    const endpoints = `${first.ip}/9993${hasIpv6 ? `,${first.ip6}/9993` : ''}`;
    const made = await first.overspan('root', 'init', endpoints, '--out', planet);
    if (made.code !== 0) throw new Error(made.stderr);
  };
  return {
    planet,
    host,
    run: (...words) => here.run([...inside(), ...words]),
    prefix: inside,
    raise,
    close: async () => {
      await holder?.stop();
    },
  };
}

function nodeHost(
  here: Omit<Programs, 'close'>,
  inside: () => readonly string[],
  name: string,
  index: number,
  planet: string,
): NodeHost {
  const home = here.path(`home-${name}`);
  const inHost = (...words: readonly string[]): string[] => [
    ...[...inside(), 'ip', 'netns', 'exec', name],
    // Entering a mount namespace moves to its root.
    ...['env', `--chdir=${here.directory}`, ...words],
  ];
  const start = (words: readonly string[], options?: StartOptions): Program =>
    here.start(inHost(...words), options);
  const overspanWords = (...words: readonly string[]): string[] =>
    overspanArgv(...words, '--home', home);
  const overspan = (...words: readonly string[]): Promise<Ended> =>
    start(overspanWords(...words)).ended;
  const pingWords = (address: string, count: number, intervalS = 0.1, bytes = 56): string[] => [
    ...['python3', join(import.meta.dirname, 'ping.py'), address],
    ...[count, intervalS, bytes].map(String),
  ];
  const json = async <T>(...words: readonly string[]): Promise<T> => {
    const ended = await overspan(...words, '--json');
    if (ended.code !== 0)
      throw new Error(`${words.join(' ')}: ${ended.code}\n${ended.stdout}${ended.stderr}`);
    return JSON.parse(ended.stdout) as T;
  };
  return {
    name,
    ip: `10.77.0.${index}`,
    ip6: `fd77::${index}`,
    home,
    argv: inHost,
    run: (...words) => start(words).ended,
    start,
    overspanWords,
    pingWords,
    overspan,
    json,
    up: async (...words) => {
      const argv = overspanWords('up', '--planet', planet, ...words);
      const program = start(argv, { timeoutMs: 600_000 });
      await program.output(/ready {2}/);
      return program;
    },
    online: async () => {
      for (;;) {
        const { online } = await json<{ online: boolean }>('info');
        if (online) return;
        await delay(50);
      }
    },
    ping: async (address, count = 3, intervalS = 0.1, bytes = 56) => {
      const argv = pingWords(address, count, intervalS, bytes);
      const ended = await start(argv, { timeoutMs: 90_000 }).ended;
      if (ended.stdout === '') throw new Error(ended.stderr);
      return JSON.parse(ended.stdout) as Pings;
    },
  };
}
