/**
 * Each node ended with SIGKILL and with SIGTERM, and started again. The times are from the start on. R comes last: what it
 * has forgotten the members cannot get back.
 */
import { setTimeout as delay } from 'node:timers/promises';

import type { Check } from '../check.ts';
import { subnet, type Lab } from '../lab.ts';
import type { LabNode } from '../node.ts';
import type { Row } from '../report.ts';
import { addressesOf, answered, directions, firstAnswers } from '../traffic.ts';
import { must, until } from '../wait.ts';

/** Official leaves poll R each 5 s, and ask for a configuration each minute. */
const rememberSecondsMax = 65;

/** The reference writes down whom it knows when it is told to end, and never before. */
const reference =
  'a killed root has forgotten its members, who greet it anew after up to 229 s only';

const signals = ['SIGKILL', 'SIGTERM'] as const;

/** See the head of this file. */
export const restart: Check = {
  name: 'restart',
  run: async (lab, row) => {
    for (const signal of signals)
      for (const node of [lab.nodes.A, lab.nodes.B]) await memberRows(lab, row, node, signal);
    for (const signal of signals) await rootRows(lab, row, signal);
  },
};

async function memberRows(
  lab: Lab,
  row: Row,
  node: LabNode,
  signal: (typeof signals)[number],
): Promise<void> {
  const what = `${node.name} ${signal}`;
  const addresses = await addressesOf(lab);
  await row(`${what}: ends after`, () => node.stop(signal));
  const answers = firstAnswers(lab, addresses, 120);
  await row(`${what}: API back after`, () => node.start());
  for (const [direction, answer] of answers) await row(`${what}: ${direction} after`, () => answer);
}

async function rootRows(lab: Lab, row: Row, signal: (typeof signals)[number]): Promise<void> {
  const { R } = lab.nodes;
  const what = `R ${signal}`;
  await row(`${what}: ends after`, () => R.stop(signal));
  await row(`${what}: A and B go on without it`, () => bothAnswer(lab, 30));
  const beganMs = performance.now();
  await row(`${what}: API back after`, () => R.start());
  await row(
    `${what}: knows both again after`,
    async () => {
      await until('R has a path to both', 260, async () => {
        const { A, B } = lab.nodes;
        return (await R.hasDirectPath(A)) && (await R.hasDirectPath(B));
      });
      const seconds = (performance.now() - beganMs) / 1_000;
      must(seconds <= rememberSecondsMax, `only after ${seconds.toFixed(0)} s`);
      return seconds;
    },
    signal === 'SIGKILL' ? { official: reference } : {},
  );
  await row(`${what}: members get a change of the network after`, async () => {
    const name = `after ${signal}`;
    const changed = await lab.setNetwork({ name });
    must(changed?.['name'] === name, `R does not own the network: ${JSON.stringify(changed)}`);
    return until('both know its new name', 75, async () => {
      const names = [lab.nodes.A, lab.nodes.B].map(async (node) => (await lab.network(node))?.name);
      return (await Promise.all(names)).every((each) => each === name);
    });
  });
  await row(`${what}: A and B talk after their next request`, async () => {
    // A configuration is asked for again each minute.
    await delay(Math.max(0, 70_000 - (performance.now() - beganMs)));
    return bothAnswer(lab, 5);
  });
}

async function bothAnswer(lab: Lab, count: number): Promise<string> {
  const said: string[] = [];
  for (const [from, to] of directions(lab))
    said.push(await answered(from, await lab.addressOf(to, `${subnet}.`), { count }));
  return said.join(' ');
}
