import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { writePrivateFiles } from './private-file.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'overspan-private-file-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

const pair = (content: string): Parameters<typeof writePrivateFiles>[0] => [
  { path: join(directory, 'deep', 'a.key'), content, mode: 0o600 },
  { path: join(directory, 'deep', 'a.pem'), content, mode: 0o644 },
];
const modeOf = async (...path: string[]): Promise<number> =>
  (await stat(join(directory, ...path))).mode & 0o777;
const text = (...path: string[]): Promise<string> => readFile(join(directory, ...path), 'utf8');

describe('writePrivateFiles', () => {
  it('gives files and new directories their modes whatever the umask is', async () => {
    const umask = process.umask(0o077);
    try {
      await writePrivateFiles(pair('x'), { overwrite: false });
    } finally {
      process.umask(umask);
    }
    expect(await modeOf('deep')).toBe(0o700);
    expect(await modeOf('deep', 'a.key')).toBe(0o600);
    expect(await modeOf('deep', 'a.pem')).toBe(0o644);
    expect(await readdir(join(directory, 'deep'))).toEqual(['a.key', 'a.pem']);
  });

  it.each(['a.key', 'a.pem'])('writes nothing where %s exists', async (existing) => {
    await mkdir(join(directory, 'deep'));
    await writeFile(join(directory, 'deep', existing), 'old');
    await expect(writePrivateFiles(pair('new'), { overwrite: false })).rejects.toMatchObject({
      code: 'EEXIST',
      dest: join(directory, 'deep', existing),
    });
    expect(await readdir(join(directory, 'deep'))).toEqual([existing]);
    expect(await text('deep', existing)).toBe('old');
  });

  it('replaces both when told to, and tightens the mode', async () => {
    await mkdir(join(directory, 'deep'));
    await writeFile(join(directory, 'deep', 'a.key'), 'old', { mode: 0o666 });
    await writePrivateFiles(pair('new'), { overwrite: true });
    expect([await text('deep', 'a.key'), await text('deep', 'a.pem')]).toEqual(['new', 'new']);
    expect(await modeOf('deep', 'a.key')).toBe(0o600);
  });

  it('does the same where it need not wait for the disk', async () => {
    await writePrivateFiles(pair('old'), { overwrite: false, isDurable: false });
    await writePrivateFiles(pair('new'), { overwrite: true, isDurable: false });
    expect([await text('deep', 'a.key'), await text('deep', 'a.pem')]).toEqual(['new', 'new']);
    expect(await modeOf('deep', 'a.key')).toBe(0o600);
    expect(await readdir(join(directory, 'deep'))).toEqual(['a.key', 'a.pem']);
  });

  it('puts the first file back where the second cannot be replaced', async () => {
    await mkdir(join(directory, 'deep', 'a.pem'), { recursive: true });
    await writeFile(join(directory, 'deep', 'a.key'), 'old');
    await expect(writePrivateFiles(pair('new'), { overwrite: true })).rejects.toThrow();
    expect(await text('deep', 'a.key')).toBe('old');
    expect(await readdir(join(directory, 'deep'))).toEqual(['a.key', 'a.pem']);
  });

  it('fails where no directory can be made', async () => {
    const path = '/proc/overspan/pki/a.key';
    await expect(
      writePrivateFiles([{ path, content: 'x', mode: 0o600 }], { overwrite: false }),
    ).rejects.toMatchObject({ code: 'ENOENT' });
    await writeFile(join(directory, 'file'), '');
    const below = join(directory, 'file', 'a.key');
    await expect(
      writePrivateFiles([{ path: below, content: 'x', mode: 0o600 }], { overwrite: true }),
    ).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it('lets exactly one of many writers win, with both files its own', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `writer ${String(index)}`);
    const results = await Promise.allSettled(
      names.map((name) => writePrivateFiles(pair(name), { overwrite: false })),
    );
    const winners = names.filter((_, index) => results[index]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect([await text('deep', 'a.key'), await text('deep', 'a.pem')]).toEqual([
      winners[0],
      winners[0],
    ]);
    expect(await readdir(join(directory, 'deep'))).toEqual(['a.key', 'a.pem']);
  });
});
