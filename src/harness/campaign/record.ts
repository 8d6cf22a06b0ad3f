/**
 * The record of one run: NDJSON, append-only, one line a fact, raw samples and nothing derived.
 *
 * ```
 * header        what was asked for, what was done with it, by which version        (always first)
 * environment   the host before the run
 * plan          paths, rounds, order: written before round 1
 * visit …       one stay on one path: set-up times and every sample; calibration visits come first
 * note …        something worth knowing that happened in between
 * environment   the host after the run
 * end           why it ended, and how late the harness itself was
 * ```
 *
 * Any prefix of a record loads: a run that was killed keeps what it measured. Times are integer nanoseconds of the
 * client's monotonic clock since the header was written; unknown is null, lost is a count, neither is ever 0.
 * A field that is added after a release takes a default, so that older records still load.
 * Source of the idea: flent's data format and irtt's client JSON; `docs/record.md` describes the fields.
 */
import { z } from 'zod';

/** Raised when a reader of an older version could misread a newer record. */
export const recordVersion = 1;

const ns = z.int().nonnegative();
const count = z.int().nonnegative();

/** How requests follow each other within a visit. */
export const arrivalModels = ['closed', 'scheduled'] as const;

/** What is the same for every visit of a run. */
export const workloadSchema = z.object({
  probe: z.enum(['tls-rr', 'tcp-rr']),
  /** Bytes of payload in a request and in its reply, without framing and TLS. Null where the server decides. */
  requestBytes: count,
  replyBytes: count.nullable(),
  /** Requests measured in one visit; null where the time decides. */
  requestsPerVisit: count.nullable(),
  /** How long a visit measures, in ns; null where the number of requests decides. */
  visitNs: ns.nullable(),
  /** Requests sent before, measured like the others and discarded. */
  warmupPerVisit: count,
  /** `closed`: the next request leaves when the reply is there. `scheduled`: one every `intervalNs`. */
  arrival: z.enum(arrivalModels),
  intervalNs: ns,
  /** Full and resumed handshakes timed in each visit beside its own connection; 0: only that one is timed. */
  handshakePairsPerVisit: count,
  /** A reply that takes longer is lost. */
  timeoutNs: ns,
  /** TCP_NODELAY off on the client: the original's behaviour. */
  nagle: z.boolean(),
});
export type Workload = z.infer<typeof workloadSchema>;

export const headerSchema = z.object({
  kind: z.literal('header'),
  format: z.literal('overspan-record'),
  version: z.int(),
  runId: z.string(),
  startedAtUnixMs: z.int(),
  tool: z.object({ name: z.string(), version: z.string() }),
  /** `compare`, `probe` or `characterize`. */
  command: z.string(),
  /** The settings as the user gave them (secrets left out), and as they came out with the defaults filled in. */
  requested: z.record(z.string(), z.unknown()),
  effective: z.record(z.string(), z.unknown()),
});

/** One end of one path as the environment sees it. */
export const pathEnvironmentSchema = z.object({
  path: z.string(),
  host: z.string(),
  /** The interface that the kernel routes the path through, and its facts. */
  interface: z.string().nullable(),
  sourceAddress: z.string().nullable(),
  gateway: z.string().nullable(),
  mtuBytes: count.nullable(),
  linkKind: z.string().nullable(),
  qdisc: z.string().nullable(),
  /** TCP's congestion control on the path: the route's own, else the host's default. */
  congestionControl: z.string().nullable(),
  /** ethtool -k, those that change how packets are cut: on or off; null where ethtool is not there. */
  offloads: z.record(z.string(), z.boolean()).nullable(),
});

export const environmentSchema = z.object({
  kind: z.literal('environment'),
  when: z.enum(['before', 'after']),
  atNs: ns,
  atUnixMs: z.int(),
  hostname: z.string().nullable(),
  os: z.string().nullable(),
  kernel: z.string().nullable(),
  cpuModel: z.string().nullable(),
  cpuCount: count.nullable(),
  cpuGovernor: z.string().nullable(),
  memoryBytes: count.nullable(),
  virtualisation: z.string().nullable(),
  loadAverage: z.array(z.number()).nullable(),
  /** Of all processors since the host started: all of it, and what a hypervisor gave to others meanwhile (steal). */
  processorTime: z.object({ totalMs: count, stolenMs: count }).nullable().default(null),
  clockSource: z.string().nullable(),
  /** The smallest step of the monotonic clock that was seen, in ns. */
  clockStepNs: ns.nullable(),
  /** Whether NTP says that the wall clock is synchronised. */
  clockSynchronised: z.boolean().nullable(),
  tcpCongestionControl: z.string().nullable(),
  versions: z.record(z.string(), z.string()),
  paths: z.array(pathEnvironmentSchema),
});
export type Environment = z.infer<typeof environmentSchema>;

