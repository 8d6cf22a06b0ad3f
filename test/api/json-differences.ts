/** In what two JSON values differ: keys, types and values. */

/** One difference. */
export interface JsonDifference {
  /** Where, from the outside inwards, members of lists alike: `data[].tags[][]`. Empty: all of it. */
  readonly at: string;
  /** A key that only they or only we have, another type, another value, or a list of another length. */
  readonly kind: 'missing' | 'extra' | 'type' | 'value' | 'length';
  readonly theirs: unknown;
  readonly ours: unknown;
}

/** What a value varies with, so that only its type, and of a number whether it is 0, is compared. */
export type Varies = (at: string) => boolean;

/** All differences. */
export function jsonDifferences(theirs: unknown, ours: unknown, varies: Varies): JsonDifference[] {
  return compare(theirs, ours, '', varies);
}

function compare(theirs: unknown, ours: unknown, at: string, varies: Varies): JsonDifference[] {
  const differ = (kind: JsonDifference['kind']): JsonDifference[] => [{ at, kind, theirs, ours }];
  if (typeOf(theirs) !== typeOf(ours)) return differ('type');
  if (Array.isArray(theirs) && Array.isArray(ours)) {
    if (theirs.length !== ours.length) return differ('length');
    return theirs.flatMap((each, i) => compare(each, ours[i], `${at}[]`, varies));
  }
  if (typeof theirs === 'object' && theirs !== null) {
    const left = theirs as Readonly<Record<string, unknown>>;
    const right = ours as Readonly<Record<string, unknown>>;
    return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) => {
      const inner = at === '' ? key : `${at}.${key}`;
      if (!(key in right))
        return [{ at: inner, kind: 'missing' as const, theirs: left[key], ours: undefined }];
      if (!(key in left))
        return [{ at: inner, kind: 'extra' as const, theirs: undefined, ours: right[key] }];
      return compare(left[key], right[key], inner, varies);
    });
  }
  if (theirs === ours) return [];
  return varies(at) && (theirs === 0) === (ours === 0) ? [] : differ('value');
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}
