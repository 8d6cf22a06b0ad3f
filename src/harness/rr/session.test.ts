import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Prng } from '../../base/prng.ts';
import { encodeFrame, encodeReply } from './frame.ts';
import { FramedReply, PlainReply } from './reply.ts';
import { RrSession, type SessionOptions } from './session.ts';

const us = 1_000;
const ms = 1_000_000;

const defaults: SessionOptions = {
  request: encodeFrame('request', 0, 0, new Uint8Array(8)),
  framed: true,
  warmupCount: 0,
  requestCount: 3,
  durationNs: null,
  intervalNs: 0,
  timeoutNs: 1000 * ms,
  lossesInRowMax: 5,
};

/** What the other end does with a request: answers after so long, keeps silent, or closes. */
type Behaviour = (request: number) => number | 'silence' | 'close';

/** Runs a session against a server that exists only in virtual time. Timers fire exactly when they are due. */
function simulate(
  options: Partial<SessionOptions>,
  behave: Behaviour,
  timerLateNs = 0,
): { session: RrSession; endNs: number; connections: number } {
  const all = { ...defaults, ...options };
  const session = new RrSession(all, () =>
    all.framed ? new FramedReply() : new PlainReply({ kind: 'first' }),
  );
  let nowNs = 5 * ms;
  let requests = 0;
  let connections = 1;
  let replyAtNs: number | null = null;
  session.handleConnected();
  for (let step = 0; step < 100_000; step++) {
    const action = session.poll(nowNs);
    if (action.kind === 'done') return { session, endNs: nowNs, connections };
    if (action.kind === 'reconnect') {
      connections++;
      session.handleConnected();
    } else if (action.kind === 'send') {
      const reply = behave(requests++);
      session.handleSent(nowNs, nowNs + us);
      replyAtNs = typeof reply === 'number' ? nowNs + reply : null;
      if (reply === 'close') session.handleClosed(nowNs + us, 'reset');
    } else if (replyAtNs !== null && replyAtNs <= action.untilNs) {
      nowNs = replyAtNs;
      replyAtNs = null;
      const sequence = new DataView(all.request.buffer).getUint32(8);
      session.handleData(nowNs, encodeReply(sequence, 0, 7, null, new Uint8Array(0)));
    } else nowNs = action.untilNs + timerLateNs;
  }
  throw new Error('the session does not end');
}

describe('a closed loop', () => {
  it('measures exactly what the path takes', () => {
    const { session } = simulate({ requestCount: 4 }, (i) => (i + 1) * 100 * us);
    expect(session.samples.latencyNs).toEqual([100, 200, 300, 400].map((n) => n * us));
    expect(session.samples.sentNs).toEqual([5000, 5100, 5300, 5600].map((n) => n * us));
    expect(session.samples.dueNs).toEqual(session.samples.sentNs);
    expect(session.samples.sendCallNs).toEqual([us, us, us, us]);
    expect(session.samples.serverProcessingNs).toEqual([7, 7, 7, 7]);
    expect(session.outcome).toEqual({ kind: 'complete' });
  });

  it('discards the warm-up and counts it', () => {
    const { session } = simulate({ warmupCount: 2, requestCount: 2 }, (i) => (i + 1) * us);
    expect(session.warmupDone).toBe(2);
    expect(session.samples.latencyNs).toEqual([3 * us, 4 * us]);
    expect(session.firstLatencyNs).toBe(us);
  });

  it('ends by time, counted from the end of the warm-up', () => {
    const { session } = simulate(
      { requestCount: null, durationNs: 10 * ms, warmupCount: 3 },
      () => ms,
    );
    expect(session.samples.latencyNs).toHaveLength(10);
    expect(session.unsentCount).toBe(0);
  });
});

