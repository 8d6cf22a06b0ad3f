/**
 * Numbers of errors of the system as names. The calls of this folder return them negated, as the kernel does: 0 and
 * above is a result, below it an error.
 */
import { constants } from 'node:os';

const numbers: Readonly<Record<string, number | undefined>> = constants.errno;

const names = new Map(
  Object.entries(constants.errno)
    // Two names of one number: the one that the manual pages use first.
    .filter(([name]) => name !== 'EWOULDBLOCK' && name !== 'EOPNOTSUPP')
    .map(([name, number]) => [number, name]),
);

/** `EAGAIN` of −11; `errno 524` for a number without a name. @param result - below zero */
export function errnoName(result: number): string {
  return names.get(-result) ?? `errno ${-result}`;
}

/** The negated number of a name: what a call returns. Linux' own where the platform has none. */
function negated(name: string, linux: number): number {
  return -(numbers[name] ?? linux);
}

export const again: number = negated('EAGAIN', 11);
export const interrupted: number = negated('EINTR', 4);
export const exists: number = negated('EEXIST', 17);
