/** Two nodes that are online and authorised, and that nobody has heard of, join at the same time: until b answers a's ping. */
import { patienceMs, type RecoveryEvent } from '../event.ts';

export const joinPing: RecoveryEvent = {
  name: 'join-ping',
  figures: [{ name: 'two newcomers, join → first ping answered', targetS: 1 }],
  isSlowOfReference: false,
  run: async (subject) => {
    await subject.newMembers();
    const answers = await subject.answers();
    await subject.pause(500, 5_000);
    const joinedMs = await subject.join();
    const first = await answers.seen.first(({ sentMs }) => sentMs >= joinedMs, patienceMs);
    await answers.stop();
    return [((first?.backMs ?? Infinity) - joinedMs) / 1_000];
  },
};