describe('a schedule', () => {
  it('sends when it is due', () => {
    const { session } = simulate({ intervalNs: 10 * ms, requestCount: 3 }, () => ms);
    expect(session.samples.sentNs).toEqual([5 * ms, 15 * ms, 25 * ms]);
    expect(session.samples.latencyNs).toEqual([ms, ms, ms]);
    expect(session.latenessNs).toEqual([0, 0, 0]);
  });

  it('counts the wait behind a stall: latency runs from the intended send time', () => {
    const { session } = simulate({ intervalNs: 10 * ms, requestCount: 4 }, (i) =>
      i === 1 ? 35 * ms : ms,
    );
    // The second request stalls until 50 ms; the third was due at 25 ms and the fourth at 35 ms.
    expect(session.samples.dueNs).toEqual([5, 15, 25, 35].map((n) => n * ms));
    expect(session.samples.sentNs).toEqual([5, 15, 50, 51].map((n) => n * ms));
    expect(session.samples.latencyNs).toEqual([1, 35, 26, 17].map((n) => n * ms));
  });

  it("does not blame the path for the harness's own late timers", () => {
    const { session } = simulate({ intervalNs: 10 * ms, requestCount: 3 }, () => ms, 300 * us);
    expect(session.samples.latencyNs).toEqual([ms, ms, ms]);
    expect(session.latenessNs).toEqual([0, 300 * us, 300 * us]);
  });
});

describe('losses', () => {
  it('are rows of their own; a framed stream goes on', () => {
    const { session, connections } = simulate({ timeoutNs: 50 * ms, requestCount: 3 }, (i) =>
      i === 1 ? 'silence' : ms,
    );
    expect(session.lost).toEqual([{ sentNs: 6 * ms, reason: 'timeout' }]);
    expect(session.samples.latencyNs).toEqual([ms, ms]);
    expect(connections).toBe(1);
  });

  it('cost a plain stream its connection, as a late reply would pass for the next', () => {
    const { session, connections } = simulate(
      { framed: false, request: new Uint8Array(16), timeoutNs: 50 * ms, requestCount: 3 },
      (i) => (i === 1 ? 'silence' : ms),
    );
    expect(session.lost).toHaveLength(1);
    expect(connections).toBe(2);
  });

  it('by a close are told apart, and the session connects again', () => {
    const { session, connections } = simulate({ requestCount: 3 }, (i) => (i === 1 ? 'close' : ms));
    expect(session.lost).toEqual([{ sentNs: 6 * ms, reason: 'reset' }]);
    expect(connections).toBe(2);
    expect(session.outcome).toEqual({ kind: 'complete' });
  });

  it('in a row end the session; the first answer that never comes does at once', () => {
    const mute = simulate({ requestCount: 100, timeoutNs: ms }, () => 'silence').session;
    expect(mute.outcome).toEqual({ kind: 'no-reply', reason: 'timeout' });
    expect(mute.sentCount).toBe(1);
    const dies = simulate({ requestCount: 100, timeoutNs: ms }, (i) =>
      i < 3 ? us : 'silence',
    ).session;
    expect(dies.samples.latencyNs).toHaveLength(3);
    expect(dies.lost).toHaveLength(5);
    expect(dies.unsentCount).toBe(92);
  });
});

describe('stopping', () => {
  it('keeps what was measured; the request under way is neither sent nor lost', () => {
    const session = new RrSession({ ...defaults, requestCount: 10 }, () => new FramedReply());
    session.handleConnected();
    session.poll(0);
    session.handleSent(0, 1);
    session.stop();
    expect(session.poll(5)).toEqual({ kind: 'done' });
    expect(session.outcome).toEqual({ kind: 'stopped' });
    expect([session.sentCount, session.lost.length, session.unsentCount]).toEqual([0, 0, 10]);
  });
});

describe('any order of events', () => {
  it('accounts for every request exactly once, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(3), fc.nat(2), (seed, warmupCount, kind) => {
        const prng = new Prng(seed);
        const { session } = simulate(
          {
            warmupCount,
            requestCount: 20,
            timeoutNs: 5 * ms,
            intervalNs: kind === 1 ? ms : 0,
            lossesInRowMax: 50,
          },
          (i) => {
            const draw = i === 0 ? 9 : prng.below(10);
            return draw === 0 ? 'silence' : draw === 1 ? 'close' : draw * 100 * us;
          },
        );
        const { latencyNs, sentNs, dueNs } = session.samples;
        expect(latencyNs.length + session.lost.length).toBe(20);
        expect(session.sentCount).toBe(20);
        for (const [i, ns] of sentNs.entries()) expect(ns).toBeGreaterThanOrEqual(dueNs[i]!);
      }),
    );
  });

  it('garbage ends a connection, not the session', () => {
    const session = new RrSession({ ...defaults, requestCount: 1 }, () => new FramedReply());
    session.handleConnected();
    session.handleData(0, Uint8Array.of(1, 2, 3));
    session.handleClosed(0, 'closed');
    expect(session.poll(1).kind).toBe('reconnect');
  });
});
