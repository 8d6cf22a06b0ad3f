/**
 * Carries a plan out: visits the paths in the planned order and writes down what came of it. Knows nothing of sockets,
 * files or terminals; the same code runs on the simulated transport of the tests and on the real one.
 */
import type { Clock } from '../../base/clock.ts';
import { errorCode, errorMessage, OverspanError } from '../../base/errors.ts';
import type { Prober, VisitProgress } from '../probe/probe.ts';
import { campaignError } from './errors.ts';
import type { Environment, Plan, RecordLine, Visit } from './record.ts';

/** Where lines go: a record file, or memory. Throws where they cannot be kept. */
export interface RecordSink {
  append(line: RecordLine): void;
}

/** The harness's own state over a run; the clock and counters behind it are the host's. */
export interface HealthMeter {
  /** @param latenessNs - how late scheduled sends left */
  read(latenessNs: readonly number[]): Extract<RecordLine, { kind: 'end' }>['health'];
}

/** What is going on, for a progress line. */
export interface CampaignProgress {
  readonly phase: Visit['phase'];
  readonly round: number;
  readonly rounds: number;
  readonly path: string;
  readonly visit: VisitProgress | null;
  /** Visits finished of all planned ones. */
  readonly visitsDone: number;
  readonly visitsPlanned: number;
}

export interface CampaignOptions {
  readonly header: Extract<RecordLine, { kind: 'header' }>;
  readonly plan: Plan;
  /** One for each label of the plan. */
  readonly probers: ReadonlyMap<string, Prober>;
  readonly sink: RecordSink;
  /** Null: the surroundings are not of interest, or were asked not to be touched. */
  readonly environment: ((when: Environment['when']) => Promise<Environment>) | null;
  readonly health: HealthMeter;
  /** Counts from the header. */
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: CampaignProgress) => void;
}

/** How a campaign ended. What was measured is in the sink in any case. */
export interface CampaignResult {
  readonly reason: 'complete' | 'interrupted' | 'failed';
  readonly failure: OverspanError | null;
}

/**
 * Runs a campaign to its end. A path that fails ends it, with everything measured before kept.
 *
 * @throws what the sink throws: without a record there is no run
 */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const { header, plan, sink, clock, signal } = options;
  sink.append(header);
  if (options.environment !== null) sink.append(await options.environment('before'));
  sink.append(plan);
  const latenessNs: number[] = [];
  let failure: OverspanError | null = null;
  try {
    failure = await visitAll(options, latenessNs);
  } catch (error) {
    if (!(error instanceof OverspanError)) throw error;
    failure = error;
  }
  const reason = failure !== null ? 'failed' : signal.aborted ? 'interrupted' : 'complete';
  if (options.environment !== null) sink.append(await options.environment('after'));
  sink.append({
    kind: 'end',
    atNs: clock.nowNs(),
    reason,
    error:
      failure === null
        ? null
        : { code: errorCode(failure) ?? 'UNEXPECTED', message: errorMessage(failure) },
    health: options.health.read(latenessNs),
  });
  return { reason, failure };
}

async function visitAll(
  options: CampaignOptions,
  latenessNs: number[],
): Promise<OverspanError | null> {
  const { plan, signal, onProgress } = options;
  const phases = [
    { phase: 'warm-up', rounds: plan.warmupRounds, workload: plan.warmupWorkload },
    { phase: 'calibration', rounds: plan.calibrationRounds, workload: plan.calibrationWorkload },
    { phase: 'measurement', rounds: plan.rounds, workload: plan.workload },
  ] as const;
  const visitsPlanned = phases.reduce((sum, { rounds }) => sum + rounds.flat().length, 0);
  let visitsDone = 0;
  let instanceId: string | null = null;
  for (const { phase, rounds, workload } of phases) {
    for (const [round, labels] of rounds.entries()) {
      for (const [position, path] of labels.entries()) {
        if (signal.aborted) return null;
        const prober = options.probers.get(path);
        if (prober === undefined || workload === null) continue;
        const progress = (visit: VisitProgress | null): void =>
          onProgress?.({
            phase,
            round,
            rounds: rounds.length,
            path,
            visit,
            visitsDone,
            visitsPlanned,
          });
        progress(null);
        const seat = { phase, round, position, path };
        const result = await prober.visit(seat, workload, signal, progress);
        options.sink.append(result.visit);
        for (const ns of result.latenessNs) latenessNs.push(ns);
        if (result.failure !== null) return result.failure;
        if (phase === 'measurement') {
          instanceId ??= result.visit.instanceId;
          if (result.visit.instanceId !== instanceId) return instanceMismatch(path);
        }
        visitsDone++;
      }
    }
  }
  return null;
}

/** The error for two paths that lead to different servers: what they show is not the difference of the paths. */
export function instanceMismatch(path: string): OverspanError {
  return campaignError(
    'INSTANCE_MISMATCH',
    `the path "${path}" leads to another server than the first path`,
    {
      remedy:
        'give addresses of one and the same server; if it was restarted during the run, start the run again',
    },
  );
}
