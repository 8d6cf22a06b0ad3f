/**
 * The root dies, and comes back without its memory. Who talks directly does not notice; who is relayed is back soon after
 * the root, and the members, whom it has forgotten, make themselves known again.
 */
import { Cast } from '../cast.ts';
import { DirectWatch } from '../direct-watch.ts';
import type { Scenario } from '../scenario.ts';

const backMsMax = 5_000;

export const rootRestart: Scenario = {
  name: 'root-restart',
  mustHold: [
    'Members on a direct path lose nothing while the root is away.',
    'Within 5 s of its return relayed members reach each other, and a newcomer is online and in the network.',
  ],
  run(world) {
    const cast = new Cast(world, { members: [{}, {}, { nat: 'symmetric' }, { nat: 'symmetric' }] });
    const [a, b, d, e] = cast.members;
    cast.startAndJoin();
    const options = { intervalMs: 200, size: 1_200 };
    const directPing = a!.stack(cast.networkId).ping(cast.ip(b!), options);
    const relayedPing = d!.stack(cast.networkId).ping(cast.ip(e!), options);
    new DirectWatch(world, a!, b!).waitFor(5_000);
    world.waitFor('a relayed echo', () => relayedPing.replies() > 0, 5_000);
    const figures: Record<string, number> = {};
    for (const awayMs of [1_000, 20_000, 90_000]) {
      world.run(world.between(5_000, 15_000));
      cast.root.stop();
      const goneMs = world.nowMs;
      world.run(awayMs);
      const lost = directPing.lost(goneMs, world.nowMs - 500);
      world.expect(lost === 0, `${lost} echoes on the direct path were lost without the root`);
      cast.root.start();
      const backMs = world.nowMs;
      figures[`relayed again after ms, ${awayMs / 1000} s away`] = world.waitFor(
        'a relayed echo after the return of the root',
        () => relayedPing.firstReplyMs(backMs) !== null,
        backMsMax,
      );
      world.run(Math.max(0, backMs + backMsMax - world.nowMs));
      const stillLost = relayedPing.lost(world.nowMs - 1_000, world.nowMs - 500);
      world.expect(stillLost === 0, 'relayed members go on reaching each other');
    }
    cast.root.stop();
    world.run(5_000);
    const newcomer = cast.member({}, 'N');
    newcomer.start();
    newcomer.join(cast.networkId);
    world.run(10_000);
    world.expect(newcomer.onlineSinceMs === null, 'nobody is online without a root');
    cast.root.start();
    figures['newcomer in the network after ms'] = world.waitFor(
      'the newcomer is in the network',
      () => cast.isMember(newcomer),
      backMsMax,
      ['N', 'R', 'C'],
    );
    return figures;
  },
};
