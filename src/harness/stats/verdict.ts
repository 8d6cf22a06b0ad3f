/** What a comparison says, decided by rule and before anybody looks at it. */
import type { Interval } from './quantile-interval.ts';
import { roundOutTo } from './resolution.ts';
import { isTooFew, type Estimate, type PairedEstimate, type TooFew } from './round-bootstrap.ts';

/** One of four answers. `higher` and `lower` say where `other` lies, seen from `base`. */
export type Verdict =
  | {
      readonly kind: 'higher' | 'lower';
      /** other − base, ns: positive where `higher`. */
      readonly difference: Estimate;
      readonly ratio: Estimate;
    }
  | {
      readonly kind: 'no-difference';
      /** A difference beyond this, either way, is ruled out at the interval's confidence: what the run could see. */
      readonly withinNs: number;
    }
  | {
      readonly kind: 'too-few';
      readonly needsRounds: number;
      readonly needsCount: number;
      readonly rounds: number;
      readonly count: number;
    };

/**
 * Claims a difference only where its interval excludes 0 and it is at least the resolution. Each verdict stands at the
 * confidence of its own interval: of twenty about equal paths, one is expected to be wrong at 95 %.
 *
 * @param estimate - of samples in ns
 * @param resolutionNs - from `resolutionFrom`; 0 claims whatever the interval allows
 */
export function verdictOf(estimate: PairedEstimate | TooFew, resolutionNs: number): Verdict {
  if (isTooFew(estimate)) {
    const { needsRounds, needsCount, rounds, count } = estimate;
    return { kind: 'too-few', needsRounds, needsCount, rounds, count };
  }
  const { difference, ratio } = estimate;
  if (excludesZero(difference.interval) && Math.abs(difference.value) >= resolutionNs)
    return { kind: difference.value > 0 ? 'higher' : 'lower', difference, ratio };
  const { low, high } = difference.interval;
  const reach = Math.max(Math.abs(low), Math.abs(high), resolutionNs);
  return { kind: 'no-difference', withinNs: roundOutTo(reach, resolutionNs) };
}

function excludesZero({ low, high }: Interval): boolean {
  return low > 0 || high < 0;
}
