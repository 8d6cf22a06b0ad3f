/** Many members join one network at the same time, then each pings another. */
import { Cast } from '../cast.ts';
import type { Scenario } from '../scenario.ts';

const joinMsMax = 10_000;
/** More for each: the root checks their identities one after the other. */
const joinMsMaxEach = 40;
/** How long that takes, ms. */
const validationMs = 25;
const pingCount = 5;

export const manyMembers: Scenario = {
  name: 'many-members',
  mustHold: [
    'All members of a network that start at the same moment are in it within 10 s and 40 ms for each, and reach each other.',
    'The root and the controller keep up: none of their queues overflows.',
  ],
  settings: { members: 50 },
  run(world, { members = 50, memory }) {
    const cast = new Cast(world, {
      members: Array.from({ length: members }, (_, i) => ({
        name: `M${i}`,
        nat: i % 2 === 0 ? ('port-restricted' as const) : ('none' as const),
        validationMs,
      })),
    });
    const { root, networkId } = cast;
    const { host: controller } = cast.controller;
    root.start();
    controller.start();
    world.run(1_000);
    const startMs = world.nowMs;
    const memoryBefore = memory?.();
    for (const member of cast.members) {
      member.start();
      member.join(networkId);
    }
    const joinedMs = new Map<string, number>();
    let peakPerS = 0;
    for (
      let second = 0;
      joinedMs.size < members && second * 1_000 < joinMsMax + members * joinMsMaxEach;
      second++
    ) {
      const before = root.traffic.datagramsIn;
      for (let tenth = 0; tenth < 10; tenth++) {
        world.run(100);
        for (const member of cast.members)
          if (!joinedMs.has(member.name) && cast.isMember(member))
            joinedMs.set(member.name, world.nowMs - startMs);
      }
      peakPerS = Math.max(peakPerS, root.traffic.datagramsIn - before);
    }
    const late = cast.members.filter(({ name }) => !joinedMs.has(name)).map(({ name }) => name);
    world.expect(late.length === 0, `${late.length} members are not in the network`, [
      ...late.slice(0, 1),
      root.name,
      controller.name,
    ]);
    const times = [...joinedMs.values()].sort((a, b) => a - b);
    const order = world.prng.shuffled(cast.members);
    const pings = order.map((member, i) => {
      const other = order[(i + 1) % order.length]!;
      const options = { count: pingCount, intervalMs: 500 };
      return { member, other, ping: member.stack(networkId).ping(cast.ip(other), options) };
    });
    world.run(10_000);
    for (const { member, other, ping } of pings)
      world.expect(ping.replies() > 0, `${member.name} reaches ${other.name}`, [
        member.name,
        other.name,
        root.name,
      ]);
    const firstMs = pings
      .map(({ ping }) => ping.firstReplyMs()! - ping.echoes[0]!.sentMs)
      .sort((a, b) => a - b);
    const rootBefore = { ...root.traffic };
    world.run(20_000);
    const memoryAfter = memory?.();
    const quantile = (list: readonly number[], ratio: number): number =>
      list[Math.min(list.length - 1, Math.floor(ratio * list.length))]!;
    return {
      members,
      'joined p50 ms': quantile(times, 0.5),
      'joined last ms': times.at(-1)!,
      'first reply p50 ms': quantile(firstMs, 0.5),
      'first reply last ms': firstMs.at(-1)!,
      'root in/s at most': peakPerS,
      'root in/s idle': (root.traffic.datagramsIn - rootBefore.datagramsIn) / 20,
      'controller out': controller.traffic.datagramsOut,
      ...(memoryBefore === undefined || memoryAfter === undefined
        ? {}
        : {
            'heap KiB a member': (memoryAfter.heap - memoryBefore.heap) / members / 1024,
            'buffers KiB a member': (memoryAfter.buffers - memoryBefore.buffers) / members / 1024,
          }),
    };
  },
};
