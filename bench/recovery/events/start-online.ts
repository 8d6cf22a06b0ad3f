/** A node is started with the identity that it has, on a root that knows it, until its API says that it is online. */
import { patienceMs, type RecoveryEvent } from '../event.ts';
import { Witness } from '../witnesses.ts';

export const startOnline: RecoveryEvent = {
  name: 'start-online',
  figures: [
    { name: 'start → online, from the command', targetS: 0.3 },
    { name: 'start → online, from the first datagram', targetS: null },
  ],
  isSlowOfReference: false,
  run: async (subject) => {
    await subject.talkDirectly();
    await subject.stop('a');
    const [wire, online] = await Promise.all([
      Witness.datagrams(subject.host('a')),
      subject.onlineWitness('a'),
    ]);
    await subject.pause(500, 3_000);
    const startedMs = await subject.start('a');
    const onlineMs = (await online.seen.first(() => true, patienceMs)) ?? Infinity;
    const first = wire.seen.entries.find(({ isOut, atMs }) => isOut && atMs >= startedMs);
    await Promise.all([wire.stop(), online.stop()]);
    return [onlineMs - startedMs, onlineMs - (first?.atMs ?? Number.NaN)].map(seconds);
  },
};

function seconds(ms: number): number {
  return ms / 1_000;
}
