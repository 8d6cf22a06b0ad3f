/** UDP between two members that talk directly is dropped without a word: until an answer comes over the root. */
import { patienceMs, type RecoveryEvent } from '../event.ts';

export const deadPath: RecoveryEvent = {
  name: 'dead-path',
  figures: [{ name: 'direct path dies → traffic over the root', targetS: 3 }],
  isSlowOfReference: true,
  run: async (subject) => {
    await subject.talkDirectly();
    const answers = await subject.answers();
    await subject.pause(3_000, 15_000);
    const { fromMs, toMs } = await subject.cut(true);
    const first = await answers.seen.first(({ sentMs }) => sentMs >= toMs, patienceMs);
    await answers.stop();
    return [((first?.backMs ?? Infinity) - fromMs) / 1_000];
  },
};
