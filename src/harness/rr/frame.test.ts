import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  decodeReplyTimes,
  decodeWelcome,
  encodeFrame,
  encodeReply,
  encodeWelcome,
  FrameReader,
  headerBytes,
  replyPrefixBytes,
  setSequence,
  type Frame,
} from './frame.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** Pushes chunks and collects every frame, or the drop reason as the last entry. */
function readAll(reader: FrameReader, chunks: readonly Uint8Array[]): (Frame | string)[] {
  const found: (Frame | string)[] = [];
  for (const chunk of chunks) {
    reader.push(chunk);
    for (;;) {
      const frame = reader.next();
      if (frame === null) break;
      found.push(typeof frame === 'string' ? frame : { ...frame, body: frame.body.slice() });
      if (typeof frame === 'string') return found;
    }
  }
  return found;
}

describe('the layout of frames', () => {
  it('is the documented one', () => {
    expect(encodeFrame('request', 0x01020304, 0x0a0b, bytes(7, 8))).toEqual(
      bytes(0x4f, 3, 0, 0, 0, 0, 0, 2, 1, 2, 3, 4, 0, 0, 0x0a, 0x0b, 7, 8),
    );
    const reply = encodeReply(1, 2 ** 32 + 5, 2 ** 33, null, bytes(9));
    expect([...reply.subarray(headerBytes)]).toEqual([
      0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0, 2, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 9,
    ]);
  });

  it('renumbers a request in place', () => {
    const frame = encodeFrame('request', 0, 0, bytes());
    setSequence(frame, 0xfedcba98);
    const [read] = readAll(new FrameReader(10), [frame]);
    expect(read).toMatchObject({ type: 'request', sequence: 0xfedcba98 });
  });
});

describe('round trips', () => {
  it('carries a welcome', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        fc.bigInt(0n, 2n ** 64n - 1n),
        fc.nat(2 ** 42),
        fc.nat(0xffff_ffff),
        (id, serverNs, serverWallMs, bodyBytesMax) => {
          const instanceId = Buffer.from(id).toString('hex');
          const welcome = { instanceId, serverNs, serverWallMs, bodyBytesMax };
          const [frame] = readAll(new FrameReader(100), [encodeWelcome(welcome)]);
          expect(decodeWelcome((frame as Frame).body)).toEqual(welcome);
        },
      ),
    );
  });

  it('carries the times of a reply exactly, up to 2^53 ns', () => {
    const ns = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(ns, ns, fc.option(ns), fc.uint8Array(), (a, b, previousSendNs, payload) => {
        const [receivedNs, repliedNs] = a < b ? [a, b] : [b, a];
        const encoded = encodeReply(7, receivedNs, repliedNs, previousSendNs, payload);
        const [frame] = readAll(new FrameReader(1000), [encoded]) as [Frame];
        expect(decodeReplyTimes(frame.body)).toEqual({
          processingNs: repliedNs - receivedNs,
          previousSendNs,
        });
        expect(frame.body.slice(replyPrefixBytes)).toEqual(payload);
      }),
    );
  });

  it('reads the same frames however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(2000), { maxLength: 12 }),
        (bodies, cuts) => {
          const stream = Buffer.concat(bodies.map((body, i) => encodeFrame('request', i, 0, body)));
          const at = [...cuts.map((cut) => cut % stream.length), 0, stream.length].sort(
            (a, b) => a - b,
          );
          // Each chunk is a buffer of its own that is overwritten afterwards: the reader may only borrow it.
          const reader = new FrameReader(300);
          const read: (Frame | string)[] = [];
          for (let i = 1; i < at.length; i++) {
            const chunk = Uint8Array.from(stream.subarray(at[i - 1], at[i]));
            read.push(...readAll(reader, [chunk]));
            chunk.fill(0xee);
          }
          expect(read.map((frame) => (frame as Frame).body)).toEqual(
            bodies.map((body) => Uint8Array.from(body)),
          );
        },
      ),
    );
  });
});

describe('bytes from the network', () => {
  it('never throw: any bytes give frames, nothing yet, or a named reason that stays', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 8 }), (chunks) => {
        const reader = new FrameReader(64);
        for (const frame of readAll(reader, chunks))
          if (typeof frame !== 'string') {
            decodeWelcome(frame.body);
            decodeReplyTimes(frame.body);
          } else expect(reader.next()).toBe(frame);
      }),
    );
  });

  it('every truncation and every flipped bit of a frame is survived', () => {
    const whole = encodeReply(3, 1000, 2000, 5, bytes(1, 2, 3));
    for (let length = 0; length < whole.length; length++)
      expect(readAll(new FrameReader(100), [whole.slice(0, length)])).toEqual([]);
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const flipped = whole.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      for (const frame of readAll(new FrameReader(100), [flipped]))
        if (typeof frame !== 'string') decodeReplyTimes(frame.body);
    }
  });

  it('are told apart by reason', () => {
    const reason = (input: Uint8Array): unknown => readAll(new FrameReader(10), [input]).at(-1);
    expect(reason(bytes(0x16, 3, 1))).toBe('bad-magic');
    expect(reason(bytes(0x4f, 9, ...new Array<number>(14).fill(0)))).toBe('unknown-type');
    expect(reason(encodeFrame('request', 0, 0, new Uint8Array(11)))).toBe('body-too-long');
    expect(decodeReplyTimes(new Uint8Array(replyPrefixBytes - 1))).toBe('body-too-short');
    expect(decodeWelcome(new Uint8Array(35))).toBe('body-too-short');
  });

  it('refuse a long body before any of it is stored', () => {
    const header = encodeFrame('request', 0, 0, new Uint8Array(0));
    new DataView(header.buffer).setUint32(4, 0xffff_ffff);
    expect(readAll(new FrameReader(1024), [header])).toEqual(['body-too-long']);
  });
});
