import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { toHex } from '../../base/bytes.ts';
import type { Address, PacketId } from '../../base/ids.ts';
import { PeerKeys } from '../../crypto/peer-keys.ts';
import { nodeProvider } from '../../io/crypto/node-provider.ts';
import { hex, loadVectors } from '../../../test/vectors/load.ts';
import { headerLength, packetIdAt, packetLengthMax, writeHeader } from './header.ts';
import { openPacket, sealPacket, type CipherSuite } from './seal.ts';

interface Vector {
  readonly key48: string;
  readonly cipher: CipherSuite;
  readonly plaintext_packet: string;
  readonly armored_packet: string;
  readonly armored_packet_after_2_hops: string;
  readonly dearmored_packet: string;
  readonly corrupt_packet: string;
}

const vectors = loadVectors<Vector[]>('armored-packets.json');
const provider = nodeProvider();
const suites = [0, 1, 3] as const;

let keys: PeerKeys;
beforeAll(() => {
  keys = PeerKeys.fromShared(provider, hex(vectors[0]!.key48));
});

/** In the middle of a larger buffer, of which nothing else may change. */
function inArena(packet: Uint8Array): { arena: Uint8Array; start: number; end: number } {
  const arena = new Uint8Array(packet.length + 29).fill(0xee);
  arena.set(packet, 11);
  return { arena, start: 11, end: 11 + packet.length };
}

function seal(peer: PeerKeys, packet: Uint8Array, suite: CipherSuite): Uint8Array {
  const { arena, start, end } = inArena(packet);
  sealPacket(peer, arena, start, end, suite);
  expect(arena.subarray(0, start).every((byte) => byte === 0xee)).toBe(true);
  expect(arena.subarray(end).every((byte) => byte === 0xee)).toBe(true);
  return arena.slice(start, end);
}

function open(peer: PeerKeys, packet: Uint8Array): { verdict: string | null; packet: Uint8Array } {
  const { arena, start, end } = inArena(packet);
  const verdict = openPacket(peer, arena, start, end);
  expect(arena.subarray(0, start).every((byte) => byte === 0xee)).toBe(true);
  expect(arena.subarray(end).every((byte) => byte === 0xee)).toBe(true);
  return { verdict, packet: arena.slice(start, end) };
}

function packet(payload: Uint8Array, fragmented = false): Uint8Array {
  const bytes = new Uint8Array(headerLength + payload.length);
  writeHeader(bytes, 0, {
    packetId: 0x0123_4567_89ab_cdefn as PacketId,
    destination: 0x75a7e56dfd as Address,
    source: 0x8e4df28b72 as Address,
    verb: 8,
    fragmented,
  });
  bytes.set(payload, headerLength);
  return bytes;
}

describe.each(
  vectors.map((vector, index) => ({
    ...vector,
    name: `${index} of suite ${vector.cipher}, ${vector.plaintext_packet.length / 2} bytes`,
  })),
)('the vector $name', (vector) => {
  const peer = PeerKeys.fromShared(provider, hex(vector.key48));

  it('is sealed to the same bytes', () => {
    expect(toHex(seal(peer, hex(vector.plaintext_packet), vector.cipher))).toBe(
      vector.armored_packet,
    );
  });

  it('is opened after two hops', () => {
    const { verdict, packet } = open(peer, hex(vector.armored_packet_after_2_hops));
    expect(verdict).toBeNull();
    expect(toHex(packet)).toBe(vector.dearmored_packet);
  });

  it('is refused when corrupt', () => {
    expect(open(peer, hex(vector.corrupt_packet)).verdict).toBe('mac-mismatch');
  });
});

