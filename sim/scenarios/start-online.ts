/** A node starts where nobody has heard of it, and is online at once. */
import { Cast } from '../cast.ts';
import type { Scenario } from '../scenario.ts';

/** Between the first HELLO and `online`. */
const onlineMsMax = 300;

export const startOnline: Scenario = {
  name: 'start-online',
  mustHold: [
    'Start to online takes less than 0.3 s, though the root must check each identity first.',
  ],
  run(world) {
    const cast = new Cast(world, {
      members: [{}, { nat: 'port-restricted' }, { nat: 'symmetric' }, { hasFirewall: true }, {}],
    });
    cast.root.start();
    world.run(1_000);
    const took: number[] = [];
    for (const member of cast.members) {
      member.start();
      took.push(
        world.waitFor(
          `${member.name} is online`,
          () => member.onlineSinceMs !== null,
          onlineMsMax,
          [member.name, cast.root.name],
        ),
      );
      world.run(world.between(0, 2_000));
    }
    // A second start is to a root that knows it.
    const [again] = cast.members;
    again!.stop();
    world.run(1_000);
    again!.start();
    const againMs = world.waitFor('online again', () => again!.onlineSinceMs !== null, onlineMsMax);
    return { 'slowest ms': Math.max(...took), 'restarted ms': againMs };
  },
};
