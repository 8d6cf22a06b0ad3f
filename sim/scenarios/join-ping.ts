/** Two newcomers that are authorised already join at the same moment, and one pings the other. */
import { Cast } from '../cast.ts';
import type { Scenario } from '../scenario.ts';

const firstPingMsMax = 1_000;

export const joinPing: Scenario = {
  name: 'join-ping',
  mustHold: ['From joining to the first echo reply takes less than 1 s, IPv4 (with ARP) and IPv6.'],
  run(world) {
    const cast = new Cast(world, {
      members: [{ nat: 'port-restricted' }, { nat: 'port-restricted' }],
    });
    const [a, b] = cast.members;
    const target = cast.controller.assignedIp(b!);
    cast.startAll();
    world.run(2_000);
    const joinedMs = world.nowMs;
    for (const member of cast.members) member.join(cast.networkId);
    world.waitFor('A has an address', () => cast.isMember(a!), firstPingMsMax);
    const addressMs = world.nowMs - joinedMs;
    const ping = a!.stack(cast.networkId).ping(target, { intervalMs: 50 });
    world.waitFor(
      'an echo reply over IPv4',
      () => ping.replies() > 0,
      firstPingMsMax - (world.nowMs - joinedMs),
    );
    const ipv4Ms = world.nowMs - joinedMs;
    const ping6 = b!.stack(cast.networkId).ping(cast.ip(a!, 6), { intervalMs: 50 });
    const ipv6Ms = world.waitFor('an echo reply over IPv6', () => ping6.replies() > 0, 500);
    world.run(2_000);
    world.expect(ping.lost(world.nowMs - 1_000, world.nowMs - 300) === 0, 'the pings go on');
    world.expect(
      cast.members.every((member) => member.stack(cast.networkId).badFrames === 0),
      'no frame is broken',
    );
    return {
      'address ms': addressMs,
      'first IPv4 reply ms': ipv4Ms,
      'IPv6 from the ping ms': ipv6Ms,
    };
  },
};
