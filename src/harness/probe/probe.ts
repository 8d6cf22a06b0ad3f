/** What a campaign knows of a probe: something that visits a path and brings samples. Real ones use sockets; the
 * simulated one of the tests keeps its own time. */
import type { OverspanError } from '../../base/errors.ts';
import type { Visit, Workload } from '../campaign/record.ts';

/** Which visit of the plan this is. */
export interface Seat {
  readonly phase: Visit['phase'];
  readonly round: number;
  readonly position: number;
  readonly path: string;
}

/** What a visit brought. A path that died in the middle still brings what was measured before. */
export interface VisitResult {
  readonly visit: Visit;
  /** Why the visit ended early; null where it went to its end or was stopped by the signal. */
  readonly failure: OverspanError | null;
  /** How late idle sends left by the harness's own fault, ns. */
  readonly latenessNs: readonly number[];
}

/** Counts of a visit under way, for progress. */
export interface VisitProgress {
  readonly sent: number;
  readonly lost: number;
  readonly lastLatencyNs: number | null;
}

/** One path to one server. */
export interface Prober {
  /**
   * Connects once.
   *
   * @returns which server instance answered (null: not one of ours), and how long one exchange takes after some others, ns
   * @throws what connecting throws
   */
  greet(): Promise<{ readonly instanceId: string | null; readonly roundTripNs: number }>;
  /**
   * Measures once, by the workload. Stops early, keeping what it has, when the signal is aborted.
   *
   * @throws what connecting throws, where nothing was measured
   */
  visit(
    seat: Seat,
    workload: Workload,
    signal: AbortSignal,
    onProgress?: (progress: VisitProgress) => void,
  ): Promise<VisitResult>;
}
