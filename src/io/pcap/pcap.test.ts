import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';

import { capturedRecords, hex, loadBytes } from '../../../test/vectors/load.ts';
import { concatBytes, toHex } from '../../base/bytes.ts';
import { errorCode } from '../../base/errors.ts';
import type { CapturedFrame } from './capture-format.ts';
import { CaptureParser } from './capture-parser.ts';
import { readCapture, udpDatagram } from './index.ts';

const flow = loadBytes('captures/flow.pcap');
const directory = mkdtempSync(join(tmpdir(), 'overspan-pcap-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** All frames of a capture given in pieces of one size, kept. */
function framesOf(bytes: Uint8Array, pieceLength = bytes.length): CapturedFrame[] {
  const parser = new CaptureParser('a capture');
  const frames: CapturedFrame[] = [];
  for (let at = 0; at < bytes.length; at += pieceLength)
    for (const frame of parser.push(bytes.slice(at, at + pieceLength)))
      frames.push({ ...frame, bytes: frame.bytes.slice() });
  parser.end();
  return frames;
}

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    return errorCode(error);
  }
  return undefined;
}

/** Numbers as bytes in a byte order: `[value, size]`. */
function ordered(littleEndian: boolean, ...fields: readonly [number, number][]): Uint8Array {
  return concatBytes(
    ...fields.map(([value, size]) => {
      const bytes = hex(value.toString(16).padStart(size * 2, '0'));
      return littleEndian ? bytes.reverse() : bytes;
    }),
  );
}

/** The frames of a capture written again as a classic file. */
function classic(
  frames: readonly CapturedFrame[],
  { littleEndian, ns, linkType = 1 }: { littleEndian: boolean; ns: boolean; linkType?: number },
): Uint8Array {
  return concatBytes(
    ordered(
      littleEndian,
      [ns ? 0xa1b23c4d : 0xa1b2c3d4, 4],
      [2, 2],
      [4, 2],
      [0, 4],
      [0, 4],
      [262144, 4],
      [linkType, 4],
    ),
    ...frames.flatMap(({ timeNs, bytes, lengthOnWire }) => [
      ordered(
        littleEndian,
        [Number(timeNs! / 1_000_000_000n), 4],
        [Number(timeNs! % 1_000_000_000n) / (ns ? 1 : 1000), 4],
        [bytes.length, 4],
        [lengthOnWire, 4],
      ),
      bytes,
    ]),
  );
}

function block(littleEndian: boolean, type: number, body: Uint8Array): Uint8Array {
  const padded = concatBytes(body, new Uint8Array(-body.length & 3));
  const length: [number, number] = [padded.length + 12, 4];
  return concatBytes(
    ordered(littleEndian, [type, 4], length),
    padded,
    ordered(littleEndian, length),
  );
}

/** The frames written again as pcapng, with times in nanoseconds and a block that nobody knows. */
function pcapng(frames: readonly CapturedFrame[], littleEndian: boolean): Uint8Array {
  const order = (...fields: [number, number][]): Uint8Array => ordered(littleEndian, ...fields);
  return concatBytes(
    block(
      littleEndian,
      0x0a0d0d0a,
      order([0x1a2b3c4d, 4], [1, 2], [0, 2], [0xffffffff, 4], [0xffffffff, 4]),
    ),
    block(littleEndian, 0xbad, new Uint8Array(5000)),
    block(
      littleEndian,
      1,
      concatBytes(order([1, 2], [0, 2], [0, 4], [9, 2], [1, 2]), hex('09000000'), order([0, 4])),
    ),
    ...frames.map(({ timeNs, bytes, lengthOnWire }) =>
      block(
        littleEndian,
        6,
        concatBytes(
          order(
            [0, 4],
            [Number(timeNs! >> 32n), 4],
            [Number(timeNs! & 0xffffffffn), 4],
            [bytes.length, 4],
            [lengthOnWire, 4],
          ),
          bytes,
        ),
      ),
    ),
  );
}

const frames = framesOf(flow);

