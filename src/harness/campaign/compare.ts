/** `overspan compare`: two or more named paths to one server, in interleaved rounds, calibrated first. */
import { randomBytes } from 'node:crypto';

import { nsPerMs, nsPerS, type Clock } from '../../base/clock.ts';
import type { OverspanError } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { resolveTarget } from '../probe/connect.ts';
import type { Prober } from '../probe/probe.ts';
import { createRrProber } from '../probe/rr-prober.ts';
import { parseHostPort, type ClientTls } from '../probe/target.ts';
import { instanceMismatch, runCampaign, type CampaignProgress } from './campaign.ts';
import { hostSources, takeEnvironment } from './environment.ts';
import { campaignError } from './errors.ts';
import { startFloor } from './floor.ts';
import { startHealthMeter } from './health.ts';
import { floorLabels, makePlan, requestsWithin, warmupFor, warmupVisit } from './plan.ts';
import { RecordWriter } from './record-file.ts';
import type { Workload } from './record.ts';
import { beginRun, type Settings } from './run.ts';

/** One path as the user named it. */
export interface PathArgument {
  readonly label: string;
  readonly host: string;
  readonly port: number;
}

export interface CompareOptions {
  readonly paths: readonly PathArgument[];
  /** What a lab says of a path, by label. */
  readonly descriptions: ReadonlyMap<string, string>;
  readonly tls: ClientTls;
  readonly rounds: number;
  /** Requests of a visit; null: as many as `budgetNs` allows. */
  readonly requestsPerVisit: number | null;
  /** How long the rounds may take together. */
  readonly budgetNs: number;
  readonly intervalNs: number;
  readonly requestBytes: number;
  readonly replyBytes: number;
  readonly timeoutNs: number;
  readonly nagle: boolean;
  /** Never sleep while a reply is awaited. */
  readonly busyPoll: boolean;
  /** Null: drawn, and recorded. */
  readonly seed: string | null;
  readonly calibrate: boolean;
  /** The name of the run; null: one is made. */
  readonly runId: string | null;
  /** Where the record goes, from the name of the run. */
  readonly recordFile: (runId: string) => string;
  /** The settings as the user gave them, for the record. */
  readonly requested: Settings;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: CampaignProgress) => void;
}

export interface CompareResult {
  readonly recordFile: string;
  readonly reason: 'complete' | 'interrupted' | 'failed';
  readonly failure: OverspanError | null;
}

const setupTimeoutNs = 10 * nsPerS;
const calibrationRounds = 40;
/** The calibration may take this long where sends are scheduled; else its rounds take a second or two. */
const calibrationBudgetNs = 10 * nsPerS;

/**
 * Parses `label=HOST[:PORT] …`.
 *
 * @throws PATHS_INVALID
 */
export function parsePaths(words: readonly string[], defaultPort: number): PathArgument[] {
  const example = 'for example: overspan compare direct=192.0.2.7 overlay=10.147.17.9';
  const paths = words.map((word): PathArgument => {
    const equals = word.indexOf('=');
    const label = word.slice(0, Math.max(0, equals));
    const target = equals > 0 ? parseHostPort(word.slice(equals + 1), defaultPort) : null;
    if (target === null || !/^[\w][\w .+-]{0,31}$/.test(label))
      throw campaignError(
        'PATHS_INVALID',
        `"${escapeText(word)}" is not of the form label=HOST[:PORT]`,
        {
          remedy: example,
        },
      );
    return { label, ...target };
  });
  const labels = new Set(paths.map(({ label }) => label));
  if (paths.length < 2)
    throw campaignError('PATHS_INVALID', 'a comparison takes two paths or more', {
      remedy: example,
    });
  if (labels.size < paths.length)
    throw campaignError('PATHS_INVALID', 'two paths have the same label', {
      remedy: 'give each path a label of its own',
    });
  return paths;
}

/**
 * Compares the paths and writes the record. Connects to every path before anything is written, so that a wrong address
 * or certificate costs nothing.
 *
 * @throws what connecting throws before the first round, INSTANCE_MISMATCH, RECORD_EXISTS, RECORD_DISK_FULL …
 */
