/** VL2 on real VL1: nodes, a root and a controller of the deterministic world, with seals, fragments and WHOIS. */
import { describe, expect, it } from 'vitest';

import { Cast } from '../../../sim/cast.ts';
import type { Host } from '../../../sim/host.ts';
import { SimWorld } from '../../../sim/world.ts';

interface Lab {
  readonly world: SimWorld;
  readonly cast: Cast;
  readonly a: Host;
  readonly b: Host;
}

/** Two members, one second after they joined. */
function joined(seed: string): Lab {
  const world = new SimWorld(seed);
  const cast = new Cast(world, { members: [{}, {}] });
  const [a, b] = cast.members as [Host, Host];
  cast.startAll();
  world.run(1_000);
  for (const member of cast.members) member.join(cast.networkId);
  world.run(1_000);
  return { world, cast, a, b };
}

describe('members of a network over VL1', () => {
  it.each([56, 1_400, 2_700])('ping each other over IPv4 with %i bytes', (size) => {
    const { world, cast, a, b } = joined('ipv4');
    const ping = a.stack(cast.networkId).ping(cast.ip(b), { count: 5, intervalMs: 200, size });
    world.run(3_000);
    expect(ping.replies()).toBe(5);
    expect(a.stack(cast.networkId).badFrames + b.stack(cast.networkId).badFrames).toBe(0);
  });

  it('ping each other over both kinds of IPv6 addresses', () => {
    const { world, cast, a, b } = joined('ipv6');
    const targets = b.stack(cast.networkId).addresses.filter((address) => /^f[cd]/.test(address));
    expect(targets).toHaveLength(2);
    for (const target of targets) {
      const ping = a.stack(cast.networkId).ping(target, { count: 3, intervalMs: 200 });
      world.run(2_000);
      expect(ping.replies()).toBe(3);
    }
  });

  it('are shut out and let in again while they talk', () => {
    const { world, cast, a, b } = joined('shut out');
    const ping = a.stack(cast.networkId).ping(cast.ip(b), { intervalMs: 100 });
    world.run(2_000);
    cast.controller.deauthorize(b);
    world.run(200);
    const before = ping.replies();
    world.run(5_000);
    expect(ping.replies()).toBe(before);
    cast.controller.authorize(b);
    world.run(2_000);
    expect(ping.replies()).toBeGreaterThan(before);
  });
});
