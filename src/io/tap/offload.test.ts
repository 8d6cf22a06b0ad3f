/** Coalescing and segmentation against each other, and against frames that were made one by one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { tcpFrame, tcpStream, type TcpFrame } from '../../../test/twins/tcp-stream.ts';
import { internetChecksum, ipv4PseudoSum } from '../../wire/ethernet/checksum.ts';
import { Coalescer } from './coalescing.ts';
import { frameLengthMax } from './port.ts';
import { segment, superFrameLengthMax } from './segmentation.ts';
import { virtioHeaderLength, writeVirtioHeader } from './virtio-header.ts';
import { SummedMemory } from './word-sum.ts';

interface Written {
  readonly bytes: Uint8Array;
  readonly count: number;
}

function coalesce(frames: readonly Uint8Array[]): Written[] {
  const written: Written[] = [];
  const coalescer = new Coalescer((bytes, start, end, count) =>
    written.push({ bytes: bytes.slice(start, end), count }),
  );
  for (const frame of frames) coalescer.add(frame, 0, frame.length);
  coalescer.flush();
  return written;
}

function segmented(read: Uint8Array): { frames: Uint8Array[]; failure: string | null } {
  const memory = new SummedMemory(superFrameLengthMax + 2 * frameLengthMax);
  memory.bytes.set(read);
  const frames: Uint8Array[] = [];
  const at = superFrameLengthMax;
  const failure = segment(memory, 0, read.length, {
    room: () => at,
    take: (length) => frames.push(memory.bytes.slice(at, at + length)),
  });
  return { frames, failure };
}

const data = Uint8Array.from({ length: 40_000 }, (_, i) => (i * 7) ^ (i >> 8));
const timestamps = Uint8Array.of(1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2);

describe('a TCP stream that is joined and cut again', () => {
  it('is the same frames, and went to the kernel as one', () => {
    for (const isIpv6 of [false, true])
      for (const options of [new Uint8Array(0), timestamps]) {
        const frames = tcpStream({ isIpv6, options }, 0xffff_f000, data, 2_746);
        const written = coalesce(frames);
        expect(written.map(({ count }) => count)).toEqual([frames.length]);
        expect(segmented(written[0]!.bytes)).toEqual({ frames, failure: null });
      }
  });

  it('is so for every length of stream and step', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.integer({ min: 1, max: 30_000 }),
        fc.integer({ min: 500, max: 9_000 }),
        (isIpv6, length, step) => {
          const frames = tcpStream({ isIpv6 }, 1, data.subarray(0, length), step);
          const written = coalesce(frames);
          expect(written).toHaveLength(1);
          expect(segmented(written[0]!.bytes).frames).toEqual(frames);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is joined to 64 KiB at most', () => {
    const frames = tcpStream({}, 1, new Uint8Array(200_000), 2_746);
    const written = coalesce(frames);
    expect(written.length).toBeGreaterThan(3);
    for (const { bytes } of written)
      expect(bytes.length).toBeLessThanOrEqual(virtioHeaderLength + 14 + 65_535);
    expect(written.flatMap(({ bytes }) => segmented(bytes).frames)).toEqual(frames);
  });
});

describe('frames that are not joined', () => {
  const payload = data.subarray(0, 1_000);
  const first: TcpFrame = { sequence: 1, payload };
  const second: TcpFrame = { sequence: 1_001, payload };
  const cases: Readonly<Record<string, readonly [TcpFrame, TcpFrame]>> = {
    'a gap in the stream': [first, { ...second, sequence: 1_002 }],
    'a repetition': [first, first],
    'another stream': [first, { ...second, port: 40_001 }],
    'another acknowledgement': [first, { ...second, acknowledged: 8 }],
    'another window': [first, { ...second, window: 501 }],
    'options of another value': [
      { ...first, options: timestamps },
      { ...second, options: timestamps.map((byte) => byte & 1) },
    ],
    'options of another length': [first, { ...second, options: timestamps }],
    FIN: [first, { ...second, flags: 0x11 }],
    SYN: [{ ...first, flags: 0x02 }, second],
    'behind PSH': [{ ...first, flags: 0x18 }, second],
    'a longer one': [first, { ...second, payload: data.subarray(0, 1_001) }],
    'without payload': [first, { ...second, payload: new Uint8Array(0) }],
    'IPv6 behind IPv4': [first, { ...second, isIpv6: true }],
  };
  it.for(Object.entries(cases))('%s', ([, pair]) => {
    const frames = pair.map(tcpFrame);
    const written = coalesce(frames);
    expect(written.map(({ count }) => count)).toEqual([1, 1]);
    const plain = new Uint8Array(virtioHeaderLength);
    expect(written.map(({ bytes }) => bytes.subarray(virtioHeaderLength))).toEqual(frames);
    for (const { bytes } of written) expect(bytes.subarray(0, virtioHeaderLength)).toEqual(plain);
  });

  it('one behind a shorter one', () => {
    const short = tcpFrame({ sequence: 1_001, payload: payload.subarray(0, 10) });
    const written = coalesce([tcpFrame(first), short, tcpFrame({ ...second, sequence: 1_011 })]);
    expect(written.map(({ count }) => count)).toEqual([2, 1]);
  });

  it('those with a wrong checksum, which the kernel is left to refuse', () => {
    for (const broken of [0, 1]) {
      const frames = [first, second].map(tcpFrame);
      frames[broken]![60]! ^= 1;
      expect(coalesce(frames).map(({ count }) => count)).toEqual([1, 1]);
    }
  });

  it('IPv4 with options or fragments, padded, of another protocol, or cut off', () => {
    const change = (edit: (frame: Uint8Array) => Uint8Array): Uint8Array[] =>
      [first, second].map((each) => edit(tcpFrame(each)));
    const set = (at: number, value: number) => (frame: Uint8Array) =>
      frame.map((byte, i) => (i === at ? value : byte));
    const edits = [
      set(14, 0x46),
      set(20, 0x60),
      set(23, 17),
      (frame: Uint8Array) => Uint8Array.of(...frame, 0),
      (frame: Uint8Array) => frame.slice(0, 50),
      (frame: Uint8Array) => frame.slice(0, 3),
    ];
    for (const edit of edits)
      expect(coalesce(change(edit)).map(({ count }) => count)).toEqual([1, 1]);
  });
});

describe('what the kernel hands over', () => {
  const plain = { headerLength: 0, segmentLength: 0, checksumStart: 0, checksumOffset: 0 };

  function read(frame: Uint8Array, header: Parameters<typeof writeVirtioHeader>[2]): Uint8Array {
    const bytes = new Uint8Array(virtioHeaderLength + frame.length);
    writeVirtioHeader(bytes, 0, header);
    bytes.set(frame, virtioHeaderLength);
    return bytes;
  }

  it('is passed on as it is where nothing is left to be done', () => {
    const frame = tcpFrame({ sequence: 1, payload: data.subarray(0, 100) });
    expect(segmented(read(frame, { ...plain, flags: 0, segmentation: 0 })).frames).toEqual([frame]);
  });

  it('gets the checksum that is left out', () => {
    const frame = tcpFrame({ sequence: 1, payload: data.subarray(0, 101) });
    const partial = frame.slice();
    const view = new DataView(partial.buffer);
    // What the kernel leaves in the field: the sum of the pseudo header.
    view.setUint16(34 + 16, ~internetChecksum(frame, 0, 0, ipv4PseudoSum(frame, 26, 121, 6)));
    const header = { ...plain, flags: 1, segmentation: 0, checksumStart: 34, checksumOffset: 16 };
    expect(segmented(read(partial, header)).frames).toEqual([frame]);
  });

  it('keeps FIN and PSH for the last segment and CWR for the first', () => {
    const whole = tcpFrame({ sequence: 1, payload: data.subarray(0, 3_000), flags: 0x80 | 0x19 });
    const header = { flags: 1, segmentation: 0x81, headerLength: 54, segmentLength: 1_000 };
    const offsets = { checksumStart: 34, checksumOffset: 16 };
    const { frames } = segmented(read(whole, { ...header, ...offsets }));
    expect(frames.map((frame) => frame[34 + 13])).toEqual([0x90, 0x10, 0x19]);
  });

  it('behind a VLAN tag is cut all the same', () => {
    const [tagged, ...rest] = tcpStream({}, 1, data.subarray(0, 3_000), 3_000).map((frame) =>
      Uint8Array.of(...frame.subarray(0, 12), 0x81, 0, 0, 5, ...frame.subarray(12)),
    );
    expect(rest).toEqual([]);
    const header = { flags: 1, segmentation: 1, headerLength: 58, segmentLength: 1_500 };
    const offsets = { checksumStart: 38, checksumOffset: 16 };
    const { frames } = segmented(read(tagged!, { ...header, ...offsets }));
    const expected = tcpStream({}, 1, data.subarray(0, 3_000), 1_500);
    expect(frames.map((frame) => [...frame.subarray(0, 12), ...frame.subarray(16)])).toEqual(
      expected.map((frame) => [...frame]),
    );
  });

  it('is never taken beyond its end, whatever its header says', () => {
    const frame = tcpFrame({ sequence: 1, payload: data.subarray(0, 500) });
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 10, maxLength: 10 }),
        fc.nat(frame.length),
        (header, length) => {
          const bytes = Uint8Array.of(...header, ...frame.subarray(0, length));
          const { frames, failure } = segmented(bytes);
          for (const each of frames) expect(each.length).toBeLessThanOrEqual(length);
          if (length > 0) expect(frames.length > 0 || failure !== null).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
    expect(segmented(new Uint8Array(9)).failure).toBe('EPROTO');
  });
});
