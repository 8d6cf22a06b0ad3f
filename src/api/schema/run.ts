/** Runs of measurements as the page's server tells of them. Times end in their unit; what is not known is null, never 0. */

/** What a run is to do. */
export type RunRequest = CompareRequest | CharacterizeRequest;

/** How much of it: options that both commands have. */
export interface RunPlan {
  readonly rounds: number;
  /** How long the rounds may take together, s. */
  readonly timeS: number;
  /** Requests of a visit; null: as many as the time allows. */
  readonly requestsPerVisit: number | null;
  /** Payload of a request, and of its reply. */
  readonly sizeBytes: number;
}

/** Paths to a server that is there: the options of `overspan compare` that the page has. */
export interface CompareRequest extends RunPlan {
  readonly kind: 'compare';
  /** Two or more; the first is what the others are held against. */
  readonly paths: readonly RunPath[];
  /** Between requests, s; 0: the next one leaves when the reply is there. */
  readonly intervalS: number;
  readonly calibrates: boolean;
  /** What `overspan serve` printed; null: the certificates that are here already. A secret: it is in no answer. */
  readonly invitation: string | null;
}

/** Overlays between the hosts of a lab of this machine: those of `overspan characterize`. */
export interface CharacterizeRequest extends RunPlan {
  readonly kind: 'characterize';
  /** Names; two or more, the first is what the others are held against. */
  readonly engines: readonly string[];
}

/** One path to the measurement server. */
export interface RunPath {
  readonly label: string;
  /** `HOST` or `HOST:PORT`. */
  readonly target: string;
}

/**
 * What became of a run. `starting`: it has no record yet. `growing`: the record has no end and was written to a moment ago; another
 * program than this page's measures. `unfinished`: the record has no end, its process was killed. `unreadable`: the file is no record.
 */
export type RunState =
  | 'starting'
  | 'running'
  | 'stopping'
  | 'complete'
  | 'interrupted'
  | 'failed'
  | 'growing'
  | 'unfinished'
  | 'unreadable';

/** A run in the list. */
export interface RunSummary {
  /** The name of its record without the ending. */
  readonly id: string;
  readonly state: RunState;
  readonly startedAtUnixMs: number | null;
  /** Of the record's file; 0 where there is none. */
  readonly bytes: number;
  /** Null: not derived yet, or nothing can be. */
  readonly verdict: RunVerdict | null;
  readonly error: RunError | null;
}

/** What the report says of a run, in short. */
export interface RunVerdict {
  /** `overlay costs 118 µs more than direct at the median (×1.97)`. */
  readonly headline: string;
  /** One for each path but the first. */
  readonly sentences: readonly string[];
  /** What was done. */
  readonly task: string;
  readonly calibration: string;
  readonly warnings: readonly string[];
  readonly paths: readonly RunPathFigures[];
}

/** One path of a run, as the report prints it. */
export interface RunPathFigures {
  readonly label: string;
  readonly target: string;
  readonly measuredCount: number;
  readonly lostCount: number;
  /** With unit and 95 % interval, or what it would have taken. */
  readonly p50: string;
  readonly p99: string;
}

/** Why a run came to nothing, or ended early. */
export interface RunError {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** A line of `overspan compare --progress ndjson`: how far a run is. */
export interface RunProgress {
  readonly event: 'progress';
  readonly phase: 'warm-up' | 'calibration' | 'measurement';
  /** Of the phase, from 0. */
  readonly round: number;
  readonly rounds: number;
  /** Which is being visited. */
  readonly path: string;
  /** Of all phases. */
  readonly visitsDone: number;
  readonly visitsPlanned: number;
  /** Null: no reply came in this visit yet. */
  readonly lastLatencyNs: number | null;
  /** At the pace so far; null: too early to say. */
  readonly leftNs: number | null;
}

/** A line of `overspan characterize --progress ndjson`, before anything is measured: which overlay is brought up. */
export interface RunEngineEvent {
  readonly event: 'engine';
  readonly name: string;
}

/** One run while it goes on, and after. */
export interface RunDetail extends RunSummary {
  /** The overlay that is being brought up; null: none is, or all are. */
  readonly engine: string | null;
  readonly progress: RunProgress | null;
  /** What was measured so far; null where the run is over, or nothing was. */
  readonly live: RunLive | null;
  /** What it was started with; null where the page did not start it. */
  readonly commandLine: string | null;
}

/** What a record that still grows shows. Intervals come at the end: they are drawn from whole rounds. */
export interface RunLive {
  readonly paths: readonly RunLivePath[];
}

/** One path so far. */
export interface RunLivePath {
  readonly label: string;
  readonly measuredCount: number;
  readonly lostCount: number;
  /** Null below `needs`. */
  readonly p50Ns: number | null;
  readonly p99Ns: number | null;
  /** How many samples each quantile takes. */
  readonly needs: { readonly p50: number; readonly p99: number };
  /** Steps of the cumulative distribution: the share that took `latencyNs` or less. */
  readonly curve: readonly { readonly ratio: number; readonly latencyNs: number }[];
}

/** Every run, the newest first. */
export interface RunList {
  readonly runs: readonly RunSummary[];
  /** The one that goes on; two would disturb each other. */
  readonly runningId: string | null;
  /** Where the records are. */
  readonly directory: string;
  /** Older ones that are not listed. */
  readonly leftOutCount: number;
}

/** What can be compared in a lab of this machine. */
export interface RunEngines {
  readonly engines: readonly RunEngine[];
  /** Why there can be no lab; null: there can. */
  readonly refusal: RunLack | null;
}

/** An overlay. */
export interface RunEngine {
  readonly name: string;
  /** What it wants that is not here; none: it can be brought up. */
  readonly lacks: readonly RunLack[];
}

/** Something that this machine lacks, and the command that mends it, if one does. */
export interface RunLack {
  readonly message: string;
  readonly remedy: string | null;
}
