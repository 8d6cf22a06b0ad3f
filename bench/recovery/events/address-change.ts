/** The underlay address of a member that talks directly becomes another one: until it has an answer again. */
import { patienceMs, type RecoveryEvent } from '../event.ts';

export const addressChange: RecoveryEvent = {
  name: 'address-change',
  figures: [{ name: 'underlay address changed → traffic back', targetS: 3 }],
  isSlowOfReference: false,
  run: async (subject) => {
    await subject.talkDirectly();
    const answers = await subject.answers();
    await subject.pause(3_000, 15_000);
    const { fromMs, toMs } = await subject.changeAddress();
    const first = await answers.seen.first(({ sentMs }) => sentMs >= toMs, patienceMs);
    await answers.stop();
    return [((first?.backMs ?? Infinity) - fromMs) / 1_000];
  },
};
