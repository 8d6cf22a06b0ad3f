/**
 * What a member sends while nobody uses the network, against what a member of the reference sent in the capture
 * (`test/vectors/captures`, host A, a quiet minute), frames and what frames cause not counted on either side.
 */
import { capturedRecords } from '../../test/vectors/load.ts';
import { Cast } from '../cast.ts';
import type { Scenario } from '../scenario.ts';

const minutes = 5;
/** Ours against the reference's. */
const ratioMax = 2;

export const idleTraffic: Scenario = {
  name: 'idle-traffic',
  mustHold: [
    'An idle member with one peer sends at most twice as many packets as the reference does.',
  ],
  run(world) {
    const cast = new Cast(world, {
      members: [{ nat: 'port-restricted' }, { nat: 'port-restricted' }],
    });
    const [a, b] = cast.members;
    cast.startAndJoin();
    const ping = a!.stack(cast.networkId).ping(cast.ip(b!), { intervalMs: 200, count: 20 });
    world.run(30_000);
    world.expect(ping.replies() > 10, 'they have talked');
    const before = { ...a!.traffic };
    const rootBefore = { ...cast.root.traffic };
    world.run(minutes * 60_000);
    const perMinute = (a!.traffic.datagramsOut - before.datagramsOut) / minutes;
    const bytesPerMinute = (a!.traffic.bytesOut - before.bytesOut) / minutes;
    const rootPerMinute = (cast.root.traffic.datagramsOut - rootBefore.datagramsOut) / minutes;
    const reference = referencePerMinute();
    world.expect(
      perMinute <= ratioMax * reference,
      `${perMinute} packets a minute against ${reference.toFixed(1)}`,
      ['A'],
    );
    return {
      'packets/min': perMinute,
      'bytes/min': bytesPerMinute,
      'reference packets/min': reference,
      ratio: perMinute / reference,
      'root packets/min': rootPerMinute,
    };
  },
};

/** State packets of host A of the capture in its quiet time: between the pings at second 37 and those at 95. */
function referencePerMinute(): number {
  const [first, last] = [37, 95];
  const startS = 1_795_363_866.009;
  const caused = new Set(['FRAME', 'EXT_FRAME', 'MULTICAST_FRAME', 'MULTICAST_GATHER']);
  const count = capturedRecords().filter(({ t, from, verb }) => {
    const second = Number(t) - startS;
    const isQuiet = second >= first && second < last;
    return isQuiet && from === '10.77.0.2/9994' && verb !== undefined && !caused.has(verb);
  }).length;
  return (count * 60) / (last - first);
}