export async function compare(options: CompareOptions): Promise<CompareResult> {
  const { clock: hostClock, signal, nagle, busyPoll } = options;
  const targets = await Promise.all(
    options.paths.map(async ({ label, host, port }) => ({
      label,
      target: await resolveTarget(host, port),
    })),
  );
  const proberOf = (label: string, clock: Clock): Prober => {
    const found = targets.find((path) => path.label === label);
    if (found === undefined) throw new Error('invariant broken: every label has a target');
    return createRrProber({
      target: found.target,
      tls: options.tls,
      exchange: { kind: 'framed' },
      clock,
      setupTimeoutNs,
      nagle: options.nagle,
      busyPoll: options.busyPoll,
    });
  };
  const roundTripNs = await greetAll(
    targets.map(({ label }) => ({ label, prober: proberOf(label, hostClock) })),
  );

  const workload = workloadOf(options, roundTripNs);
  const seed = options.seed ?? randomBytes(8).toString('hex');
  const floor = options.calibrate ? await startFloor(hostClock.wallMs()) : null;
  try {
    const run = beginRun(
      'compare',
      options.requested,
      {
        ...workload,
        busyPoll: options.busyPoll,
        seed,
        rounds: options.rounds,
        paths: options.paths,
      },
      hostClock,
      options.runId,
    );
    const plan = makePlan({
      seed,
      workload,
      rounds: options.rounds,
      paths: options.paths.map((path) => ({
        ...path,
        description: options.descriptions.get(path.label) ?? null,
      })),
      warmup: {
        ...workload,
        ...warmupVisit,
        warmupPerVisit: 0,
        handshakePairsPerVisit: 1,
      },
      calibration:
        floor === null
          ? null
          : {
              workload: calibrationOf(workload),
              rounds: calibrationRounds,
              host: floor.host,
              port: floor.port,
            },
    });
    const probers = new Map(targets.map(({ label }) => [label, proberOf(label, run.clock)]));
    if (floor !== null)
      for (const label of floorLabels)
        probers.set(label, floor.prober(run.clock, { nagle, busyPoll }));
    const recordFile = options.recordFile(run.header.runId);
    const writer = RecordWriter.create(recordFile);
    try {
      const result = await runCampaign({
        header: run.header,
        plan,
        probers,
        sink: writer,
        environment: (when) =>
          takeEnvironment(
            {
              when,
              originNs: run.originNs,
              clock: hostClock,
              versions: { overspan: run.header.tool.version },
              targets: targets.map(({ label, target }) => ({
                path: label,
                host: target.host,
                address: target.address,
              })),
            },
            hostSources(),
          ),
        health: startHealthMeter(),
        clock: run.clock,
        signal,
        ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
      });
      return { recordFile, ...result };
    } finally {
      writer.close();
    }
  } finally {
    await floor?.close();
  }
}

/** Connects to each path once. @returns how long one exchange takes on each, after some others · @throws INSTANCE_MISMATCH */
async function greetAll(
  paths: readonly { readonly label: string; readonly prober: Prober }[],
): Promise<number[]> {
  const roundTripNs: number[] = [];
  let instanceId: string | null = null;
  for (const { label, prober } of paths) {
    const greeting = await prober.greet();
    instanceId ??= greeting.instanceId;
    if (greeting.instanceId !== instanceId) throw instanceMismatch(label);
    roundTripNs.push(greeting.roundTripNs);
  }
  return roundTripNs;
}

function workloadOf(options: CompareOptions, roundTripNs: readonly number[]): Workload {
  const requestsPerVisit =
    options.requestsPerVisit ??
    requestsWithin(options.budgetNs, options.rounds, roundTripNs, options.intervalNs);
  return {
    probe: 'tls-rr',
    requestBytes: options.requestBytes,
    replyBytes: options.replyBytes,
    requestsPerVisit,
    visitNs: null,
    warmupPerVisit: warmupFor(requestsPerVisit),
    arrival: options.intervalNs > 0 ? 'scheduled' : 'closed',
    intervalNs: options.intervalNs,
    handshakePairsPerVisit: 1,
    timeoutNs: options.timeoutNs,
    nagle: options.nagle,
  };
}

/** The same bytes at the same pace; more requests than a slow path allows, fewer where the pace would take too long. */
function calibrationOf(workload: Workload): Workload {
  const perVisitNs = calibrationBudgetNs / (2 * calibrationRounds);
  const requestsPerVisit = Math.max(
    5,
    Math.min(150, Math.floor(perVisitNs / Math.max(workload.intervalNs, nsPerMs / 5))),
  );
  return {
    ...workload,
    requestsPerVisit,
    warmupPerVisit: workload.intervalNs > 0 ? 1 : warmupFor(requestsPerVisit),
    handshakePairsPerVisit: 0,
  };
}
