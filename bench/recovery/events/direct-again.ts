/** Members that talk over the root may talk directly again: until frames go directly, there and back, on the wire. */
import type { RecoveryEvent } from '../event.ts';
import { Witness } from '../witnesses.ts';

export const directAgain: RecoveryEvent = {
  name: 'direct-again',
  figures: [{ name: 'direct path unblocked → traffic direct', targetS: 3 }],
  isSlowOfReference: false,
  run: async (subject) => {
    await subject.talkOverRoot();
    const [wire, answers] = await Promise.all([
      Witness.datagrams(subject.host('a')),
      subject.answers(),
    ]);
    await subject.pause(5_000, 20_000);
    const { fromMs, toMs } = await subject.cut(false);
    const directMs = await subject.directAfter(wire, toMs);
    await Promise.all([wire.stop(), answers.stop()]);
    return [(directMs - fromMs) / 1_000];
  },
};
