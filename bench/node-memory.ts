/**
 * What a node takes of memory: a process that is online and idle, each network that it joins, and each peer that it knows.
 * Processes are real ones in namespaces, beside the official one where there is any; peers are counted in a process where
 * the garbage can be collected first.
 *
 * `npm run bench memory -- [--runs N]`
 */
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { tableLines } from '../src/cli/table.ts';
import { quantileSorted, sortedCopy } from '../src/harness/stats/quantile.ts';
import { nodeHosts, type NodeHost } from '../test/programs/node-hosts.ts';
import { openPrograms, type Programs } from '../test/programs/program.ts';
import { tapRefusal } from '../test/tap-access.ts';
import type { Held } from './node-memory-peers.ts';
import { officialKind, overspanKind, type NodeKind } from './recovery/kinds.ts';

const networkCount = 5;
/** What was needed to start has been given back by then, the thread that makes identities among it. */
const settleMs = 45_000;
const joinedMs = 8_000;
const peerCounts = [100, 1_000];
/** How often each number of peers is held. */
const holds = 3;

/** KiB of a process. */
interface Use {
  /** All that is in memory for it, also what it shares with others: the program itself. */
  readonly resident: number;
  /** The same, but of what is shared its share. */
  readonly proportional: number;
  /** What it has written itself. */
  readonly anonymous: number;
}
const uses = ['resident', 'proportional', 'anonymous'] as const;

/** Measures and prints. @returns whether everything could be measured */
export async function run(words: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...words],
    options: { runs: { type: 'string', default: '3' } },
  });
  await measurePeers();
  console.log('');
  if (tapRefusal !== null) {
    console.log(`processes were not measured: ${tapRefusal}`);
    return false;
  }
  await measureProcesses(Number(values.runs));
  return true;
}

async function measureProcesses(runs: number): Promise<void> {
  const official = officialKind();
  if (official === null)
    console.log('no zerotier-one beside ours: put one on the PATH, or name it in ZEROTIER_ONE');
  const kinds = [overspanKind, ...(official === null ? [] : [official])];
  const here = openPrograms('memory');
  const hosts = nodeHosts(here, ['root', ...kinds.map(({ name }) => name)]);
  try {
    await hosts.raise();
    const root = hosts.host('root');
    await root.up();
    const networks: string[] = [];
    for (let i = 0; i < networkCount; i++) {
      const words = ['network', 'create', '--public', '--subnet', `10.${150 + i}.0.0/24`];
      networks.push((await root.json<{ network: { id: string } }>(...words)).network.id);
    }
    for (const kind of kinds) await makeHome(here, hosts.planet, kind, hosts.host(kind.name));
    /** Of each kind and run, with 0, 1, … networks. */
    const samples = new Map(kinds.map((kind): [NodeKind, Use[][]] => [kind, []]));
    for (let i = 0; i < runs; i++)
      for (const kind of kinds)
        samples.get(kind)?.push(await oneStart(kind, hosts.host(kind.name), networks));
    print(samples, runs);
  } finally {
    await hosts.close();
    await here.close();
  }
}

/** A home with an identity: making one takes memory of which an operator sees no more after the first start. */
async function makeHome(
  here: Programs,
  planet: string,
  kind: NodeKind,
  host: NodeHost,
): Promise<void> {
  await mkdir(host.home);
  await copyFile(planet, join(host.home, 'planet'));
  await kind.prepare(host.home);
  const program = host.start(kind.argv(host.home), { timeoutMs: 600_000 });
  await online(host);
  program.signal('SIGTERM');
  await program.ended;
}

async function oneStart(
  kind: NodeKind,
  host: NodeHost,
  networks: readonly string[],
): Promise<Use[]> {
  const program = host.start(kind.argv(host.home), { timeoutMs: 600_000 });
  await online(host);
  await delay(settleMs);
  const found = [await useOf(program.pid)];
  for (const network of networks) {
    await host.json('join', network, '--wait', '--timeout', '60');
    await delay(joinedMs);
    found.push(await useOf(program.pid));
  }
  for (const network of networks) await host.json('leave', network);
  program.signal('SIGTERM');
  await program.ended;
  return found;
}

/** Waits until a node says that it is online; it need not answer yet. */
async function online(host: NodeHost): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    const { code, stdout } = await host.overspan('info', '--json');
    if (code === 0 && (JSON.parse(stdout) as { online: boolean }).online) return;
    await delay(100);
  }
  throw new Error(`${host.name} is not online`);
}

