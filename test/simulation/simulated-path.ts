/**
 * A path in virtual time: the real session machine and the real campaign, with a transport that takes exactly as long
 * as it is told. Nothing here waits.
 */
import type { Clock } from '../../src/base/clock.ts';
import type { Environment, RunRecord, Workload } from '../../src/harness/campaign/record.ts';
import { runCampaign, type CampaignResult } from '../../src/harness/campaign/campaign.ts';
import { floorLabels, makePlan } from '../../src/harness/campaign/plan.ts';
import { beginRun, MemorySink } from '../../src/harness/campaign/run.ts';
import type { Prober } from '../../src/harness/probe/probe.ts';
import { encodeFrame, encodeReply } from '../../src/harness/rr/frame.ts';
import { FramedReply } from '../../src/harness/rr/reply.ts';
import { RrSession } from '../../src/harness/rr/session.ts';

/** Time that passes only when somebody says so. */
export class VirtualClock implements Clock {
  #ns = 0;
  nowNs(): number {
    return this.#ns;
  }
  wallMs(): number {
    return 1_800_000_000_000 + Math.floor(this.#ns / 1e6);
  }
  advanceTo(ns: number): void {
    this.#ns = Math.max(this.#ns, ns);
  }
}

/** How long a request takes: by the round and its number in the visit. Null: it is never answered. */
export type LatencyModel = (round: number, request: number, nowNs: number) => number | null;

/** A prober over such a path. */
export function simulatedProber(
  clock: VirtualClock,
  instanceId: string,
  latency: LatencyModel,
): Prober {
  return {
    greet: () => Promise.resolve({ instanceId, roundTripNs: latency(0, 0, clock.nowNs()) ?? 0 }),
    visit: (seat, workload, signal) => {
      const startedNs = clock.nowNs();
      const request = encodeFrame('request', 0, 0, new Uint8Array(workload.requestBytes));
      const session = new RrSession(
        {
          request,
          framed: true,
          warmupCount: workload.warmupPerVisit,
          requestCount: workload.requestsPerVisit,
          durationNs: workload.visitNs,
          intervalNs: workload.intervalNs,
          timeoutNs: workload.timeoutNs,
          lossesInRowMax: 5,
        },
        () => new FramedReply(),
      );
      session.handleConnected();
      let requests = 0;
      let replyAtNs: number | null = null;
      for (
        let action = session.poll(clock.nowNs());
        action.kind !== 'done';
        action = session.poll(clock.nowNs())
      ) {
        if (signal.aborted) session.stop();
        else if (action.kind === 'reconnect') session.handleConnected();
        else if (action.kind === 'send') {
          const nowNs = clock.nowNs();
          const takesNs = latency(seat.round, requests++, nowNs);
          replyAtNs = takesNs === null ? null : nowNs + takesNs;
          session.handleSent(nowNs, nowNs + 1_000);
        } else if (replyAtNs !== null) {
          clock.advanceTo(replyAtNs);
          replyAtNs = null;
          const sequence = new DataView(request.buffer).getUint32(8);
          session.handleData(
            clock.nowNs(),
            encodeReply(sequence, 0, 5_000, null, new Uint8Array(0)),
          );
        } else clock.advanceTo(action.untilNs);
      }
      return Promise.resolve({
        visit: {
          kind: 'visit' as const,
          ...seat,
          startedNs,
          endedNs: clock.nowNs(),
          setups: [
            { connectNs: 50_000, handshakeNs: 900_000, resumed: false, firstAnswerNs: null },
          ],
          instanceId,
          warmupCount: session.warmupDone,
          samples: session.samples,
          lost: session.lost,
          unsentCount: session.unsentCount,
        },
        failure: null,
        latenessNs: session.latenessNs,
      });
    },
  };
}

export interface SimulatedRun {
  readonly paths: Readonly<Record<string, LatencyModel>>;
  readonly floor?: LatencyModel;
  readonly rounds?: number;
  readonly requestsPerVisit?: number;
  readonly seed?: string;
  readonly instanceIds?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Runs a whole campaign over simulated paths. */
export async function simulate(
  run: SimulatedRun,
): Promise<{ record: RunRecord; result: CampaignResult }> {
  const clock = new VirtualClock();
  const workload: Workload = {
    probe: 'tls-rr',
    requestBytes: 64,
    replyBytes: 64,
    requestsPerVisit: run.requestsPerVisit ?? 40,
    visitNs: null,
    warmupPerVisit: 5,
    arrival: 'closed',
    intervalNs: 0,
    handshakePairsPerVisit: 0,
    timeoutNs: 1e9,
    nagle: false,
  };
  const { header, clock: runClock } = beginRun('compare', {}, {}, clock);
  const host = '192.0.2.1';
  const plan = makePlan({
    seed: run.seed ?? 'simulated',
    workload,
    rounds: run.rounds ?? 20,
    paths: Object.keys(run.paths).map((label) => ({ label, host, port: 8443, description: null })),
    warmup: null,
    calibration: run.floor === undefined ? null : { workload, rounds: 10, host, port: 1 },
  });
  const probers = new Map(
    Object.entries(run.paths).map(([label, model]) => [
      label,
      simulatedProber(clock, run.instanceIds?.[label] ?? 'aa', model),
    ]),
  );
  if (run.floor !== undefined)
    for (const label of floorLabels) probers.set(label, simulatedProber(clock, 'ff', run.floor));
  const sink = new MemorySink();
  const environment = null as ((when: Environment['when']) => Promise<Environment>) | null;
  const result = await runCampaign({
    header,
    plan,
    probers,
    sink,
    environment,
    health: {
      read: () => ({ eventLoopDelayNs: null, sendLatenessNs: null, cpuUserNs: 0, cpuSystemNs: 0 }),
    },
    clock: runClock,
    signal: run.signal ?? new AbortController().signal,
  });
  return { record: sink.record(), result };
}
