import { describe, expect, it } from 'vitest';

import { again, errnoName, exists, interrupted } from './errno.ts';
import { bindLibc, Libc } from './libc.ts';
import type { ForeignSystem } from './foreign.ts';

/** A library whose every function answers with one number. */
function fake(result: number, errno = 0): { library: Libc; calls: number[][] } {
  const calls: number[][] = [];
  const func =
    () =>
    (...parameters: number[]): number => {
      calls.push(parameters);
      return result;
    };
  const foreign = {
    load: () => ({ func }),
    address: () => 0x7fff_1234_5678n,
    errno: () => errno,
  } as unknown as ForeignSystem;
  return { library: new Libc(foreign), calls };
}

describe('the C library', () => {
  it('gives results as they are, and errors as negated numbers', () => {
    const bytes = new Uint8Array(100);
    expect(fake(7).library.read(3, bytes, 0, 100)).toBe(7);
    expect(fake(-1, 11).library.read(3, bytes, 0, 100)).toBe(-11);
  });

  it('is handed ranges of arrays alone', () => {
    const bytes = new Uint8Array(100);
    const { library, calls } = fake(0);
    library.write(3, bytes, 10, 30);
    expect(calls).toEqual([[3, 0x7fff_1234_5678 + 10, 20]]);
    for (const [start, end] of [
      [0, 101],
      [-1, 5],
      [50, 49],
      [NaN, 5],
    ] as const)
      expect(() => library.read(3, bytes, start, end)).toThrow('a range lies in its array');
    expect(() => library.sendmmsg(3, new Uint8Array(640), 5, 6)).toThrow('a range lies');
    expect(calls).toHaveLength(1);
  });

  it('is handed nothing of a buffer that was given away', () => {
    const bytes = new Uint8Array(100);
    const { library } = fake(0);
    library.read(3, bytes, 0, 100);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    expect(() => library.read(3, bytes, 0, 100)).toThrow('a range lies in its array');
  });

  it('has room for what an ioctl copies', () => {
    const { library } = fake(0);
    expect(() => library.ioctl(3, 0x4004_54ca, new Uint8Array(39))).toThrow('has the room');
    expect(library.ioctl(3, 0x4004_54ca, new Uint8Array(40))).toBe(0);
    expect(() => library.ioctl(3, 0x4100_54ca, new Uint8Array(40))).toThrow('has the room');
  });

  it('is said to be unavailable, with what to do, where it cannot be called', () => {
    const unavailable = (message: string): unknown =>
      expect.objectContaining({
        code: 'FFI_UNAVAILABLE',
        message: expect.stringContaining(message) as string,
      });
    const load = (): never => {
      throw new Error("Cannot find module 'koffi'");
    };
    expect(() => bindLibc({ platform: 'linux', arch: 'arm64' }, load)).toThrow(
      unavailable("Cannot find module 'koffi'"),
    );
    expect(() => bindLibc({ platform: 'darwin', arch: 'arm64' }, load)).toThrow(
      unavailable('darwin on arm64'),
    );
  });
});

describe('numbers of errors', () => {
  it('have the names of the manual pages', () => {
    expect([again, interrupted, exists].map(errnoName)).toEqual(['EAGAIN', 'EINTR', 'EEXIST']);
    expect(errnoName(-9999)).toBe('errno 9999');
  });
});
