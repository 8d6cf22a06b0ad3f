/** One run that goes on: the process that measures, what it says, and what its record shows so far. */
import { writeFile } from 'node:fs/promises';

import { invitationOf, runLine, runWords } from '../../api/run-request.ts';
import type {
  RunDetail,
  RunEngineEvent,
  RunError,
  RunProgress,
  RunRequest,
  RunState,
} from '../../api/schema/run.ts';
import type { Clock } from '../../base/clock.ts';
import { exitCodes } from '../../base/errors.ts';
import { LiveRecord } from './live-record.ts';
import type { OwnProgram, StartProgram } from './program.ts';
import type { RunDirectory } from './run-directory.ts';

/** How long a run that is stopped may take to write down what it has, and to take its lab down. */
const wrapUpMs = { compare: 20_000, characterize: 60_000 } as const;
/** Listeners are told no more often than this. */
const tellMs = 500;

/** What it needs. */
export interface RunProcessOptions {
  readonly id: string;
  readonly request: RunRequest;
  readonly directory: RunDirectory;
  /** Of certificates. */
  readonly home: string;
  readonly clock: Clock;
  readonly startProgram: StartProgram;
}

/** How a run came out; a run without a record has its error alone. */
export interface RunOutcome {
  readonly error: RunError | null;
}

/** One run. Order: {@link start}, then anything until {@link ended} resolves. */
export class RunProcess {
  readonly id: string;
  /** Never rejects. */
  readonly ended: Promise<RunOutcome>;
  readonly #options: RunProcessOptions;
  readonly #program: OwnProgram;
  readonly #startedAtUnixMs: number;
  readonly #record: LiveRecord;
  readonly #listeners = new Set<(detail: RunDetail) => void>();
  #state: RunState = 'starting';
  #engine: string | null = null;
  #progress: RunProgress | null = null;
  #telling: NodeJS.Timeout | undefined;

  private constructor(options: RunProcessOptions, program: OwnProgram, record: LiveRecord) {
    this.id = options.id;
    this.#options = options;
    this.#program = program;
    this.#record = record;
    this.#startedAtUnixMs = options.clock.wallMs();
    this.ended = this.#end();
  }

  /** Starts it. @throws what starting a process throws */
  static async start(options: RunProcessOptions): Promise<RunProcess> {
    const { id, request, directory, home, startProgram } = options;
    let onEvent: (event: Readonly<Record<string, unknown>>) => void = () => undefined;
    const words = [
      ...runWords(request),
      ...['--record', directory.recordPath(id), '--report', directory.derivedPath(id, 'html')],
      ...['--run-name', id, '--progress', 'ndjson', '--until-input-ends', '--home', home],
    ];
    const invitation = invitationOf(request);
    const program = await startProgram(words, {
      // Others on the machine see the words of a command, and not its environment.
      ...(invitation === null ? {} : { environment: { OVERSPAN_INVITE: invitation } }),
      onEvent: (event) => {
        onEvent(event);
      },
    });
    const run = new RunProcess(options, program, new LiveRecord(directory.recordPath(id)));
    onEvent = (event) => {
      run.#handleEvent(event);
    };
    return run;
  }

  /** What is known of it now. */
  async detail(): Promise<RunDetail> {
    await this.#record.read();
    const { directory, request } = this.#options;
    const file = await directory.find(this.id);
    return {
      id: this.id,
      state: this.#state,
      startedAtUnixMs: this.#startedAtUnixMs,
      bytes: file?.bytes ?? 0,
      ...{ verdict: null, error: null },
      ...{ engine: this.#engine, progress: this.#progress },
      live: this.#record.live(),
      commandLine: runLine(request, null),
    };
  }

  /** Told of it twice a second at most, while it goes on. @returns what ends that */
  listen(onDetail: (detail: RunDetail) => void): () => void {
    this.#listeners.add(onDetail);
    return () => {
      this.#listeners.delete(onDetail);
    };
  }

  /** Tells it to stop; it keeps what it has. */
  stop(): void {
    this.#state = 'stopping';
    this.#tellSoon();
    void this.#program.stop(wrapUpMs[this.#options.request.kind]);
  }

  #handleEvent(event: Readonly<Record<string, unknown>>): void {
    // Our own program's words, in the forms that `runReporter` and `characterize` give them.
    if (event['event'] === 'engine') this.#engine = (event as unknown as RunEngineEvent).name;
    else if (event['event'] === 'progress') {
      [this.#engine, this.#progress] = [null, event as unknown as RunProgress];
      if (this.#state === 'starting') this.#state = 'running';
    } else return;
    this.#tellSoon();
  }

  #tellSoon(): void {
    if (this.#listeners.size === 0 || this.#telling !== undefined) return;
    this.#telling = setTimeout(() => {
      this.#telling = undefined;
      void this.detail().then(
        (detail) => {
          for (const listener of this.#listeners) listener(detail);
        },
        // They are told the next time.
        () => undefined,
      );
    }, tellMs);
  }

  async #end(): Promise<RunOutcome> {
    const { results, error, exitCode, signal, complaint } = await this.#program.ended;
    clearTimeout(this.#telling);
    const { directory } = this.#options;
    // The one line of its results is the analysis of what it measured.
    if (results.length > 0)
      await writeFile(directory.derivedPath(this.id, 'json'), results.join('\n')).catch(
        () => undefined,
      );
    // What it was doing when it was stopped is what was asked for, and no error.
    if (this.#state === 'stopping' && exitCode === exitCodes.interrupted) return { error: null };
    const isTold = error !== null || results.length > 0;
    if (isTold || exitCode === 0 || this.#state === 'stopping') return { error };
    const how = exitCode === null ? `by ${signal}` : `with exit code ${exitCode}`;
    return {
      error: {
        code: 'RUN_PROGRAM_FAILED',
        message: `the process of the run ended ${how}${complaint === '' ? '' : `: ${complaint}`}`,
        remedy: 'run the command by hand to see why',
      },
    };
  }
}
