/** Many members are shut out with one word, on a lossy underlay. */
import { Cast } from '../cast.ts';
import type { Scenario } from '../scenario.ts';

const memberCount = 12;
const shutOutMsMax = 1_000;

export const shutOutMany: Scenario = {
  name: 'shut-out-many',
  mustHold: [
    'Half of the members, deauthorised in one call while a fifth of all packets is lost, reach nobody 1 s later.',
    'The controller knows within 30 s that all who stay have it in force.',
  ],
  run(world) {
    const cast = new Cast(world, {
      members: Array.from({ length: memberCount }, () => ({ link: { lossRatio: 0.1 } })),
    });
    const half = memberCount / 2;
    const [out, stay] = [cast.members.slice(0, half), cast.members.slice(half)];
    cast.startAndJoin(60_000);
    const pings = out.flatMap((host, i) => {
      const other = stay[i]!;
      return [
        host.stack(cast.networkId).ping(cast.ip(other), { intervalMs: 100 }),
        other.stack(cast.networkId).ping(cast.ip(host), { intervalMs: 100 }),
      ];
    });
    world.waitFor('all talk', () => pings.every((ping) => ping.replies() > 3), 60_000);
    const outMs = world.nowMs;
    cast.controller.deauthorizeAll(out);
    world.run(5_000);
    const lastMs = Math.max(
      ...pings
        .flatMap(({ echoes }) => echoes)
        .map(({ sentMs, rttMs }) => (rttMs === null ? -Infinity : sentMs + rttMs)),
    );
    world.expect(lastMs - outMs < shutOutMsMax, 'who is shut out reaches nobody');
    world.run(25_000);
    const waiting = cast.controller.waitingFor(out[0]!);
    const unaware = stay.filter(({ address }) => waiting.includes(address));
    world.expect(unaware.length === 0, `${unaware.length} members have not confirmed`);
    return { 'shut out after ms': lastMs - outMs };
  },
};
