/** Interarrival jitter as RFC 3550 estimates it (section 6.4.1 and appendix A.8). */

/**
 * The running estimate J ← J + (|D| − J)/16 after the last value, from J = 0, where D is the difference between
 * successive transit times. The RFC speaks of one-way transit; for request and response the round trip takes its
 * place. Lost requests leave no gap: D is taken over what arrived, as in the RFC.
 *
 * @param transitNs - transit times in the order of sending, ns; borrowed
 * @returns ns, or null for fewer than two values, which have no difference
 */
export function rfc3550Jitter(transitNs: ArrayLike<number>): number | null {
  if (transitNs.length < 2) return null;
  let jitterNs = 0;
  for (let i = 1; i < transitNs.length; i++) {
    const differenceNs = (transitNs[i] as number) - (transitNs[i - 1] as number);
    jitterNs += (Math.abs(differenceNs) - jitterNs) / 16;
  }
  return jitterNs;
}
