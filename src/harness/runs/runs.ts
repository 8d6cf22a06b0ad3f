/**
 * The runs that the page shows and starts: those of one directory. One measures at a time, since two would disturb each other, and
 * reports are made in processes of their own, never while something is being measured: a run that is started ends them first.
 */
import type {
  RunDetail,
  RunEngines,
  RunList,
  RunRequest,
  RunSummary,
} from '../../api/schema/run.ts';
import { runProblems } from '../../api/run-request.ts';
import type { Clock } from '../../base/clock.ts';
import { escapeText } from '../../base/escape.ts';
import type { OverspanError } from '../../base/errors.ts';
import { runName } from '../campaign/run.ts';
import { DerivedFiles } from './derived-files.ts';
import { runError } from './errors.ts';
import { startOwnProgram, type StartProgram } from './program.ts';
import { RunDirectory, type RunEnds, type RunFile } from './run-directory.ts';
import { RunProcess, type RunOutcome } from './run-process.ts';

/** Runs that are listed; older ones are left out. */
export const listedMax = 100;
/** A record without an end that was written to since then is taken for one that somebody else measures, ms. */
const quietMs = 300_000;
/** Runs that are remembered: without a record, and over. */
const rememberedMax = 20;

/** What it needs. */
export interface RunsOptions {
  /** Where the records are. */
  readonly directory: string;
  /** Of certificates. */
  readonly home: string;
  readonly clock: Clock;
  readonly startProgram?: StartProgram;
}

/** A file that is sent as it is. */
export interface RunContent {
  readonly bytes: number;
  readonly stream: NodeJS.ReadableStream;
}

/** All runs of a directory. */
export class Runs {
  readonly #options: Required<RunsOptions>;
  readonly #directory: RunDirectory;
  readonly #derived: DerivedFiles;
  /** Names of the last ones that were started here and are over, however they ended: nobody writes to them any more. */
  readonly #ended = new Set<string>();
  /** Runs that came to nothing, by name. */
  readonly #failed = new Map<string, RunDetail>();
  #current: RunProcess | null = null;
  /** Resolves when the current one is over, and has its place among the others. */
  #over: Promise<void> = Promise.resolve();
  #isStarting = false;

