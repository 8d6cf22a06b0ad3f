/** Somebody attacks the root and a member with everything there is, one after the other and at once. */
import { Attacker, attacks } from '../attacker.ts';
import { Cast } from '../cast.ts';
import type { Host } from '../host.ts';
import type { Scenario } from '../scenario.ts';

const perSecond = 500;
const durationMs = 3_000;
/** Small, so that the flood would fill them. */
const limits = { peersMax: 64, strangersMax: 128, validationsMax: 8 };

export const flood: Scenario = {
  name: 'flood',
  mustHold: [
    'Members lose no echo, directly or over the root, whatever root and member are flooded with.',
    'No table grows beyond its limit, and nobody who was there is pushed out of one.',
    'A flooded node sends no more bytes than it is sent: nobody can turn it against a third.',
  ],
  run(world) {
    const cast = new Cast(world, {
      members: [{}, {}, { nat: 'symmetric' }, { nat: 'symmetric' }],
      limits,
    });
    const [a, b, d, e] = cast.members;
    const { root, networkId } = cast;
    const place = cast.place('attacker', {});
    const attacker = new Attacker(world, place.site, place.ips[0]!, cast.identity());
    cast.startAndJoin();
    const direct = a!.stack(networkId).ping(cast.ip(b!), { intervalMs: 50 });
    const relayed = d!.stack(networkId).ping(cast.ip(e!), { intervalMs: 50 });
    world.waitFor('all talk', () => direct.replies() > 0 && relayed.replies() > 0, 5_000);
    world.run(5_000);
    for (const victim of [root, a!]) attacker.greet(victim);
    world.run(1_000);
    const calmRttMs = { direct: direct.rttMs(0.99, 6_000)!, relayed: relayed.rttMs(0.99, 6_000)! };
    const startMs = world.nowMs;
    const victims: readonly Host[] = [root, a!];
    let worstAnswer = 0;
    const rounds = [...attacks.map((attack) => [attack]), attacks];
    for (const round of rounds) {
      const before = victims.map((victim) => ({ ...victim.traffic }));
      const roundMs = world.nowMs;
      for (const attack of round)
        for (const victim of victims)
          attacker.flood(victim, attack, { perSecond, durationMs }, [b!, d!, e!]);
      world.run(durationMs + 200);
      const lost =
        direct.lost(roundMs, world.nowMs - 200) + relayed.lost(roundMs, world.nowMs - 200);
      world.expect(lost === 0, `${round.join(' ')}: ${lost} echoes were lost`);
      for (const [i, victim] of victims.entries()) {
        const { peerCount, waiting } = victim.node.status(victim.now());
        world.expect(peerCount <= limits.peersMax, `${victim.name} knows ${peerCount} peers`);
        world.expect(waiting.in <= 64 * 2, `${victim.name} holds ${waiting.in} packets`);
        world.expect(waiting.out <= 128, `${victim.name} has ${waiting.out} packets to send`);
        const inBytes = victim.traffic.bytesIn - before[i]!.bytesIn;
        const outBytes = victim.traffic.bytesOut - before[i]!.bytesOut;
        worstAnswer = Math.max(worstAnswer, outBytes / inBytes);
        // A root passes on what it is given for others, old packets among it.
        world.expect(
          outBytes <= inBytes,
          `${victim.name} answers ${round.join(' ')} with ${outBytes} bytes for ${inBytes}`,
          [victim.name, attacker.name],
        );
      }
    }
    world.run(5_000);
    for (const member of cast.members)
      world.expect(member.onlineSinceMs !== null, `${member.name} is online`);
    const newcomer = cast.member({}, 'N');
    newcomer.start();
    newcomer.join(networkId);
    const afterMs = world.waitFor(
      'a newcomer is in after the flood',
      () => cast.isMember(newcomer),
      3_000,
    );
    return {
      'direct p99 ms': direct.rttMs(0.99, startMs)!,
      'calm direct p99 ms': calmRttMs.direct,
      'relayed p99 ms': relayed.rttMs(0.99, startMs)!,
      'calm relayed p99 ms': calmRttMs.relayed,
      'bytes out for one in at most': worstAnswer,
      'newcomer afterwards ms': afterMs,
    };
  },
};
