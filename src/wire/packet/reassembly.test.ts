import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { concatBytes, toHex } from '../../base/bytes.ts';
import { hex, loadVectors } from '../../../test/vectors/load.ts';
import { classify, flagsOffset, headerLength, packetLengthMax } from './header.ts';
import { Reassembler, reassemblyLifetimeMs, reassemblySlots } from './reassembly.ts';

interface Vector {
  readonly armored_packet: string;
  readonly datagrams: readonly string[];
}

const vectors = loadVectors<Vector[]>('fragmentation.json').map((vector) => ({
  whole: vector.armored_packet,
  pieces: vector.datagrams.map(hex),
}));
const [two, , four, seven] = vectors as [
  (typeof vectors)[0],
  (typeof vectors)[0],
  (typeof vectors)[0],
  (typeof vectors)[0],
];

/** As a receiver does: by what the datagram is. */
function add(
  reassembler: Reassembler<string>,
  piece: Uint8Array,
  now = 0,
  origin = 'here',
): string {
  const arena = concatBytes(hex('eeee'), piece, hex('ee'));
  const end = 2 + piece.length;
  return classify(arena, 2, end) === 'fragment'
    ? reassembler.addFragment(now, arena, 2, end)
    : reassembler.addHead(now, arena, 2, end, origin);
}

function packetOf(reassembler: Reassembler<string>): string {
  return toHex(reassembler.bytes.subarray(reassembler.start, reassembler.end));
}

/** The same piece of a packet with another ID. */
function ofPacket(piece: Uint8Array, id: number): Uint8Array {
  const copy = piece.slice();
  new DataView(copy.buffer).setUint32(0, id);
  return copy;
}

describe('the pieces of a packet', () => {
  it('give the packet of the vectors, in order', () => {
    const reassembler = new Reassembler<string>();
    for (const { whole, pieces } of vectors) {
      for (const piece of pieces.slice(0, -1)) expect(add(reassembler, piece)).toBe('incomplete');
      expect(add(reassembler, pieces.at(-1)!)).toBe('complete');
      expect(packetOf(reassembler)).toBe(whole);
      expect(reassembler.size).toBe(0);
    }
  });

  it('give it in any order, with any of them repeated', () => {
    const order = fc.array(fc.nat(6), { minLength: 7, maxLength: 40 });
    fc.assert(
      fc.property(order, (indices) => {
        const reassembler = new Reassembler<string>();
        const seen = new Set<number>();
        for (const index of indices) {
          const expected = seen.has(index)
            ? 'duplicate-fragment'
            : seen.size === 6
              ? 'complete'
              : 'incomplete';
          expect(add(reassembler, seven.pieces[index]!)).toBe(expected);
          seen.add(index);
          if (expected !== 'complete') continue;
          expect(packetOf(reassembler)).toBe(seven.whole);
          return;
        }
        expect(reassembler.size).toBe(1);
      }),
      { numRuns: 60 },
    );
    for (const pieces of permutations(four.pieces)) {
      const reassembler = new Reassembler<string>();
      const results = pieces.map((piece) => add(reassembler, piece));
      expect(results).toEqual(['incomplete', 'incomplete', 'incomplete', 'complete']);
      expect(packetOf(reassembler)).toBe(four.whole);
    }
  });

  it('of many packets may be mixed', () => {
    const reassembler = new Reassembler<string>();
    const ids = Array.from({ length: reassemblySlots }, (_, i) => i * 0x01000193);
    for (const piece of four.pieces.slice(1).reverse())
      for (const id of ids) expect(add(reassembler, ofPacket(piece, id))).toBe('incomplete');
    expect(reassembler.size).toBe(reassemblySlots);
    for (const id of ids) {
      expect(add(reassembler, ofPacket(four.pieces[0]!, id), 0, `of ${id}`)).toBe('complete');
      expect(packetOf(reassembler)).toBe(toHex(ofPacket(hex(four.whole), id)));
      expect(reassembler.origin).toBe(`of ${id}`);
    }
    expect(reassembler.size).toBe(0);
    expect(reassembler.evicted).toBe(0);
  });

  it('are told apart by all 64 bits of the packet ID', () => {
    const reassembler = new Reassembler<string>();
    for (let bit = 0; bit < 64; bit++) {
      expect(add(reassembler, two.pieces[0]!)).toBe('incomplete');
      const other = two.pieces[1]!.slice();
      other[bit >> 3]! ^= 1 << (bit & 7);
      expect(add(reassembler, other)).toBe('incomplete');
      expect(add(reassembler, two.pieces[1]!)).toBe('complete');
    }
  });

  it('bring what their head came with, also when it is not the last', () => {
    const reassembler = new Reassembler<string>();
    expect(reassembler.origin).toBeNull();
    add(reassembler, two.pieces[0]!, 0, 'one path');
    add(reassembler, two.pieces[0]!, 0, 'another path');
    expect(add(reassembler, two.pieces[1]!)).toBe('complete');
    expect(reassembler.origin).toBe('one path');
  });

  it('may come once more after the packet was complete', () => {
    const reassembler = new Reassembler<string>();
    for (let again = 0; again < 3; again++) {
      expect(add(reassembler, two.pieces[1]!)).toBe('incomplete');
      expect(add(reassembler, two.pieces[0]!)).toBe('complete');
      expect(packetOf(reassembler)).toBe(two.whole);
    }
  });
});