describe('a packet', () => {
  it('is opened as it was sealed, in every suite and size', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...suites),
        fc.uint8Array({ maxLength: 300 }),
        fc.boolean(),
        (suite, payload, fragmented) => {
          const plain = packet(payload, fragmented);
          const sealed = seal(keys, plain, suite);
          const opened = open(keys, sealed);
          expect(opened.verdict).toBeNull();
          expect(toHex(opened.packet.subarray(27))).toBe(toHex(plain.subarray(27)));
          expect(toHex(opened.packet.subarray(0, 27))).toBe(toHex(sealed.subarray(0, 27)));
        },
      ),
    );
  });

  it('of the largest size is sealed and opened', () => {
    const plain = packet(new Uint8Array(packetLengthMax - headerLength).fill(0x5a));
    for (const suite of suites) {
      const { verdict, packet: opened } = open(keys, seal(keys, plain, suite));
      expect(verdict).toBeNull();
      expect(toHex(opened.subarray(27))).toBe(toHex(plain.subarray(27)));
    }
  });

  it('of a size that no packet has, or outside its buffer, is never sealed', () => {
    const buffer = new Uint8Array(packetLengthMax + 1);
    for (const [start, end] of [
      [0, headerLength - 1],
      [0, packetLengthMax + 1],
      [1, 1],
    ] as const)
      expect(() => {
        sealPacket(keys, buffer, start, end, 3);
      }).toThrow('a packet has a size that is allowed');
    const short = new Uint8Array(headerLength);
    expect(() => {
      sealPacket(keys, short, 1, headerLength + 1, 3);
    }).toThrow('a packet lies in its buffer');
    expect(() => openPacket(keys, short, 1, headerLength + 1)).toThrow(
      'a packet lies in its buffer',
    );
  });

  it('is refused with any bit changed but those of the hops', () => {
    for (const suite of suites) {
      const sealed = seal(keys, packet(hex('00112233445566778899aabbccddeeff01')), suite);
      for (let bit = 0; bit < sealed.length * 8; bit++) {
        const flipped = sealed.slice();
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        const hop = bit >> 3 === 18 && (bit & 7) < 3;
        // Another suite in the flags is another check, which fails as well, or none.
        if (hop) expect(open(keys, flipped).verdict, `bit ${bit}`).toBeNull();
        else
          expect(['mac-mismatch', 'unknown-cipher-suite'], `bit ${bit}`).toContain(
            open(keys, flipped).verdict,
          );
      }
    }
  });

  it('is refused when cut or continued', () => {
    for (const suite of suites) {
      const sealed = seal(keys, packet(hex('0011223344556677')), suite);
      for (let length = 0; length < sealed.length; length++)
        expect(open(keys, sealed.slice(0, length)).verdict).toBe(
          length < headerLength ? 'not-a-packet' : 'mac-mismatch',
        );
      expect(open(keys, Uint8Array.from([...sealed, 0])).verdict).toBe('mac-mismatch');
    }
    expect(open(keys, new Uint8Array(packetLengthMax + 1)).verdict).toBe('not-a-packet');
  });

  it('is left as it was when it is refused in suites 0 and 1', () => {
    for (const suite of [0, 1] as const) {
      const sealed = seal(keys, packet(hex('0011223344556677')), suite);
      sealed[20]! ^= 1;
      expect(open(keys, sealed).packet).toEqual(sealed);
    }
  });

  it('has another ID after suite 3 alone', () => {
    const plain = packet(new Uint8Array(40));
    expect(packetIdAt(seal(keys, plain, 0), 0)).toBe(packetIdAt(plain, 0));
    expect(packetIdAt(seal(keys, plain, 1), 0)).toBe(packetIdAt(plain, 0));
    expect(packetIdAt(seal(keys, plain, 3), 0)).not.toBe(packetIdAt(plain, 0));
  });

  it('is not opened by the keys of others', () => {
    const others = PeerKeys.fromShared(provider, new Uint8Array(48).fill(1));
    for (const suite of suites)
      expect(open(others, seal(keys, packet(hex('00')), suite)).verdict).toBe('mac-mismatch');
  });

  it('of any bytes is opened or refused, never more', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(255), (bytes, flags) => {
        if (bytes.length > 18) bytes[18] = flags;
        expect(open(keys, bytes).verdict).not.toBeNull();
      }),
    );
  });
});

describe('a packet on a trusted path', () => {
  it('is refused, and so is every suite that is not defined', () => {
    const { after } = loadVectors<{ after: string }>('trusted-path.json');
    expect(open(keys, hex(after)).verdict).toBe('unknown-cipher-suite');
    for (const suite of [2, 4, 5, 6, 7]) {
      const bytes = hex(after);
      bytes[18] = suite << 3;
      const { verdict, packet } = open(keys, bytes);
      expect(verdict).toBe('unknown-cipher-suite');
      expect(packet).toEqual(bytes);
    }
  });
});
