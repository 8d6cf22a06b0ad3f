/**
 * What the harness itself adds: p50 of a request and reply over loopback, by our TLS probe, by the same machine over
 * plain TCP, and by `sockperf ping-pong --tcp`, which is C. The three take turns in rounds of shuffled order.
 */
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { Prng } from '../src/base/prng.ts';
import { startFloor } from '../src/harness/campaign/floor.ts';
import type { Workload } from '../src/harness/campaign/record.ts';
import type { Prober } from '../src/harness/probe/probe.ts';
import { createRrProber } from '../src/harness/probe/rr-prober.ts';
import { quantileSorted, sortedCopy } from '../src/harness/stats/quantile.ts';
import { systemClock } from '../src/sys/clock.ts';
import { runCommand } from '../src/sys/command.ts';
import { spawnProcess } from '../src/sys/process.ts';

const rounds = 7;
const host = '127.0.0.1';
const payloadBytes = 64;
const workload: Workload = {
  probe: 'tls-rr',
  requestBytes: payloadBytes,
  replyBytes: payloadBytes,
  requestsPerVisit: 5_000,
  visitNs: null,
  warmupPerVisit: 500,
  arrival: 'closed',
  intervalNs: 0,
  handshakePairsPerVisit: 0,
  timeoutNs: 1e9,
  nagle: false,
};

/** Prints the table. @returns true: there is nothing here to fail but the run itself */
export async function run(): Promise<boolean> {
  const floor = await startFloor(systemClock.wallMs());
  const plain = await startPlainServer();
  const sockperf = existsSync('/usr/bin/sockperf') ? await startSockperf() : null;
  try {
    const tlsProber = floor.prober(systemClock, { nagle: false, busyPoll: false });
    const tcpProber = createRrProber({
      target: { host, address: host, port: plain.port },
      tls: null,
      exchange: { kind: 'framed' },
      clock: systemClock,
      setupTimeoutNs: 5e9,
      nagle: false,
    });
    const subjects = new Map<string, () => Promise<number>>([
      ['overspan tls-rr', () => visitP50Ns(tlsProber)],
      ['overspan tcp-rr', () => visitP50Ns(tcpProber)],
    ]);
    if (sockperf === null) console.log('sockperf is not installed: npm run deps:debian');
    else subjects.set('sockperf tcp ping-pong', () => sockperfP50Ns(sockperf.port));

    const measured = new Map([...subjects.keys()].map((name): [string, number[]] => [name, []]));
    const prng = new Prng('bench');
    for (let round = 0; round < rounds; round++)
      for (const [name, measure] of prng.shuffled([...subjects]))
        measured.get(name)?.push(await measure());

    console.log(
      `p50 of ${payloadBytes} bytes there and back over loopback, µs: median of ${rounds} rounds [least, most]`,
    );
    const medians = [...measured].map(([name, values]) => ({ name, ...spread(values) }));
    const base = medians.at(-1)?.median ?? 1;
    for (const { name, median, least, most } of medians)
      console.log(
        `${name.padEnd(24)} ${us(median).padStart(7)} [${us(least)}, ${us(most)}]   ×${(median / base).toFixed(2)} of ${medians.at(-1)?.name ?? ''}`,
      );
  } finally {
    await floor.close();
    await plain.close();
    await sockperf?.close();
  }
  return true;
}

async function visitP50Ns(prober: Prober): Promise<number> {
  const seat = { phase: 'measurement', round: 0, position: 0, path: 'loopback' } as const;
  const { visit, failure } = await prober.visit(seat, workload, new AbortController().signal);
  if (failure !== null) throw failure;
  return quantileSorted(sortedCopy(visit.samples.latencyNs), 0.5);
}

interface Peer {
  readonly port: number;
  close(): Promise<unknown>;
}

async function startPlainServer(): Promise<Peer> {
  const file = fileURLToPath(new URL('./plain-server.ts', import.meta.url));
  const child = await spawnProcess([process.execPath, ...process.execArgv, file], {
    stdin: 'pipe',
  });
  const line = await new Promise<string>((resolve) =>
    createInterface({ input: child.stdout! }).once('line', resolve),
  );
  return { port: Number(line), close: () => child.kill() };
}

/** sockperf binds what it is told: a port that was free a moment ago. */
async function startSockperf(): Promise<Peer> {
  const port = 20_000 + (process.pid % 10_000);
  const child = await spawnProcess(
    // It buffers its output where that is no terminal, and its first line is what we wait for.
    ['stdbuf', '-oL', 'sockperf', 'server', '--tcp', '-i', host, '-p', String(port)],
    { stdout: 'pipe', stderr: 'ignore' },
  );
  await new Promise<void>((resolve) => {
    child.stdout!.on('data', (chunk: Uint8Array) => {
      if (Buffer.from(chunk).includes('to block on socket')) resolve();
    });
    void child.exited.then(() => {
      resolve();
    });
  });
  return { port, close: () => child.kill() };
}

async function sockperfP50Ns(port: number): Promise<number> {
  const { stdout } = await runCommand(
    [
      'sockperf',
      'ping-pong',
      '--tcp',
      '-i',
      host,
      '-p',
      String(port),
      '-m',
      String(payloadBytes),
      '-t',
      '1',
      '--full-rtt',
    ],
    { timeoutMs: 20_000 },
  );
  const match = /percentile 50\.000\s*=\s*([\d.]+)/.exec(stdout);
  if (match === null) throw new Error(`sockperf printed no median:\n${stdout}`);
  return Number(match[1]) * 1000;
}

function spread(values: readonly number[]): { median: number; least: number; most: number } {
  const sorted = sortedCopy(values);
  return {
    median: quantileSorted(sorted, 0.5),
    least: quantileSorted(sorted, 0),
    most: quantileSorted(sorted, 1),
  };
}

function us(ns: number): string {
  return (ns / 1000).toFixed(1);
}
