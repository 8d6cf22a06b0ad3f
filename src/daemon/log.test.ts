/** Lines of the log. */
import { describe, expect, it } from 'vitest';

import { lineLog, type Log } from './log.ts';

function logged(level: 'debug' | 'info', body: (log: Log) => void): string[] {
  const lines: string[] = [];
  const clock = { nowNs: () => 0, wallMs: () => 1_795_363_866_009 };
  body(lineLog({ clock, level, write: (line) => lines.push(line) }));
  return lines;
}

describe('a line of the log', () => {
  it('is time, level, message and named fields', () => {
    const fields = { peer: '1a2b3c4d5e', hops: 0, direct: true, name: null };
    const lines = logged('info', (log) => {
      log.info('path learned', fields);
    });
    expect(lines).toEqual([
      '2026-11-22T16:11:06.009Z info  path learned  peer=1a2b3c4d5e hops=0 direct=true name=null',
    ]);
  });

  it('is one line, whatever a field holds', () => {
    const [line] = logged('info', (log) => {
      log.warn('x', { name: 'a "b"\n\u001b[31m' });
    });
    expect(line).toContain('x  name="a \\"b\\"\\\\u{a}\\\\u{1b}[31m"');
  });

  it('is left out below the level', () => {
    const body = (log: Log): void => {
      log.debug('a');
      log.error('b');
    };
    expect(logged('info', body)).toHaveLength(1);
    expect(logged('debug', body)).toHaveLength(2);
  });
});
