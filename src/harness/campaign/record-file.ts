/**
 * The file of a record: how its lines get to the disk, so that a kill loses at most the line being written.
 *
 * One line is one `write(2)` and is in the kernel's hands when `append` returns; only a power failure can still lose it.
 * Reading is in `record-file-read.ts`, the schema in `record.ts`, the guarantees in `docs/record.md`.
 */
import { closeSync, fsyncSync, ftruncateSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

import { assert, errorCode, errorMessage, type OverspanError } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { makeDirectorySync } from '../../sys/directory.ts';
import { recordFileError } from './record-file-errors.ts';
import type { RecordLine } from './record.ts';

export { loadRecord, parseRecord, recordBytesMax } from './record-file-read.ts';

/** The calls of the file system that a writer makes; injected so that a full disk can be tested. */
export interface RecordDisk {
  /** Makes the folders above `path` and the file itself, which must not be there. */
  create(path: string): number;
  /** @returns how many bytes were taken, which may be fewer than there are */
  write(fd: number, bytes: Uint8Array): number;
  truncate(fd: number, lengthBytes: number): void;
  sync(fd: number): void;
  close(fd: number): void;
  remove(path: string): void;
}

const nodeDisk: RecordDisk = {
  create: (path) => {
    makeDirectorySync(dirname(path));
    return openSync(path, 'wx', 0o644);
  },
  write: (fd, bytes) => writeSync(fd, bytes),
  truncate: (fd, lengthBytes) => {
    ftruncateSync(fd, lengthBytes);
  },
  sync: (fd) => {
    fsyncSync(fd);
  },
  close: (fd) => {
    closeSync(fd);
  },
  remove: (path) => {
    unlinkSync(path);
  },
};

/**
 * Writes a record, line by line. Order: `create`, `append` (the header first), `close`.
 *
 * After an error of `append` the torn line is cut off where the disk lets us, every whole line before it stays, and the
 * writer only repeats its error; `close` still works.
 */
export class RecordWriter {
  readonly path: string;
  readonly #disk: RecordDisk;
  readonly #encoder = new TextEncoder();
  #fd: number | null;
  #lengthBytes = 0;
  #failure: OverspanError | null = null;

  private constructor(path: string, fd: number, disk: RecordDisk) {
    this.path = path;
    this.#fd = fd;
    this.#disk = disk;
  }

  /**
   * Makes the file and the folders above it.
   *
   * @throws RECORD_EXISTS, RECORD_DISK_FULL, RECORD_NOT_WRITABLE
   */
  static create(path: string, disk: RecordDisk = nodeDisk): RecordWriter {
    try {
      return new RecordWriter(path, disk.create(path), disk);
    } catch (error) {
      throw writeError(path, error);
    }
  }

  /**
   * Puts one line at the end, synchronously: call it between visits, not while latency is being measured.
   *
   * @throws RECORD_DISK_FULL, RECORD_NOT_WRITABLE
   */
  append(line: RecordLine): void {
    assert(this.#fd !== null, 'a record is not written to after close');
    assert(
      (this.#lengthBytes === 0) === (line.kind === 'header'),
      'the header is the first line of a record and no other',
    );
    if (this.#failure !== null) throw this.#failure;
    // The keys that say what this is lead, so that a torn header can be told from a file of another kind.
    const ordered = { ...leadingKeys(line), ...line };
    const bytes = this.#encoder.encode(`${JSON.stringify(ordered)}\n`);
    try {
      // A disk that fills up takes a part of the line and refuses the rest.
      for (let at = 0; at < bytes.length;) at += this.#disk.write(this.#fd, bytes.subarray(at));
      this.#lengthBytes += bytes.length;
    } catch (error) {
      this.#failure = writeError(this.path, error);
      try {
        this.#disk.truncate(this.#fd, this.#lengthBytes);
      } catch {
        // The torn line stays; a reader counts it.
      }
      throw this.#failure;
    }
  }

  /**
   * Hands the file to the disk and closes it; a second call does nothing.
   *
   * @throws RECORD_DISK_FULL, RECORD_NOT_WRITABLE where the disk finds out only now
   */
  close(): void {
    const fd = this.#fd;
    if (fd === null) return;
    this.#fd = null;
    try {
      this.#disk.sync(fd);
    } catch (error) {
      // A file system without fsync says EINVAL; everything else is a write that failed late.
      if (errorCode(error) !== 'EINVAL') throw writeError(this.path, error);
    } finally {
      this.#disk.close(fd);
    }
  }

  /** Closes the file and removes it: of a run that measured nothing, nothing is kept. */
  discard(): void {
    this.close();
    this.#disk.remove(this.path);
  }
}

function leadingKeys(line: RecordLine): Partial<RecordLine> {
  return line.kind === 'header'
    ? { kind: line.kind, format: line.format, version: line.version }
    : { kind: line.kind };
}

function writeError(path: string, cause: unknown): OverspanError {
  const shown = escapeText(path);
  switch (errorCode(cause)) {
    case 'EEXIST':
      return recordFileError('RECORD_EXISTS', `${shown} is already there`, {
        remedy: 'name another file, or move that one away: records are never overwritten',
        cause,
      });
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return recordFileError('RECORD_DISK_FULL', `no room for the record ${shown}`, {
        remedy: `make room, see: df -h '${escapeText(dirname(path))}'; what was written before is kept and can be reported`,
        cause,
      });
    default:
      return recordFileError(
        'RECORD_NOT_WRITABLE',
        `cannot write ${shown}: ${escapeText(errorMessage(cause))}`,
        { remedy: 'name a file in a folder that you may write to', cause },
      );
  }
}