describe('a capture', () => {
  it('gives the frames that an independent decoder found, with number, time and endpoints', () => {
    const byNumber = new Map(frames.map((frame) => [frame.number, frame]));
    for (const record of capturedRecords()) {
      const frame = byNumber.get(record.frame)!;
      const datagram = udpDatagram(frame);
      if (typeof datagram === 'string') throw new Error(`frame ${record.frame}: ${datagram}`);
      const { source, destination } = datagram;
      // Of frames in packets, these two fields of the record are Ethernet addresses.
      if (record.from.includes('/'))
        expect(`${source.address.join('.')}/${source.port}`).toBe(record.from);
      if (record.to.includes('/'))
        expect(`${destination.address.join('.')}/${destination.port}`).toBe(record.to);
      expect(Number(frame.timeNs) / 1e9).toBeCloseTo(record['t'] as number, 5);
    }
    expect(frames.length).toBeGreaterThan(600);
    expect(frames.map(({ number }) => number)).toEqual(frames.map((_, index) => index + 1));
  });

  it('is the same in pieces of any size', () => {
    const part = flow.subarray(0, 24 + 16 * 30 + frames.slice(0, 30).reduce(lengths, 0));
    const whole = framesOf(part);
    expect(whole).toHaveLength(30);
    for (const pieceLength of [1, 7, 100, 4096]) expect(framesOf(part, pieceLength)).toEqual(whole);
  });

  it('is read in every variant of the classic format and in pcapng', () => {
    const some = frames.slice(0, 40);
    for (const littleEndian of [false, true]) {
      for (const ns of [false, true])
        expect(framesOf(classic(some, { littleEndian, ns }))).toEqual(some);
      expect(framesOf(pcapng(some, littleEndian), 1000)).toEqual(some);
    }
    // Sections follow each other where files were joined.
    const joined = concatBytes(pcapng(some, false), pcapng(some, true));
    expect(framesOf(joined)).toHaveLength(80);
  });

  it('that is cut gives its whole frames, then an error', () => {
    for (const bytes of [flow.subarray(0, 5000), pcapng(frames, true).subarray(0, 9001)]) {
      const parser = new CaptureParser('cut');
      expect([...parser.push(bytes)].length).toBeGreaterThan(5);
      expect(
        codeOf(() => {
          parser.end();
        }),
      ).toBe('PCAP_TRUNCATED');
    }
  });

  it('that is damaged, empty or something else gives an error with a remedy', () => {
    const spoilt = flow.slice();
    spoilt.fill(0xff, 24, 40);
    expect(codeOf(() => framesOf(spoilt))).toBe('PCAP_DAMAGED');
    expect(codeOf(() => framesOf(hex('')))).toBe('PCAP_FORMAT_UNKNOWN');
    expect(codeOf(() => framesOf(hex('a1b2')))).toBe('PCAP_FORMAT_UNKNOWN');
    expect(codeOf(() => framesOf(new TextEncoder().encode('{"json": true}')))).toBe(
      'PCAP_FORMAT_UNKNOWN',
    );
    const wifi = classic([], { littleEndian: true, ns: false, linkType: 105 });
    expect(codeOf(() => framesOf(wifi))).toBe('PCAP_LINK_TYPE_UNKNOWN');
  });

  it('is refused where it names more interfaces than there can be', () => {
    const face = block(true, 1, ordered(true, [1, 2], [0, 2], [0, 4]));
    const section = ordered(true, [0x1a2b3c4d, 4], [1, 2], [0, 2], [0, 4], [0, 4]);
    const faces = (count: number): Uint8Array =>
      concatBytes(block(true, 0x0a0d0d0a, section), ...Array<Uint8Array>(count).fill(face));
    expect(framesOf(faces(4096))).toEqual([]);
    expect(codeOf(() => framesOf(faces(4097)))).toBe('PCAP_DAMAGED');
  });

  it('gives frames or an error for any bytes after its beginning', () => {
    const codes = ['PCAP_DAMAGED', 'PCAP_TRUNCATED', 'PCAP_LINK_TYPE_UNKNOWN', undefined];
    const samples = [
      classic(frames.slice(0, 3), { littleEndian: true, ns: false }),
      pcapng(frames.slice(0, 3), true),
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(fc.tuple(fc.nat({ max: 6000 }), fc.nat({ max: 255 })), { maxLength: 8 }),
        fc.integer({ min: 1, max: 500 }),
        (sample, changes, pieceLength) => {
          const bytes = sample.slice();
          for (const [at, value] of changes) bytes[4 + (at % (bytes.length - 4))] = value;
          expect(codes).toContain(
            codeOf(() => {
              for (const frame of framesOf(bytes, pieceLength)) udpDatagram(frame);
            }),
          );
        },
      ),
    );
  });
});

