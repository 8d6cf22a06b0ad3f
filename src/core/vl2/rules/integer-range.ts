/**
 * MATCH_INTEGER_RANGE: a number of 1 to 64 bits anywhere in a frame.
 *
 * Source: vl2 7.2 with its quirks: a big endian number ends 8 bytes behind the index, however wide it is; of an odd width
 * big endian keeps the low bits of its bytes, little endian the high ones; a number outside the frame is 0; of the width
 * of the range only 32 bits are looked at. Numbers are kept in two halves, so that no big integer is made for a frame.
 */
import { matchResults, yesIf, type MatchMakers } from './match.ts';
import type { Match } from './rule-frame.ts';

const bits32 = 0x1_0000_0000;

/** The condition of this file. */
export const integerMatches: MatchMakers<'MATCH_INTEGER_RANGE'> = {
  MATCH_INTEGER_RANGE: (rule) => {
    const fromHigh = Number(rule.start >> 32n);
    const fromLow = Number(rule.start & 0xffff_ffffn);
    const width = Number(BigInt.asUintN(32, rule.end - rule.start));
    const bits = (rule.format & 63) + 1;
    const length = Math.ceil(bits / 8);
    const isLittle = (rule.format & 0x80) !== 0;
    const at = isLittle ? rule.index : rule.index + 8 - length;
    const surplus = 8 * length - bits;
    const inRange = (high: number, low: number): boolean => {
      if (high < fromHigh || (high === fromHigh && low < fromLow)) return false;
      const distance = (high - fromHigh) * bits32 + (low - fromLow);
      return distance <= width;
    };
    const zero = inRange(0, 0) ? matchResults.yes : matchResults.no;
    const match: Match = ({ bytes, start, end }) => {
      if (at + length > end - start) return zero;
      let high = 0;
      let low = 0;
      for (let i = 0; i < length; i++) {
        const byte = bytes[start + at + (isLittle ? length - 1 - i : i)] as number;
        high = ((high << 8) | (low >>> 24)) >>> 0;
        low = ((low << 8) | byte) >>> 0;
      }
      if (surplus > 0 && isLittle) {
        low = ((low >>> surplus) | (high << (32 - surplus))) >>> 0;
        high >>>= surplus;
      } else if (surplus > 0) {
        if (bits > 32) high %= 2 ** (bits - 32);
        else {
          high = 0;
          low %= 2 ** bits;
        }
      }
      return yesIf(inRange(high, low));
    };
    return match;
  },
};
