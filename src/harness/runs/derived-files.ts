/** What is derived of records, made by `overspan report` in a process of its own, one at a time and not while anything is measured. */
import { rename, rm } from 'node:fs/promises';

import type { RunError } from '../../api/schema/run.ts';
import { errorMessage, exitCodes, OverspanError } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { runError } from './errors.ts';
import type { OwnProgram, StartProgram } from './program.ts';
import type { DerivedKind, RunDirectory, RunFile } from './run-directory.ts';
import { derivedOf, type Derived } from './verdict.ts';

/** The largest record takes less. */
const makingMs = 300_000;
/** Verdicts that are remembered. */
const rememberedMax = 500;

/** What is known of a record; both null: nothing yet. */
export interface DerivedVerdict {
  readonly verdict: Derived | null;
  /** Why nothing can be derived. */
  readonly error: RunError | null;
}

const nothing: DerivedVerdict = { verdict: null, error: null };

/** The files of one directory. */
export class DerivedFiles {
  readonly #directory: RunDirectory;
  readonly #isMeasuring: () => boolean;
  readonly #start: StartProgram;
  /** By name and time of the record. */
  readonly #known = new Map<string, DerivedVerdict>();
  readonly #wanted = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();
  #making: OwnProgram | null = null;
  #isClosed = false;

  /** @param isMeasuring - nothing is made while it says so; see {@link pause} */
  constructor(directory: RunDirectory, isMeasuring: () => boolean, start: StartProgram) {
    this.#directory = directory;
    this.#isMeasuring = isMeasuring;
    this.#start = start;
  }

  /** @param making - `now`: waits until it is made; `later`: has it made when there is time; `never`: looks for it alone */
  async verdict(file: RunFile, making: 'now' | 'later' | 'never'): Promise<DerivedVerdict> {
    const key = `${file.id} ${file.changedAtMs}`;
    const known = this.#known.get(key) ?? (await this.#read(file, key));
    if (known !== null) return known;
    if (making === 'never' || this.#isMeasuring() || this.#isClosed) return nothing;
    if (making === 'now') return this.#derive(file, key);
    if (!this.#wanted.has(key)) {
      this.#wanted.add(key);
      void this.#derive(file, key).finally(() => this.#wanted.delete(key));
    }
    return nothing;
  }

  /** The report. @throws RUN_GOING_ON, what `overspan report` says is wrong */
  async html(file: RunFile): Promise<string> {
    const kept = await this.#directory.derived(file, 'html');
    if (kept !== null) return kept;
    await this.#make(file, 'html');
    const made = await this.#directory.derived(file, 'html');
    if (made !== null) return made;
    throw runError('RUN_PROGRAM_FAILED', 'the record changed while its report was made', {
      remedy: 'look again when the run is over',
    });
  }

  /** Once something measures: ends what is being made, and waits until it is gone. Whoever asks again has it made later. */
  async pause(): Promise<void> {
    void this.#making?.stop(0);
    await this.#last;
  }

  /** Ends what is being made. */
  close(): void {
    this.#isClosed = true;
    void this.#making?.stop(0);
  }

  async #derive(file: RunFile, key: string): Promise<DerivedVerdict> {
    try {
      await this.#make(file, 'json');
      return (await this.#read(file, key)) ?? nothing;
    } catch (error) {
      const { code, message, remedy } =
        error instanceof OverspanError
          ? error
          : runError('RUN_PROGRAM_FAILED', escapeText(errorMessage(error)), {
              remedy: `make the report by hand to see why: overspan report ${file.id}.ndjson`,
            });
      // A run that goes on, or the end of this process, says nothing about the record.
      if (code === 'RUN_GOING_ON') return nothing;
      return this.#remember(key, { verdict: null, error: { code, message, remedy } });
    }
  }

  async #read(file: RunFile, key: string): Promise<DerivedVerdict | null> {
    const text = await this.#directory.derived(file, 'json');
    const verdict = text === null ? null : derivedOf(text);
    return verdict === null ? null : this.#remember(key, { verdict, error: null });
  }

  #remember(key: string, known: DerivedVerdict): DerivedVerdict {
    this.#known.set(key, known);
    for (const [oldest] of this.#known)
      if (this.#known.size > rememberedMax) this.#known.delete(oldest);
    return known;
  }

  #make(file: RunFile, kind: DerivedKind): Promise<void> {
    const made = this.#last.then(() => this.#run(file, kind));
    this.#last = made.catch(() => undefined);
    return made;
  }

  async #run({ id }: RunFile, kind: DerivedKind): Promise<void> {
    const mayNot = (): boolean => this.#isMeasuring() || this.#isClosed;
    if (mayNot()) throw goingOn();
    this.#directory.make();
    // No run has a name with a dot before it, and what is half written is none of the files that are shown.
    const out = this.#directory.derivedPath(`.${id}`, kind);
    const record = this.#directory.recordPath(id);
    const program = await this.#start(['report', record, '--output', out, '--force']);
    this.#making = program;
    if (mayNot()) void program.stop(0);
    const timer = setTimeout(() => void program.stop(0), makingMs);
    const { exitCode, error, complaint } = await program.ended;
    clearTimeout(timer);
    this.#making = null;
    if (exitCode === 0 && (await this.#directory.find(id)) !== null) {
      await rename(out, this.#directory.derivedPath(id, kind));
      return;
    }
    await rm(out, { force: true });
    if (mayNot()) throw goingOn();
    if (error !== null) throw new OverspanError(error.code, exitCodes.failed, error.message, error);
    throw runError('RUN_PROGRAM_FAILED', `no report could be made: ${complaint}`, {
      remedy: `make it by hand to see why: overspan report ${id}.ndjson`,
    });
  }
}

function goingOn(): OverspanError {
  return runError('RUN_GOING_ON', 'a run goes on, which a report would disturb', {
    remedy: 'wait until it is over, or stop it',
  });
}
