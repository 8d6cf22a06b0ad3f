/**
 * The root is killed, and started again a few seconds later, while the members need it as a relay. Timed from the command
 * that starts it: until it relays again, and until it has a path to both members that say that they are online.
 */
import { setTimeout as delay } from 'node:timers/promises';

import { patienceMs, type RecoveryEvent } from '../event.ts';
import type { Subject } from '../subject.ts';
import { nowMs } from '../timeline.ts';

export const rootRestart: RecoveryEvent = {
  name: 'root-restart',
  figures: [
    { name: 'root started again → relayed traffic back', targetS: 5 },
    { name: 'root started again → both members online, known to it', targetS: 5 },
  ],
  isSlowOfReference: true,
  run: async (subject) => {
    await subject.talkOverRoot();
    const answers = await subject.answers();
    await subject.pause(2_000, 8_000);
    await subject.stop('root', 'SIGKILL');
    await subject.pause(2_000, 10_000);
    const startedMs = await subject.start('root');
    const [first, contactMs] = await Promise.all([
      answers.seen.first(({ sentMs }) => sentMs >= startedMs, patienceMs),
      inContact(subject, startedMs + patienceMs),
    ]);
    await answers.stop();
    return [first?.backMs ?? Infinity, contactMs].map((ms) => (ms - startedMs) / 1_000);
  },
};

/** When both members are in contact with the root; Infinity: not by a time. */
async function inContact(subject: Subject, untilMs: number): Promise<number> {
  for (const name of ['a', 'b'] as const)
    // An API that does not answer yet is that of a root that has just been started.
    while (!(await subject.isInContact(name).catch(() => false))) {
      if (nowMs() > untilMs) return Infinity;
      await delay(20);
    }
  return nowMs();
}
