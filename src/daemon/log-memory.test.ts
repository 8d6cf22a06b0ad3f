import { describe, expect, it } from 'vitest';

import { lineLog } from './log.ts';
import { linesMax, MemoryLog } from './log-memory.ts';

const clock = { nowNs: () => 0, wallMs: () => 1_795_363_900_000.4 };

describe('the last lines of the log', () => {
  it('are those that passed, each of which was handed on', () => {
    const written: string[] = [];
    const log = new MemoryLog(lineLog({ clock, write: (line) => written.push(line) }), clock);
    log.info('ready', { port: 9993, root: false, planet: null });
    log.debug('path learned');
    log.warn('hello');
    log.error('no device', { problem: 'none' });
    expect(written).toHaveLength(3);
    const at = 1_795_363_900_000;
    expect(log.last(10)).toEqual([
      { at, level: 'info', message: 'ready', fields: { port: 9993, root: false, planet: null } },
      { at, level: 'warn', message: 'hello', fields: {} },
      { at, level: 'error', message: 'no device', fields: { problem: 'none' } },
    ]);
    expect(log.last(1)).toMatchObject([{ message: 'no device' }]);
  });

  it('are so many, and the oldest go', () => {
    const log = new MemoryLog(lineLog({ clock, write: () => undefined }), clock);
    for (let i = 0; i < linesMax + 10; i++) log.info(`line ${i}`);
    const kept = log.last(linesMax + 10);
    expect([kept.length, kept[0]?.message]).toEqual([linesMax, 'line 10']);
  });

  it('hold nothing that moves a cursor, and no long text', () => {
    const log = new MemoryLog(lineLog({ clock, write: () => undefined }), clock);
    log.warn('\u001b[31m', { name: `\u202e${'x'.repeat(2_000)}` });
    const [line] = log.last(1);
    expect(line?.message).toBe('\\u{1b}[31m');
    expect(String(line?.fields['name'])).toMatch(/^\\u\{202e\}x+…$/);
    expect(String(line?.fields['name']).length).toBeLessThan(600);
  });
});
