/** Files with identities. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import { Secret } from '../../base/secret.ts';
import { readIdentityFile, writeIdentityFile } from './identity-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'overspan-identity-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});
const at = (name: string): string => join(directory, name);

describe('a file with an identity', () => {
  it('is written for its owner alone, and read without the white space around it', async () => {
    const path = at('new/identity.secret');
    await writeIdentityFile(path, new Secret('text'), { overwrite: false });
    expect(readFileSync(path, 'latin1')).toBe('text\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const { text, isOpenToOthers } = await readIdentityFile(path);
    expect([text.reveal(), isOpenToOthers]).toEqual(['text', false]);
    chmodSync(path, 0o640);
    expect((await readIdentityFile(path)).isOpenToOthers).toBe(true);
  });

  it('is replaced only where that is asked for', async () => {
    const path = at('kept.secret');
    writeFileSync(path, 'old');
    await expect(
      writeIdentityFile(path, new Secret('new'), { overwrite: false }),
    ).rejects.toMatchObject({ code: 'IDENTITY_FILE_EXISTS' });
    expect(readFileSync(path, 'latin1')).toBe('old');
    await writeIdentityFile(path, new Secret('new'), { overwrite: true });
    expect(readFileSync(path, 'latin1')).toBe('new\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('says what is wrong where it cannot be read or written, without what is in it', async () => {
    await expect(readIdentityFile(at('none'))).rejects.toMatchObject({
      code: 'IDENTITY_FILE_MISSING',
    });
    await expect(readIdentityFile(directory)).rejects.toMatchObject({
      code: 'IDENTITY_FILE_UNREADABLE',
    });
    writeFileSync(at('large'), 'x'.repeat(4096));
    await expect(readIdentityFile(at('large'))).rejects.toMatchObject({
      code: 'IDENTITY_INVALID',
      message: expect.not.stringContaining('xxx') as string,
    });
    writeFileSync(at('file'), '');
    await expect(
      writeIdentityFile(at('file/x'), new Secret('s'), { overwrite: false }),
    ).rejects.toMatchObject({ code: 'IDENTITY_FILE_NOT_WRITABLE' });
  });
});
