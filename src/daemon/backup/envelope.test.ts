/** The file of a backup: what it opens with, and what it says of every damage. */
import { describe, expect, it } from 'vitest';

import { latin1Bytes, latin1Text } from '../../base/bytes.ts';
import { Secret } from '../../base/secret.ts';
import { headerBytes, open, seal, type Cost } from './envelope.ts';

const passphrase = new Secret<string>('correct horse');
const content = latin1Bytes('{"what":"a node"}');
/** So that hundreds of files are opened in no time. */
const cheap: Cost = { N: 2, r: 8, p: 1, maxmem: 2 ** 20 };

/** The code with which opening ends; null: it opens. */
async function codeOf(file: Uint8Array, word = passphrase): Promise<string | null> {
  try {
    await open(file, word, cheap);
    return null;
  } catch (error) {
    return String((error as { code?: unknown }).code);
  }
}

function flipped(file: Uint8Array, index: number, bit: number): Uint8Array {
  const changed = file.slice();
  changed[index]! ^= 1 << bit;
  return changed;
}

describe('the file of a backup', () => {
  it('opens with its passphrase and with no other', async () => {
    const file = await seal(content, passphrase);
    expect(await open(file, passphrase)).toEqual(content);
    await expect(open(file, new Secret('correct horsf'))).rejects.toMatchObject({
      code: 'BACKUP_PASSPHRASE_WRONG',
    });
  });

  it('takes the same letters for the same, however they were typed', async () => {
    const file = await seal(content, new Secret('caf\u00e9 au lait'), { cost: cheap });
    expect(await codeOf(file, new Secret('cafe\u0301 au lait'))).toBeNull();
  });

  it('shows nothing of what it holds, and is another each time', async () => {
    const [a, b] = [
      await seal(content, passphrase, { cost: cheap }),
      await seal(content, passphrase, { cost: cheap }),
    ];
    expect(latin1Text(a)).toMatch(/^overspan backup\n\x01/);
    expect(a.length).toBe(headerBytes + content.length + 16);
    expect(latin1Text(a)).not.toContain('node');
    expect(a.subarray(17)).not.toEqual(b.subarray(17));
  });

  it('is of version 2 where older programs are not to open it', async () => {
    const file = await seal(content, passphrase, { version: 2, cost: cheap });
    expect(file[16]).toBe(2);
    expect(await open(file, passphrase, cheap)).toEqual(content);
    // It cannot be made one that they open.
    expect(await codeOf(Uint8Array.from(file, (byte, at) => (at === 16 ? 1 : byte)))).toBe(
      'BACKUP_DAMAGED',
    );
  });

  it('says of every flipped bit of the header what it means', async () => {
    const file = await seal(content, passphrase, { cost: cheap });
    for (let index = 0; index < headerBytes; index++)
      for (let bit = 0; bit < 8; bit++) {
        const code = await codeOf(flipped(file, index, bit));
        if (index < 16) expect(code).toBe('BACKUP_INVALID');
        else if (index === 16) expect(code).toBe(bit === 0 ? 'BACKUP_DAMAGED' : 'BACKUP_NEWER');
        else if (index >= 33 && index < 45) expect(code).toBe('BACKUP_DAMAGED');
        else expect(code).toBe('BACKUP_PASSPHRASE_WRONG');
      }
  });

  it('says of every flipped bit of the rest that it is damaged', async () => {
    const file = await seal(content, passphrase, { cost: cheap });
    for (let index = headerBytes; index < file.length; index++)
      expect(await codeOf(flipped(file, index, index % 8))).toBe('BACKUP_DAMAGED');
  });

  it('says of every length that it is cut short, or is none', async () => {
    const file = await seal(content, passphrase, { cost: cheap });
    for (let length = 0; length < file.length; length++)
      expect(await codeOf(file.subarray(0, length))).toBe(
        length < 16 ? 'BACKUP_INVALID' : 'BACKUP_DAMAGED',
      );
    expect(await codeOf(new Uint8Array([...file, 0]))).toBe('BACKUP_DAMAGED');
  });
});