  constructor(options: RunsOptions) {
    const { startProgram = startOwnProgram } = options;
    this.#options = { ...options, startProgram };
    this.#directory = new RunDirectory(options.directory);
    this.#derived = new DerivedFiles(
      this.#directory,
      () => this.#current !== null || this.#isStarting,
      startProgram,
    );
  }

  /** All of them, the newest first; what is not derived yet is being derived. @throws RUNS_UNREADABLE */
  async list(): Promise<RunList> {
    const files = await this.#directory.files();
    const current = this.#current;
    const listed = await Promise.all(
      files
        .slice(0, listedMax)
        .filter(({ id }) => id !== current?.id)
        .map(async (file) => ({ file, ends: await this.#ends(file) })),
    );
    const isMeasuredElsewhere = listed.some(({ ends }) => ends.state === 'growing');
    const making = isMeasuredElsewhere ? 'never' : 'later';
    // One after the other: what is not derived yet is derived in this order, the newest first.
    const kept: RunSummary[] = [];
    for (const { file, ends } of listed) kept.push(await this.#summary(file, ends, making));
    const runs = [...kept, ...this.#failed.values(), ...(current ? [await current.detail()] : [])];
    return {
      runs: runs.sort((a, b) => (b.startedAtUnixMs ?? 0) - (a.startedAtUnixMs ?? 0)).map(shortened),
      runningId: current?.id ?? null,
      directory: this.#directory.path,
      leftOutCount: Math.max(0, files.length - listedMax),
    };
  }

  /** What a run may compare in a lab: programs and namespaces are tried for it. @throws RUN_GOING_ON */
  async engines(): Promise<RunEngines> {
    if (this.#current !== null || this.#isStarting) throw goingOn();
    const { labEngines } = await import('./lab-engines.ts');
    return labEngines();
  }

  /** Starts one. @throws RUN_GOING_ON, RUN_REQUEST_INVALID, RUNS_UNREADABLE, what starting a process throws */
  async start(request: RunRequest): Promise<RunDetail> {
    const [problem] = runProblems(request);
    if (problem !== undefined)
      throw runError('RUN_REQUEST_INVALID', `${problem.field}: ${problem.code}`, {
        remedy: `see what it takes: overspan ${request.kind} --help`,
      });
    if (this.#current !== null || this.#isStarting) throw goingOn();
    this.#isStarting = true;
    try {
      this.#directory.make();
      await this.#derived.pause();
      const { home, clock, startProgram } = this.#options;
      const id = runName(request.kind, clock.wallMs());
      const run = await RunProcess.start({
        ...{ id, request, home, clock, startProgram },
        directory: this.#directory,
      });
      this.#current = run;
      this.#over = run.ended.then((outcome) => this.#handleEnd(run, outcome));
      return await run.detail();
    } finally {
      this.#isStarting = false;
    }
  }

  /** One of them. @throws RUN_UNKNOWN, what deriving throws */
  async detail(id: string): Promise<RunDetail> {
    if (this.#current?.id === id) return this.#current.detail();
    const failed = this.#failed.get(id);
    if (failed !== undefined) return failed;
    const file = await this.#fileOf(id);
    const summary = await this.#summary(file, await this.#ends(file), 'now');
    return { ...summary, engine: null, progress: null, live: null, commandLine: null };
  }

  /** Tells the one that goes on to stop; what it measured is kept. @throws RUN_NOT_GOING_ON */
  async stop(id: string): Promise<RunDetail> {
    const current = this.#current;
    if (current?.id !== id)
      throw runError('RUN_NOT_GOING_ON', 'this run is over', { remedy: 'look at its report' });
    current.stop();
    return current.detail();
  }

  /** Deletes the files of one. @throws RUN_UNKNOWN, RUN_GOING_ON, RUNS_UNREADABLE */
  async remove(id: string): Promise<void> {
    if (this.#current?.id === id) throw goingOn();
    if (this.#failed.delete(id)) return;
    const file = await this.#quietFile(id);
    await this.#directory.remove(file);
  }

  /**
   * Tells of a run: at once, while it goes on, and when it is over.
   *
   * @returns what ends that
   * @throws RUN_UNKNOWN, what deriving throws
   */
  async listen(id: string, onDetail: (detail: RunDetail) => void): Promise<() => void> {
    const current = this.#current;
    onDetail(await this.detail(id));
    if (current?.id !== id) return () => undefined;
    let isOver = false;
    const end = current.listen(onDetail);
    void this.#over
      .then(() => this.detail(id))
      .then(
        (detail) => {
          if (!isOver) onDetail(detail);
        },
        // It is asked for again, and then says why.
        () => undefined,
      );
    return () => {
      isOver = true;
      end();
    };
  }

  /** The samples, as they were written. @throws RUN_UNKNOWN */
  async record(id: string): Promise<RunContent> {
    const handle = await this.#directory.open(id);
    if (handle === null) throw unknown(id);
    const { size } = await handle.stat();
    // A run that goes on would make it longer than was said.
    const stream = handle.createReadStream({ end: Math.max(0, size - 1) });
    return { bytes: size, stream };
  }

  /** The report of `overspan report`, HTML. @throws RUN_UNKNOWN, RUN_GOING_ON, what making it throws */
  async report(id: string): Promise<string> {
    if (this.#current?.id === id) throw goingOn();
    return this.#derived.html(await this.#quietFile(id));
  }

  /** Ends what goes on; what was measured is kept. Idempotent. */
  async close(): Promise<void> {
    this.#derived.close();
    const current = this.#current;
    current?.stop();
    await this.#over;
  }

  async #fileOf(id: string): Promise<RunFile> {
    const file = await this.#directory.find(id);
    if (file === null) throw unknown(id);
    return file;
  }

  /** One that nobody writes to. @throws RUN_UNKNOWN, RUN_GOING_ON */
  async #quietFile(id: string): Promise<RunFile> {
    const file = await this.#fileOf(id);
    if ((await this.#ends(file)).state !== 'growing') return file;
    throw runError('RUN_GOING_ON', 'the record still grows: another program measures', {
      remedy: 'wait until it is over',
    });
  }

  async #ends(file: RunFile): Promise<RunEnds> {
    const ends = await this.#directory.ends(file);
    if (ends.state !== 'unfinished' || this.#ended.has(file.id)) return ends;
    // The time of a file is of the wall clock, too. Where that was set back, the record counts as quiet.
    const quiet = Math.abs(this.#options.clock.wallMs() - file.changedAtMs) >= quietMs;
    return quiet ? ends : { ...ends, state: 'growing' };
  }

  async #summary(
    file: RunFile,
    { state, startedAtUnixMs }: RunEnds,
    making: 'now' | 'later' | 'never',
  ): Promise<RunSummary> {
    const { id, bytes } = file;
    const derived = await this.#derived.verdict(file, state === 'growing' ? 'never' : making);
    return {
      ...{ id, bytes, startedAtUnixMs },
      state: derived.verdict?.state ?? state,
      verdict: derived.verdict?.verdict ?? null,
      error: derived.error,
    };
  }

  async #handleEnd(run: RunProcess, { error }: RunOutcome): Promise<void> {
    const last = await run.detail().catch(() => null);
    if (last?.bytes === 0) {
      const state = error === null ? 'interrupted' : 'failed';
      this.#failed.set(run.id, { ...last, live: null, state, error });
      for (const [oldest] of this.#failed)
        if (this.#failed.size > rememberedMax) this.#failed.delete(oldest);
    }
    this.#ended.add(run.id);
    for (const oldest of this.#ended)
      if (this.#ended.size > rememberedMax) this.#ended.delete(oldest);
    this.#current = null;
  }
}

function shortened({ id, state, startedAtUnixMs, bytes, verdict, error }: RunSummary): RunSummary {
  return { id, state, startedAtUnixMs, bytes, verdict, error };
}

function goingOn(): OverspanError {
  return runError('RUN_GOING_ON', 'a run goes on: two would disturb each other', {
    remedy: 'wait until it is over, or stop it',
  });
}

function unknown(id: string): OverspanError {
  return runError('RUN_UNKNOWN', `there is no run "${escapeText(id)}"`, {
    remedy: 'see the list of runs',
  });
}
