/** Writing what a node wants kept. */
import { describe, expect, it } from 'vitest';

import { HomeWriter, pendingFilesMax } from './home-writer.ts';
import type { Log, LogFields } from './log.ts';

const one = new Uint8Array([1]);
const two = new Uint8Array([2]);

/** A home whose disk waits until it is let go. */
function slowHome(): {
  readonly written: [string, Uint8Array | null][];
  readonly warnings: [string, LogFields | undefined][];
  readonly writer: HomeWriter;
  /** Lets one write end. */
  readonly next: (error?: Error) => Promise<void>;
} {
  const written: [string, Uint8Array | null][] = [];
  const warnings: [string, LogFields | undefined][] = [];
  const waiting: ((error?: Error) => void)[] = [];
  const log = { warn: (message: string, fields?: LogFields) => warnings.push([message, fields]) };
  const persist = (name: string, bytes: Uint8Array | null): Promise<void> =>
    new Promise((resolve, reject) => {
      written.push([name, bytes]);
      waiting.push((error) => {
        if (error === undefined) resolve();
        else reject(error);
      });
    });
  return {
    written,
    warnings,
    writer: new HomeWriter({ persist }, log as unknown as Log),
    next: async (error) => {
      waiting.shift()?.(error);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('the writer of a home', () => {
  it('writes one file after another, and of each the last content only', async () => {
    const { writer, written, next } = slowHome();
    writer.put('a', one);
    writer.put('b', one);
    writer.put('b', null);
    writer.put('a', two);
    writer.put('b', two);
    expect(written).toEqual([['a', one]]);
    await next();
    await next();
    await next();
    await writer.settled();
    expect(written).toEqual([
      ['a', one],
      ['b', two],
      ['a', two],
    ]);
  });

  it('reports what cannot be written, and goes on', async () => {
    const { writer, written, warnings, next } = slowHome();
    writer.put('a', one);
    writer.put('b', one);
    await next(new Error('disk full'));
    await next();
    await writer.settled();
    expect(written.map(([name]) => name)).toEqual(['a', 'b']);
    expect(warnings).toEqual([['a file was not kept', { file: 'a', error: 'disk full' }]]);
  });

  it('keeps a bounded number waiting', () => {
    const { writer, warnings } = slowHome();
    writer.put('being written', one);
    for (let i = 0; i < pendingFilesMax; i++) writer.put(String(i), one);
    expect(warnings).toEqual([]);
    writer.put('0', two);
    expect(warnings).toEqual([]);
    writer.put('one more', one);
    expect(warnings).toHaveLength(1);
  });
});
