/** Wall clocks step by an hour, forwards and back, on one host after the other. Nobody notices. */
import { Cast } from '../cast.ts';
import type { Scenario } from '../scenario.ts';

const hourMs = 3_600_000;
const calmMs = 1_000;

export const clockStep: Scenario = {
  name: 'clock-step',
  mustHold: [
    'No echo is lost when the clock of a member, the root or the controller steps by an hour either way.',
    'A newcomer gets in while the clocks disagree.',
  ],
  run(world) {
    const cast = new Cast(world, { members: [{ nat: 'port-restricted' }, {}] });
    const [a, b] = cast.members;
    cast.startAll();
    a!.join(cast.networkId);
    // Not all get their configurations at the same time: for up to a minute theirs are of before and after a step.
    world.run(30_000);
    b!.join(cast.networkId);
    world.waitFor('both are in', () => cast.isMember(a!) && cast.isMember(b!), 2_000);
    const ping = a!.stack(cast.networkId).ping(cast.ip(b!), { intervalMs: 250 });
    world.waitFor('an echo', () => ping.replies() > 0, 5_000);
    world.run(10_000);
    const steps = [
      [a!, hourMs],
      [b!, -hourMs],
      [cast.root, hourMs],
      [cast.root, -2 * hourMs],
      [a!, -hourMs],
      [b!, hourMs],
      [cast.controller.host, hourMs],
      [cast.controller.host, hourMs],
      [cast.controller.host, hourMs],
    ] as const;
    const startMs = world.nowMs;
    for (const [i, [host, byMs]] of steps.entries()) {
      host.stepClock(byMs);
      const steppedMs = world.nowMs;
      // Past a refresh of the configuration, and a full HELLO; now one member asks first, now the other.
      world.run(70_000 + 7_000 * i);
      const lost = ping.lost(steppedMs, world.nowMs - calmMs);
      world.expect(
        lost === 0,
        `${host.name} stepped by ${byMs / hourMs} h: ${lost} echoes were lost`,
      );
    }
    const newcomer = cast.member({}, 'N');
    newcomer.stepClock(-hourMs);
    newcomer.start();
    newcomer.join(cast.networkId);
    world.waitFor('the newcomer is in', () => cast.isMember(newcomer), 2_000);
    const ping2 = newcomer.stack(cast.networkId).ping(cast.ip(a!), { intervalMs: 100 });
    const newcomerMs = world.waitFor('an echo to the newcomer', () => ping2.replies() > 0, 2_000);
    // Back in time for the controller: what it issues now is older than what it issued.
    cast.controller.host.stepClock(-2 * hourMs);
    const backMs = world.nowMs;
    world.run(150_000);
    const lostLater = ping.lost(backMs, world.nowMs - calmMs);
    world.expect(lostLater === 0, `${lostLater} echoes were lost after the controller went back`);
    // And again while it is off, with what it has on its disk.
    const { host } = cast.controller;
    host.stop();
    host.stepClock(-2 * hourMs);
    world.run(5_000);
    host.start();
    const restartedMs = world.nowMs;
    world.run(150_000);
    const lostLast = ping.lost(restartedMs, world.nowMs - calmMs);
    world.expect(lostLast === 0, `${lostLast} echoes were lost after its start in the past`);
    return {
      'echoes lost': ping.lost(startMs, backMs),
      'newcomer pings after ms': newcomerMs,
    };
  },
};
