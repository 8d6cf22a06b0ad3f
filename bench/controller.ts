/**
 * What a controller does in a second, ours and, where there is a `zerotier-one`, the official one, each as root and controller
 * in a network namespace: configuration requests of members in another namespace, a change pushed to all of them, members made
 * and listed through the API, and the memory of many. The members, the API's client and the controller share the machine's
 * processors.
 *
 * `npm run bench controller -- [--members N] [--networks N] [--seconds S] [--many N]`
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';

import { tableLines } from '../src/cli/table.ts';
import { quantileSorted } from '../src/harness/stats/quantile.ts';
import { processUsage } from '../src/sys/process-usage.ts';
import { nodeHosts, type NodeHost } from '../test/programs/node-hosts.ts';
import { openPrograms, type Program, type Programs } from '../test/programs/program.ts';
import type { ApiOrder } from './controller-api.ts';
import type { LoadOrder } from './controller-load.ts';
import { officialKind, overspanKind, type NodeKind } from './recovery/kinds.ts';

const port = 9_993;

interface Settings {
  /** At most 250: each has a network of addresses of its own, as on the internet. */
  readonly members: number;
  readonly networks: number;
  readonly seconds: number;
  /** Networks of 1,000 members each for memory; 0: not measured. */
  readonly many: number;
}

type Figures = Readonly<Record<string, number>>;

/** Measures and prints. @returns whether ours answers at least as many requests a second */
export async function run(words: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      members: { type: 'string', default: '250' },
      networks: { type: 'string', default: '20' },
      seconds: { type: 'string', default: '8' },
      many: { type: 'string', default: '100' },
    },
  });
  const settings: Settings = {
    members: Number(values.members),
    networks: Number(values.networks),
    seconds: Number(values.seconds),
    many: Number(values.many),
  };
  const official = officialKind();
  const kinds = [overspanKind, ...(official === null ? [] : [official])];
  const found = new Map<NodeKind, Figures>();
  const programs = openPrograms('controller');
  const lab = nodeHosts(programs, ['root', 'a'], { hasIpv6: false });
  try {
    await lab.raise();
    for (const kind of kinds) {
      process.stderr.write(`${kind.name}\n`);
      found.set(
        kind,
        await measured(programs, lab.planet, [lab.host('root'), lab.host('a')], kind, settings),
      );
    }
  } finally {
    await programs.close();
    await lab.close();
  }
  return print(kinds, found);
}

