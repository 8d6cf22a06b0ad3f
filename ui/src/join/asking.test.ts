/** Asking for an invitation again and again, whatever is answered. */
import { describe, expect, it } from 'vitest';

import { after, asking, type Answer, type Asking } from './asking.ts';

const ok: Answer = { status: 200, body: { name: 'lab' } };
const problem = (status: number): Answer => ({ status, body: { detail: 'no', remedy: 'wait' } });
const all = (...answers: readonly Answer[]): Asking => answers.reduce(after, asking);

describe('an invitation', () => {
  it('stays known where too much is asked, which is done less and less often', () => {
    const { state, pauseMs } = all(ok, problem(429), problem(429));
    expect(state).toEqual({ kind: 'known', invitation: { name: 'lab' } });
    expect(pauseMs).toBe(4_000);
    expect(all(...Array<Answer>(20).fill(problem(429))).pauseMs).toBe(60_000);
    expect(all(problem(429), ok).pauseMs).toBe(1_000);
  });

  it('is asked for no more where the answer would be the same', () => {
    for (const status of [400, 403, 404])
      expect(all(ok, problem(status))).toEqual({
        state: { kind: 'problem', message: 'no', remedy: 'wait' },
        pauseMs: null,
      });
    for (const status of [409, 500, 503]) expect(all(problem(status)).pauseMs).toBe(1_000);
  });

  it('is away where nothing answers from the start, and shown as it was where that is later', () => {
    expect(all(null)).toEqual({ state: { kind: 'away' }, pauseMs: 1_000 });
    expect(all(null, ok, null).state.kind).toBe('known');
    expect(all(null, null).state.kind).toBe('away');
  });
});
