/** What a reader has to know before believing the figures: each warning is a code and a sentence. */
import type { Environment, RunRecord } from '../campaign/record.ts';
import type { Metric } from './comparison.ts';
import type { PathAnalysis } from './path-analysis.ts';

export interface Warning {
  readonly code: string;
  /** One sentence; holds text of the record, so it is escaped before it is shown. */
  readonly message: string;
  /** The path that it is about; null where it is about the run. */
  readonly path: string | null;
}

/** A fact of the host that was not the same before and after the run. */
export interface EnvironmentChange {
  /** The field's name in the record, after `paths.LABEL.` for a path's. */
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** Above this the event loop's own delay shows in tails of some hundred microseconds. */
const loopDelayNsMax = 5_000_000;
/** A schedule that slips by more than this is another schedule. */
const sendLatenessNsMax = 1_000_000;
/** Above this share of all processors' time waiting for a hypervisor is in every p99. */
const stolenMax = 0.01;

/** Fields that differ between any two snapshots of an idle host. */
const volatile: ReadonlySet<string> = new Set([
  'kind',
  'when',
  'atNs',
  'atUnixMs',
  'loadAverage',
  'processorTime',
  'clockStepNs',
]);

/** All warnings about a run, the gravest first. */
export function warningsOf(
  record: RunRecord,
  paths: readonly PathAnalysis[],
  metrics: readonly Metric[],
  changes: readonly EnvironmentChange[],
): Warning[] {
  return [
    ...endWarnings(record),
    ...instanceWarnings(paths),
    ...paths.flatMap(pathWarnings),
    ...metrics.flatMap(metricWarnings),
    ...healthWarnings(record),
    ...environmentWarnings(record, changes),
  ];
}

function endWarnings({ end, tornBytes }: RunRecord): Warning[] {
  const warnings: Warning[] = [];
  if (end === null) {
    warnings.push(
      about('record-incomplete', 'the record has no end: the run was killed, or is still going on'),
    );
  } else if (end.reason === 'interrupted') {
    warnings.push(
      about('interrupted', 'the run was interrupted: what was measured before is shown'),
    );
  } else if (end.reason === 'failed') {
    const why = end.error === null ? '' : `: ${end.error.code}: ${end.error.message}`;
    warnings.push(about('failed', `the run failed${why}`));
  }
  if (tornBytes > 0)
    warnings.push(about('torn', `the last ${tornBytes} bytes of the record are a line cut short`));
  return warnings;
}

function instanceWarnings(paths: readonly PathAnalysis[]): Warning[] {
  const ids = new Set(paths.flatMap(({ instanceIds }) => instanceIds));
  if (ids.size < 2) return [];
  const message = `${ids.size} different server instances answered: the paths may not lead to the same server`;
  return [about('instances-differ', message)];
}

function pathWarnings(path: PathAnalysis): Warning[] {
  const { label, lostCount, measuredCount, unsentCount } = path;
  const warnings: Warning[] = [];
  if (measuredCount === 0)
    warnings.push(about('nothing-measured', `${label}: no request was answered`, label));
  if (lostCount > 0) {
    const reasons = Object.entries(path.lostByReason).map(
      ([reason, count]) => `${count} ${reason}`,
    );
    const message = `${label}: ${lostCount} of ${lostCount + measuredCount} requests were lost (${reasons.join(', ')}); lost requests have no latency and are in no quantile`;
    warnings.push(about('lost', message, label));
  }
  if (unsentCount > 0)
    warnings.push(
      about('unsent', `${label}: ${unsentCount} requests were due but never sent`, label),
    );
  return warnings;
}

/** Of the median alone: a tail that has too few samples says so in its own place. */
function metricWarnings({ id, values, comparisons }: Metric): Warning[] {
  if (id !== 'p50') return [];
  const warnings: Warning[] = [];
  for (const { path, roundsDropped, rounds } of comparisons) {
    if (roundsDropped === 0) continue;
    const message = `${path}: ${roundsDropped} of ${rounds + roundsDropped} rounds are not compared, because a path has no sample in them`;
    warnings.push(about('rounds-dropped', message, path));
  }
  const lacking = comparisons.flatMap(({ needs, rounds }) =>
    needs === null ? [] : { needs, rounds },
  )[0];
  const fewest = Math.min(...values.map(({ count }) => count));
  if (lacking !== undefined && fewest > 0) {
    const { needs, rounds } = lacking;
    const message = `a comparison needs ≥ ${needs.rounds} rounds in which all paths answered ≥ ${needs.count} requests; here are ${rounds} rounds`;
    warnings.push(about('too-few', message));
  }
  return warnings;
}

function healthWarnings({ end }: RunRecord): Warning[] {
  if (end === null) return [];
  const { eventLoopDelayNs: loop, sendLatenessNs: late } = end.health;
  const warnings: Warning[] = [];
  if (loop !== null && loop.p99 > loopDelayNsMax) {
    const message = `the harness itself was late: its event loop's delay has a p99 of ${ms(loop.p99)}`;
    warnings.push(about('harness-late', message));
  }
  if (late !== null && late.p99 > sendLatenessNsMax) {
    const message = `requests left late: p99 ${ms(late.p99)} after they were due, by the harness's own fault`;
    warnings.push(about('sends-late', message));
  }
  return warnings;
}

function environmentWarnings(record: RunRecord, changes: readonly EnvironmentChange[]): Warning[] {
  const warnings: Warning[] = [];
  const environment = record.before ?? record.after;
  if (environment?.clockSynchronised === false)
    warnings.push(
      about(
        'clock-unsynchronised',
        'the wall clock is not synchronised: labels of time may be off',
      ),
    );
  const load = record.before?.loadAverage?.[0];
  const processors = record.before?.cpuCount ?? null;
  if (load !== undefined && processors !== null && load > processors) {
    const message = `the host was busy before the run: load ${load.toFixed(1)} on ${processors} processors`;
    warnings.push(about('host-busy', message));
  }
  const stolen = stolenShare(record);
  if (stolen !== null && stolen > stolenMax) {
    const message = `the hypervisor kept ${(stolen * 100).toFixed(0)} % of the processors' time for others during the run: latencies hold waiting that is not of the network`;
    warnings.push(about('host-stolen', message));
  }
  for (const { field, before, after } of changes)
    warnings.push(about('environment-changed', `${field} changed from ${before} to ${after}`));
  return warnings;
}

/** The part of all processors' time that a hypervisor gave to others during the run, 0 to 1; null where it is not told. */
function stolenShare({ before, after }: RunRecord): number | null {
  const [earlier, later] = [before?.processorTime ?? null, after?.processorTime ?? null];
  if (earlier === null || later === null) return null;
  const totalMs = later.totalMs - earlier.totalMs;
  return totalMs > 0 ? (later.stolenMs - earlier.stolenMs) / totalMs : null;
}

/** What differs between the two snapshots; nothing where one of them is missing. */
export function environmentChanges(
  before: Environment | null,
  after: Environment | null,
): EnvironmentChange[] {
  if (before === null || after === null) return [];
  const earlier = flat(before);
  const later = flat(after);
  return [...new Set([...earlier.keys(), ...later.keys()])].flatMap((field) => {
    const [was, is] = [earlier.get(field) ?? 'unknown', later.get(field) ?? 'unknown'];
    return was === is ? [] : [{ field, before: was, after: is }];
  });
}

/** The facts of a snapshot by dotted name, as text. */
function flat(environment: Environment): Map<string, string> {
  const facts = new Map<string, string>();
  const put = (prefix: string, value: unknown): void => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [key, inner] of Object.entries(value)) put(`${prefix}.${key}`, inner);
    } else {
      facts.set(
        prefix,
        value === null ? 'unknown' : typeof value === 'string' ? value : JSON.stringify(value),
      );
    }
  };
  const { paths, ...host } = environment;
  for (const [key, value] of Object.entries(host)) if (!volatile.has(key)) put(key, value);
  for (const { path, ...rest } of paths) put(`paths.${path}`, rest);
  return facts;
}

function about(code: string, message: string, path: string | null = null): Warning {
  return { code, message, path };
}

function ms(ns: number): string {
  return `${(ns / 1e6).toFixed(1)} ms`;
}
