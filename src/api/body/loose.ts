/**
 * Values of a JSON body, read as loosely as the official service reads them (management.md 1): programs that send `"16"`
 * for a number or `1` for true go on working.
 *
 * | wanted | taken |
 * |---|---|
 * | boolean | a boolean; a number: whether it is above 0; a text: whether it begins with t, T or 1 |
 * | integer | a number without what is behind its point; a decimal text; a boolean as 1 or 0 |
 * | text | a text; a number in decimal; a boolean as `1` or `0` |
 *
 * null stands for what the setting is without a value, as there. What else cannot be read is refused by name, where the
 * official service takes that value silently. Keys that nobody knows are passed over.
 */
import type { OverspanError } from '../../base/errors.ts';
import { apiError } from '../errors.ts';

/** Members of a list that are read. The official service cuts longer ones there. */
export const listLengthMax = 16_384;

/** An object of a body; each read gives undefined where the key is not there. @throws API_BODY_INVALID, all of them */
export class BodyObject {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #what: string;

  /** @param what - it is of, for the error: `the route` */
  constructor(value: unknown, what: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw invalid(what, 'is no object', value);
    this.#values = value as Readonly<Record<string, unknown>>;
    this.#what = what;
  }

  boolean(key: string, otherwise: boolean): boolean | undefined {
    return this.#read(key, otherwise, looseBoolean, 'is neither true nor false');
  }

  integer(key: string, otherwise: number): number | undefined {
    return this.#read(key, otherwise, looseInteger, 'is no whole number');
  }

  text(key: string, otherwise: string): string | undefined {
    return this.#read(key, otherwise, looseText, 'is no text');
  }

  /** An address of a node in lower case; null for null and the empty text. */
  address(key: string): string | null | undefined {
    return this.#read(key, null, nodeAddress, 'is no address of a node, of 10 digits');
  }

  /** A list, each member read by a function that names what it refuses. */
  list<T>(key: string, each: (value: unknown, what: string) => T): T[] | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    const what = `${key} of ${this.#what}`;
    if (value === null) return [];
    if (!Array.isArray(value)) throw invalid(what, 'is no list', value);
    if (value.length > listLengthMax)
      throw invalid(what, `has more than ${listLengthMax} members`, value.length);
    return value.map((member: unknown, index) => each(member, `${what} at ${index}`));
  }

  /** An object in this one; null for null. */
  object(key: string): BodyObject | null | undefined {
    const value = this.value(key);
    if (value === undefined || value === null) return value;
    return new BodyObject(value, `${key} of ${this.#what}`);
  }

  /** As it stands there. */
  value(key: string): unknown {
    return Object.hasOwn(this.#values, key) ? this.#values[key] : undefined;
  }

  /** What stands there, each with its key. */
  entries(): [string, unknown][] {
    return Object.entries(this.#values);
  }

  #read<T, N>(
    key: string,
    otherwise: N,
    parse: (value: unknown) => T | null | undefined,
    problem: string,
  ): T | N | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    if (value === null) return otherwise;
    const parsed = parse(value);
    if (parsed === undefined) throw invalid(`${key} of ${this.#what}`, problem, value);
    return parsed ?? otherwise;
  }
}

/** Reads a number that stands by itself. @throws API_BODY_INVALID */
export function integerOf(value: unknown, what: string): number {
  const number = looseInteger(value);
  if (number === undefined) throw invalid(what, 'is no whole number', value);
  return number;
}

/** Reads a text that stands by itself. @throws API_BODY_INVALID */
export function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string') throw invalid(what, 'is no text', value);
  return value;
}

/** Takes an object without those of its values that are undefined. */
export function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** The error for a part of a body. */
export function invalid(what: string, problem: string, value: unknown): OverspanError {
  return apiError('API_BODY_INVALID', `${what} ${problem}: ${shown(value)}`, {
    remedy: 'correct it and send it again; nothing was changed',
  });
}

function looseBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value > 0;
  return typeof value === 'string' ? /^[tT1]/.test(value) : undefined;
}

function looseInteger(value: unknown): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0;
  const number =
    typeof value === 'string' && /^\d{1,16}$/.test(value.trim()) ? Number(value) : value;
  if (typeof number !== 'number') return undefined;
  const whole = Math.trunc(number);
  return Number.isSafeInteger(whole) ? whole : undefined;
}

function looseText(value: unknown): string | undefined {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function nodeAddress(value: unknown): string | null | undefined {
  if (value === '') return null;
  return typeof value === 'string' && /^[0-9a-fA-F]{10}$/.test(value)
    ? value.toLowerCase()
    : undefined;
}

/** Enough of a value to find it again. */
function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'a list' : 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length <= 64 ? text : `${text.slice(0, 64)}…`;
}
