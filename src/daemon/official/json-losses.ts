/**
 * Which parts of an object of the official controller are not in ours: what a record says as the API shows it is laid beside
 * what it was made of, so that also what nobody thought of is found.
 */

/** One part. */
export interface LostPart {
  /** `routes[0].via` */
  readonly key: string;
  readonly why: string;
}

/** How deep it is looked for something where there is nothing of ours. */
const depthMax = 4;

/**
 * The parts of a value that are missing or otherwise in ours.
 *
 * @param ours - undefined: there is nothing. It bounds how deep is compared
 */
export function lostParts(theirs: unknown, ours: unknown, key: string): LostPart[] {
  if (isNothing(theirs, depthMax) && isNothing(ours, depthMax)) return [];
  if (ours === undefined) return [{ key, why: 'has no place here' }];
  if (Array.isArray(theirs) && Array.isArray(ours) && theirs.length === ours.length)
    return theirs.flatMap((each, index) => lostParts(each, ours[index], `${key}[${index}]`));
  if (isObject(theirs) && isObject(ours))
    return Object.entries(theirs).flatMap(([name, value]) =>
      lostParts(value, Object.hasOwn(ours, name) ? ours[name] : undefined, `${key}.${name}`),
    );
  const isSame = isScalar(theirs) && isScalar(ours) && String(theirs) === String(ours);
  return isSame ? [] : [{ key, why: `is kept as ${JSON.stringify(ours)}` }];
}

/** Whether a value says no more than that there is none. */
function isNothing(value: unknown, depth: number): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '')
    return true;
  if (typeof value !== 'object' || depth === 0) return false;
  return Object.values(value).every((each) => isNothing(each, depth - 1));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
