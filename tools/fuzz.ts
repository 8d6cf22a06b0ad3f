/**
 * Fuzzes the decoders of the wire: `npm run fuzz -- [--minutes N] [--seed S] [--target NAME]`. What breaks a law is made
 * small and kept in test/fuzz/corpus, where every test run replays it. Ends with 1 where something was found.
 */
import { parseArgs } from 'node:util';

import { toHex } from '../src/base/bytes.ts';
import { keepInput } from '../test/fuzz/corpus.ts';
import { fuzz } from '../test/fuzz/fuzzer.ts';
import { targets } from '../test/fuzz/targets.ts';

/** A target's share of one round: short, so that all get their turn even in a short run. */
const turnMs = 1000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now()) },
    target: { type: 'string' },
  },
});
const minutes = Number(values.minutes);
const chosen = targets.filter(({ name }) => values.target === undefined || name === values.target);

if (!(minutes > 0) || chosen.length === 0) {
  console.error('usage: npm run fuzz -- [--minutes N] [--seed S] [--target NAME]');
  console.error(`targets: ${targets.map(({ name }) => name).join(' ')}`);
  process.exitCode = 2;
} else {
  process.exitCode = run();
}

/** Goes round the targets until the time is over. @returns the exit code */
function run(): number {
  const ends = performance.now() + minutes * 60_000;
  console.log(`seed ${values.seed}, ${chosen.length} targets, ${minutes} minutes`);
  const failed = new Set<string>();
  let runs = 0;
  let shapes = 0;
  for (let round = 0; performance.now() < ends; round++)
    for (const target of chosen) {
      const msMax = Math.min(turnMs, ends - performance.now());
      if (failed.has(target.name) || msMax <= 0) continue;
      const report = fuzz(target, { seed: `${values.seed} ${round}`, msMax });
      runs += report.runs;
      shapes += report.shapes;
      if (report.finding === null) continue;
      failed.add(target.name);
      const { law, input } = report.finding;
      console.log(`FOUND ${target.name}: ${law.slice(0, 500)}`);
      console.log(`  input ${toHex(input).slice(0, 200)} (${input.length} bytes)`);
      console.log(`  kept in ${keepInput(target, input)}`);
    }
  console.log(`${runs} inputs, ${shapes} shapes, ${failed.size} targets failed`);
  return failed.size === 0 ? 0 : 1;
}
