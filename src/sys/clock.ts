/** The host's clocks: the one file of the product that reads them. Everything else is handed a {@link Clock}. */
import type { Clock } from '../base/clock.ts';

const originNs = process.hrtime.bigint();

/** CLOCK_MONOTONIC through `process.hrtime`, counted from the start of this process. */
export const systemClock: Clock = {
  nowNs: () => Number(process.hrtime.bigint() - originNs),
  wallMs: () => Date.now(),
};
