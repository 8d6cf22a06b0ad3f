/** Waiting for what no program tells: looks again and again, and says how long it took. */
import { setTimeout as delay } from 'node:timers/promises';

/** Why a check failed: in the words of the table. */
export class Failure extends Error {}

/** Throws a {@link Failure} where something does not hold. */
export function must(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Failure(otherwise);
}

/**
 * Looks every quarter of a second until something is so.
 *
 * @param look - an error that it throws counts as not yet
 * @returns the seconds that it took
 * @throws Failure with what was seen last, after `secondsMax`
 */
export async function until(
  what: string,
  secondsMax: number,
  look: () => Promise<boolean>,
): Promise<number> {
  const beganMs = performance.now();
  const elapsed = (): number => (performance.now() - beganMs) / 1_000;
  let said = '';
  for (;;) {
    try {
      if (await look()) return elapsed();
      said = '';
    } catch (error) {
      said = `: ${error instanceof Error ? error.message.slice(0, 200) : String(error)}`;
    }
    if (elapsed() >= secondsMax) throw new Failure(`not in ${secondsMax} s: ${what}${said}`);
    await delay(250);
  }
}