async function measured(
  programs: Programs,
  planet: string,
  [root, a]: readonly [NodeHost, NodeHost],
  kind: NodeKind,
  settings: Settings,
): Promise<Figures> {
  const home = programs.path(`home-${kind.name}`);
  mkdirSync(home);
  // The official node takes both files or makes an identity of its own.
  const secret = readFileSync(join(root.home, 'identity.secret'), 'latin1').trim();
  writeFileSync(join(home, 'identity.secret'), secret, { mode: 0o600 });
  writeFileSync(join(home, 'identity.public'), secret.split(':').slice(0, 3).join(':'));
  copyFileSync(planet, join(home, 'planet'));
  await kind.prepare(home);
  // Answers to the members' addresses have a way.
  await root.run('ip', 'route', 'replace', '10.78.0.0/16', 'dev', 'eth0');
  const daemon = root.start(kind.argv(home), { timeoutMs: 3_600_000 });
  const api = apiOf(root, home);
  const made = await api({ kind: 'networks', count: settings.networks });
  const networks = made['ids'] as unknown as string[];
  const addresses = Array.from({ length: settings.members }, (_, i) => `10.78.${i}.1`);
  for (const address of addresses)
    await a.run('ip', 'address', 'replace', `${address}/32`, 'dev', 'eth0');
  const shown = await root.json<{ id: string; timestamp: string }>('root', 'show', planet);
  const order: LoadOrder = {
    controller: {
      identity: readFileSync(join(home, 'identity.public'), 'latin1').trim(),
      ip: root.ip,
      port,
    },
    planet: { id: shown.id, timestamp: shown.timestamp },
    networks,
    addresses,
    seconds: settings.seconds,
    inFlight: 64,
  };
  const load = startOf(a, './controller-load.ts', order);
  const met = JSON.parse(await load.line(/"met"/, 120_000)) as { met: number };
  const idleNs = processorNs(daemon.pid);
  const asked = JSON.parse(await load.line(/"latencies"/, settings.seconds * 1_000 + 60_000)) as {
    answered: number;
    lost: number;
    tookS: number;
    latencies: number[];
  };
  const busyNs = processorNs(daemon.pid) - idleNs;
  await load.line(/"ready"/, 120_000);
  load.write('push\n');
  const change = await api({ kind: 'push', network: networks[0] ?? '' });
  const push = JSON.parse(await load.line(/"pushes"/, 60_000)) as { pushes: string[] };
  const sentNs = BigInt(change['sentNs'] as unknown as string);
  const pushMs = push.pushes.map((ns) => Number(BigInt(ns) - sentNs) / 1e6);
  await load.ended;
  const members = await api({ kind: 'members', count: 2_000 });
  const before = residentMiB(daemon.pid);
  const many =
    settings.many === 0
      ? {}
      : await api({ kind: 'many', networks: settings.many, isOverspan: kind === overspanKind });
  const after = residentMiB(daemon.pid);
  daemon.signal('SIGTERM');
  await daemon.ended;
  return {
    'members that were met': met.met,
    'configuration requests answered a second': asked.answered / asked.tookS,
    'processor time of the controller for each, µs': busyNs / 1e3 / asked.answered,
    'of those asked lost, %': (100 * asked.lost) / Math.max(1, asked.answered + asked.lost),
    'answer, p50 ms': quantileSorted(asked.latencies, 0.5),
    'answer, p99 ms': quantileSorted(asked.latencies, 0.99),
    'members that got a change': pushMs.length,
    'a change at half of them, ms': quantileSorted(pushMs, 0.5),
    'a change at the last, ms': pushMs.at(-1) ?? Number.NaN,
    'members made a second': members['perSecond'] as number,
    'listing 1,000 members, ms': members['listMs'] as number,
    ...(settings.many === 0
      ? {}
      : {
          [`MiB more with ${settings.many} networks of 1,000`]: after - before,
          [`… made a second`]: many['perSecond'] as number,
        }),
  };
}

/** A program of the API's client in the namespace of the controller, run to its end. */
function apiOf(
  root: NodeHost,
  home: string,
): (order: ApiOrder['what']) => Promise<Record<string, number>> {
  return async (what) => {
    const program = startOf(root, './controller-api.ts', { home, port, what });
    const ended = await program.ended;
    if (ended.code !== 0) throw new Error(ended.stderr);
    return JSON.parse(ended.stdout.trim().split('\n').at(-1) ?? '') as Record<string, number>;
  };
}

function startOf(host: NodeHost, name: string, order: object): Program {
  const file = fileURLToPath(new URL(name, import.meta.url));
  const words = [process.execPath, ...process.execArgv, file, JSON.stringify(order)];
  return host.start(words, { timeoutMs: 1_800_000 });
}

/** User and system, of all threads. */
function processorNs(pid: number): number {
  return processUsage(pid)?.cpuNs ?? Number.NaN;
}

function residentMiB(pid: number): number {
  return (processUsage(pid)?.residentBytes ?? Number.NaN) / 2 ** 20;
}

function print(kinds: readonly NodeKind[], found: ReadonlyMap<NodeKind, Figures>): boolean {
  const [ours, reference] = kinds.map((kind) => found.get(kind));
  const names = Object.keys(ours ?? {});
  const show = (value: number | undefined): string =>
    value === undefined || Number.isNaN(value) ? '–' : value.toFixed(value < 10 ? 2 : 0);
  const rows = names.map((name) => {
    const [mine, theirs] = [ours?.[name], reference?.[name]];
    const ratio =
      mine !== undefined && theirs !== undefined && theirs !== 0 ? mine / theirs : undefined;
    return [name, show(mine), ...(reference === undefined ? [] : [show(theirs), show(ratio)])];
  });
  const head = ['', ...kinds.map(({ name }) => name), ...(reference === undefined ? [] : ['×'])];
  for (const line of tableLines(head, rows)) console.log(line);
  const perSecond = 'configuration requests answered a second';
  return reference === undefined || (ours?.[perSecond] ?? 0) >= (reference[perSecond] ?? 0);
}
