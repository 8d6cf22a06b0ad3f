import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { processIdentity } from '../../sys/process-identity.ts';
import { Journal, removeDrafts } from './journal.ts';
import { isStale, listLabs, openHost, sweepLabs, takeDownLab } from './labs.ts';

let home: string;
beforeEach(() => {
  home = fs.mkdtempSync(join(tmpdir(), 'overspan-journal-'));
});
afterEach(() => {
  fs.rmSync(home, { recursive: true });
});

const dead = { pid: process.pid, startTicks: '1', bootId: 'of another boot' };
const files = (): string[] => fs.readdirSync(join(home, 'labs'));

describe('the journal of a lab', () => {
  it('is read back as it was written, private, and leaves no draft', () => {
    const journal = Journal.create(home, { kind: 'root' }, 1_700_000_000_000);
    journal.update({
      undo: [{ kind: 'namespace', scope: 'lab', namespace: 'ovs-test-a' }],
      phase: 'up',
    });
    expect(listLabs(home)).toEqual([journal.state]);
    expect(files()).toEqual([`${journal.state.id}.json`]);
    expect(fs.statSync(journal.path).mode & 0o777).toBe(0o600);
    journal.remove();
    journal.remove();
    expect(listLabs(home)).toEqual([]);
  });

  it('of a living maker is not stale, of a dead one is', () => {
    const { state } = Journal.create(home, { kind: 'root' }, 0);
    expect(isStale(state)).toBe(false);
    expect(isStale({ ...state, owner: dead })).toBe(true);
    expect(isStale({ ...state, owner: { ...state.owner!, startTicks: '1' } })).toBe(true);
  });

  it('without an owner is stale when its holder or all its namespaces are gone', () => {
    const { state } = Journal.create(home, { kind: 'root' }, 0);
    const self = processIdentity()!;
    expect(isStale({ ...state, owner: null })).toBe(true);
    expect(isStale({ ...state, owner: null, shell: { kind: 'rootless', holder: self } })).toBe(
      false,
    );
    expect(isStale({ ...state, owner: null, shell: { kind: 'rootless', holder: dead } })).toBe(
      true,
    );
  });

  it('that is damaged is told with its path, and does not hide the others', async () => {
    const good = Journal.create(home, { kind: 'root' }, 0);
    const bad = join(home, 'labs', 'bad000.json');
    fs.writeFileSync(bad, '{"format":"overspan-lab"');
    const { swept, failures } = await sweepLabs(home);
    expect(swept).toEqual([]);
    expect(failures).toMatchObject([{ code: 'LAB_JOURNAL_UNREADABLE', details: { path: bad } }]);
    expect(listLabs(home)).toEqual([good.state]);
  });

  it('loses the drafts of killed writers only', () => {
    Journal.create(home, { kind: 'root' }, 0);
    const living = processIdentity()!;
    const name = (pid: number, ticks: string): string =>
      join(home, 'labs', `abcdef.${pid}.${ticks}.${living.bootId}.tmp`);
    fs.writeFileSync(name(living.pid, living.startTicks), '');
    fs.writeFileSync(name(living.pid, '1'), '');
    removeDrafts(home);
    expect(files().filter((file) => file.endsWith('.tmp'))).toEqual([
      `abcdef.${living.pid}.${living.startTicks}.${living.bootId}.tmp`,
    ]);
  });

  it('that cannot be written is a coded error', () => {
    const file = join(home, 'file');
    fs.writeFileSync(file, '');
    expect(() => Journal.create(file, { kind: 'root' }, 0)).toThrow(
      expect.objectContaining({ code: 'LAB_JOURNAL_UNREADABLE' }) as Error,
    );
  });
});

describe('finding a lab', () => {
  it('asks for a name where there are several, and says what there is', async () => {
    expect(() => openHost(home, undefined, 'a')).toThrow(/there is no lab/);
    const first = Journal.create(home, { kind: 'root' }, 0).state.id;
    expect(() => openHost(home, undefined, 'c')).toThrow(/no host "c"/);
    Journal.create(home, { kind: 'root' }, 0);
    await expect(takeDownLab(home, undefined)).rejects.toMatchObject({ code: 'LAB_AMBIGUOUS' });
    await expect(takeDownLab(home, 'ffffff0')).rejects.toMatchObject({ code: 'LAB_NOT_FOUND' });
    await expect(takeDownLab(home, first)).rejects.toMatchObject({ code: 'LAB_IN_USE' });
  });
});
