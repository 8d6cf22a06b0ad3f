/**
 * What members of a network say of each other, for a few minutes: who reaches whom, how, and when it was heard. None of it decides
 * anything, and each word stays that of who said it: a member can say what it likes.
 *
 * A member is told of by the latest 16 at most. When there is no room in all, what was said of the member of whom nothing was said
 * for longest goes.
 */
import type { Address } from '../base/ids.ts';
import type { ReportedMember } from '../wire/network-config/member-report.ts';
import { reportMs, reportsMax, reportsOfMemberMax } from './constants.ts';

/** What one member says of another. Times are `monoMs`. */
export interface MemberWord {
  readonly by: Address;
  readonly saidAtMs: number;
  readonly kind: ReportedMember['kind'];
  /** Round trip; null: not measured. */
  readonly latencyMs: number | null;
  /** When it heard it; null: it did not, or not for long. */
  readonly heardAtMs: number | null;
}

/** All of one network. */
export class MemberReports {
  /** By whom it is about, from the one of whom nothing was said for longest on; in each from the oldest word on. */
  readonly #words = new Map<Address, Map<Address, MemberWord>>();
  readonly #wordsMax: number;
  #count = 0;

  constructor(wordsMax: number = reportsMax) {
    this.#wordsMax = wordsMax;
  }

  /** How many words are kept. */
  get size(): number {
    return this.#count;
  }

  /** Keeps what a member says. @param members - of this network, the reporter not among them */
  take(monoMs: number, by: Address, members: readonly ReportedMember[]): void {
    this.#expire(monoMs);
    for (const { address, kind, latencyMs, heardAgoS } of members) {
      const heardAtMs = heardAgoS === null ? null : monoMs - heardAgoS * 1_000;
      this.#keep(address, { by, saidAtMs: monoMs, kind, latencyMs, heardAtMs });
    }
  }

  /** What is said of a member, the latest first. */
  of(monoMs: number, address: Address): readonly MemberWord[] {
    const words = [...(this.#words.get(address)?.values() ?? [])];
    return words.filter((word) => !isOld(monoMs, word)).reverse();
  }

  /** Forgets what was said of members, and what they said. */
  forget(addresses: ReadonlySet<Address>): void {
    for (const [about, words] of this.#words) {
      if (addresses.has(about)) this.#drop(about);
      else {
        for (const by of words.keys()) if (addresses.has(by) && words.delete(by)) this.#count--;
        if (words.size === 0) this.#words.delete(about);
      }
    }
  }

  #keep(about: Address, word: MemberWord): void {
    const words = this.#words.get(about) ?? new Map<Address, MemberWord>();
    if (words.delete(word.by)) this.#count--;
    if (words.size >= reportsOfMemberMax) {
      const [oldest] = words.keys();
      if (oldest !== undefined && words.delete(oldest)) this.#count--;
    }
    words.set(word.by, word);
    this.#count++;
    this.#words.delete(about);
    this.#words.set(about, words);
    if (this.#count <= this.#wordsMax) return;
    const [silent] = this.#words.keys();
    if (silent !== undefined) this.#drop(silent);
  }

  /** Of each member the last word is the youngest, and the first member has the oldest of these. */
  #expire(monoMs: number): void {
    for (const [about, words] of this.#words) {
      if (![...words.values()].every((word) => isOld(monoMs, word))) return;
      this.#drop(about);
    }
  }

  #drop(about: Address): void {
    this.#count -= this.#words.get(about)?.size ?? 0;
    this.#words.delete(about);
  }
}

function isOld(monoMs: number, { saidAtMs }: MemberWord): boolean {
  return monoMs - saidAtMs >= reportMs;
}
