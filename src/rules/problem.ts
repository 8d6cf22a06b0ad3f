/**
 * What is wrong with a source, and where: collected, so that a person sees several mistakes at once.
 *
 * Inside this folder a statement that cannot be read is left by {@link Problems.fail}; {@link Problems.attempt} is where
 * reading goes on. Nothing of that leaves `compile`.
 */

/** A place in a source. */
export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

/** One mistake. */
export interface SourceProblem extends Position {
  /** What is wrong. Words of the source are escaped. */
  readonly message: string;
  /** What could stand there instead. */
  readonly expected: string;
}

/** Mistakes that are told of one source. */
export const problemsMax = 20;

/** Ends the statement at hand. */
class StatementLeft extends Error {}

/** The mistakes of one source. */
export class Problems {
  readonly #list: SourceProblem[] = [];
  #isAborted = false;

  get list(): readonly SourceProblem[] {
    return this.#list;
  }

  get isFull(): boolean {
    return this.#list.length >= problemsMax;
  }

  /** Notes a mistake. */
  add({ line, column }: Position, message: string, expected: string): void {
    if (!this.isFull) this.#list.push({ line, column, message, expected });
  }

  /** Notes a mistake and leaves the statement. */
  fail(at: Position, message: string, expected: string): never {
    this.add(at, message, expected);
    throw new StatementLeft();
  }

  /** Notes a mistake after which nothing is read any more. */
  abort(at: Position, message: string, expected: string): never {
    this.#isAborted = true;
    return this.fail(at, message, expected);
  }

  /**
   * Reads something that may be left.
   *
   * @returns what `read` returns; undefined where it was left. Where nothing is read any more, the outer one is left, too
   */
  attempt<T>(read: () => T, isOutermost = false): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof StatementLeft) || (!isOutermost && (this.isFull || this.#isAborted)))
        throw error;
      return undefined;
    }
  }
}

/** `line 3, column 5: …; expected …`. */
export function formatProblem({ line, column, message, expected }: SourceProblem): string {
  return `line ${line}, column ${column}: ${message}; expected ${expected}`;
}