describe('a frame', () => {
  const ethernet = frames[3]!;
  const packet = ethernet.bytes.subarray(14);
  const payload = udpDatagram(ethernet);
  const inLink = (linkType: number, ...parts: Uint8Array[]): CapturedFrame => ({
    ...ethernet,
    linkType,
    bytes: concatBytes(...parts),
  });

  it('gives its datagram whatever the link layer', () => {
    expect(payload).toMatchObject({ source: { port: 9994 }, destination: { port: 9993 } });
    const addresses = ethernet.bytes.subarray(0, 12);
    expect(udpDatagram(inLink(1, addresses, hex('88a80001810000020800'), packet))).toEqual(payload);
    expect(udpDatagram(inLink(101, packet))).toEqual(payload);
    expect(udpDatagram(inLink(228, packet))).toEqual(payload);
    expect(udpDatagram(inLink(0, hex('02000000'), packet))).toEqual(payload);
    expect(udpDatagram(inLink(0, hex('00000002'), packet))).toEqual(payload);
    expect(udpDatagram(inLink(108, hex('00000002'), packet))).toEqual(payload);
    expect(udpDatagram(inLink(113, new Uint8Array(14), hex('0800'), packet))).toEqual(payload);
    expect(udpDatagram(inLink(276, hex('0800'), new Uint8Array(18), packet))).toEqual(payload);
    expect(udpDatagram({ ...ethernet, linkType: 105 })).toBe('unknown-link-type');
  });

  it('gives the datagram in IPv6, behind extension headers too', () => {
    const udp = packet.subarray(20);
    const ipv6 = (next: string, ...rest: Uint8Array[]): Uint8Array => {
      const body = concatBytes(...rest);
      const length = body.length.toString(16).padStart(4, '0');
      return concatBytes(
        hex(`60000000${length}${next}40fd000000000000000000000000000001`),
        hex('fd000000000000000000000000000002'),
        body,
      );
    };
    const found = udpDatagram(inLink(101, ipv6('11', udp)));
    if (typeof found === 'string' || typeof payload === 'string') throw new Error('no datagram');
    expect(toHex(found.payload)).toBe(toHex(payload.payload));
    expect(toHex(found.source.address)).toBe('fd000000000000000000000000000001');
    const options = hex('1100000000000000');
    expect(udpDatagram(inLink(229, ipv6('00', options, udp)))).toEqual(found);
    expect(udpDatagram(inLink(101, ipv6('2c', hex('1100000100000000'), udp)))).toBe('ip-fragment');
    expect(udpDatagram(inLink(101, ipv6('06', udp)))).toBe('not-udp');
  });

  it('names what is no datagram, at every length it may be cut to', () => {
    for (let length = 0; length < ethernet.bytes.length; length++)
      expect(udpDatagram({ ...ethernet, bytes: ethernet.bytes.subarray(0, length) })).toBe('cut');
    expect(udpDatagram(frames.find(({ bytes }) => toHex(bytes.subarray(12, 14)) === '0806')!)).toBe(
      'not-ip',
    );
    const fragment = ethernet.bytes.slice();
    fragment[14 + 6] = 0x20;
    expect(udpDatagram(inLink(1, fragment))).toBe('ip-fragment');
    const short = ethernet.bytes.slice();
    short.set([0, 20], 14 + 2);
    expect(udpDatagram(inLink(1, short))).toBe('malformed');
  });
});

describe('a capture file', () => {
  const never = new AbortController().signal;
  const drain = async (path: string, signal = never): Promise<number> => {
    let count = 0;
    for await (const frame of readCapture(path, signal)) count += frame.number > 0 ? 1 : 0;
    return count;
  };

  it('is read piece by piece', async () => {
    const file = join(directory, 'many.pcap');
    const many = classic(Array.from({ length: 5 }, () => frames).flat(), {
      littleEndian: true,
      ns: false,
    });
    expect(many.length).toBeGreaterThan(2 * (1 << 18));
    writeFileSync(file, many);
    expect(await drain(file)).toBe(5 * frames.length);
  });

  it('that is missing, a directory, or cut is a coded error', async () => {
    await expect(drain(join(directory, 'none'))).rejects.toMatchObject({ code: 'PCAP_MISSING' });
    await expect(drain(directory)).rejects.toMatchObject({ code: 'PCAP_UNREADABLE' });
    const file = join(directory, 'cut.pcap');
    writeFileSync(file, flow.subarray(0, 1000));
    await expect(drain(file)).rejects.toMatchObject({ code: 'PCAP_TRUNCATED' });
  });

  it('ends quietly when the reader is told to stop', async () => {
    const file = join(directory, 'flow.pcap');
    writeFileSync(file, flow);
    const stop = new AbortController();
    let count = 0;
    for await (const frame of readCapture(file, stop.signal))
      if ((count = frame.number) === 10) stop.abort();
    expect(count).toBeGreaterThanOrEqual(10);
    expect(await drain(file, stop.signal)).toBe(0);
  });
});

function lengths(sum: number, { bytes }: CapturedFrame): number {
  return sum + bytes.length;
}
