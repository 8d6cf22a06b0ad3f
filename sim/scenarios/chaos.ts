/**
 * Everything happens to everybody for some minutes, as the seed will have it: restarts, moves, cuts, lines that lose, clocks
 * that step. Then it is calm, and everything must be well again.
 */
import { Cast } from '../cast.ts';
import type { Host } from '../host.ts';
import { natKinds } from '../nat.ts';
import type { Scenario } from '../scenario.ts';

const turns = 40;
const healMs = 15_000;

export const chaos: Scenario = {
  name: 'chaos',
  mustHold: [
    '15 s after the end of all trouble every member reaches every other, and nothing is lost any more.',
  ],
  run(world) {
    const { prng } = world;
    const pick = <T>(items: readonly T[]): T => items[prng.below(items.length)]!;
    const cast = new Cast(world, {
      roots: 2,
      members: Array.from({ length: 5 }, () => ({ nat: pick(['none', ...natKinds] as const) })),
    });
    cast.startAndJoin();
    const pairs = cast.members.flatMap((a) =>
      cast.members.flatMap((b) => (a.address < b.address ? [{ a, b }] : [])),
    );
    const hosts = [...cast.roots, cast.controller.host, ...cast.members];
    let moves = 0;
    const restart = (host: Host): void => {
      host.start();
      if (cast.members.includes(host)) host.join(cast.networkId);
    };
    const troubles: readonly (() => void)[] = [
      () => {
        const host = pick(hosts);
        if (!host.isRunning) return;
        host.stop();
        world.after(world.between(10, 20_000), () => {
          if (!host.isRunning) restart(host);
        });
      },
      () => {
        const { site, ips } = cast.place(`move ${++moves}`, {
          nat: pick(['none', ...natKinds] as const),
        });
        pick(cast.members).move(site, ips);
      },
      () => {
        const { a, b } = pick(pairs);
        world.block(a, b);
        world.after(world.between(100, 30_000), () => {
          world.unblock(a, b);
        });
      },
      () => {
        const { site } = pick(hosts);
        const link = pick([site.up, site.down]);
        link.set({
          lossRatio: 0.5 * prng.unit(),
          jitterMs: 50 * prng.unit(),
          isUp: prng.below(4) > 0,
        });
        world.after(world.between(100, 10_000), () => {
          link.set({ lossRatio: 0, jitterMs: 0, isUp: true });
        });
      },
      () => {
        pick(hosts).stepClock(pick([-1, 1]) * 3_600_000 * prng.unit());
      },
      () => {
        for (const box of pick(cast.members).site.boxes) box.restart();
      },
    ];
    for (let turn = 0; turn < turns; turn++) {
      world.run(world.between(100, 8_000));
      const { a, b } = pick(pairs);
      const [from, to] = prng.below(2) === 0 ? [a, b] : [b, a];
      if (cast.isMember(from))
        from
          .stack(cast.networkId)
          .ping(cast.controller.assignedIp(to), { intervalMs: 300, count: 20 });
      pick(troubles)();
    }
    // The last of what was going to end by itself.
    world.run(30_000);
    const calmMs = world.nowMs;
    const inNetworkMs = world.waitFor(
      'everybody is in the network',
      () => cast.members.every((member) => cast.isMember(member)),
      healMs,
    );
    const pings = pairs.map(({ a, b }) => ({
      a,
      b,
      ping: a.stack(cast.networkId).ping(cast.controller.assignedIp(b), { intervalMs: 250 }),
    }));
    for (const { a, b, ping } of pings)
      world.waitFor(
        `${a.name} reaches ${b.name}`,
        () => ping.replies() > 0,
        Math.max(1, calmMs + healMs - world.nowMs),
        [a.name, b.name, 'R1', 'R2'],
      );
    const healedMs = Math.max(
      ...pings.map(({ ping }) => ping.firstReplyMs()! - ping.echoes[0]!.sentMs),
    );
    world.run(5_000);
    const sinceMs = world.nowMs;
    world.run(30_000);
    for (const { a, b, ping } of pings) {
      const lost = ping.lost(sinceMs, world.nowMs - 500);
      world.expect(lost === 0, `${lost} echoes from ${a.name} to ${b.name} were lost in the calm`, [
        a.name,
        b.name,
        'R1',
        'R2',
      ]);
    }
    return { 'in the network after ms': inNetworkMs, 'slowest first reply ms': healedMs };
  },
};
