/** How a comparison goes, told while it does: one live line for a person, or a line of JSON for a program. */
import { nsPerMs, type Clock } from '../base/clock.ts';
import type { RunProgress } from '../api/schema/run.ts';
import type { CampaignProgress } from '../harness/campaign/index.ts';
import type { CliContext } from './context.ts';
import { progressLine } from './progress.ts';

/** What `--progress` takes. */
export const progressForms = ['line', 'ndjson'] as const;
export type ProgressForm = (typeof progressForms)[number];

/** Lines of JSON are no closer together than this, but where a phase begins: each costs the measurement a system call. */
const apartMs = 250;

/** Where progress goes. */
export interface RunReporter {
  readonly onProgress: (progress: CampaignProgress) => void;
  /** Call it before printing results. */
  readonly clear: () => void;
}

/** Reports on standard error. The clock says when the run began: now. */
export async function runReporter(
  cli: CliContext,
  form: ProgressForm,
  clock: Clock,
): Promise<RunReporter> {
  const startedNs = clock.nowNs();
  const told = (progress: CampaignProgress, nowNs: number): RunProgress =>
    progressOf(progress, nowNs - startedNs);
  if (form === 'line') {
    const line = await progressLine(cli);
    return {
      onProgress: (progress) => {
        line.show(lineOf(told(progress, clock.nowNs())));
      },
      clear: () => {
        line.clear();
      },
    };
  }
  let [lastNs, lastPhase] = [-Infinity, ''];
  return {
    onProgress: (progress) => {
      const nowNs = clock.nowNs();
      if (progress.phase === lastPhase && nowNs - lastNs < apartMs * nsPerMs) return;
      [lastNs, lastPhase] = [nowNs, progress.phase];
      process.stderr.write(`${JSON.stringify(told(progress, nowNs))}\n`);
    },
    clear: () => undefined,
  };
}

/** @param elapsedNs - since the run began */
export function progressOf(
  { phase, round, rounds, path, visit, visitsDone, visitsPlanned }: CampaignProgress,
  elapsedNs: number,
): RunProgress {
  return {
    ...{ event: 'progress', phase, round, rounds, path, visitsDone, visitsPlanned },
    lastLatencyNs: visit?.lastLatencyNs ?? null,
    leftNs:
      visitsDone < 2 ? null : Math.round((elapsedNs / visitsDone) * (visitsPlanned - visitsDone)),
  };
}

function lineOf({ phase, round, rounds, path, lastLatencyNs, leftNs }: RunProgress): string {
  const what = phase === 'measurement' ? path : `${phase} (${path})`;
  const latency = lastLatencyNs === null ? '' : ` · ${Math.round(lastLatencyNs / 1000)} µs`;
  const left = leftNs === null ? '' : ` · ${Math.ceil(leftNs / 1e9)} s left`;
  return `round ${round + 1}/${rounds} · ${what}${latency}${left}`;
}
