/** Random choices of the machines, out of the entropy that is handed in. Not for keys. */
import type { Entropy } from './ports.ts';

const four = new Uint8Array(4);

/** An integer in [0, bound). @param bound - 1 … 2³²; the bias is below bound / 2³² */
export function randomBelow(entropy: Entropy, bound: number): number {
  entropy.fill(four);
  const value = new DataView(four.buffer).getUint32(0);
  return Math.floor((value / 0x1_0000_0000) * bound);
}

/**
 * Brings `count` items of a list, chosen at random, to its beginning, in random order (Fisher–Yates).
 *
 * @param items - changed in place. @param count - default: all. @returns the same list
 */
export function shuffle<T>(entropy: Entropy, items: T[], count: number = items.length): T[] {
  const end = Math.min(count, items.length - 1);
  for (let i = 0; i < end; i++) {
    const j = i + randomBelow(entropy, items.length - i);
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
  return items;
}
