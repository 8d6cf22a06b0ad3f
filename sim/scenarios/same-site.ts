/** Two members of one home, behind one NAT that lets nobody talk to himself over its outer address. */
import { Cast } from '../cast.ts';
import { DirectWatch } from '../direct-watch.ts';
import type { Scenario } from '../scenario.ts';

export const sameSite: Scenario = {
  name: 'same-site',
  mustHold: [
    'Two members of one site are online at once and talk over the site itself within 5 s.',
    'They go on when the line of the site to the internet is cut.',
  ],
  run(world) {
    const cast = new Cast(world, { members: [{ nat: 'symmetric' }] });
    const [a] = cast.members;
    const b = cast.neighbour(a!, '192.168.1.11', 'B');
    cast.startAll();
    b.start();
    const onlineMs = world.waitFor(
      'both are online',
      () => a!.onlineSinceMs !== null && b.onlineSinceMs !== null,
      500,
    );
    for (const member of [a!, b]) member.join(cast.networkId);
    world.waitFor('both are in', () => cast.isMember(a!) && cast.isMember(b), 2_000);
    const ping = a!.stack(cast.networkId).ping(cast.ip(b), { intervalMs: 200, size: 1_200 });
    const directMs = new DirectWatch(world, a!, b).waitFor(5_000);
    world.run(5_000);
    a!.site.up.set({ isUp: false });
    a!.site.down.set({ isUp: false });
    const cutMs = world.nowMs;
    world.run(120_000);
    const lost = ping.lost(cutMs, world.nowMs - 500);
    world.expect(lost === 0, `${lost} echoes were lost without the internet`);
    return {
      'both online ms': onlineMs,
      'over the site after ms': directMs,
      'rtt ms': ping.rttMs(0.5, cutMs)!,
    };
  },
};
