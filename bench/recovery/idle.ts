/** What members send while nobody uses the network: the datagrams that leave each, minute by minute, on the underlay. */
import { setTimeout as delay } from 'node:timers/promises';

import type { Subject } from './subject.ts';
import { nowMs } from './timeline.ts';
import { Witness } from './witnesses.ts';

/** Packets a minute of ours against the reference's, at most. */
export const idleRatioMax = 2;
/** What the last traffic caused is over by then. */
const settleMs = 20_000;
const minuteMs = 60_000;

/**
 * Watches all subjects at the same time, with members that have talked directly.
 *
 * @returns of each subject the datagrams out of a and of b, of each minute
 */
export async function measureIdle(
  subjects: readonly Subject[],
  minutes: number,
): Promise<Map<Subject, number[]>> {
  for (const subject of subjects) await subject.talkDirectly();
  await delay(settleMs);
  const found = new Map<Subject, number[]>();
  await Promise.all(
    subjects.map(async (subject) => {
      const wires = await Promise.all(
        (['a', 'b'] as const).map((name) => Witness.datagrams(subject.host(name))),
      );
      const fromMs = nowMs();
      await delay(minutes * minuteMs);
      const counts = wires.flatMap(({ seen }) =>
        Array.from({ length: minutes }, (_, minute) => {
          const startMs = fromMs + minute * minuteMs;
          return seen.entries.filter(
            ({ isOut, atMs }) => isOut && atMs >= startMs && atMs < startMs + minuteMs,
          ).length;
        }),
      );
      await Promise.all(wires.map((wire) => wire.stop()));
      found.set(subject, counts);
    }),
  );
  return found;
}
