import { expect, it } from 'vitest';

import { expandedTail, normalCdf, studentQuantile } from './student.ts';

it.each([
  // Abramowitz and Stegun, table 26.1.
  [0, 0.5],
  [1, 0.841_344_746_068_543],
  [-1, 0.158_655_253_931_457],
  [-1.959_963_984_540_054, 0.025],
  [-3, 0.001_349_898_031_63],
  [-5, 2.866_515_72e-7],
])('Φ(%d) is %d', (x, expected) => {
  expect(normalCdf(x)).toBeCloseTo(expected, 12);
});

it.each([
  // Abramowitz and Stegun, table 26.10, two-sided 95 % and 99 %.
  [0.95, 1, 12.706],
  [0.95, 2, 4.303],
  [0.95, 5, 2.571],
  [0.95, 9, 2.262],
  [0.95, 19, 2.093],
  [0.95, 39, 2.023],
  [0.95, 120, 1.98],
  [0.99, 5, 4.032],
  [0.99, 10, 3.169],
  [0.99, 30, 2.75],
])('t at %d for %d degrees of freedom is %d', (central, freedom, expected) => {
  expect(studentQuantile(central, freedom)).toBeCloseTo(expected, 3);
});

it('cuts a smaller tail from fewer rounds, and the plain one in the limit', () => {
  const tails = [6, 10, 20, 40].map((rounds) => Number(expandedTail(rounds, 0.95).toFixed(4)));
  // At 10: Φ(−√(10/9) · 2.2622) = Φ(−2.3845) = 0.0086.
  expect(tails).toEqual([0.0024, 0.0086, 0.0159, 0.0203]);
  expect(expandedTail(100_000, 0.95)).toBeCloseTo(0.025, 5);
});
