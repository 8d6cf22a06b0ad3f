import { describe, expect, it } from 'vitest';

import { Replay, type SentPacket } from '../../../test/core/replay/replay.ts';
import { sessionRecording } from '../../../test/core/replay/session-recording.ts';

/**
 * What our node does otherwise than the real one in the first 220 s, and why. At 224 s it sends the HELLO that the real one
 * sends with its next tick at 226 s, and repeats it, for the recorded answer comes only then.
 */
const differences = {
  A: {
    // The reference keeps the way to its root open by asking for the root's own identity every 5 s; we send ECHO every 4 s.
    ours: ['A>R suite 3 ECHO empty', 'A>B suite 3 ECHO empty'],
    // And ask a peer once whether it is there when we send and it has said nothing for a second.
    real: ['A>R suite 3 WHOIS 75a7e56dfd'],
  },
  B: {
    // The reference forgets a RENDEZVOUS with somebody whose identity is still on its way; we follow it when it has come.
    ours: ['B>R suite 3 ECHO empty', 'junk to 10.9.0.2/9993', 'B>A suite 3 ECHO empty'],
    real: ['B>R suite 3 WHOIS 75a7e56dfd'],
  },
  R: { ours: [], real: [] },
} as const;

/** In the order of the session; what is sent at one moment has none. */
function wordsOf(packets: readonly SentPacket[], without: readonly string[]): string[] {
  const until = packets.filter(({ t }) => t < 220_000);
  return until.flatMap(({ words }) => words).filter((words) => !without.includes(words));
}

describe.each(['A', 'B', 'R'] as const)('in the place of %s in a recorded session', (name) => {
  const replay = new Replay(sessionRecording('session.json'), name);
  replay.run(220_000);
  const ours = wordsOf(replay.ours, differences[name].ours);
  const real = wordsOf(replay.real, differences[name].real);

  it('our node sends what the real one sent', () => {
    expect(real.length).toBeGreaterThan(5);
    // Who is told first of an introduction is drawn by lot.
    const sorted = (words: readonly string[]): string[] => [...words].sort();
    expect(sorted(ours)).toEqual(sorted(real));
    if (name !== 'R') expect(ours).toEqual(real);
  });

  it('the differences are really there', () => {
    for (const by of ['ours', 'real'] as const) {
      const all = new Set(replay[by].flatMap(({ words }) => words));
      for (const words of differences[name][by]) expect(all).toContain(words);
    }
  });

  it('nothing that the real nodes sent is dropped but the junk that opens a NAT', () => {
    const { drops } = replay.node.status({ monoMs: 221_000, wallMs: 0 });
    expect(drops).toEqual(name === 'B' ? { 'not-a-packet': 1 } : {});
  });

  it('and says the same to its person', () => {
    const messages = replay.events.flatMap((event) =>
      event.kind === 'user-message' ? [[event.typeId.toString(16), event.data.length]] : [],
    );
    const expected = {
      A: [['1234567891', 7]],
      B: [
        ['1234567890', 7],
        ['1234567892', 3_000],
        ['1234567893', 2_000],
      ],
      R: [],
    };
    expect(messages).toEqual(expected[name]);
    const files = replay.events.flatMap((event) => (event.kind === 'persist' ? [event.name] : []));
    // The worlds that it was given, and the two others, whom it remembers.
    const [a, r, b] = ['5bb8ea2011', '75a7e56dfd', 'a0995dd9e6'].map(
      (each) => `peers.d/${each}.peer`,
    );
    const kept = { A: [r, b, 'planet'], B: ['moons.d/00000075a7e56dfd.moon', a, r], R: [a, b] };
    expect(files.sort()).toEqual(kept[name]);
  });
});

describe('in the place of A where the root holds back newcomers of one network', () => {
  it('is online at the same moment, though B had to wait', () => {
    const replay = new Replay(sessionRecording('session-ratelimited.json'), 'A');
    replay.run(5_000);
    expect(replay.events.find(({ kind }) => kind === 'online')).toEqual({
      kind: 'online',
      isOnline: true,
    });
  });
});
