/** A kind of check: it gets a lab of its own in each place, and notes rows. */
import type { Lab, LabOptions } from './lab.ts';
import type { Row } from './report.ts';

/** One file of `checks/`. */
export interface Check {
  readonly name: string;
  /** What the lab is like beyond the place. */
  readonly lab?: Pick<LabOptions, 'underlay' | 'isBlocked'>;
  /** Before the nodes start. */
  readonly prepare?: (lab: Lab) => Promise<void>;
  /** With a lab that is up, and captured. */
  readonly run: (lab: Lab, row: Row) => Promise<void>;
}
