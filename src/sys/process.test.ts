import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { endProcesses } from './process-end.ts';
import { isAlive, processesMarked, processIdentity } from './process-identity.ts';
import { spawnProcess } from './process.ts';
import { processUsage } from './process-usage.ts';

/** Says that it is there, then waits for a signal. */
const waiting = [process.execPath, '-e', 'console.log("up"); setInterval(() => {}, 1000)'];

describe('a long-running process', () => {
  it('ends when it is killed, once however often it is asked', async () => {
    const child = await spawnProcess(waiting, { ownGroup: true });
    await once(child.stdout!, 'data');
    const [first, second] = await Promise.all([child.kill(), child.kill()]);
    expect(first).toEqual({ exitCode: null, signal: 'SIGTERM' });
    expect(second).toEqual(first);
    expect(await child.kill()).toEqual(first);
  });

  it('that ignores SIGTERM is killed after the grace', async () => {
    const stubborn = 'process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 9)';
    const child = await spawnProcess([process.execPath, '-e', stubborn]);
    await once(child.stdout!, 'data');
    expect(await child.kill(10)).toEqual({ exitCode: null, signal: 'SIGKILL' });
  });

  it('writes into a descriptor of ours', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'overspan-process-'));
    try {
      const path = join(directory, 'log');
      const descriptor = openSync(path, 'a');
      const child = await spawnProcess([process.execPath, '-e', 'console.log("said")'], {
        stdout: descriptor,
      });
      closeSync(descriptor);
      await child.exited;
      expect(readFileSync(path, 'utf8')).toBe('said\n');
      expect(child.stdout).toBeNull();
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('tells its exit code', async () => {
    const child = await spawnProcess([process.execPath, '-e', 'process.exit(7)']);
    expect(await child.exited).toEqual({ exitCode: 7, signal: null });
  });
});

describe('what a process has used', () => {
  it('grows while it works, and is nothing when it is gone', async () => {
    const child = await spawnProcess([process.execPath, '-e', 'console.log("up"); for (;;);']);
    await once(child.stdout!, 'data');
    const before = processUsage(child.pid)!;
    let after = before;
    while (after.cpuNs < before.cpuNs + 50e6) after = processUsage(child.pid)!;
    expect(after.cpuNs % 10e6).toBe(0);
    // Node takes some 40 MB, and a test machine has not a terabyte.
    expect(after.residentBytes).toBeGreaterThan(10e6);
    expect(after.residentBytes).toBeLessThan(1e12);
    await child.kill();
    expect(processUsage(child.pid)).toBeNull();
  });
});

describe('the identity of a process', () => {
  it('is that of one process only, and ends with it', async () => {
    const child = await spawnProcess(waiting);
    await once(child.stdout!, 'data');
    const identity = processIdentity(child.pid)!;
    expect(isAlive(identity)).toBe(true);
    expect(isAlive({ ...identity, startTicks: '1' })).toBe(false);
    expect(isAlive({ ...identity, bootId: 'another' })).toBe(false);
    await child.kill();
    expect(isAlive(identity)).toBe(false);
    expect(processIdentity(child.pid)).toBeNull();
  });

  it('is found by its mark also while it executes another program', async () => {
    const mark = `executes-${process.pid}`;
    const again = 'i=$1; [ $i -gt 0 ] || exec sleep 9; exec sh -c "$2" sh $((i - 1)) "$2"';
    const argv = ['sh', '-c', again, 'sh', '600', again];
    const child = await spawnProcess(argv, { environment: { OVERSPAN_TEST_MARK: mark } });
    for (let look = 0; look < 200; look++) {
      expect(processesMarked('OVERSPAN_TEST_MARK', mark), `look ${look}`).toEqual([child.pid]);
    }
    await child.kill();
  });

  it('is found by a mark in its environment, and can be ended without being our child', async () => {
    const mark = `test-${process.pid}`;
    const child = await spawnProcess(waiting, { environment: { OVERSPAN_TEST_MARK: mark } });
    await once(child.stdout!, 'data');
    expect(processesMarked('OVERSPAN_TEST_MARK', mark)).toEqual([child.pid]);
    expect(await endProcesses(processesMarked('OVERSPAN_TEST_MARK', mark))).toBe(0);
    expect(await child.exited).toEqual({ exitCode: null, signal: 'SIGTERM' });
    expect(processesMarked('OVERSPAN_TEST_MARK', mark)).toEqual([]);
  });
});
