/** UDP between two members is dropped, without a word: their traffic must find the root, and later its way back. */
import { Cast } from '../cast.ts';
import { DirectWatch } from '../direct-watch.ts';
import type { Scenario } from '../scenario.ts';

const relayMsMax = 3_000;
const directMsMax = 3_000;

export const deadPath: Scenario = {
  name: 'dead-path',
  mustHold: [
    'A direct path that dies is replaced by the root in less than 3 s, whether both directions die or one.',
    'When it lives again, traffic is back on it in less than 3 s.',
  ],
  run(world) {
    const cast = new Cast(world, { members: [{ nat: 'port-restricted' }, { nat: 'full-cone' }] });
    const [a, b] = cast.members;
    cast.startAndJoin();
    const ping = a!.stack(cast.networkId).ping(cast.ip(b!), { intervalMs: 100, size: 1_200 });
    const direct = new DirectWatch(world, a!, b!);
    direct.waitFor(10_000);
    world.run(10_000);
    const figures: Record<string, number> = {};
    const cuts = {
      both: ['A B', 'B A'],
      'A to B': ['A B'],
      'B to A': ['B A'],
    } as const;
    for (const [what, directions] of Object.entries(cuts)) {
      const eachWay = directions.map((direction) => direction.split(' ') as [string, string]);
      for (const [from, to] of eachWay) world.underlay.block(from, to);
      const cutMs = world.nowMs;
      figures[`${what}: relayed after ms`] = world.waitFor(
        `${what} cut: an echo over the root`,
        () => ping.firstReplyMs(cutMs) !== null,
        relayMsMax,
      );
      world.run(world.between(5_000, 30_000));
      const lost = ping.lost(world.nowMs - 2_000, world.nowMs - 500);
      world.expect(lost === 0, `${what} cut: ${lost} echoes lost though it has been so for long`);
      for (const [from, to] of eachWay) world.underlay.unblock(from, to);
      figures[`${what}: direct again after ms`] = direct.waitFor(directMsMax);
      world.run(world.between(3_000, 10_000));
    }
    return figures;
  },
};
