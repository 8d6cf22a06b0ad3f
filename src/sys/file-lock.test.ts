/** A lock on a file, between processes. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, describe, expect, it } from 'vitest';

import { isLocked, lockFile } from './file-lock.ts';
import { spawnProcess } from './process.ts';

const directory = mkdtempSync(join(tmpdir(), 'overspan-lock-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const lockModule = new URL('./file-lock.ts', import.meta.url).href;
const holderScript = `
  const { lockFile } = await import('${lockModule}');
  const lock = lockFile(process.argv[1]);
  console.log('release' in lock);
  setInterval(() => lock, 1000);`;

describe('a lock on a file', () => {
  it('is held once, and free again when it is released', () => {
    const path = join(directory, 'one');
    const first = lockFile(path);
    if (!isLocked(first)) throw new Error('it is free');
    expect(lockFile(path)).toEqual({ pid: process.pid });
    first.release();
    first.release();
    expect(existsSync(path)).toBe(true);
    const second = lockFile(path);
    expect(isLocked(second)).toBe(true);
    if (isLocked(second)) second.release();
    expect(readFileSync(path, 'utf8')).toBe('');
  });

  it('ends with the process that holds it, also by SIGKILL', async () => {
    const path = join(directory, 'two');
    const argv = ['--import', loader, '--input-type=module', '-e', holderScript, path];
    const holder = await spawnProcess([process.execPath, ...argv]);
    const [said] = (await once(holder.stdout!, 'data')) as [Uint8Array];
    expect(String(said)).toBe('true\n');
    expect(lockFile(path)).toEqual({ pid: holder.pid });
    await holder.kill(0);
    const mine = lockFile(path);
    expect(isLocked(mine)).toBe(true);
    if (isLocked(mine)) mine.release();
  });

  it('fails where the file cannot be made', () => {
    expect(() => lockFile(join(directory, 'none', 'lock'))).toThrow(/ENOENT/);
  });
});
