/** Two members with IPv6 behind firewalls that let in only answers, and NATs that rule out a direct path over IPv4. */
import { Cast } from '../cast.ts';
import { DirectWatch } from '../direct-watch.ts';
import type { Scenario } from '../scenario.ts';

export const ipv6Firewalls: Scenario = {
  name: 'ipv6-firewalls',
  mustHold: [
    'They talk directly within 10 s, over IPv6, through both firewalls, and a minute of rest later.',
  ],
  run(world) {
    const place = { nat: 'symmetric', hasFirewall: true, hasIpv6: true } as const;
    const cast = new Cast(world, { members: [place, place], rootHasIpv6: true });
    const [a, b] = cast.members;
    cast.startAndJoin();
    const options = { intervalMs: 200, size: 1_200 };
    const ping = a!.stack(cast.networkId).ping(cast.ip(b!), options);
    const direct = new DirectWatch(world, a!, b!);
    const directMs = direct.waitFor(10_000);
    const firstMs = ping.firstReplyMs()! - ping.echoes[0]!.sentMs;
    ping.stop();
    world.run(65_000);
    const again = b!.stack(cast.networkId).ping(cast.ip(a!, 6), options);
    const againMs = world.waitFor('an echo after a rest', () => again.replies() > 0, 3_000);
    direct.waitFor(3_000);
    return { 'first reply ms': firstMs, 'direct after ms': directMs, 'after a rest ms': againMs };
  },
};
