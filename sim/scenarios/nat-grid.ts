/**
 * Two members behind each pair of NATs: every kind against every kind, and none.
 *
 * A direct path is possible unless one side shows another port to everybody (symmetric) and the other lets in only the
 * port that it has sent to (port-restricted, symmetric): neither can know the port of the other.
 */
import type { Host } from '../host.ts';
import { Cast } from '../cast.ts';
import { natKinds, type NatKind } from '../nat.ts';
import type { Ping } from '../ping.ts';
import type { Scenario } from '../scenario.ts';
import type { SimWorld } from '../world.ts';

type Kind = NatKind | 'none';

interface Pair {
  readonly a: Host;
  readonly b: Host;
  readonly kinds: readonly [Kind, Kind];
  readonly ping: Ping;
}

const kinds: readonly Kind[] = ['none', ...natKinds];
const settleMs = 20_000;
const watchMs = 5_000;

export const natGrid: Scenario = {
  name: 'nat-grid',
  mustHold: [
    'Members behind each pair of NATs reach each other within seconds, directly wherever that is possible and over the root elsewhere.',
    'No echo is lost once the path is there, mappings of 30 s notwithstanding.',
  ],
  run(world) {
    const combinations = kinds.flatMap((first) => kinds.map((second) => [first, second] as const));
    const cast = new Cast(world, {
      members: combinations.flatMap(([first, second], i) => [
        { name: `a${i}`, nat: first },
        { name: `b${i}`, nat: second },
      ]),
    });
    cast.startAndJoin();
    const pairs = combinations.map((pairKinds, i): Pair => {
      const a = cast.members[2 * i]!;
      const b = cast.members[2 * i + 1]!;
      const ping = a.stack(cast.networkId).ping(cast.ip(b), { intervalMs: 500, size: 1_200 });
      return { a, b, kinds: pairKinds, ping };
    });
    world.run(settleMs);
    const before = pairs.map((pair) => directCounts(world, pair));
    world.run(watchMs);
    let directCount = 0;
    for (const [i, pair] of pairs.entries()) {
      const { a, b, ping } = pair;
      const about = [a.name, b.name];
      const name = `${pair.kinds.join(' – ')} (${about.join(', ')})`;
      const lost = ping.lost(world.nowMs - watchMs, world.nowMs - 500);
      world.expect(lost === 0, `${name}: ${lost} echoes were lost`, about);
      const direct = directSince(world, pair, before[i]!);
      if (canBeDirect(...pair.kinds)) world.expect(direct === 'both', `${name}: direct`, about);
      else world.expect(direct === 'none', `${name}: relayed`, about);
      if (direct === 'both') directCount++;
    }
    // Long enough for a mapping that nobody keeps alive to die.
    for (const { ping } of pairs) ping.stop();
    world.run(65_000);
    for (const { a, b, kinds: pairKinds } of pairs) {
      const ping = a.stack(cast.networkId).ping(cast.ip(b), { intervalMs: 200, count: 20 });
      const what = `${pairKinds.join(' – ')}: an echo after a minute's rest`;
      world.waitFor(what, () => ping.replies() > 0, 3_000, [a.name, b.name]);
    }
    const slowest = Math.max(
      ...pairs.map(({ ping }) => ping.firstReplyMs()! - ping.echoes[0]!.sentMs),
    );
    return { pairs: pairs.length, direct: directCount, 'slowest first reply ms': slowest };
  },
};

/** Whether a direct path is possible: see the head of this file. */
function canBeDirect(first: Kind, second: Kind): boolean {
  const isStrict = (kind: Kind): boolean => kind === 'symmetric' || kind === 'port-restricted';
  if (first === 'symmetric') return !isStrict(second);
  return second !== 'symmetric' || !isStrict(first);
}

function directCounts(world: SimWorld, { a, b }: Pair): readonly [number, number] {
  const { underlay } = world;
  return [underlay.longDatagrams(a.name, b.name), underlay.longDatagrams(b.name, a.name)];
}

function directSince(
  world: SimWorld,
  pair: Pair,
  before: readonly [number, number],
): 'both' | 'one' | 'none' {
  const now = directCounts(world, pair);
  const moved = now.filter((count, i) => count > before[i]!).length;
  return (['none', 'one', 'both'] as const)[moved]!;
}
