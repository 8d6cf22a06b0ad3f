/** Runs and what is derived of them do not meet: who is started, and when, told by programs that are stand-ins. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { syntheticBytes } from '../../../test/synthetic/record.ts';
import { characterizeDefaults, compareDefaults } from '../../api/run-request.ts';
import type { ProgramEnd, StartProgram } from './program.ts';
import { Runs } from './runs.ts';

const record = syntheticBytes({ rounds: 2, calibrationRounds: 1, requestsPerVisit: 3 });
const torn = record.subarray(0, record.length - 20);
const request = {
  ...compareDefaults,
  paths: ['a', 'b'].map((label) => ({ label, target: '192.0.2.1' })),
};
const inLab = { ...characterizeDefaults, engines: ['direct', 'nebula'] };
const nowMs = 1_760_000_000_000;
let folder = '';
let runs: Runs;
/** What happened to programs, in order. */
let told: string[];
/** Has the last one say something. */
let say: (event: Readonly<Record<string, unknown>>) => void;
/** Ends the last one that runs. */
let end: (how: Partial<ProgramEnd>) => void;

const startProgram: StartProgram = ([word = '', file = ''], options) => {
  say = (event) => options?.onEvent?.(event);
  const name = word === 'report' ? `report ${/([^/]*)\.ndjson$/.exec(file)?.[1]}` : word;
  const here = told;
  here.push(name);
  let ours: (how: Partial<ProgramEnd>) => void = () => undefined;
  const ended = new Promise<ProgramEnd>((resolve) => {
    ours = (how) => {
      here.push(`${name} ended`);
      const usual = { exitCode: null, signal: null, results: [], error: null, complaint: '' };
      resolve({ ...usual, ...how });
    };
  });
  end = ours;
  return Promise.resolve({
    ended,
    stop: async () => {
      await new Promise((after) => setImmediate(after));
      ours({ signal: 'SIGTERM' });
    },
  });
};

/** Puts a record there. @param agoMs - when it was written to */
function put(id: string, bytes: Uint8Array, agoMs: number): void {
  const file = join(folder, `${id}.ndjson`);
  writeFileSync(file, bytes);
  const atS = (nowMs - agoMs) / 1_000;
  utimesSync(file, atS, atS);
}

const states = async (): Promise<Record<string, string>> =>
  Object.fromEntries((await runs.list()).runs.map(({ id, state }) => [id, state]));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overspan-runs-'));
  mkdirSync(join(folder, '.derived'));
  told = [];
  runs = new Runs({
    ...{ directory: folder, home: folder, startProgram },
    clock: { nowNs: () => 0, wallMs: () => nowMs },
  });
});
afterEach(async () => {
  await runs.close();
  rmSync(folder, { recursive: true });
});

describe('a report', () => {
  it('that is being made is ended before a run starts, and made again when that is over', async () => {
    put('one', record, 1_000);
    put('two', record, 2_000);
    await runs.list();
    await expect.poll(() => told).toEqual(['report one']);
    const { id } = await runs.start(request);
    expect(told).toEqual(['report one', 'report one ended', 'compare']);
    await runs.list();
    await expect(runs.report('one')).rejects.toMatchObject({ code: 'RUN_GOING_ON' });
    expect(told).toHaveLength(3);
    end({ exitCode: 0 });
    await expect.poll(async () => (await runs.list()).runningId).toBeNull();
    expect((await runs.detail(id)).state).toBe('interrupted');
    await runs.list();
    await expect.poll(() => told.at(-1)).toMatch(/^report/);
    expect((await runs.list()).runs.map(({ error }) => error)).toEqual([null, null, null]);
  });

  it('does not begin while a run is being started', async () => {
    put('one', record, 1_000);
    const started = runs.start(request);
    await runs.list();
    await started;
    expect(told).toEqual(['compare']);
  });

  it('is not made of a record that another program writes, nor of others meanwhile', async () => {
    put('one', record, 1_000);
    put('elsewhere', torn, 60_000);
    expect(await states()).toEqual({ one: 'complete', elsewhere: 'growing' });
    await expect(runs.report('elsewhere')).rejects.toMatchObject({ code: 'RUN_GOING_ON' });
    expect((await runs.detail('elsewhere')).state).toBe('growing');
    expect(told).toEqual([]);
  });

  it('is made of a record without an end that nobody writes any more', async () => {
    put('killed', torn, 600_000);
    expect(await states()).toEqual({ killed: 'unfinished' });
    await expect.poll(() => told).toEqual(['report killed']);
  });
});

