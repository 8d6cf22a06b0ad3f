/** A member's address changes: it notices (another network card, another café), or its provider changes it in secret. */
import { Cast } from '../cast.ts';
import { DirectWatch } from '../direct-watch.ts';
import type { Scenario } from '../scenario.ts';

const backMsMax = 3_000;
/** After the change: the root must hear of it, and introduce the two anew. */
const directMsMax = 5_000;

export const addressChange: Scenario = {
  name: 'address-change',
  mustHold: [
    'Traffic is back in less than 3 s when a member moves to another address, whoever sends first.',
    'It is when a NAT gets another public address or is restarted, and goes directly again within 5 s.',
  ],
  run(world) {
    const cast = new Cast(world, { members: [{}, { nat: 'port-restricted' }] });
    const [a, b] = cast.members;
    cast.startAndJoin();
    const ping = a!.stack(cast.networkId).ping(cast.ip(b!), { intervalMs: 100, size: 1_200 });
    const direct = new DirectWatch(world, a!, b!);
    direct.waitFor(10_000);
    const places = [
      cast.place('A later', { nat: 'address-restricted' }),
      cast.place('A at last', { nat: 'port-restricted' }),
      cast.place('B later', { nat: 'full-cone' }),
    ];
    const [aLater, aAtLast, bLater] = places;
    const changes: Readonly<Record<string, () => void>> = {
      'A moves': () => {
        a!.move(aLater!.site, aLater!.ips);
      },
      'A moves again': () => {
        a!.move(aAtLast!.site, aAtLast!.ips);
      },
      'NAT readdressed': () => {
        aAtLast!.nat!.readdress('5.99.1.1');
        world.underlay.route('5.99.1.1', aAtLast!.site);
      },
      'NAT restarted': () => {
        aAtLast!.nat!.restart();
      },
      'B moves': () => {
        b!.move(bLater!.site, bLater!.ips);
      },
    };
    const figures: Record<string, number> = {};
    for (const [what, change] of Object.entries(changes)) {
      world.run(world.between(3_000, 20_000));
      change();
      const changedMs = world.nowMs;
      const backMs = world.waitFor(
        `${what}: an echo`,
        () => ping.firstReplyMs(changedMs + 1) !== null,
        backMsMax,
      );
      figures[`${what}: back after ms`] = backMs;
      figures[`${what}: direct after ms`] = backMs + direct.waitFor(directMsMax - backMs);
    }
    return figures;
  },
};
