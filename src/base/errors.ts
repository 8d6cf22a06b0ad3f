/**
 * Errors that a person can act on, and the assertion for broken invariants.
 *
 * Three kinds of failure are never mixed: bytes from the network become a named drop reason (a value), what a person
 * can mend is an {@link OverspanError} (thrown), and a bug is an {@link assert} that fails.
 */

/** Exit codes of the command line. One table, so that scripts can rely on it. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  notFound: 4,
  denied: 5,
  unreachable: 6,
  gateViolated: 10,
  undecided: 11,
  interrupted: 130,
} as const;

/** One of the numbers in {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What is known of an error code before it happens; `docs/errors.md` is generated from these. */
export interface ErrorEntry {
  /** One sentence: what has happened when this code is seen. */
  readonly summary: string;
  /** The exit code of a command that ends with it. */
  readonly exit: ExitCode;
}

/** The error codes of one folder, declared as data in its `errors.ts`. */
export type ErrorTable = Readonly<Record<string, ErrorEntry>>;

/** What an error carries beside its code and message. */
export interface ErrorOptions {
  /** What to do next: a command to type, or a sentence. */
  readonly remedy: string;
  readonly cause?: unknown;
  /** Facts for programs; plain JSON values only, never secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * An error with a stable code and a remedy. Match on `code`, not on the class.
 *
 * @example
 * try { await compare(plan) } catch (error) { if (errorCode(error) === 'CONNECT_REFUSED') retryLater() }
 */
export class OverspanError extends Error {
  readonly code: string;
  readonly remedy: string;
  readonly exit: ExitCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, exit: ExitCode, message: string, options: ErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'OverspanError';
    this.code = code;
    this.exit = exit;
    this.remedy = options.remedy;
    this.details = options.details ?? {};
  }

  /** The shape that `--json` prints. */
  toJSON(): { code: string; message: string; remedy: string; details: object } {
    return {
      code: this.code,
      message: this.message,
      remedy: this.remedy,
      details: this.details,
    };
  }
}

/** Makes the constructor of one folder's errors from its table, so that an undeclared code does not compile. */
export function errorFactory<Table extends ErrorTable>(
  table: Table,
): (code: keyof Table & string, message: string, options: ErrorOptions) => OverspanError {
  return (code, message, options) => {
    const entry = table[code];
    assert(entry !== undefined, `error code ${code} is declared`);
    return new OverspanError(code, entry.exit, message, options);
  };
}

/** The `code` of anything thrown: ours, or Node's (`ECONNREFUSED`); undefined where there is none. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The message of anything thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A broken invariant is a bug: fail loudly, near it. */
export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${invariant}`);
}

/** For the end of a switch over a union: does not compile while a case is missing. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
