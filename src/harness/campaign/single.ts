/** `overspan probe`: one path, one visit. The same record as a comparison's, with a plan of one round. */
import { nsPerS, type Clock } from '../../base/clock.ts';
import type { OverspanError } from '../../base/errors.ts';
import { resolveTarget } from '../probe/connect.ts';
import type { VisitProgress } from '../probe/probe.ts';
import { createRrProber, type Exchange } from '../probe/rr-prober.ts';
import type { ClientTls } from '../probe/target.ts';
import { runCampaign } from './campaign.ts';
import { hostSources, takeEnvironment } from './environment.ts';
import { startHealthMeter } from './health.ts';
import { makePlan } from './plan.ts';
import { RecordWriter } from './record-file.ts';
import type { RunRecord, Workload } from './record.ts';
import { beginRun, MemorySink, teeSink, type Settings } from './run.ts';

export interface SingleOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: ClientTls;
  readonly exchange: Exchange;
  readonly workload: Workload;
  /** Never sleep while a reply is awaited. */
  readonly busyPoll: boolean;
  /** Where the record goes; null: it is shown and not kept. */
  readonly recordFile: string | null;
  readonly requested: Settings;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: VisitProgress) => void;
}

export interface SingleResult {
  readonly record: RunRecord;
  readonly reason: 'complete' | 'interrupted' | 'failed';
  readonly failure: OverspanError | null;
}

const setupTimeoutNs = 10 * nsPerS;

/**
 * Measures one path.
 *
 * @throws what connecting throws, where nothing was measured; what the record file throws
 */
export async function single(options: SingleOptions): Promise<SingleResult> {
  const { clock: hostClock, workload } = options;
  const target = await resolveTarget(options.host, options.port);
  const run = beginRun(
    'probe',
    options.requested,
    { ...workload, busyPoll: options.busyPoll, host: options.host, port: options.port },
    hostClock,
  );
  const label = options.host;
  const plan = makePlan({
    // One path has one order: nothing is drawn.
    seed: run.header.runId,
    workload,
    rounds: 1,
    paths: [{ label, host: options.host, port: options.port, description: null }],
    warmup: null,
    calibration: null,
  });
  const prober = createRrProber({
    target,
    tls: options.tls,
    exchange: options.exchange,
    clock: run.clock,
    setupTimeoutNs,
    nagle: workload.nagle,
    busyPoll: options.busyPoll,
  });
  const memory = new MemorySink();
  const writer = options.recordFile === null ? null : RecordWriter.create(options.recordFile);
  try {
    const result = await runCampaign({
      header: run.header,
      plan,
      probers: new Map([[label, prober]]),
      sink: writer === null ? memory : teeSink(writer, memory),
      environment: (when) =>
        takeEnvironment(
          {
            when,
            originNs: run.originNs,
            clock: hostClock,
            versions: { overspan: run.header.tool.version },
            targets: [{ path: label, host: target.host, address: target.address }],
          },
          hostSources(),
        ),
      health: startHealthMeter(),
      clock: run.clock,
      signal: options.signal,
      onProgress: ({ visit }) => {
        if (visit !== null) options.onProgress?.(visit);
      },
    });
    const record = memory.record();
    if (result.failure !== null && record.visits.length === 0) {
      writer?.discard();
      throw result.failure;
    }
    return { record, ...result };
  } finally {
    writer?.close();
  }
}
