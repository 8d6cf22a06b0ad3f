/** A member is shut out, and let in again. */
import { Cast } from '../cast.ts';
import type { Scenario } from '../scenario.ts';

const shutOutMsMax = 1_000;
const backMsMax = 2_000;

export const deauthorize: Scenario = {
  name: 'deauthorize',
  mustHold: [
    'A member that is deauthorised reaches nobody 1 s later, and others are not concerned.',
    'Authorised again, it is back within 2 s.',
  ],
  run(world) {
    const cast = new Cast(world, {
      members: [{ nat: 'port-restricted' }, {}, { nat: 'symmetric' }],
    });
    const [a, b, d] = cast.members;
    cast.startAndJoin();
    const ping = a!.stack(cast.networkId).ping(cast.ip(b!), { intervalMs: 100 });
    const reverse = b!.stack(cast.networkId).ping(cast.ip(a!), { intervalMs: 100 });
    const others = b!.stack(cast.networkId).ping(cast.ip(d!), { intervalMs: 100 });
    world.waitFor('all talk', () => ping.replies() > 0 && others.replies() > 0, 5_000);
    world.run(10_000);
    const startMs = world.nowMs;
    const back: number[] = [];
    const shut: number[] = [];
    for (let round = 0; round < 3; round++) {
      cast.controller.deauthorize(a!);
      const outMs = world.nowMs;
      world.run(10_000 + 40_000 * round);
      const lastMs = Math.max(
        outMs,
        ...[ping, reverse].flatMap(({ echoes }) => echoes).map(repliedMs),
      );
      shut.push(lastMs - outMs);
      world.expect(lastMs - outMs < shutOutMsMax, 'who is shut out reaches nobody', [
        'A',
        'B',
        'C',
      ]);
      cast.controller.authorize(a!);
      const inMs = world.nowMs;
      world.waitFor(
        'who is let in again is back',
        () => ping.firstReplyMs(inMs) !== null && reverse.firstReplyMs(inMs) !== null,
        backMsMax,
        ['A', 'B', 'C'],
      );
      back.push(world.nowMs - inMs);
      world.run(10_000);
    }
    const lost = others.lost(startMs, world.nowMs - 500);
    world.expect(lost === 0, `${lost} echoes between others were lost`);
    return { 'shut out after ms': Math.max(...shut), 'back after ms': Math.max(...back) };
  },
};

function repliedMs({ sentMs, rttMs }: { sentMs: number; rttMs: number | null }): number {
  return rttMs === null ? -Infinity : sentMs + rttMs;
}
