/** Ten thousand ask a controller for a configuration who are not who they say, while members talk and one comes. */
import { latin1Text } from '../../src/base/bytes.ts';
import { formatU64, type NetworkId } from '../../src/base/ids.ts';
import type { Endpoint } from '../../src/core/endpoint.ts';
import { Cast } from '../cast.ts';
import { forgeries, ForgedRequests } from '../forged-requests.ts';
import type { Host } from '../host.ts';
import type { Scenario } from '../scenario.ts';

const requests = 10_000;
/** Longer than members wait with their next question: all of them ask meanwhile. */
const durationMs = 70_000;
const newcomerAfterMs = 20_000;
/** Longer than from one question of a member to the next: the second tells of the others. */
const reportedAfterMs = 65_000;
const onItsWayMs = 100;
/** From so many lost configurations on it is said that a member does not get them. */
const lostConfigsMin = 3;
const limits = { peersMax: 64, strangersMax: 128 };

export const forgedRequests: Scenario = {
  name: 'forged-requests',
  mustHold: [
    'None of 10,000 forged, replayed or invalid identities is let in, or so much as remembered as having asked.',
    'Members lose no echo meanwhile and are configured anew, no table grows beyond its limit, and a newcomer gets in.',
    'What members once sent tells nothing new: nobody is said to hear a member that is off, or to lose what it is sent.',
  ],
  run(world) {
    const cast = new Cast(world, { members: [{}, {}, { nat: 'symmetric' }, {}], limits });
    const { networkId, controller } = cast;
    const { host } = controller;
    const [a, b, d, off] = cast.members;
    cast.startAndJoin();
    const slow = [b!, d!, off!].map((to) =>
      a!.stack(networkId).ping(cast.ip(to), { intervalMs: 5_000 }),
    );
    world.waitFor('all talk', () => slow.every((ping) => ping.replies() > 0), 10_000);
    world.run(reportedAfterMs);
    off!.stop();
    const stoppedMs = host.now().monoMs;
    const wordsOfIt = () =>
      controller.members.find(({ record }) => record.address === off!.address)?.reports ?? [];
    world.expect(wordsOfIt().length > 0, 'others have told of it');
    const pings = [b!, d!].map((to) => a!.stack(networkId).ping(cast.ip(to), { intervalMs: 100 }));
    world.run(2_000);
    const own = cast.identity();
    world.vouch(own.identity);
    const { site } = cast.place('forger', {});
    const prng = world.prngOf('forger');
    const forger = new ForgedRequests({
      provider: world.provider,
      prng,
      wallMs: () => world.wallMs,
      victim: {
        identity: host.identity.identity,
        endpoint: host.endpoint.address,
        planet: host.planet,
      },
      networkId,
      own,
      members: cast.members.map(({ address }) => address),
      // What relays brought, too: the first questions of members come over the root.
      recorded: world.log
        .last(4_096)
        .flatMap(({ to, bytes }) => (to === host.name ? [bytes.slice()] : [])),
    });
    const anywhere = (): Endpoint =>
      world.endpoint(`5.${100 + prng.below(100)}.${prng.below(256)}.9`, 1_024 + prng.below(60_000));
    const startMs = world.nowMs;
    let asked = 0;
    let [peersMost, waitingMost, lostMost] = [0, 0, 0];
    let heardLastMs = -Infinity;
    const next = (): void => {
      const source = anywhere();
      for (const bytes of forger.make(forgeries[asked % forgeries.length]!))
        world.underlay.send(site, 'X', source, host.endpoint, bytes);
      if (asked % 10 === 0) {
        const { peerCount, waiting } = host.node.status(host.now());
        peersMost = Math.max(peersMost, peerCount);
        waitingMost = Math.max(waitingMost, waiting.in, waiting.out);
        lostMost = Math.max(
          lostMost,
          ...controller.members.map(({ heard }) => heard?.lostConfigs ?? 0),
        );
        heardLastMs = Math.max(
          heardLastMs,
          ...wordsOfIt().map(({ heardAtMs }) => heardAtMs ?? -Infinity),
        );
      }
      if (++asked < requests) world.after(durationMs / requests, next);
    };
    next();
    world.run(newcomerAfterMs);
    const newcomer = cast.member({}, 'N');
    newcomer.start();
    newcomer.join(networkId);
    const newcomerMs = world.waitFor(
      'a newcomer is in during the flood',
      () => cast.isMember(newcomer),
      20_000,
    );
    world.expect(asked < requests, 'it was let in during the flood, not after it');
    world.run(durationMs - (world.nowMs - startMs) + 1_000);
    world.expect(asked === requests, `${asked} requests were sent`);
    for (const [i, ping] of pings.entries()) {
      const lost = ping.lost(startMs, world.nowMs - 500);
      world.expect(lost === 0, `ping ${i} lost ${lost} echoes`);
    }
    const wanted = new Set([...cast.members, newcomer].map(({ address }) => address));
    const { members, counts } = controller;
    world.expect(
      members.length === wanted.size && members.every(({ record }) => wanted.has(record.address)),
      `${members.length} are known to the controller`,
    );
    for (const member of [a!, b!, d!]) {
      const ageMs = world.wallMs - issuedAtMs(member, networkId);
      world.expect(ageMs < durationMs - 10_000, `${member.name} was configured ${ageMs} ms ago`);
    }
    world.expect(peersMost <= limits.peersMax, `it knows ${peersMost} peers`);
    world.expect(waitingMost <= 128, `${waitingMost} packets wait`);
    world.expect(
      heardLastMs <= stoppedMs + onItsWayMs,
      `somebody heard it ${heardLastMs - stoppedMs} ms after it was off, as is said`,
    );
    world.expect(lostMost < lostConfigsMin, `${lostMost} configurations were lost, as is said`);
    return {
      'newcomer in after ms': newcomerMs,
      'requests that reached the controller': counts.configRequests,
      'peers at most': peersMost,
      'packets that waited at most': waitingMost,
    };
  },
};

/** When the configuration was issued that a host has kept on its disk, ms since the epoch. */
function issuedAtMs({ home }: Host, networkId: NetworkId): number {
  const text = latin1Text(home.get(`networks.d/${formatU64(networkId)}.conf`) ?? new Uint8Array(0));
  return Number.parseInt(/^ts=(\w+)$/m.exec(text)?.[1] ?? '', 16);
}
