/**
 * A and B without a direct way, from the start and in the middle: everything over the root. And with one again: directly.
 * What the nodes list is compared with what crosses the root's port of the bridge.
 */
import type { Check } from '../check.ts';
import { subnet, type Lab } from '../lab.ts';
import { capturedPackets, countSuites } from '../packets.ts';
import type { Row } from '../report.ts';
import {
  addressesOf,
  answered,
  bulkRows,
  directions,
  echoRows,
  firstAnswers,
  groupRows,
  relayedShare,
} from '../traffic.ts';
import { must, until } from '../wait.ts';

/**
 * What the reference holds for good: a path on which nothing came for less than 243 s. It sends there all the while,
 * also where it hears the peer over the root: one official member of the two is enough for silence.
 */
const reference = 'they use a dead path until it expires, for up to 243 s';

/** For a direct path that goes. The pings go on for longer, until traffic is back: what follows needs it. */
const recoverySecondsMax = 30;

/** See the head of this file. */
export const relay: Check = {
  name: 'relay',
  lab: { isBlocked: true },
  run: async (lab, row) => {
    await row('blocked from the start: relayed', () => isRelayed(lab, false));
    await echoRows(lab, row);
    await groupRows(lab, row);
    await bulkRows(lab, row, 4);
    await suiteRows(lab, row);
    await lab.setDirect(true);
    await row('unblocked: direct after', () => becomesDirect(lab));
    await isUsedDirectly(lab, row, 'unblocked');
    await againRows(lab, row);
    await lab.setDirect(true);
    await row('unblocked again: direct after', () => becomesDirect(lab));
    await isUsedDirectly(lab, row, 'unblocked again');
  },
};

/** Leaves that have never met directly do not know each other's version, and keep to Salsa20. */
async function suiteRows(lab: Lab, row: Row): Promise<void> {
  const packets = await capturedPackets(lab);
  for (const [from, to, direction] of directions(lab))
    await row(`Salsa20 + AES packets, ${direction}`, () => {
      const [salsa, aes] = countSuites(packets, from, to);
      must(salsa > 0, `Salsa20 ${salsa}, AES ${aes}`);
      return Promise.resolve(`${salsa} + ${aes}`);
    });
  await lab.startCapture();
}

/** The direct path goes. */
async function againRows(lab: Lab, row: Row): Promise<void> {
  const when = 'blocked in the middle';
  const facts = { official: reference };
  const addresses = await addressesOf(lab);
  await lab.setDirect(false);
  const answers = firstAnswers(lab, addresses, 260);
  for (const [direction, answer] of answers)
    await row(
      `${when}: ${direction} over the root after`,
      async () => {
        const seconds = await answer;
        must(seconds <= recoverySecondsMax, `only after ${seconds.toFixed(0)} s`);
        return seconds;
      },
      facts,
    );
  await row(`${when}: relayed`, () => isRelayed(lab, true));
  const rows: Row = (name, body, more) => row(`${when}: ${name}`, body, more);
  await echoRows(lab, rows);
  await bulkRows(lab, rows, 4);
}

/** Each gets an answer, and with it the other's frames come through. */
async function bothReach(lab: Lab): Promise<boolean> {
  const reached = directions(lab).map(async ([from, to]) =>
    lab.reaches(from, await lab.addressOf(to, `${subnet}.`)),
  );
  return (await Promise.all(reached)).every((each) => each);
}

/** Traffic crosses the root, and neither node has heard the other on a direct path for a while. */
async function isRelayed(lab: Lab, mayRemember: boolean): Promise<string> {
  const share = await relayedShare(lab);
  must(share > 0.9, `only ${percent(share)} crosses the root`);
  for (const [from, to] of directions(lab))
    must(
      !(await from.hasDirectPath(to, mayRemember ? 5 : Infinity)),
      `${from.name} lists a direct path to ${to.name}`,
    );
  return percent(share);
}

/** Both list a direct path on which something came just now, while they talk. */
async function becomesDirect(lab: Lab): Promise<number> {
  return until('both list a direct path', 150, async () => {
    await bothReach(lab);
    const lists = directions(lab).map(([from, to]) => from.hasDirectPath(to, 5));
    return (await Promise.all(lists)).every((each) => each);
  });
}

async function isUsedDirectly(lab: Lab, row: Row, when: string): Promise<void> {
  await row(`${when}: the root is not in the way`, async () => {
    const share = await relayedShare(lab);
    must(share < 0.1, `${percent(share)} crosses the root`);
    for (const [from, to] of directions(lab))
      await answered(from, await lab.addressOf(to, `${subnet}.`));
    return undefined;
  });
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
