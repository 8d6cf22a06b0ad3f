/**
 * The plan of a run: which path is visited when. Made and written down before the first round, from a recorded seed, so
 * that nothing that is seen on the way can change what is measured.
 *
 * Each round visits every path once, in an order of its own: what changes slowly (load, temperature, a neighbour on the
 * same host) then falls on all paths alike, and what a visit leaves behind for the next (caches, a woken processor) does
 * not always fall on the same one.
 */
import { nsPerS } from '../../base/clock.ts';
import { Prng } from '../../base/prng.ts';
import type { Plan, PlanPath, Workload } from './record.ts';

/** The labels of the two calibration paths: the same loopback server, visited as if it were two. */
export const floorLabels = ['harness floor', 'harness floor, again'] as const;

export interface PlanRequest {
  readonly seed: string;
  readonly workload: Workload;
  readonly rounds: number;
  readonly paths: readonly Omit<PlanPath, 'role'>[];
  /** Of the visits before anything counts; null: none. */
  readonly warmup: Workload | null;
  /** Null: no calibration. */
  readonly calibration: {
    readonly workload: Workload;
    readonly rounds: number;
    readonly host: string;
    readonly port: number;
  } | null;
}

/** Makes the plan. The same request gives the same plan. */
export function makePlan(request: PlanRequest): Plan {
  const { seed, workload, calibration } = request;
  const labels = request.paths.map(({ label }) => label);
  const calibrationPaths: PlanPath[] =
    calibration === null
      ? []
      : floorLabels.map((label) => ({
          label,
          host: calibration.host,
          port: calibration.port,
          role: 'calibration',
          description: 'loopback to a server process of this run',
        }));
  const each =
    workload.requestsPerVisit === null
      ? `${(workload.visitNs ?? 0) / 1e9} s`
      : `${workload.requestsPerVisit} requests`;
  return {
    kind: 'plan',
    seed,
    workload,
    calibrationWorkload: calibration?.workload ?? null,
    warmupWorkload: request.warmup,
    paths: [
      ...request.paths.map((path): PlanPath => ({ ...path, role: 'measurement' })),
      ...calibrationPaths,
    ],
    warmupRounds:
      request.warmup === null ? [] : [[...(calibration === null ? [] : floorLabels), ...labels]],
    calibrationRounds:
      calibration === null ? [] : orders(`${seed}/calibration`, floorLabels, calibration.rounds),
    rounds: orders(`${seed}/rounds`, labels, request.rounds),
    stopRule: `after ${request.rounds} rounds of ${each} on each path, or when interrupted`,
  };
}

function orders(seed: string, labels: readonly string[], rounds: number): string[][] {
  const prng = new Prng(seed);
  return Array.from({ length: rounds }, () => prng.shuffled(labels));
}

/**
 * How many requests a visit may have, so that all rounds fit a time.
 *
 * @param roundTripNs - one exchange on each path, as far as it is known
 * @param budgetNs - for all rounds together
 */
export function requestsWithin(
  budgetNs: number,
  rounds: number,
  roundTripNs: readonly number[],
  intervalNs: number,
): number {
  const exchangeNs = roundTripNs.reduce((sum, ns) => sum + Math.max(ns, intervalNs), 0);
  const count = Math.floor(budgetNs / rounds / exchangeNs);
  return Math.min(requestsPerVisitMax, Math.max(requestsPerVisitMin, count));
}

/** With 40 rounds the least number still gives the 368 samples that an interval of p99 needs. */
const requestsPerVisitMin = 10;
const requestsPerVisitMax = 500;

/**
 * The visit of each path before anything counts: so many requests that all programs are compiled where they are hot (some thousands,
 * by looking at how latency falls; those of an overlay that is compiled while it runs take two seconds), or what a slow path allows.
 */
export const warmupVisit = { requestsPerVisit: 4_000, visitNs: 3 * nsPerS } as const;

/** Warm-up of a visit: a tenth of what is measured, enough to fill caches and to wake the processor. */
export function warmupFor(requestsPerVisit: number): number {
  return Math.min(50, Math.max(5, Math.ceil(requestsPerVisit / 10)));
}
