/** The clock port. Everything that needs the time is handed one; the real ones live in `sys/clock.ts`. */
export interface Clock {
  /**
   * Monotonic time in integer nanoseconds since an origin that is fixed for the life of the process. A plain number:
   * exact up to 104 days, and free of the allocation that a bigint costs on the path that is being measured.
   */
  nowNs(): number;
  /** Wall-clock time in integer milliseconds since the Unix epoch. For labels only; never subtracted. */
  wallMs(): number;
}

export const nsPerUs = 1_000;
export const nsPerMs = 1_000_000;
export const nsPerS = 1_000_000_000;
