import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { concatBytes, toHex } from '../../base/bytes.ts';
import type { Address, PacketId } from '../../base/ids.ts';
import { hex, loadVectors } from '../../../test/vectors/load.ts';
import {
  checkFragment,
  fragmentCountAt,
  fragmentHopsAt,
  fragmentIndexAt,
  incrementFragmentHops,
  pieceCount,
  pieceLength,
  splitPacket,
  type Cut,
} from './fragment.ts';
import { classify, destinationAt, packetIdAt, writeHeader } from './header.ts';

interface Vector {
  readonly mtu: number;
  readonly armored_packet: string;
  readonly datagrams: readonly string[];
}

const vectors = loadVectors<Vector[]>('fragmentation.json');

function packet(length: number): Uint8Array {
  const bytes = new Uint8Array(length).map((_, i) => (i * 31) ^ (i >> 8));
  writeHeader(bytes, 0, {
    packetId: 0x0123_4567_89ab_cdefn as PacketId,
    destination: 0x75a7e56dfd as Address,
    source: 0x8e4df28b72 as Address,
    verb: 6,
    fragmented: true,
  });
  return bytes;
}

/** The pieces, cut in the middle of a buffer of which nothing else may change. */
function pieces(bytes: Uint8Array, mtu: number, cut: Cut): Uint8Array[] {
  const count = pieceCount(bytes.length, mtu);
  const arena = new Uint8Array(bytes.length + (count - 1) * 16 + 10).fill(0xee);
  arena.set(bytes, 7);
  const length = pieceLength(bytes.length, mtu, cut);
  const end = splitPacket(arena, 7, 7 + bytes.length, length);
  expect(end).toBe(arena.length - 3);
  expect([...arena.subarray(0, 7), ...arena.subarray(-3)]).toEqual(Array(10).fill(0xee));
  return Array.from({ length: count }, (_, i) =>
    arena.slice(7 + i * length, Math.min(end, 7 + (i + 1) * length)),
  );
}

describe('a packet larger than a datagram', () => {
  it('is cut as the reference cuts it', () => {
    expect(vectors.length).toBe(4);
    for (const { mtu, armored_packet, datagrams } of vectors)
      expect(pieces(hex(armored_packet), mtu, 'full').map(toHex)).toEqual(datagrams);
  });

  it('is cut into pieces that give it back, either way, each with its number', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 29, max: 9_928 }),
        fc.integer({ min: 1_400, max: 2_000 }),
        fc.constantFrom<Cut>('full', 'equal'),
        (size, mtu, cut) => {
          const count = pieceCount(size, mtu);
          if (count === 1 || count > 7) return;
          const whole = packet(size);
          const cutPieces = pieces(whole, mtu, cut);
          const [head, ...rest] = cutPieces;
          expect(cutPieces.every((piece) => piece.length <= mtu)).toBe(true);
          expect(head).toEqual(whole.subarray(0, head!.length));
          for (const [i, piece] of rest.entries()) {
            expect(classify(piece, 0, piece.length)).toBe('fragment');
            expect(checkFragment(piece, 0, piece.length)).toBeNull();
            expect(packetIdAt(piece, 0)).toBe(packetIdAt(whole, 0));
            expect(destinationAt(piece, 0)).toBe(destinationAt(whole, 0));
            expect(fragmentCountAt(piece, 0)).toBe(count);
            expect(fragmentIndexAt(piece, 0)).toBe(i + 1);
            expect(fragmentHopsAt(piece, 0)).toBe(0);
          }
          const data = [...head!, ...rest.flatMap((piece) => [...piece.subarray(16)])];
          expect(toHex(Uint8Array.from(data))).toBe(toHex(whole));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is cut into equal datagrams without needing more of them', () => {
    for (let size = 1_433; size <= 9_928; size += 37) {
      const lengths = pieces(packet(size), 1_432, 'equal').map((piece) => piece.length);
      expect(lengths.length).toBe(pieceCount(size, 1_432));
      expect(new Set(lengths.slice(0, -1)).size).toBe(1);
      expect(lengths[0]! - lengths.at(-1)!).toBeLessThan(lengths.length);
    }
    // A full frame of the virtual network, as in the captures: 28 + 10 + 2800 bytes.
    expect(pieces(packet(2_838), 1_432, 'equal').map((piece) => piece.length)).toEqual([
      1_427, 1_427,
    ]);
  });

  it('is at most 9928 bytes at an MTU of 1432', () => {
    expect(pieceCount(9_928, 1_432)).toBe(7);
    expect(pieceCount(9_929, 1_432)).toBe(8);
    expect(() => pieces(packet(9_929), 1_432, 'full')).toThrow('7 pieces');
  });

  it('has in every piece the hops that it has made', () => {
    const whole = packet(3_000);
    whole[18] = 0x5a;
    const [, ...rest] = pieces(whole, 1_432, 'full');
    expect(rest.map((piece) => [piece[15], fragmentHopsAt(piece, 0)])).toEqual([
      [2, 2],
      [2, 2],
    ]);
  });

  it('stays whole when it fits', () => {
    expect(pieceCount(1_432, 1_432)).toBe(1);
    expect(pieces(packet(1_432), 1_432, 'full')).toEqual([packet(1_432)]);
    expect(pieces(packet(1_432), 1_432, 'equal')).toEqual([packet(1_432)]);
  });
});

describe('a fragment', () => {
  const fragment = hex(vectors[0]!.datagrams[1]!);

  it('is refused with numbers outside of 2 to 7 pieces, or a number that is not below their count', () => {
    for (let byte = 0; byte < 256; byte++) {
      const [count, index] = [byte >> 4, byte & 15];
      const good = count >= 2 && count <= 7 && index >= 1 && index < count;
      expect(checkFragment(fragment.with(14, byte), 0, fragment.length)).toBe(
        good ? null : 'bad-fragment',
      );
    }
  });

  it('is refused without data', () => {
    expect(checkFragment(fragment, 0, 17)).toBeNull();
    expect(checkFragment(concatBytes(new Uint8Array(40), fragment), 40, 56)).toBe('not-a-packet');
    for (let length = 0; length <= 16; length++)
      expect(checkFragment(fragment, 0, length)).toBe('not-a-packet');
  });

  it('counts hops in three bits', () => {
    const bytes = fragment.slice();
    for (let hops = 1; hops <= 7; hops++) {
      incrementFragmentHops(bytes, 0);
      expect(fragmentHopsAt(bytes, 0)).toBe(hops);
    }
    expect(() => {
      incrementFragmentHops(bytes, 0);
    }).toThrow('hops');
    expect(bytes.with(15, 0)).toEqual(fragment);
  });
});