describe('a piece', () => {
  it('is refused when its count is not that of the pieces before it', () => {
    const reassembler = new Reassembler<string>();
    add(reassembler, four.pieces[1]!);
    expect(add(reassembler, four.pieces[2]!.with(14, 0x52))).toBe('bad-fragment');
    for (const piece of [0, 2].map((i) => four.pieces[i]!)) add(reassembler, piece);
    expect(add(reassembler, four.pieces[3]!)).toBe('complete');
    expect(packetOf(reassembler)).toBe(four.whole);
  });

  it('with impossible numbers takes no slot', () => {
    const reassembler = new Reassembler<string>();
    expect(add(reassembler, four.pieces[1]!.with(14, 0x81))).toBe('bad-fragment');
    expect(reassembler.size).toBe(0);
  });

  it('that is a head shorter than a header or longer than a packet takes no slot', () => {
    const reassembler = new Reassembler<string>();
    const arena = new Uint8Array(100 + packetLengthMax + 1);
    arena[100 + flagsOffset] = 0x40;
    const head = (length: number): string =>
      reassembler.addHead(0, arena, 100, 100 + length, 'here');
    expect([head(headerLength - 1), head(packetLengthMax + 1)]).toEqual([
      'not-a-packet',
      'not-a-packet',
    ]);
    expect(reassembler.size).toBe(0);
    expect(head(headerLength)).toBe('incomplete');
    arena[100]! ^= 1;
    expect(head(packetLengthMax)).toBe('incomplete');
    expect(reassembler.size).toBe(2);
  });

  it('that makes its packet too large ends it', () => {
    const reassembler = new Reassembler<string>();
    const [head, fragment] = two.pieces as [Uint8Array, Uint8Array];
    const data = new Uint8Array(10_024 - head.length - 1);
    const large = concatBytes(fragment.subarray(0, 16).with(14, 0x31), data);
    const last = concatBytes(fragment.subarray(0, 16).with(14, 0x32), new Uint8Array(1));
    const tooMuch = concatBytes(fragment.subarray(0, 16).with(14, 0x32), new Uint8Array(2));
    expect([head, large].map((piece) => add(reassembler, piece))).toEqual(
      Array(2).fill('incomplete'),
    );
    expect(add(reassembler, last)).toBe('complete');
    expect(reassembler.end - reassembler.start).toBe(10_024);
    expect([head, large].map((piece) => add(reassembler, piece))).toEqual(
      Array(2).fill('incomplete'),
    );
    expect(add(reassembler, tooMuch)).toBe('reassembly-too-large');
    expect(reassembler.size).toBe(0);
  });
});

describe('an incomplete packet', () => {
  it('is given up after 5 seconds from its first piece', () => {
    const reassembler = new Reassembler<string>();
    add(reassembler, four.pieces[0]!, 1_000);
    add(reassembler, four.pieces[1]!, 3_000);
    reassembler.expire(1_000 + reassemblyLifetimeMs - 1);
    expect(reassembler.size).toBe(1);
    reassembler.expire(1_000 + reassemblyLifetimeMs);
    expect([reassembler.size, reassembler.expired]).toEqual([0, 1]);
    for (const piece of four.pieces.slice(2))
      expect(add(reassembler, piece, 6_000)).toBe('incomplete');
  });

  it('does not live on in the one that comes after its time', () => {
    const reassembler = new Reassembler<string>();
    add(reassembler, two.pieces[0]!, 0);
    expect(add(reassembler, two.pieces[1]!, reassemblyLifetimeMs)).toBe('incomplete');
    expect(add(reassembler, two.pieces[0]!, reassemblyLifetimeMs, 'new')).toBe('complete');
    expect(reassembler.origin).toBe('new');
  });

  it('makes room for a newer one where all slots are taken: the oldest goes', () => {
    const reassembler = new Reassembler<string>();
    const fragment = two.pieces[1]!;
    const memory = reassembler.bytes;
    for (let i = 0; i < 10_000; i++) {
      expect(add(reassembler, ofPacket(fragment, i), i / 10)).toBe('incomplete');
      expect(reassembler.size).toBe(Math.min(i + 1, reassemblySlots));
    }
    expect(reassembler.evicted).toBe(10_000 - reassemblySlots);
    expect(reassembler.bytes).toBe(memory);
    expect(memory.length).toBe((reassemblySlots + 1) * 10_024);
    // The newest 32 are the ones that are left, and still complete.
    for (let i = 10_000 - reassemblySlots; i < 10_000; i++)
      expect(add(reassembler, ofPacket(two.pieces[0]!, i), 1_000)).toBe('complete');
    expect(reassembler.size).toBe(0);
  });
});

describe('any pieces', () => {
  it('never make more than 32 packets of 10024 bytes, nor an exception', () => {
    const piece = fc.record({
      id: fc.nat(40),
      mark: fc.constantFrom(0, 0xff),
      numbers: fc.nat(255),
      length: fc.oneof(fc.integer({ min: 17, max: 200 }), fc.integer({ min: 17, max: 10_024 })),
      after: fc.nat(400),
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 120 }), (pieces) => {
        const reassembler = new Reassembler<string>();
        let now = 0;
        for (const { id, mark, numbers, length, after } of pieces) {
          const bytes = ofPacket(new Uint8Array(length), id);
          bytes[13] = mark;
          bytes[14] = numbers;
          if (mark === 0 && length > 18) bytes[18] = 0x40;
          now += after;
          if (mark === 0 && length < 28) continue;
          const result = add(reassembler, bytes, now);
          expect(reassembler.size).toBeLessThanOrEqual(reassemblySlots);
          if (result === 'complete')
            expect(reassembler.end - reassembler.start).toBeLessThanOrEqual(10_024);
        }
      }),
      { numRuns: 60 },
    );
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, i) =>
    permutations(items.filter((_, other) => other !== i)).map((rest) => [item, ...rest]),
  );
}
