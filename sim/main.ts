/**
 * Runs scenarios of the virtual world: `npm run sim -- [--scenario NAME] [--seed SEED] [--runs N] [--members N] [--rows N]`.
 *
 * Without a seed every scenario runs once from the seed of the gate; with `--runs` from that many others, which are
 * printed, so that each can be repeated. Ends with 1 where something did not hold.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { diagramRows } from './diagram.ts';
import { describeFailure, describeResult, runScenario } from './runner.ts';
import type { MemoryUse, Scenario } from './scenario.ts';
import { gateSeed, scenarios } from './scenarios/index.ts';

const { values } = parseArgs({
  options: {
    scenario: { type: 'string' },
    seed: { type: 'string' },
    runs: { type: 'string' },
    members: { type: 'string' },
    rows: { type: 'string' },
  },
});
const chosen = scenarios.filter(
  ({ name }) => values.scenario === undefined || name === values.scenario,
);
const runs = Number(values.runs ?? '1');
const members = values.members === undefined ? undefined : Number(values.members);
const rows = Number(values.rows ?? diagramRows);

if (
  chosen.length === 0 ||
  !(runs >= 1) ||
  !(rows >= 0) ||
  (members !== undefined && !(members >= 1))
) {
  console.error(
    'usage: npm run sim -- [--scenario NAME] [--seed SEED] [--runs N] [--members N] [--rows N]\nscenarios:',
  );
  for (const { name, mustHold } of scenarios)
    console.error(`  ${name.padEnd(28)} ${mustHold.join(' ')}`);
  process.exitCode = 2;
} else {
  process.exitCode = run(chosen);
}

/** @returns the exit code */
function run(list: readonly Scenario[]): number {
  let failures = 0;
  for (const seed of seeds())
    for (const scenario of list) {
      const settings = { memory: memoryUse, ...(members === undefined ? {} : { members }) };
      const result = runScenario(scenario, seed, settings, rows);
      console.log(describeResult(result));
      if (result.failure === null) continue;
      failures++;
      console.log(describeFailure(result.failure));
    }
  if (runs > 1) console.log(`${runs} seeds, ${list.length} scenarios, ${failures} failures`);
  return failures === 0 ? 0 : 1;
}

function seeds(): string[] {
  const first =
    values.seed ?? (values.runs === undefined ? gateSeed : randomBytes(4).toString('hex'));
  return Array.from({ length: runs }, (_, i) => (i === 0 ? first : `${first}-${i}`));
}

/** What is in use: what is not was collected before. */
function memoryUse(): MemoryUse {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed, buffers: arrayBuffers };
}
