/** The controller is away for an hour, two windows of the certificates: members keep talking. */
import { Cast } from '../cast.ts';
import type { Scenario } from '../scenario.ts';

const awayMs = 3_600_000;
const calmMs = 2_000;
/** Of a member that does nothing: some more than with a controller, which is asked in vain. */
const perMinuteMax = 80;

export const controllerAway: Scenario = {
  name: 'controller-away',
  mustHold: [
    'Members lose nothing in an hour without the controller, neither those who talk nor those who meet late.',
    'They do not make up for its silence by noise.',
    'A newcomer waits, and is in within 5 s of the return of the controller.',
  ],
  run(world) {
    const cast = new Cast(world, { members: [{}, { nat: 'port-restricted' }, {}] });
    const [a, b, d] = cast.members;
    cast.startAndJoin();
    const ping = a!.stack(cast.networkId).ping(cast.ip(b!), { intervalMs: 5_000 });
    world.run(10_000);
    cast.controller.host.stop();
    const goneMs = world.nowMs;
    const sentBefore = d!.traffic.datagramsOut;
    world.run(awayMs - 60_000);
    const lost = ping.lost(goneMs, world.nowMs - calmMs);
    world.expect(
      lost === 0,
      `${lost} of ${ping.echoes.length} echoes were lost without the controller`,
    );
    const perMinute = (d!.traffic.datagramsOut - sentBefore) / ((world.nowMs - goneMs) / 60_000);
    world.expect(perMinute < perMinuteMax, `D sends ${perMinute} packets a minute`, [d!.name]);
    const late = d!.stack(cast.networkId).ping(cast.ip(a!), { intervalMs: 200 });
    const lateMs = world.waitFor('those meet who have never met', () => late.replies() > 0, 5_000);
    late.stop();
    const newcomer = cast.member({}, 'N');
    newcomer.start();
    newcomer.join(cast.networkId);
    world.run(60_000);
    world.expect(!cast.isMember(newcomer), 'nobody gets in without the controller');
    cast.controller.host.start();
    const newcomerMs = world.waitFor('the newcomer is in', () => cast.isMember(newcomer), 5_000, [
      'N',
      'C',
      'R',
    ]);
    const ping2 = newcomer.stack(cast.networkId).ping(cast.ip(a!), { intervalMs: 200 });
    const pingMs = world.waitFor(
      'old and new certificates agree again',
      () => ping2.replies() > 0,
      10_000,
      ['N', 'A', 'C'],
    );
    return {
      echoes: ping.echoes.length,
      'idle packets/min': perMinute,
      'late meeting ms': lateMs,
      'newcomer in after ms': newcomerMs,
      'newcomer pings after ms': pingMs,
    };
  },
};
