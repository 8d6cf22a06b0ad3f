import { describe, expect, it } from 'vitest';

import { toHex } from '../../base/bytes.ts';
import { PeerKeys } from '../../crypto/peer-keys.ts';
import { nodeProvider } from '../../io/crypto/node-provider.ts';
import { hex, loadVectors } from '../../../test/vectors/load.ts';
import { cryptHelloTail, helloTailStart } from './hello-tail.ts';
import { openPacket, sealPacket } from './seal.ts';

interface HelloVector {
  readonly key48: string;
  readonly wire: string;
  readonly tail_offset: number;
  readonly tail_wire: string;
  readonly tail_plain: string;
}

const { hello: vectors } = loadVectors<{ hello: HelloVector[] }>('hello-and-friends.json');
const provider = nodeProvider();
const wire = hex(vectors[0]!.wire);
const keys = PeerKeys.fromShared(provider, hex(vectors[0]!.key48));

/** The HELLO of the vector with another address in it. */
function withAddress(address: string): Uint8Array {
  return hex(toHex(wire.subarray(0, 112)) + address + toHex(wire.subarray(119)));
}

describe("a HELLO's tail", () => {
  it('is decrypted as in the vectors', () => {
    expect(vectors.length).toBe(8);
    for (const vector of vectors) {
      const peer = PeerKeys.fromShared(provider, hex(vector.key48));
      const arena = hex(`eeeeee${vector.wire}ee`);
      const [start, end] = [3, arena.length - 1];
      expect(openPacket(peer, arena, start, end)).toBeNull();
      expect(helloTailStart(arena, start, end)).toBe(start + vector.tail_offset);
      expect(toHex(arena.subarray(start + vector.tail_offset, end))).toBe(vector.tail_wire);
      expect(cryptHelloTail(peer, arena, start, end)).toBeNull();
      expect(toHex(arena.subarray(start + vector.tail_offset, end))).toBe(vector.tail_plain);
      expect(toHex(arena.subarray(start, start + vector.tail_offset))).toBe(
        vector.wire.slice(0, 2 * vector.tail_offset),
      );
      expect(arena[end]).toBe(0xee);

      // And back: encrypted and sealed again, it is the datagram.
      expect(cryptHelloTail(peer, arena, start, end)).toBeNull();
      sealPacket(peer, arena, start, end, 0);
      expect(toHex(arena.subarray(start, end))).toBe(vector.wire);
    }
  });

  it.each([
    ['none', '00', 1],
    ['an Ethernet one', '01aabbccddeeff', 7],
    ['a Bluetooth one', '02aabbccddeeff', 7],
    ['one of another length', '030002aabb', 5],
    ['an IPv4 one', '040a0900012709', 7],
    ['an IPv6 one', `06${'00'.repeat(18)}`, 19],
  ])('is found after an address that is %s', (_, address, length) => {
    const bytes = withAddress(address);
    expect(helloTailStart(bytes, 0, bytes.length)).toBe(112 + length + 16);
  });

  it('may be missing, with what stands before it, but nothing may be cut', () => {
    for (let end = 0; end < 135; end++) {
      const bytes = wire.slice(0, end);
      const verdict = cryptHelloTail(keys, bytes, 0, end);
      expect(verdict, `${end} bytes`).toBe(end === 112 || end === 119 ? null : 'truncated');
      expect(bytes).toEqual(wire.slice(0, end));
    }
    expect(cryptHelloTail(keys, wire.slice(0, 135), 0, 135)).toBeNull();
    const opaque = withAddress('03ffff');
    expect(cryptHelloTail(keys, opaque, 0, opaque.length)).toBe('truncated');
    expect(cryptHelloTail(keys, opaque, 0, 114)).toBe('truncated');
  });

  it('is not looked for where identity or address cannot be measured', () => {
    const changed = (at: number, value: number): Uint8Array => wire.with(at, value);
    const end = wire.length;
    expect(cryptHelloTail(keys, changed(46, 1), 0, end)).toBe('unknown-identity-type');
    expect(cryptHelloTail(keys, changed(111, 64), 0, end)).toBe('bad-identity');
    expect(cryptHelloTail(keys, changed(112, 5), 0, end)).toBe('bad-address-family');
  });

  it('has the same keystream for packet IDs that differ in their last 3 bits', () => {
    const one = wire.slice();
    const other = wire.with(7, wire[7]! ^ 7);
    cryptHelloTail(keys, one, 0, one.length);
    cryptHelloTail(keys, other, 0, other.length);
    expect(one.subarray(135)).toEqual(other.subarray(135));
  });
});
