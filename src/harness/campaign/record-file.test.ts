import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { syntheticBytes, syntheticLines, syntheticRecord } from '../../../test/synthetic/record.ts';
import { errorCode } from '../../base/errors.ts';
import { loadRecord, parseRecord, RecordWriter, type RecordDisk } from './record-file.ts';

const small = { rounds: 2, calibrationRounds: 1, requestsPerVisit: 3 };
const lines = syntheticLines(small);
const whole = syntheticBytes(small);
const text = new TextDecoder().decode(whole).split('\n');
const encode = (value: string): Uint8Array => new TextEncoder().encode(value);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overspan-record-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A code in place of an exception. */
function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return 'no error';
  } catch (error) {
    return errorCode(error) ?? String(error);
  }
}

async function codeOfLoad(path: string): Promise<string | undefined> {
  return loadRecord(path).then(() => 'no error', errorCode);
}

describe('a written record', () => {
  it('loads as what was written', async () => {
    const path = join(folder, 'made', 'for', 'it', 'run.ndjson');
    const writer = RecordWriter.create(path);
    for (const line of lines) writer.append(line);
    writer.close();
    writer.close();
    expect(await loadRecord(path)).toEqual(syntheticRecord(small));
  });

  it('is on the disk line by line, before it is closed', () => {
    const path = join(folder, 'run.ndjson');
    const writer = RecordWriter.create(path);
    writer.append(lines[0]!);
    writer.append(lines[1]!);
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(3);
    writer.close();
  });

  it('is never written over another', () => {
    const path = join(folder, 'run.ndjson');
    writeFileSync(path, 'mine');
    expect(codeOf(() => RecordWriter.create(path))).toBe('RECORD_EXISTS');
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  it('says where it cannot be', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(codeOf(() => RecordWriter.create(join(folder, 'file', 'run.ndjson')))).toMatch(
      /RECORD_(NOT_WRITABLE|EXISTS)/,
    );
  });

  it('refuses a line before the header and a second header', () => {
    const writer = RecordWriter.create(join(folder, 'run.ndjson'));
    expect(() => {
      writer.append(lines[1]!);
    }).toThrow(/invariant/);
    writer.append(lines[0]!);
    expect(() => {
      writer.append(lines[0]!);
    }).toThrow(/invariant/);
    writer.close();
  });
});

describe('a disk that fills up', () => {
  /** Takes so many bytes and no more. */
  function fullAfter(
    roomBytes: number,
    canTruncate: boolean,
  ): RecordDisk & { content: Uint8Array } {
    const disk = {
      content: new Uint8Array(0),
      create: () => 3,
      write(_fd: number, bytes: Uint8Array): number {
        const taken = bytes.subarray(0, Math.min(bytes.length, roomBytes - disk.content.length));
        if (taken.length === 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
        disk.content = Uint8Array.from([...disk.content, ...taken]);
        return taken.length;
      },
      truncate(_fd: number, lengthBytes: number): void {
        if (!canTruncate) throw new Error('read-only by now');
        disk.content = disk.content.slice(0, lengthBytes);
      },
      sync: () => undefined,
      close: () => undefined,
      remove: () => undefined,
    };
    return disk;
  }

  it.each([true, false])('keeps every whole line (truncation works: %s)', (canTruncate) => {
    const disk = fullAfter(text[0]!.length + text[1]!.length + 30, canTruncate);
    const writer = RecordWriter.create('run.ndjson', disk);
    writer.append(lines[0]!);
    writer.append(lines[1]!);
    for (const line of lines.slice(2, 4)) {
      expect(
        codeOf(() => {
          writer.append(line);
        }),
      ).toBe('RECORD_DISK_FULL');
    }
    writer.close();
    const record = parseRecord(disk.content);
    expect(record.before).toEqual(lines[1]);
    expect(record.tornBytes).toBe(canTruncate ? 0 : 28);
  });
});

describe('reading', () => {
  it('takes every prefix, or says that it is truncated', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length }), (length) => {
        try {
          const record = parseRecord(whole.subarray(0, length));
          const loaded =
            1 +
            [record.before, record.after, record.plan, record.end].filter((line) => line !== null)
              .length +
            record.visits.length;
          const newlines = whole.subarray(0, length).filter((byte) => byte === 0x0a).length;
          // The line that lacks nothing but its newline counts too.
          expect(loaded - newlines).toBeOneOf(record.tornBytes === 0 ? [0, 1] : [0]);
        } catch (error) {
          expect(errorCode(error)).toBe('RECORD_TRUNCATED');
          expect(length).toBeLessThan(text[0]!.length);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('gives a record or a code whatever bytes are changed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: whole.length - 1 }),
        fc.integer({ min: 0, max: 255 }),
        (at, byte) => {
          const changed = whole.slice();
          changed[at] = byte;
          expect(codeOf(() => parseRecord(changed))).toMatch(/^(no error|RECORD_[A-Z_]+)$/);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ['text', 'hello\n'],
    ['JSON of another kind', '{"kind":"header","format":"something-else"}\n'],
    ['a picture', '\u{89}PNG\r\n'],
  ])('refuses %s as no record', (_name, content) => {
    expect(codeOf(() => parseRecord(encode(content)))).toBe('RECORD_NOT_ONE');
  });

  it('refuses a newer version', () => {
    const newer = text[0]!.replace('"version":1', '"version":2');
    expect(codeOf(() => parseRecord(encode(`${newer}\n`)))).toBe('RECORD_TOO_NEW');
  });

  it.each<[string, (copy: string[]) => void]>([
    ['a line cut short', (copy) => void (copy[2] = copy[2]!.slice(0, 40))],
    [
      'a number that is text',
      (copy) => void (copy[2] = copy[2]!.replace('"nagle":false', '"nagle":"no"')),
    ],
    [
      'a column that lost a value',
      (copy) => void (copy[2] = copy[3]!.replace(/"latencyNs":\[\d+,/, '"latencyNs":[')),
    ],
    ['a second header', (copy) => void (copy[2] = copy[0]!)],
    ['a visit before the plan', (copy) => void (copy[2] = copy[3]!)],
    ['a kind that nobody knows', (copy) => void (copy[2] = '{"kind":"poem"}')],
    ['an empty line', (copy) => void (copy[2] = '')],
  ])('names the line of %s', (_name, damage) => {
    const copy = [...text];
    damage(copy);
    expect(() => parseRecord(encode(copy.join('\n')))).toThrow(/, line 3: /);
    expect(codeOf(() => parseRecord(encode(copy.join('\n'))))).toBe('RECORD_DAMAGED');
  });

  it('ignores fields that a later writer added', () => {
    const copy = [...text];
    copy[0] = copy[0]!.replace('"runId"', '"weather":"fine","runId"');
    expect(parseRecord(encode(copy.join('\n'))).visits).toHaveLength(6);
  });

  it('says what is wrong with the file', async () => {
    mkdirSync(join(folder, 'folder'));
    writeFileSync(join(folder, 'empty'), '');
    execFileSync('mkfifo', [join(folder, 'fifo')]);
    expect(await codeOfLoad(join(folder, 'nowhere'))).toBe('RECORD_NOT_FOUND');
    expect(await codeOfLoad(join(folder, 'folder'))).toBe('RECORD_NOT_ONE');
    expect(await codeOfLoad(join(folder, 'fifo'))).toBe('RECORD_NOT_ONE');
    expect(await codeOfLoad(join(folder, 'empty'))).toBe('RECORD_TRUNCATED');
    expect(await codeOfLoad('/dev/zero')).toBe('RECORD_NOT_ONE');
  });
});
