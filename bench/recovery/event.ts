/** Something that happens to a network, and how long it takes until all is well again. */
import type { Subject } from './subject.ts';

/** One of the times that an event gives. */
export interface Figure {
  readonly name: string;
  /** The median of ours must be below it; null: stated, not demanded. */
  readonly targetS: number | null;
}

/** An event, in a file of its own. */
export interface RecoveryEvent {
  readonly name: string;
  readonly figures: readonly Figure[];
  /** Whether the reference takes minutes, so that it is measured fewer times. */
  readonly isSlowOfReference: boolean;
  /**
   * Brings the subject where it has to be, makes the event, and waits.
   *
   * @returns seconds of each figure; Infinity: not in time
   */
  run(subject: Subject): Promise<readonly number[]>;
}

/** How long is waited for the end of what an event began. */
export const patienceMs = 600_000;
