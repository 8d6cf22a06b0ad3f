/** How many packets of each verb came and went since the start: what the figures of a node are made of. */
import { verbNumbers, type VerbName, type VerbNumber } from '../wire/verbs/verb.ts';

/** The low five bits of a byte. */
const verbsCount = 32;

/** See the head of this file. On the path of every packet: fixed arrays, an addition each. */
export class VerbCounts {
  readonly #received = new Float64Array(verbsCount);
  readonly #sent = new Float64Array(verbsCount);

  /** One that was opened, authentic or answered by nothing. */
  countReceived(verb: VerbNumber): void {
    this.#received[verb] = (this.#received[verb] as number) + 1;
  }

  /** One that goes out, also over a root; in however many pieces. */
  countSent(verb: VerbNumber): void {
    this.#sent[verb] = (this.#sent[verb] as number) + 1;
  }

  /** All verbs that are assigned, in the order of their numbers. */
  entries(): { readonly verb: VerbName; readonly received: number; readonly sent: number }[] {
    return Object.entries(verbNumbers).map(([verb, number]) => ({
      verb: verb as VerbName,
      received: this.#received[number] ?? 0,
      sent: this.#sent[number] ?? 0,
    }));
  }
}
