/** Every fifth datagram is lost between any two hosts, and some come late or twice. */
import { Cast } from '../cast.ts';
import { DirectWatch } from '../direct-watch.ts';
import type { Scenario } from '../scenario.ts';

const lossRatio = 0.2;
/** Of each of the two lines between two hosts. */
const perLine = 1 - Math.sqrt(1 - lossRatio);
const minutes = 5;

export const packetLoss: Scenario = {
  name: 'packet-loss',
  mustHold: [
    'With 20 % loss in each direction everybody is in the network within a minute, and directly within another.',
    'Echoes are lost as the lines lose them (36 % of round trips), never for longer than 5 s in a row.',
    'The direct path stays.',
  ],
  run(world) {
    const link = { lossRatio: perLine, reorderRatio: 0.02, duplicateRatio: 0.01, jitterMs: 5 };
    const cast = new Cast(world, {
      link,
      members: [{ nat: 'port-restricted' }, { nat: 'address-restricted' }, {}, {}],
    });
    const [a, b] = cast.members;
    const joinedMs = cast.startAndJoin(60_000);
    // Over IPv6, whose neighbours the node itself makes known: what ARP adds to losses is not the question.
    const ping = a!.stack(cast.networkId).ping(cast.ip(b!, 6), { intervalMs: 100, size: 1_200 });
    const direct = new DirectWatch(world, a!, b!);
    const directMs = direct.waitFor(60_000);
    world.run(5_000);
    const sinceMs = world.nowMs;
    let relayedS = 0;
    for (let second = 0; second < minutes * 60; second++)
      if (!direct.isDirectDuring(1_000)) relayedS++;
    const untilMs = world.nowMs - 1_000;
    const watched = ping.echoes.filter(({ sentMs }) => sentMs >= sinceMs && sentMs < untilMs);
    const lostRatio = watched.filter(({ rttMs }) => rttMs === null).length / watched.length;
    let gap = 0;
    let longestGap = 0;
    for (const { rttMs } of watched) {
      gap = rttMs === null ? gap + 1 : 0;
      longestGap = Math.max(longestGap, gap);
    }
    world.expect(lostRatio < 0.42, `${(100 * lostRatio).toFixed(1)} % of the echoes were lost`, [
      'A',
      'B',
    ]);
    world.expect(longestGap * 100 < 5_000, `no echo for ${longestGap / 10} s`, ['A', 'B']);
    world.expect(relayedS < minutes * 6, `${relayedS} s of ${minutes * 60} not direct`, ['A', 'B']);
    return {
      'joined ms': joinedMs,
      'direct after ms': directMs,
      'echoes lost %': 100 * lostRatio,
      'longest gap ms': 100 * longestGap,
      'seconds without a direct datagram': relayedS,
    };
  },
};
