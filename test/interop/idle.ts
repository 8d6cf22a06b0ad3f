/**
 * Nodes that nobody speaks to for a long time: what they send meanwhile, whether they grow, and whether the first ping
 * after it is answered at once.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { Lab, subnet, type PortCounters } from './lab.ts';
import type { LabNode } from './node.ts';
import { untilAnswered } from './ping.ts';
import { aligned, placeName } from './report.ts';
import { until } from './wait.ts';

/** What became of one node. */
export interface IdleNode {
  readonly node: LabNode;
  /** Medians of five minutes' samples: after a warm-up of two minutes, in the middle, at the end. */
  readonly residentBytes: readonly [number, number, number];
  readonly packetsPerMinute: number;
  readonly bytesPerMinute: number;
  /** Of the network; undefined for R, which is no member. */
  readonly status: string | undefined;
}

/** What became of one lab. */
export interface IdleResult {
  readonly minutes: number;
  readonly nodes: readonly IdleNode[];
  /** Whether A and B listed a direct path to each other before they were spoken to, and seconds until both do after it. */
  readonly wereDirect: boolean;
  readonly directAfterSeconds: number;
  /** Seconds to the first answer: A to B, then B to A. */
  readonly firstAnswerSeconds: readonly [number, number];
}

const warmUpMinutes = 2;

/**
 * Lets a lab of each place idle at the same time, and prints what became of them.
 *
 * @returns the exit code: 1 where a lab did not come up, a member is none any more, or a ping was not answered
 */
export async function idleEverywhere(
  places: readonly string[],
  minutes: number,
  options: { readonly official: string; readonly keep: boolean; readonly work: string },
): Promise<number> {
  const { work, ...others } = options;
  const heads = ['place', 'node', 'MiB after 5 min', 'middle', 'end', 'packets/min', 'bytes/min'];
  const lines = [[...heads, 'status', 'direct before', 'first answer s', 'direct after s']];
  const outcomes = await Promise.all(
    places.map(async (place): Promise<boolean> => {
      const lab = await Lab.make({ ...others, place, directory: join(work, `idle-${place}`) });
      try {
        await lab.up();
        console.log(`${placeName(place)} idles for ${minutes} minutes`);
        const result = await idle(lab, minutes);
        lines.push(...idleLines(place, result));
        return result.nodes.every(({ status }) => status === undefined || status === 'OK');
      } catch (error) {
        console.log(`FAIL  ${placeName(place)}: ${String(error)}`);
        return false;
      } finally {
        await lab.down();
      }
    }),
  );
  console.log(`\n${aligned(lines)}`);
  return outcomes.every((isGood) => isGood) ? 0 : 1;
}

function idleLines(place: string, result: IdleResult): string[][] {
  return result.nodes.map(
    ({ node, residentBytes, packetsPerMinute, bytesPerMinute, status }, i) => [
      ...[placeName(place), `${node.name} ${node.isOverspan ? 'Overspan' : 'official'}`],
      ...residentBytes.map((bytes) => (bytes / 2 ** 20).toFixed(1)),
      ...[packetsPerMinute.toFixed(1), bytesPerMinute.toFixed(0), status ?? '–'],
      ...(i === 0
        ? ['–', '–', '–']
        : [
            result.wereDirect ? 'yes' : 'no',
            (result.firstAnswerSeconds[i - 1] ?? Number.NaN).toFixed(1),
            result.directAfterSeconds.toFixed(1),
          ]),
    ],
  );
}

/** Lets a lab that is up idle. @param minutes - at least 10 */
export async function idle(lab: Lab, minutes: number): Promise<IdleResult> {
  const { A, B } = lab.nodes;
  const [toB, toA] = [await lab.addressOf(B, `${subnet}.`), await lab.addressOf(A, `${subnet}.`)];
  await delay(warmUpMinutes * 60_000);
  const before = await countersOf(lab);
  const samples = lab.all.map((): number[] => []);
  for (let minute = 0; minute < minutes; minute++) {
    await delay(60_000);
    for (const [i, node] of lab.all.entries()) samples[i]!.push(node.residentBytes);
  }
  const after = await countersOf(lab);
  const statuses = await Promise.all(
    lab.all.map(async (node) => (node.name === 'R' ? undefined : lab.status(node))),
  );
  const wereDirect = (await A.hasDirectPath(B)) && (await B.hasDirectPath(A));
  const firstAnswerSeconds = [
    await untilAnswered(A, toB, 60),
    await untilAnswered(B, toA, 60),
  ] as const;
  const directAfterSeconds = await until('A and B are direct', 60, async () => {
    await lab.reaches(A, toB);
    return (await A.hasDirectPath(B)) && (await B.hasDirectPath(A));
  });
  const nodes = lab.all.map((node, i): IdleNode => {
    const all = samples[i]!;
    const middle = Math.floor(all.length / 2);
    return {
      node,
      residentBytes: [
        median(all.slice(0, 5)),
        median(all.slice(middle - 2, middle + 3)),
        median(all.slice(-5)),
      ],
      packetsPerMinute: (after[i]!.packetsOut - before[i]!.packetsOut) / minutes,
      bytesPerMinute: (after[i]!.bytesOut - before[i]!.bytesOut) / minutes,
      status: statuses[i],
    };
  });
  return { minutes, nodes, wereDirect, directAfterSeconds, firstAnswerSeconds };
}

async function countersOf(lab: Lab): Promise<readonly PortCounters[]> {
  return Promise.all(lab.all.map((node) => lab.counters(node)));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
