/** The directory of the runs as somebody meets it who asks for names that are none. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { syntheticBytes } from '../../../test/synthetic/record.ts';
import { RunDirectory, type RunEnds } from './run-directory.ts';

const record = syntheticBytes({ rounds: 2, calibrationRounds: 1, requestsPerVisit: 3 });
let folder = '';
let directory: RunDirectory;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overspan-runs-'));
  directory = new RunDirectory(join(folder, 'runs'));
  directory.make();
  writeFileSync(join(folder, 'outside.ndjson'), record);
  writeFileSync(directory.recordPath('one'), record);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a name', () => {
  it('is that of a record that is there, and never a path', async () => {
    expect(await directory.find('one')).toMatchObject({ id: 'one', bytes: record.length });
    mkdirSync(directory.recordPath('folder'));
    symlinkSync(join(folder, 'outside.ndjson'), directory.recordPath('link'));
    for (const id of [
      ...[
        'two',
        '',
        '.',
        '..',
        '../outside',
        '..%2foutside',
        'a/../one',
        'one\0',
        'link',
        'folder',
      ],
      ...[`${folder}/outside`, '.derived/one', '-one', 'x'.repeat(101)],
    ]) {
      expect(await directory.find(id), id).toBeNull();
      expect(await directory.open(id), id).toBeNull();
    }
  });

  it('is listed with the one that changed last before the others; nothing else is', async () => {
    writeFileSync(directory.recordPath('two'), record);
    utimesSync(directory.recordPath('one'), 1, 1);
    writeFileSync(join(folder, 'runs', 'notes.txt'), 'text');
    writeFileSync(join(folder, 'runs', '.hidden.ndjson'), record);
    symlinkSync(join(folder, 'outside.ndjson'), directory.recordPath('link'));
    expect((await directory.files()).map(({ id }) => id)).toEqual(['two', 'one']);
  });
});

describe('a directory', () => {
  it('that is not there yet has no runs; one that cannot be there is an error with a remedy', async () => {
    expect(await new RunDirectory(join(folder, 'none')).files()).toEqual([]);
    const blocked = new RunDirectory(directory.recordPath('one'));
    await expect(blocked.files()).rejects.toMatchObject({ code: 'RUNS_UNREADABLE' });
    expect(() => {
      blocked.make();
    }).toThrow(expect.objectContaining({ code: 'RUNS_UNREADABLE' }) as Error);
  });
});

describe('the ends of a record', () => {
  it('say when it began and how it came out', async () => {
    const ends = async (id: string): Promise<RunEnds> =>
      directory.ends((await directory.find(id))!);
    expect(await ends('one')).toMatchObject({ state: 'complete' });
    expect((await ends('one')).startedAtUnixMs).toBeGreaterThan(0);
    writeFileSync(directory.recordPath('torn'), record.subarray(0, record.length - 20));
    expect((await ends('torn')).state).toBe('unfinished');
    writeFileSync(directory.recordPath('other'), 'text\n');
    expect(await ends('other')).toEqual({ state: 'unreadable', startedAtUnixMs: null });
  });
});

describe('what is derived', () => {
  it('is what was made since the record changed', async () => {
    const file = (await directory.find('one'))!;
    expect(await directory.derived(file, 'json')).toBeNull();
    writeFileSync(directory.derivedPath('one', 'json'), 'made');
    utimesSync(directory.recordPath('one'), 1, 1);
    expect(await directory.derived((await directory.find('one'))!, 'json')).toBe('made');
    utimesSync(directory.recordPath('one'), 2e9, 2e9);
    expect(await directory.derived((await directory.find('one'))!, 'json')).toBeNull();
  });
});
