import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fromHex, toHex } from '../../base/bytes.ts';
import { netlinkAttribute, NetlinkMessage } from './netlink.ts';

describe('netlink messages', () => {
  it('are laid out as the kernel reads them: attributes on multiples of 4', () => {
    const message = new NetlinkMessage(20, 0x600, Uint8Array.of(2, 24, 0, 0, 5, 0, 0, 0))
      .attribute(2, Uint8Array.of(10, 1, 0, 1))
      .attribute(3, Uint8Array.of(0x61, 0))
      .attributeU32(8, 2);
    // `ip address add` under strace writes the like: length, type, flags with REQUEST and ACK, sequence, port.
    expect(toHex(message.finish())).toBe(
      '30000000' +
        '1400' +
        '0506' +
        '00000000' +
        '00000000' +
        '0218000005000000' +
        '080002000a010001' +
        '0600030061000000' +
        '0800080002000000',
    );
  });

  it('are read attribute by attribute', () => {
    const payload = fromHex(
      'aabbccdd' + '0600010061620000' + '08000480 01020304'.replace(' ', ''),
    )!;
    expect(netlinkAttribute(payload, 4, 1)).toEqual(Uint8Array.of(0x61, 0x62));
    // The upper bits of a type are flags.
    expect(netlinkAttribute(payload, 4, 4)).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(netlinkAttribute(payload, 4, 9)).toBeNull();
  });

  it('are read without end or error whatever the bytes', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(20), (payload, type) => {
      const value = netlinkAttribute(payload, 0, type);
      expect(value === null || value.length <= payload.length).toBe(true);
    });
    fc.assert(property, { numRuns: 500 });
  });
});
