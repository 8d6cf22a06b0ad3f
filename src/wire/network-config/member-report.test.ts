import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../../test/conformance/codec.ts';
import * as values from '../../../test/fuzz/values.ts';
import { hex } from '../../../test/vectors/load.ts';
import { decode, encode, isDrop } from '../codec.ts';
import { memberReport, reportedMembersMax, reportedValueMax } from './member-report.ts';

/** Made by hand from the layout: nobody else sends it. */
const bytes = hex(
  '0102' + '45ad10e047' + '00' + '000c' + '0005' + 'bfb8eb1884' + '01' + 'ffff' + 'ffff',
);
const said = fc.option(fc.nat(reportedValueMax));

describeCodec(memberReport, {
  samples: [{ name: 'by hand', bytes }],
  arbitrary: fc.record({
    version: fc.constant(1),
    members: fc.array(
      fc.record({
        address: values.address,
        kind: fc.constantFrom('direct' as const, 'relayed' as const),
        latencyMs: said,
        heardAgoS: said,
      }),
      { maxLength: reportedMembersMax },
    ),
    future: values.bytes(8),
  }),
});

describe('a report of members', () => {
  it('says how each is reached and when it was heard', () => {
    expect(decode(memberReport, bytes)).toEqual({
      version: 1,
      members: [
        { address: 0x45ad10e047, kind: 'direct', latencyMs: 12, heardAgoS: 5 },
        { address: 0xbfb8eb1884, kind: 'relayed', latencyMs: null, heardAgoS: null },
      ],
      future: new Uint8Array(0),
    });
  });

  it('of another version is kept and not understood, and one that is damaged is a reason', () => {
    const newer = hex('02ff00');
    const value = decode(memberReport, newer);
    expect(value).toEqual({ version: 2, members: [], future: hex('ff00') });
    expect(isDrop(value) ? null : encode(memberReport, value)).toEqual(newer);
    expect(decode(memberReport, hex(`0141${'00'.repeat(10 * 65)}`))).toBe('too-many');
    expect(decode(memberReport, hex('010145ad10e04702000c0005'))).toBe('bad-value');
    expect(decode(memberReport, bytes.subarray(0, 15))).toBe('truncated');
    expect(decode(memberReport, new Uint8Array(0))).toBe('truncated');
  });

  it('is at most 642 bytes', () => {
    const value = decode(memberReport, bytes);
    const [member] = isDrop(value) ? [] : value.members;
    const members = Array.from({ length: reportedMembersMax }, () => member!);
    const longest = encode(memberReport, { version: 1, members, future: new Uint8Array(0) });
    expect(longest.length).toBe(642);
  });
});
