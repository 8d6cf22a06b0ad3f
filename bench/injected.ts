/**
 * Whether a known difference is found on a real network: in a lab, the same server under three addresses of one link,
 * which the responder answers at once, after 1 ms and after 2 ms.
 *
 * The difference that is known is that of the two that wait, at one request every 5 ms on all three. In a closed loop the
 * path that waits longer would also be the slower one to wake up for, and colder in every cache: 40 to 80 µs on a virtual
 * machine. That is found too, and rightly so, but it is not what was injected.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { homeDirectory } from '../src/cli/context.ts';
import { compareBetween } from '../src/harness/campaign/characterize.ts';
import { loadRecord } from '../src/harness/campaign/record-file.ts';
import { withLab } from '../src/harness/lab/index.ts';
import { analyse } from '../src/harness/report/analysis.ts';

const injectedNs = 1_000_000;
const tolerance = 0.05;
const addressAfter1Ms = '10.77.0.101';
const addressAfter2Ms = '10.77.0.102';

const responder = `
const reply = new Uint8Array(65536);
const delaysNs = { '${addressAfter1Ms}': ${injectedNs}n, '${addressAfter2Ms}': ${2 * injectedNs}n };
export function respond(_request, { replyBytes, localAddress }) {
  const until = process.hrtime.bigint() + (delaysNs[localAddress] ?? 0n);
  while (process.hrtime.bigint() < until);
  return reply.subarray(0, replyBytes ?? 12);
}
`;

/** @returns whether the median is within the tolerance */
export async function run(): Promise<boolean> {
  const directory = await mkdtemp(join(tmpdir(), 'overspan-bench-'));
  try {
    const file = join(directory, 'delay.mjs');
    const recordFile = join(directory, 'run.ndjson');
    await writeFile(file, responder);
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        stop.abort();
      });
    // The ordinary home: if this is killed, the next command that touches labs takes its lab down.
    await withLab(
      { home: homeDirectory(undefined), engines: ['direct'], signal: stop.signal },
      async (lab) => {
        const { a, b } = lab.hosts;
        for (const address of [addressAfter1Ms, addressAfter2Ms])
          await b.ip('address', 'add', `${address}/24`, 'dev', 'eth0');
        const code = await compareBetween(
          {
            server: b.spawn,
            client: a.spawn,
            paths: [
              { label: 'after 1 ms', address: addressAfter1Ms, description: 'the link' },
              { label: 'after 2 ms', address: addressAfter2Ms, description: 'the link' },
              { label: 'at once', address: b.underlayAddress, description: 'the link' },
            ],
          },
          {
            compareWords: [
              '--interval',
              '0.005',
              '--rounds',
              '30',
              '-n',
              '50',
              '--record',
              recordFile,
              '--quiet',
            ],
            serverWords: ['--respond', file],
            signal: stop.signal,
            onStep: () => undefined,
          },
        );
        if (code !== 0) throw new Error(`the comparison ended with ${code}`);
      },
    );
    const { metrics } = analyse(await loadRecord(recordFile));
    let good = true;
    for (const id of ['p50', 'mean'] as const) {
      const difference = metrics.find((metric) => metric.id === id)?.comparisons[0]?.difference;
      if (difference === null || difference === undefined) return false;
      const ratio = difference.value / injectedNs;
      const within = Math.abs(ratio - 1) <= tolerance;
      const { low, high } = difference.interval;
      console.log(
        `${id.padEnd(5)} injected 1000 µs, found ${(difference.value / 1000).toFixed(1)} µs ` +
          `[${(low / 1000).toFixed(1)}, ${(high / 1000).toFixed(1)}]: ×${ratio.toFixed(4)}, ` +
          (within ? 'within ±5 %' : 'not within ±5 %'),
      );
      // The mean is shown beside it: a few stalls of the machine move it, and its interval says so.
      if (id === 'p50') good = within;
    }
    return good;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
