/**
 * `npm run interop -- [--only CHECK …] [--jobs N] [--keep] [PLACE …]`, `npm run interop -- --idle MINUTES [PLACE …]`:
 * Overspan in the places of official nodes, beside official nodes. A place names the nodes that are Overspan, of R (root
 * and controller), A and B (members); `official` is the one with none, for comparison.
 *
 * Needs root and a zerotier-one of 1.14, from ZEROTIER_ONE or the PATH.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';

import { checks } from './checks/index.ts';
import type { Check } from './check.ts';
import { idleEverywhere } from './idle.ts';
import { Lab } from './lab.ts';
import { packetRow } from './packets.ts';
import { Report, placeName } from './report.ts';

const allPlaces = ['', 'A', 'B', 'R', 'AB', 'ABR'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', multiple: true, default: [] },
    jobs: { type: 'string', default: '2' },
    idle: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const places =
  positionals.length === 0 ? allPlaces : positionals.map((p) => (p === 'official' ? '' : p));
const chosen = checks.filter(({ name }) => values.only.length === 0 || values.only.includes(name));
const jobs = Number(values.jobs);
const minutes = values.idle === undefined ? null : Number(values.idle);
const official = officialProgram();

const isUsable =
  places.every((place) => /^R?A?B?$|^A?B?R?$/.test(place)) &&
  values.only.every((name) => checks.some((check) => check.name === name)) &&
  jobs >= 1 &&
  (minutes === null || minutes >= 10);
if (!isUsable) {
  console.error('usage: npm run interop -- [--only CHECK …] [--jobs N] [--keep] [PLACE …]');
  console.error('       npm run interop -- --idle MINUTES [PLACE …]      at least 10 minutes');
  console.error(`places: ${allPlaces.map(placeName).join(' ')}`);
  console.error(`checks: ${checks.map(({ name }) => name).join(', ')}`);
  process.exitCode = 2;
} else if (official === undefined) {
  console.error('no zerotier-one: put one of version 1.14 on the PATH, or name it in ZEROTIER_ONE');
  process.exitCode = 2;
} else {
  process.exitCode = await run(official);
}

function officialProgram(): string | undefined {
  const named = process.env['ZEROTIER_ONE'];
  if (named !== undefined) return existsSync(named) ? named : undefined;
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((directory) => join(directory, 'zerotier-one'))
    .find((file) => existsSync(file));
}

/** @returns the exit code */
async function run(program: string): Promise<number> {
  const work = mkdtempSync(join(tmpdir(), 'overspan-interop-'));
  const options = { official: program, keep: values.keep };
  // The nodes and namespaces end with this process; the files do not.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      rmSync(work, { recursive: true, force: true });
      process.exit(130);
    });
  try {
    if (minutes !== null) return await idleEverywhere(places, minutes, { ...options, work });
    const report = new Report(
      places,
      chosen.map(({ name }) => name),
    );
    // A check in all places, then the next: what is slow in one is slow in others, and the report is read by rows.
    const tasks = chosen.flatMap((check) => places.map((place) => ({ check, place })));
    await inTurn(jobs, tasks, ({ check, place }) =>
      runCheck(check, place, report, {
        ...options,
        directory: join(work, `${check.name.replaceAll(' ', '-')}-${place}`),
      }),
    );
    const { cells, failures, officialToo } = report.print();
    console.log(
      `\n${cells} cells, ${failures} failures; ${officialToo} more that official nodes fail, too`,
    );
    return failures === 0 ? 0 : 1;
  } finally {
    if (values.keep) console.log(`kept: ${work}`);
    else rmSync(work, { recursive: true, force: true });
  }
}

async function runCheck(
  check: Check,
  place: string,
  report: Report,
  options: { official: string; keep: boolean; directory: string },
): Promise<void> {
  const row = report.rowsOf(check.name, place);
  let lab: Lab | undefined;
  const isUp = await row('the lab comes up', async () => {
    lab = await Lab.make({ ...options, place, ...check.lab });
    await lab.startCapture();
    await check.prepare?.(lab);
    return lab.up();
  });
  try {
    if (!isUp || lab === undefined) return;
    await check.run(lab, row);
    await packetRow(lab, row);
  } finally {
    await lab?.down();
  }
}

/** Does all of a list, so many at a time. */
async function inTurn<T>(
  atATime: number,
  list: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...list];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}