async function useOf(pid: number): Promise<Use> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'latin1');
  const field = (name: string): number => {
    const kib = new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(text)?.[1];
    if (kib === undefined) throw new Error(`the kernel says nothing of ${name}`);
    return Number(kib);
  };
  return { resident: field('Rss'), proportional: field('Pss'), anonymous: field('Anonymous') };
}

function print(samples: ReadonlyMap<NodeKind, readonly (readonly Use[])[]>, runs: number): void {
  const reference = [...samples.keys()].find(({ isReference }) => isReference);
  const table = (
    title: string,
    valueOf: (starts: readonly Use[], use: keyof Use) => number,
  ): void => {
    const valuesOf = (kind: NodeKind, use: keyof Use): readonly number[] =>
      (samples.get(kind) ?? []).map((starts) => valueOf(starts, use));
    console.log(title);
    const rows = [...samples.keys()].map((kind) => [
      kind.name,
      ...uses.map((use) => {
        const ratio =
          reference === undefined || kind === reference
            ? ''
            : ` ×${(median(valuesOf(kind, use)) / median(valuesOf(reference, use))).toFixed(1)}`;
        return `${spread(valuesOf(kind, use))}${ratio}`;
      }),
    ]);
    for (const line of tableLines(['', 'RSS', 'PSS', 'written by itself'], rows)) console.log(line);
  };
  table(
    `online and idle, MiB: median of ${runs} starts [least, most]`,
    ([idle], use) => idle?.[use] ?? Number.NaN,
  );
  table(
    `\na joined network, MiB: a ${networkCount}th of what ${networkCount} of them add`,
    (starts, use) =>
      ((starts.at(-1)?.[use] ?? Number.NaN) - (starts[0]?.[use] ?? 0)) / networkCount,
  );
  console.log(`\nRSS with 0 to ${networkCount} networks, MiB, medians`);
  for (const [kind, all] of samples)
    console.log(
      [
        kind.name.padEnd(14),
        ...Array.from({ length: networkCount + 1 }, (_, n) =>
          mib(median(all.map((starts) => starts[n]?.resident ?? Number.NaN))).padStart(6),
        ),
      ].join(''),
    );
}

/** What knowing somebody costs. The official service cannot be shown so many nodes: it looks at each new one of a network for 2 s. */
async function measurePeers(): Promise<void> {
  const none = await held(0);
  const rows: string[][] = [];
  for (const count of peerCounts) {
    const some = await held(count);
    const each = (name: keyof Held): string =>
      ((some[name] - none[name]) / count / 1024).toFixed(2);
    rows.push([String(count), each('heap'), each('external'), each('resident')]);
  }
  console.log(
    `a peer with a path, KiB, after collection: medians of ${holds}; RSS has the contexts of OpenSSL, and noise`,
  );
  for (const line of tableLines(['peers', 'heap', 'external', 'RSS'], rows)) console.log(line);
}

async function held(peers: number): Promise<Held> {
  const here = openPrograms('memory-peers');
  const directory = join(import.meta.dirname, '..');
  const entry = join(import.meta.dirname, 'node-memory-peers.ts');
  const said = here.path('said');
  const started = async (mode: 'make' | 'hold'): Promise<string> => {
    const flags = ['--expose-gc', '--import', 'tsx'];
    const argv = [process.execPath, ...flags, entry, mode, String(peers), said];
    const ended = await here.run(argv, { timeoutMs: 300_000, directory });
    if (ended.code !== 0) throw new Error(ended.stderr);
    return ended.stdout;
  };
  try {
    await started('make');
    const all: Held[] = [];
    for (let i = 0; i < holds; i++) all.push(JSON.parse(await started('hold')) as Held);
    const of = (name: keyof Held): number => median(all.map((each) => each[name]));
    return { heap: of('heap'), external: of('external'), resident: of('resident') };
  } finally {
    await here.close();
  }
}

function spread(kib: readonly number[]): string {
  const sorted = sortedCopy(kib);
  return `${mib(median(kib))} [${mib(sorted[0] ?? Number.NaN)}, ${mib(sorted.at(-1) ?? Number.NaN)}]`;
}

function median(values: readonly number[]): number {
  return quantileSorted(sortedCopy(values), 0.5);
}

function mib(kib: number): string {
  return (kib / 1024).toFixed(1);
}