describe('a run', () => {
  it('that was started here and killed is not taken for one that another program measures', async () => {
    const { id } = await runs.start(request);
    put(id, torn, 1_000);
    end({ signal: 'SIGKILL' });
    await expect.poll(async () => (await runs.list()).runningId).toBeNull();
    expect(await states()).toEqual({ [id]: 'unfinished' });
  });

  it('of a lab says which overlay is brought up, until it measures', async () => {
    const { id } = await runs.start(inLab);
    expect(id).toMatch(/^characterize-/);
    expect(told).toEqual(['characterize']);
    say({ event: 'engine', name: 'nebula' });
    expect(await runs.detail(id)).toMatchObject({ state: 'starting', engine: 'nebula' });
    await expect(runs.engines()).rejects.toMatchObject({ code: 'RUN_GOING_ON' });
    say({ event: 'progress', phase: 'warm-up' });
    expect(await runs.detail(id)).toMatchObject({ state: 'running', engine: null });
  });

  it('that was stopped while its lab was made was stopped, and did not fail', async () => {
    const error = { code: 'COMMAND_INTERRUPTED', message: 'stopped in `ip`', remedy: '' };
    const { id } = await runs.start(inLab);
    const stopped = runs.stop(id);
    end({ exitCode: 130, error });
    await stopped;
    await expect.poll(async () => (await runs.list()).runningId).toBeNull();
    expect(await runs.detail(id)).toMatchObject({ state: 'interrupted', error: null });
  });

  it('is deleted with what was derived of it, but not while it is measured', async () => {
    put('one', record, 1_000);
    put('other', record, 1_000);
    put('elsewhere', torn, 60_000);
    for (const kind of ['json', 'html']) writeFileSync(join(folder, '.derived', `one.${kind}`), '');
    await runs.remove('one');
    await expect(runs.remove('one')).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
    await expect(runs.remove('../one')).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
    await expect(runs.remove('elsewhere')).rejects.toMatchObject({ code: 'RUN_GOING_ON' });
    const { id } = await runs.start(request);
    await expect(runs.remove(id)).rejects.toMatchObject({ code: 'RUN_GOING_ON' });
    end({ exitCode: 1 });
    await expect.poll(async () => (await runs.list()).runningId).toBeNull();
    // It came to nothing, and has no record.
    await runs.remove(id);
    await expect(runs.detail(id)).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
    expect(readdirSync(folder).sort()).toEqual(['.derived', 'elsewhere.ndjson', 'other.ndjson']);
    expect(readdirSync(join(folder, '.derived'))).toEqual([]);
  });

  it('that is deleted while its report is made has none', async () => {
    put('one', record, 1_000);
    await runs.list();
    await expect.poll(() => told).toEqual(['report one']);
    writeFileSync(join(folder, '.derived', '.one.json'), '{}');
    await runs.remove('one');
    end({ exitCode: 0 });
    await expect.poll(() => readdirSync(join(folder, '.derived'))).toEqual([]);
  });
});

describe('the list', () => {
  it('reads a record once, and again when it has changed', async () => {
    put('one', torn, 600_000);
    await states();
    // The same time and length, but no record any more: whoever reads it sees that.
    put('one', new Uint8Array(torn.length), 600_000);
    expect(await states()).toEqual({ one: 'unfinished' });
    truncateSync(join(folder, 'one.ndjson'), 10);
    expect(await states()).toEqual({ one: 'unreadable' });
  });
});
