/**
 * Synthetic records: made by this file from a seed, measured by nobody. For tests of what reads records.
 *
 * The noise is a log-normal body with a rare long tail, which is what request latencies look like; with `noiseRatio` 0
 * every sample is exactly the path's base, and an injected difference must come out exactly.
 */
import { Prng } from '../../src/base/prng.ts';
import type {
  Environment,
  PlanPath,
  RecordLine,
  RunRecord,
  Visit,
  Workload,
} from '../../src/harness/campaign/record.ts';

export interface SyntheticPath {
  readonly label: string;
  /** The latency that noise is added to, in ns. */
  readonly baseNs: number;
  readonly host?: string;
  readonly description?: string | null;
  /** One request in so many is lost; none where it is left out. */
  readonly losesOneIn?: number;
}

export interface SyntheticOptions {
  readonly seed?: string;
  readonly command?: string;
  readonly paths?: readonly SyntheticPath[];
  readonly rounds?: number;
  readonly requestsPerVisit?: number;
  /** The spread of the noise against the base; 0 for none. */
  readonly noiseRatio?: number;
  readonly calibrationRounds?: number;
  readonly serverSays?: boolean;
  readonly resumes?: boolean;
  readonly instanceIdOf?: (label: string) => string | null;
}

export const twoPaths: readonly SyntheticPath[] = [
  { label: 'direct', baseNs: 118_000, host: '192.0.2.7' },
  { label: 'overlay', baseNs: 233_000, host: '10.147.17.9', description: 'vxlan over veth' },
];

const floorPaths: readonly SyntheticPath[] = [
  { label: 'floor', baseNs: 112_000, host: '127.0.0.1' },
  { label: 'floor-twin', baseNs: 112_000, host: '127.0.0.1' },
];

/** The lines of a whole record. */
export function syntheticLines(options: SyntheticOptions = {}): RecordLine[] {
  const { seed = 'synthetic', paths = twoPaths, rounds = 12, calibrationRounds = 8 } = options;
  const prng = new Prng(seed);
  const visits: Visit[] = [];
  let nowNs = 50_000_000;
  const order = (of: readonly SyntheticPath[], count: number): string[][] =>
    Array.from({ length: count }, () => prng.shuffled(of.map(({ label }) => label)));
  const calibrationOrder = calibrationRounds === 0 ? [] : order(floorPaths, calibrationRounds);
  const measurementOrder = order(paths, rounds);

  const visitAll = (
    phase: Visit['phase'],
    of: readonly SyntheticPath[],
    orders: readonly string[][],
  ): void => {
    for (const [round, labels] of orders.entries()) {
      for (const [position, label] of labels.entries()) {
        const path = of.find((candidate) => candidate.label === label)!;
        const visit = visitOf({ phase, path, round, position, startedNs: nowNs, prng, options });
        visits.push(visit);
        nowNs = visit.endedNs + 1_000_000;
      }
    }
  };
  visitAll('calibration', floorPaths, calibrationOrder);
  visitAll('measurement', paths, measurementOrder);

  const workload: Workload = {
    probe: 'tls-rr',
    requestBytes: 64,
    replyBytes: 64,
    requestsPerVisit: options.requestsPerVisit ?? 50,
    visitNs: null,
    warmupPerVisit: 10,
    arrival: 'closed',
    intervalNs: 0,
    handshakePairsPerVisit: 1,
    timeoutNs: 2_000_000_000,
    nagle: false,
  };
  const usedFloor = calibrationRounds === 0 ? [] : floorPaths;
  return [
    {
      kind: 'header',
      format: 'overspan-record',
      version: 1,
      runId: `synthetic-${seed}`,
      startedAtUnixMs: 1_760_000_000_000,
      tool: { name: 'overspan', version: '0.0.0-synthetic' },
      command: options.command ?? 'compare',
      requested: { paths: paths.map(({ label, host }) => `${label}=${host ?? label}`) },
      effective: { rounds, requestsPerVisit: options.requestsPerVisit ?? 50, seed },
    },
    environmentOf('before', 1_000_000, paths),
    {
      kind: 'plan',
      seed,
      workload,
      calibrationWorkload: calibrationRounds === 0 ? null : workload,
      paths: [
        ...usedFloor.map((path) => planPath(path, 'calibration')),
        ...paths.map((path) => planPath(path, 'measurement')),
      ],
      warmupWorkload: null,
      warmupRounds: [],
      calibrationRounds: calibrationOrder,
      rounds: measurementOrder,
      stopRule: `after ${rounds} rounds`,
    },
    ...visits,
    environmentOf('after', nowNs, paths),
    {
      kind: 'end',
      atNs: nowNs + 1_000_000,
      reason: 'complete',
      error: null,
      health: {
        eventLoopDelayNs: { p50: 40_000, p99: 310_000, max: 2_100_000 },
        sendLatenessNs: null,
        cpuUserNs: 1_900_000_000,
        cpuSystemNs: 800_000_000,
      },
    },
  ];
}

