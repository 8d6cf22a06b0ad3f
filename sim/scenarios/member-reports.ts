/** A member is cut off from its controller, and others go on talking to it. */
import { Cast } from '../cast.ts';
import type { Scenario } from '../scenario.ts';

/** Members ask, and report, every minute. */
const reportMsMax = 65_000;
const silentMs = 200_000;
const onItsWayMs = 100;

export const memberReports: Scenario = {
  name: 'member-reports',
  mustHold: [
    'A controller knows within 65 s, of two members, how they reach the third and when they heard it.',
    'It goes on knowing that the third is there when it is cut off from it itself.',
    'It knows no more of a member that is stopped than that nobody hears it.',
  ],
  run(world) {
    const cast = new Cast(world, { members: [{}, {}, {}] });
    const [a, b, d] = cast.members;
    cast.startAndJoin();
    for (const member of [a!, b!])
      member.stack(cast.networkId).ping(cast.ip(d!), { intervalMs: 2_000 });
    const statusOf = () =>
      cast.controller.members.find(({ record }) => record.address === d!.address);
    const reportsOf = () => statusOf()?.reports ?? [];
    const knownMs = world.waitFor(
      'two members tell of the third',
      () => reportsOf().filter(({ kind }) => kind === 'direct').length === 2,
      reportMsMax,
    );
    const by = reportsOf().map((report) => report.by);
    world.expect(
      [a!, b!].every(({ address }) => by.includes(address)),
      'A and B tell of D',
    );
    world.block(d!, cast.controller.host);
    world.block(d!, cast.root);
    world.run(silentMs);
    const { monoMs } = cast.controller.host.now();
    world.expect(statusOf()?.isOnline === false, 'D does not ask any more');
    const heardAgoMs = reportsOf().map(({ heardAtMs }) => monoMs - (heardAtMs ?? -Infinity));
    world.expect(heardAgoMs.length === 2, 'both tell of D nevertheless');
    const oldestMs = Math.max(...heardAgoMs);
    world.expect(oldestMs < reportMsMax + 5_000, `D was last heard ${oldestMs} ms ago`);
    d!.stop();
    const stoppedMs = cast.controller.host.now().monoMs;
    world.run(silentMs);
    // What was on its way when it was stopped is heard a moment later.
    const isHeard = reportsOf().some(
      ({ heardAtMs }) => (heardAtMs ?? -Infinity) > stoppedMs + onItsWayMs,
    );
    world.expect(!isHeard, 'nobody hears D any more');
    return { 'known after ms': knownMs, 'heard ms ago': oldestMs };
  },
};
