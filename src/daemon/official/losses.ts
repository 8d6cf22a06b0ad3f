/** What could not be taken over from the official controller, and why: nothing is left out without a line here. */

/** A whole network, a whole member, one setting of either, or a file that is none of the controller's. */
export type LossKind = 'network' | 'member' | 'setting' | 'file';

/** One thing. */
export interface Loss {
  readonly kind: LossKind;
  /** Below the directory that is imported. */
  readonly file: string;
  /** Where in it: `routes[2]`; empty: all of it. */
  readonly key: string;
  readonly why: string;
}

/** Lines that are kept; more are counted. */
const linesMax = 10_000;

/** All of them. */
export class Losses {
  readonly lines: Loss[] = [];
  readonly counts: Record<LossKind, number> = { network: 0, member: 0, setting: 0, file: 0 };

  add(kind: LossKind, file: string, key: string, why: string): void {
    this.counts[kind]++;
    if (this.lines.length < linesMax) this.lines.push({ kind, file, key, why });
  }
}