/** The same as bytes of a file. */
export function syntheticBytes(options: SyntheticOptions = {}): Uint8Array {
  const text = syntheticLines(options).map((line) => `${JSON.stringify(line)}\n`);
  return new TextEncoder().encode(text.join(''));
}

/** The same as loaded. */
export function syntheticRecord(options: SyntheticOptions = {}): RunRecord {
  const lines = syntheticLines(options);
  const only = <Kind extends RecordLine['kind']>(
    kind: Kind,
  ): Extract<RecordLine, { kind: Kind }>[] =>
    lines.filter((line): line is Extract<RecordLine, { kind: Kind }> => line.kind === kind);
  return {
    header: only('header')[0]!,
    before: only('environment').find(({ when }) => when === 'before') ?? null,
    after: only('environment').find(({ when }) => when === 'after') ?? null,
    plan: only('plan')[0] ?? null,
    visits: only('visit'),
    notes: only('note'),
    end: only('end')[0] ?? null,
    tornBytes: 0,
  };
}

function planPath(path: SyntheticPath, role: PlanPath['role']): PlanPath {
  const { label, host = label, description = null } = path;
  return { label, host, port: 8443, role, description };
}

function visitOf(input: {
  readonly phase: Visit['phase'];
  readonly path: SyntheticPath;
  readonly round: number;
  readonly position: number;
  readonly startedNs: number;
  readonly prng: Prng;
  readonly options: SyntheticOptions;
}): Visit {
  const { phase, path, round, position, startedNs, prng, options } = input;
  const { requestsPerVisit = 50, noiseRatio = 0.08, serverSays = true, resumes = true } = options;
  const noisy = (baseNs: number): number => {
    if (noiseRatio === 0) return baseNs;
    const tail = prng.unit() < 0.01 ? 1 + 4 * prng.unit() : 1;
    return Math.round(baseNs * tail * Math.exp(noiseRatio * prng.normal()));
  };
  const samples: Visit['samples'] = {
    dueNs: [],
    sentNs: [],
    latencyNs: [],
    sendCallNs: [],
    serverProcessingNs: [],
  };
  const lost: Visit['lost'] = [];
  let nowNs = startedNs + 4_000_000;
  for (let i = 0; i < requestsPerVisit; i++) {
    if (path.losesOneIn !== undefined && prng.below(path.losesOneIn) === 0) {
      lost.push({ sentNs: nowNs, reason: 'timeout' });
      nowNs += 2_000_000_000;
      continue;
    }
    const latencyNs = noisy(path.baseNs);
    samples.dueNs.push(nowNs);
    samples.sentNs.push(nowNs);
    samples.latencyNs.push(latencyNs);
    samples.sendCallNs.push(noisy(21_000));
    samples.serverProcessingNs.push(serverSays ? noisy(9_000) : null);
    nowNs += latencyNs;
  }
  const setup = (resumed: boolean): Visit['setups'][number] => ({
    connectNs: noisy(Math.round(path.baseNs * 0.6)),
    handshakeNs: noisy((resumed ? 900_000 : 2_000_000) + 2 * path.baseNs),
    resumed,
    firstAnswerNs: noisy(path.baseNs + 60_000),
  });
  return {
    kind: 'visit',
    phase,
    round,
    position,
    path: path.label,
    startedNs,
    endedNs: nowNs,
    setups: resumes ? [setup(false), setup(true)] : [setup(false)],
    instanceId: (options.instanceIdOf ?? (() => 'a1b2c3d4'))(path.label),
    warmupCount: 10,
    samples,
    lost,
    unsentCount: 0,
  };
}

function environmentOf(
  when: Environment['when'],
  atNs: number,
  paths: readonly SyntheticPath[],
): Environment {
  return {
    kind: 'environment',
    when,
    atNs,
    atUnixMs: 1_760_000_000_000 + Math.round(atNs / 1e6),
    hostname: 'synthetic-host',
    os: 'Debian GNU/Linux 13 (trixie)',
    kernel: 'Linux 6.12.0-synthetic',
    cpuModel: 'Synthetic CPU',
    cpuCount: 4,
    cpuGovernor: null,
    memoryBytes: 8_589_934_592,
    virtualisation: 'none',
    loadAverage: [0.2, 0.1, 0.1],
    processorTime: { totalMs: 1_000_000, stolenMs: 10_000 },
    clockSource: 'tsc',
    clockStepNs: 20,
    clockSynchronised: true,
    tcpCongestionControl: 'cubic',
    versions: { node: '20.19.0', openssl: '3.0.16' },
    paths: paths.map(({ label, host = label }, i) => ({
      path: label,
      host,
      interface: `veth${i}`,
      sourceAddress: `192.0.2.${i + 1}`,
      gateway: null,
      mtuBytes: 1500 - 50 * i,
      linkKind: i === 0 ? 'veth' : 'vxlan',
      qdisc: 'noqueue',
      congestionControl: 'cubic',
      offloads: { 'tcp-segmentation-offload': true, 'tx-udp-segmentation': i === 0 },
    })),
  };
}