export const planPathSchema = z.object({
  label: z.string(),
  host: z.string(),
  port: z.int(),
  /** `measurement` paths are what the user asked about; `calibration` paths are the harness's own floor and its twin. */
  role: z.enum(['measurement', 'calibration']),
  /** What the engine of a lab says that packets take; null on real hosts. */
  description: z.string().nullable(),
});
export type PlanPath = z.infer<typeof planPathSchema>;

export const planSchema = z.object({
  kind: z.literal('plan'),
  /** Of the orders, and of everything that is drawn in the analysis. */
  seed: z.string(),
  workload: workloadSchema,
  /** The same payload and arrival, another number of requests; null in a run without calibration. */
  calibrationWorkload: workloadSchema.nullable(),
  paths: z.array(planPathSchema),
  /** Null: no visits to warm up. */
  warmupWorkload: workloadSchema.nullable(),
  /** For each round of each phase, the labels in the order of their visits. */
  warmupRounds: z.array(z.array(z.string())),
  calibrationRounds: z.array(z.array(z.string())),
  rounds: z.array(z.array(z.string())),
  /** When the run stops by itself, in words: fixed before the first sample. */
  stopRule: z.string(),
});
export type Plan = z.infer<typeof planSchema>;

/** The samples of a visit as columns of equal length, in the order in which the requests were sent. */
export const samplesSchema = z.object({
  /** When the request was due: equal to `sentNs` in a closed loop. */
  dueNs: z.array(ns),
  /** When the request was handed to the socket. */
  sentNs: z.array(ns),
  /** From due to the last byte of the reply. */
  latencyNs: z.array(ns),
  /** How long the client's send call took. */
  sendCallNs: z.array(ns),
  /** From the request's last byte to the answer's first call, on the server's clock; null where it does not say. */
  serverProcessingNs: z.array(ns.nullable()),
});
export type Samples = z.infer<typeof samplesSchema>;

export const lostSchema = z.object({
  sentNs: ns,
  /** `timeout`, `closed`, `reset`, `refused`, `garbled`. */
  reason: z.string(),
});

/** How long it took to be ready to send. Null where it did not happen or was not seen. */
export const setupSchema = z.object({
  connectNs: ns.nullable(),
  /** From the connected socket to the finished TLS handshake. */
  handshakeNs: ns.nullable(),
  resumed: z.boolean(),
  /**
   * From the first bytes sent after the handshake to the first answer: where Nagle's algorithm on the server waits for
   * the acknowledgement of its session tickets. Null where nothing was sent.
   */
  firstAnswerNs: ns.nullable(),
});
export type Setup = z.infer<typeof setupSchema>;

/**
 * `warm-up`: every path once, before anything counts; kept to be looked at, and part of no figure. `calibration`: the
 * harness against itself. `measurement`: what the run is for.
 */
export const phases = ['warm-up', 'calibration', 'measurement'] as const;

export const visitSchema = z.object({
  kind: z.literal('visit'),
  phase: z.enum(phases),
  round: count,
  /** Place in the round, from 0. */
  position: count,
  path: z.string(),
  startedNs: ns,
  endedNs: ns,
  /** One for each connection that the visit made. */
  setups: z.array(setupSchema),
  instanceId: z.string().nullable(),
  warmupCount: count,
  samples: samplesSchema,
  lost: z.array(lostSchema),
  /** Requests that were due but never sent, because the visit was stopped. */
  unsentCount: count,
});
export type Visit = z.infer<typeof visitSchema>;

export const noteSchema = z.object({
  kind: z.literal('note'),
  atNs: ns,
  code: z.string(),
  message: z.string(),
  path: z.string().nullable(),
});

/** How late the harness itself was. */
export const harnessHealthSchema = z.object({
  /** Delay of the event loop over the run (perf_hooks): percentiles in ns. Null where nothing was recorded. */
  eventLoopDelayNs: z.object({ p50: ns, p99: ns, max: ns }).nullable(),
  /** Scheduled sends that left later than they were due while the connection was idle: the timer's lateness. */
  sendLatenessNs: z.object({ p50: ns, p99: ns, max: ns }).nullable(),
  cpuUserNs: ns,
  cpuSystemNs: ns,
});

export const endSchema = z.object({
  kind: z.literal('end'),
  atNs: ns,
  reason: z.enum(['complete', 'interrupted', 'failed']),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  health: harnessHealthSchema,
});

export const recordLineSchema = z.discriminatedUnion('kind', [
  headerSchema,
  environmentSchema,
  planSchema,
  visitSchema,
  noteSchema,
  endSchema,
]);
/** One line of a record. */
export type RecordLine = z.infer<typeof recordLineSchema>;

/** A record as loaded: what is missing has not been written yet. */
export interface RunRecord {
  readonly header: z.infer<typeof headerSchema>;
  readonly before: Environment | null;
  readonly after: Environment | null;
  readonly plan: Plan | null;
  readonly visits: readonly Visit[];
  readonly notes: readonly z.infer<typeof noteSchema>[];
  readonly end: z.infer<typeof endSchema> | null;
  /** Bytes at the end of the file that are no whole line: a write that was cut off. 0 in a whole record. */
  readonly tornBytes: number;
}
