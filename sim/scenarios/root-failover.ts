/** Of two roots one dies: what it relayed goes over the other. */
import { Cast } from '../cast.ts';
import type { Scenario } from '../scenario.ts';

const otherRootMsMax = 5_000;

export const rootFailover: Scenario = {
  name: 'root-failover',
  mustHold: [
    'Relayed members reach each other over the other root within 5 s of the death of either.',
  ],
  run(world) {
    const cast = new Cast(world, {
      roots: 2,
      members: [{ nat: 'symmetric' }, { nat: 'symmetric' }],
    });
    const [a, b] = cast.members;
    cast.startAndJoin();
    const ping = a!.stack(cast.networkId).ping(cast.ip(b!), { intervalMs: 200 });
    world.waitFor('a relayed echo', () => ping.replies() > 0, 5_000);
    const figures: Record<string, number> = {};
    for (const root of cast.roots) {
      world.run(world.between(5_000, 15_000));
      root.stop();
      const diedMs = world.nowMs;
      figures[`over the other after ms, without ${root.name}`] = world.waitFor(
        `an echo without ${root.name}`,
        () => ping.firstReplyMs(diedMs) !== null,
        otherRootMsMax,
      );
      world.run(10_000);
      const lost = ping.lost(world.nowMs - 2_000, world.nowMs - 500);
      world.expect(lost === 0, `${lost} echoes are lost though the other root is there`);
      root.start();
      world.run(10_000);
    }
    return figures;
  },
};
