/**
 * What a flood does to a member that is talking: real nodes in network namespaces on one bridge, a root that is also the
 * controller, members a and b, and somebody else on the bridge who sends one kind of packets for five seconds, as many as
 * a process can, to a or to the root. Meanwhile a pings b every 5 ms.
 *
 * Everything runs on the processors of this machine, the attacker too. What that alone costs shows in the lines `nobody`:
 * the same packets, to an address on the bridge where no node is.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { tableLines } from '../src/cli/table.ts';
import { quantileSorted, sortedCopy } from '../src/harness/stats/quantile.ts';
import { madeAttacks, type MadeAttack } from '../sim/attack-packets.ts';
import { nodeHosts, type NodeHost, type Pings } from '../test/programs/node-hosts.ts';
import { openPrograms, type Program } from '../test/programs/program.ts';
import { tapRefusal } from '../test/tap-access.ts';
import type { FloodOrder } from './flood-attacker.ts';

const floodSeconds = 5;
const intervalS = 0.005;
const rssEveryMs = 50;
/** Between two floods, so that the one is over before the next. */
const restMs = 1_500;
/** The other end of what the attacker's addresses claim to be. */
const forgedNetwork = '10.66.0.0/16';

interface Victim {
  readonly name: string;
  readonly identity: string;
  readonly endpoint: string;
  /** Of its node; null: there is none. */
  readonly pid: number | null;
}

/** Memory of a process, MiB. */
interface Rss {
  readonly before: number;
  readonly peak: number;
  readonly after: number;
}

interface Row {
  readonly victim: string;
  readonly attack: string;
  readonly sent: number | null;
  readonly pings: Pings;
  readonly rss: Rss | null;
}

/** Measures and prints. @returns whether the pings went on in every flood */
export async function run(): Promise<boolean> {
  if (tapRefusal !== null) {
    console.log(`not measured: ${tapRefusal}`);
    return false;
  }
  const programs = openPrograms('flood');
  const lab = nodeHosts(programs, ['root', 'a', 'b', 'x', 'nobody'], { hasIpv6: false });
  try {
    await lab.raise();
    const [root, a, b, x, nobody] = ['root', 'a', 'b', 'x', 'nobody'].map((name) =>
      lab.host(name),
    ) as [NodeHost, NodeHost, NodeHost, NodeHost, NodeHost];
    // Answers to forged addresses have a way, as they have on the internet.
    for (const host of [root, a, b])
      await host.run('ip', 'route', 'add', forgedNetwork, 'dev', 'eth0');
    const nodes = [await root.up(), await a.up(), await b.up()];
    const ip = await joined(root, a, b);
    const planet = await root.json<{ id: string; timestamp: string }>('root', 'show', lab.planet);
    const victims = await Promise.all([
      victimOf('member a', a, nodes[1]!),
      victimOf('root', root, nodes[0]!),
    ]);
    const order = (attack: MadeAttack, victim: Victim): FloodOrder => ({
      attack,
      victim: { ...victim, planet },
      other: '0123456789',
      ownIp: x.ip,
      seconds: floodSeconds,
    });
    await ping(a, ip, 2);
    const rows: Row[] = [{ ...(await measured(a, ip, null)), victim: '–', attack: 'quiet' }];
    const beside = { ...victims[0], name: 'nobody', endpoint: `${nobody.ip}/9993`, pid: null };
    for (const victim of [beside, ...victims])
      for (const attack of victim === beside ? (['garbage'] as const) : madeAttacks) {
        const flood = { x, order: order(attack, victim), pid: victim.pid };
        rows.push({ ...(await measured(a, ip, flood)), victim: victim.name, attack });
        await delay(restMs);
      }
    rows.push({ ...(await measured(a, ip, null)), victim: '–', attack: 'quiet again' });
    print(rows);
    return rows.every(({ pings }) => pings.received > 0);
  } finally {
    await programs.close();
    await lab.close();
  }
}

/** Both members join. @returns the address of b in the network */
async function joined(root: NodeHost, a: NodeHost, b: NodeHost): Promise<string> {
  const words = ['network', 'create', '--name', 'flood', '--subnet', '10.144.0.0/24'];
  const { network } = await root.json<{ network: { id: string } }>(...words);
  let ip = '';
  for (const host of [a, b]) {
    const { address } = await host.json<{ address: string }>('info');
    await root.json('member', 'authorize', network.id, address);
    const { network: state } = await host.json<{
      network: { assignedAddresses: readonly string[] };
    }>('join', network.id);
    ip = state.assignedAddresses.find((each) => each.startsWith('10.144.'))!.split('/')[0]!;
  }
  return ip;
}

async function victimOf(name: string, host: NodeHost, node: Program): Promise<Victim> {
  const identity = readFileSync(`${host.home}/identity.public`, 'latin1').trim();
  await host.online();
  return { name, identity, endpoint: `${host.ip}/9993`, pid: node.pid };
}

/** Pings during a flood, or none. */
async function measured(
  a: NodeHost,
  ip: string,
  flood: { readonly x: NodeHost; readonly order: FloodOrder; readonly pid: number | null } | null,
): Promise<Omit<Row, 'victim' | 'attack'>> {
  if (flood === null) return { sent: null, pings: await ping(a, ip, floodSeconds), rss: null };
  const { x, order, pid } = flood;
  const file = fileURLToPath(new URL('./flood-attacker.ts', import.meta.url));
  const words = [process.execPath, ...process.execArgv, file, JSON.stringify(order)];
  const attacker = x.start(words, { timeoutMs: 60_000 });
  const before = pid === null ? 0 : rssMib(pid);
  await attacker.line(/flooding/);
  let peak = before;
  const watch = setInterval(() => {
    if (pid !== null) peak = Math.max(peak, rssMib(pid));
  }, rssEveryMs);
  try {
    const pings = await ping(a, ip, floodSeconds - 0.2);
    const { stdout } = await attacker.ended;
    const { sent } = JSON.parse(stdout.trim().split('\n').at(-1)!) as { sent: number };
    await delay(restMs);
    const rss = pid === null ? null : { before, peak, after: rssMib(pid) };
    return { sent, pings, rss };
  } finally {
    clearInterval(watch);
  }
}

async function ping(a: NodeHost, ip: string, seconds: number): Promise<Pings> {
  const words = [...a.pingWords(ip, 0, intervalS), String(seconds)];
  const { stdout, stderr } = await a.start(words, { timeoutMs: 60_000 }).ended;
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Pings;
}

function rssMib(pid: number): number {
  const text = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)![1]) / 1_024;
}

function print(rows: readonly Row[]): void {
  console.log(
    `a pings b every ${intervalS * 1_000} ms through the network; each flood ${floodSeconds} s; resident memory is the victim's`,
  );
  const head = [
    ...['victim', 'flood', 'sent kpps', 'p50 ms', 'p99 ms', 'lost %'],
    ...['MiB before', 'peak', 'after'],
  ];
  const cells = rows.map(({ victim, attack, sent, pings, rss }) => {
    const sorted = sortedCopy(pings.rtt_ms);
    const at = (q: number): string =>
      sorted.length === 0 ? '–' : quantileSorted(sorted, q).toFixed(2);
    return [
      victim,
      attack,
      sent === null ? '–' : (sent / floodSeconds / 1_000).toFixed(0),
      at(0.5),
      at(0.99),
      ((1 - pings.received / pings.sent) * 100).toFixed(1),
      ...(rss === null
        ? ['–', '–', '–']
        : [rss.before, rss.peak, rss.after].map((mib) => mib.toFixed(0))),
    ];
  });
  for (const line of tableLines(head, cells)) console.log(line);
}
