/** Takes the keys of one file of the official controller over, one after the other, and notes what could not be taken. */
import { errorMessage } from '../../base/errors.ts';
import { lostParts, type LostPart } from './json-losses.ts';

/** Members of a list that are looked at one by one: more than any of them may have. */
const listMax = 1_024;

/** Of one file. */
export class Carrier<Settings extends object> {
  readonly losses: LostPart[] = [];
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #blank: Settings;
  readonly #check: (settings: Settings) => void;
  #settings: Settings;
  /** Of lists of which only a part was taken: which members. */
  readonly #parts = new Map<string, readonly number[]>();

  /** @param blank - what is so where the file says nothing. @param check - throws where settings cannot be used */
  constructor(
    values: Readonly<Record<string, unknown>>,
    blank: Settings,
    check: (settings: Settings) => void,
  ) {
    this.#values = values;
    this.#blank = blank;
    this.#check = check;
    this.#settings = blank;
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** Reads a key, where it is there. @param read - throws where it cannot; of a list it gets also parts */
  take(key: string, read: (value: unknown) => Partial<Settings>): void {
    if (!Object.hasOwn(this.#values, key)) return;
    const value = this.#values[key];
    const why = this.#try(value, read);
    if (why === null) return;
    if (!Array.isArray(value)) {
      this.losses.push({ key, why });
      return;
    }
    const list: readonly unknown[] = value;
    const usable = [...list.keys()].slice(0, listMax).filter((index) => {
      const whyNot = this.#whyNot([list[index]], read);
      if (whyNot !== null) this.losses.push({ key: `${key}[${index}]`, why: whyNot });
      return whyNot === null;
    });
    if (value.length > listMax)
      this.losses.push({ key: `${key}[${listMax}]`, why: 'and what follows is too much' });
    // Each may be right, and all together too many.
    const isWhole = usable.length === list.length;
    const part = usable.map((index) => list[index]);
    const whyStill = isWhole ? why : this.#try(part, read);
    if (whyStill === null) this.#parts.set(key, usable);
    else this.losses.push({ key, why: whyStill });
  }

  /**
   * What was noted, and what only shows when the record is laid beside the file.
   *
   * @param shown - the record as a file would say it. @param byId - keys of lists that are kept in the order of their ids
   */
  allLosses(shown: object, byId: readonly string[] = []): readonly LostPart[] {
    const known = new Set(this.losses.map(({ key }) => key.replace(/\[.*$/s, '')));
    const ours = shown as Readonly<Record<string, unknown>>;
    const hidden = Object.entries(this.#values).flatMap(([key, value]) => {
      const part = this.#parts.get(key);
      if (known.has(key) && part === undefined) return [];
      const own = Object.hasOwn(ours, key) ? ours[key] : undefined;
      if (!Array.isArray(value) || !Array.isArray(own)) return lostParts(value, own, key);
      const list: readonly unknown[] = value;
      const indices = part ?? [...list.keys()];
      if (indices.length !== own.length) return lostParts(value, own, key);
      const inOrder = byId.includes(key) ? byIdOf(indices, list) : indices;
      return inOrder.flatMap((index, i) => lostParts(list[index], own[i], `${key}[${index}]`));
    });
    return [...this.losses, ...hidden];
  }

  /** @returns why it cannot be used; null: it is */
  #try(value: unknown, read: (value: unknown) => Partial<Settings>): string | null {
    try {
      const next = { ...this.#settings, ...read(value) };
      this.#check(next);
      this.#settings = next;
      return null;
    } catch (error) {
      return errorMessage(error);
    }
  }

  /** The same by itself, and it is not kept. */
  #whyNot(value: unknown, read: (value: unknown) => Partial<Settings>): string | null {
    try {
      this.#check({ ...this.#blank, ...read(value) });
      return null;
    } catch (error) {
      return errorMessage(error);
    }
  }
}

/** Indices of a list in the order of the ids there. */
function byIdOf(indices: readonly number[], list: readonly unknown[]): readonly number[] {
  const idOf = (index: number): number => {
    const each = list[index];
    return typeof each === 'object' && each !== null && 'id' in each ? Number(each.id) : 0;
  };
  return [...indices].sort((a, b) => idOf(a) - idOf(b));
}
