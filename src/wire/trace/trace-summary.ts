/** What came out of a trace, counted. */
import { dropReasons } from '../drop-reason.ts';
import { verbName } from '../verbs/index.ts';
import { keyGaps } from './identity-book.ts';
import type { SignatureVerdict, TraceProblem, TraceRecord } from './trace-record.ts';

/** Counts of records. */
export class TraceSummary {
  #packets = 0;
  #decoded = 0;
  #others = 0;
  readonly #byVerb = new Map<string, number>();
  readonly #byProblem = new Map<string, number>();
  readonly #bySignature = new Map<SignatureVerdict['verdict'], number>();

  /** Counts one record. */
  add(record: TraceRecord): void {
    if (record.kind === 'not-a-packet' || record.kind === 'beacon') this.#others++;
    if (record.kind === 'piece' && record.result !== 'complete' && record.result !== 'incomplete')
      count(this.#byProblem, describeProblem({ kind: 'drop', reason: record.result }));
    if (record.kind !== 'packet') return;
    const { contents, problem } = record;
    this.#packets++;
    if (problem === null) this.#decoded++;
    else count(this.#byProblem, describeProblem(problem));
    if (contents !== null) count(this.#byVerb, verbName(contents.verb));
    for (const { verdict } of contents?.signatures ?? []) count(this.#bySignature, verdict);
  }

  /** Whole packets. */
  get packets(): number {
    return this.#packets;
  }

  /** Packets of which everything could be told. */
  get decoded(): number {
    return this.#decoded;
  }

  /** Datagrams that are no packets. */
  get others(): number {
    return this.#others;
  }

  /** Packets by what they could be told to be, most frequent first. */
  get byVerb(): readonly (readonly [string, number])[] {
    return sorted(this.#byVerb);
  }

  /** Packets, and pieces that were not used, by the sentence that says why. */
  get byProblem(): readonly (readonly [string, number])[] {
    return sorted(this.#byProblem);
  }

  /** Signatures by verdict. */
  signatures(verdict: SignatureVerdict['verdict']): number {
    return this.#bySignature.get(verdict) ?? 0;
  }
}

/** `no key: the secret of neither is given`, `mac-mismatch: its authentication code is wrong for the key`. */
export function describeProblem(problem: TraceProblem): string {
  return problem.kind === 'no-key'
    ? `no key: ${keyGaps[problem.gap]}`
    : `${problem.reason}: ${dropReasons[problem.reason]}`;
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
