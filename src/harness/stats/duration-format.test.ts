import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  formatIntervalBare,
  formatNs,
  formatNsBare,
  formatSignedNs,
  unitFor,
} from './duration-format.ts';

describe('a duration', () => {
  it.each([
    [117_649, 2_000, '118 µs'],
    [117_649, 100, '117.6 µs'],
    [117_649, 1, '117.649 µs'],
    [-200, 100, '−200 ns'],
    [2_143_000, 20_000, '2.14 ms'],
    [12, 1, '12 ns'],
    [0, 1, '0 ns'],
    [400, 2_000, '0 µs'],
    [-400, 2_000, '0 µs'],
    [1_500_000_000, 1_000_000, '1.500 s'],
    [999_600, 1_000, '1.000 ms'],
  ])('of %d ns at resolution %d reads %s', (value, resolution, text) => {
    expect(formatNs(value, resolution)).toBe(text);
  });

  it('has its unit chosen for it where a table asks', () => {
    expect(formatNs(1_237_000, 20_000, 'us')).toBe('1240 µs');
    expect(formatNsBare(117_649, 100, 'ms')).toBe('0.1176');
    expect(formatNsBare(-400, 1, 's')).toBe('−0.000000400');
    expect(formatIntervalBare({ low: -1_120, high: 790 }, 100, 'us')).toBe('[−1.1, 0.8]');
  });

  it('shows its sign as a difference, and none where it rounds to nothing', () => {
    expect(formatSignedNs(115_200, 1_000)).toBe('+115 µs');
    expect(formatSignedNs(-115_200, 1_000)).toBe('−115 µs');
    expect(formatSignedNs(300, 1_000)).toBe('0 µs');
  });

  it('reads back as the value rounded to the resolution: no digit below it', () => {
    const resolutions = fc.constantFrom(1, 2, 5, 10, 50, 200, 1_000, 5_000, 20_000);
    const units = fc.constantFrom('ns', 'us', 'ms');
    const scale = { ns: 1, us: 1_000, ms: 1_000_000 };
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), resolutions, units, (value, res, unit) => {
        const shownNs = Number(formatNsBare(value, res, unit).replace('−', '-')) * scale[unit];
        const step = 10 ** Math.floor(Math.log10(res) + 1e-9);
        expect(Math.abs(shownNs / step - Math.round(shownNs / step))).toBeLessThan(1e-6);
        expect(Math.abs(shownNs - value)).toBeLessThanOrEqual(step / 2 + 1e-6);
      }),
    );
  });
});

describe('the unit of a table', () => {
  it('is that of its median', () => {
    expect(unitFor([118_000, 119_000, 412_000, 12_000_000], 1_000)).toBe('us');
    expect(unitFor([2_100_000, 2_600_000], 1_000)).toBe('ms');
    expect(unitFor([-300, 200, 250], 1)).toBe('ns');
  });

  it('is no finer than the resolution, and that of the resolution where there is nothing', () => {
    expect(unitFor([-300, 200, 250], 2_000)).toBe('us');
    expect(unitFor([], 2_000)).toBe('us');
    expect(unitFor([], 0)).toBe('ns');
  });
});
