/**
 * Changes bytes the way that breaks decoders: flipped bits, numbers at the edges of their range, counts and lengths that
 * are a little off, parts cut out, doubled, exchanged, or taken from other inputs. Everything is drawn from one seeded
 * generator: equal seeds give equal inputs.
 */
import type { Prng } from '../../src/base/prng.ts';

/** Longer than any packet, so that limits are met. */
export const inputBytesMax = 12_000;

const edges = [0, 1, 2, 3, 4, 6, 7, 16, 18, 64, 71, 96, 127, 128, 254, 255];
const wideEdges = [0x100, 0x7fff, 0x8000, 0xfffe, 0xffff, 9996, 10_024, 1432];

type Mutation = (bytes: Uint8Array, prng: Prng, other: () => Uint8Array) => Uint8Array;

/** Each is as likely as the others. */
const mutations: Readonly<Record<string, Mutation>> = {
  flipBit: inPlace((bytes, prng, at) => {
    bytes[at]! ^= 1 << prng.below(8);
  }),
  randomByte: inPlace((bytes, prng, at) => {
    bytes[at] = prng.below(256);
  }),
  edgeByte: inPlace((bytes, prng, at) => {
    bytes[at] = pick(edges, prng);
  }),
  nudgeByte: inPlace((bytes, prng, at) => {
    bytes[at]! += prng.below(2) === 0 ? 1 : -1;
  }),
  edgeU16: inPlace((bytes, prng, at) => {
    putU16(bytes, at, pick(prng.below(2) === 0 ? edges : wideEdges, prng));
  }),
  edgeU64: inPlace((bytes, prng, at) => {
    bytes.fill(prng.below(2) === 0 ? 0 : 0xff, at, at + (prng.below(2) === 0 ? 8 : 4));
  }),
  editLength: inPlace((bytes, prng, at) => {
    editLength(bytes, prng, at);
  }),
  truncate: (bytes, prng) => bytes.slice(0, prng.below(bytes.length + 1)),
  extend: (bytes, prng) => splice(bytes, bytes.length, 0, randomBytes(prng, 1 + prng.below(64))),
  cut: (bytes, prng) => {
    const [start, length] = range(bytes, prng);
    return splice(bytes, start, length, new Uint8Array(0));
  },
  double: (bytes, prng) => {
    const [start, length] = range(bytes, prng);
    return splice(bytes, start, 0, bytes.slice(start, start + length));
  },
  repeat: (bytes, prng) => {
    const [start, length] = range(bytes, prng, 40);
    const part = bytes.slice(start, start + length);
    const many = new Uint8Array(part.length * (2 + prng.below(30)));
    for (let at = 0; at < many.length && part.length > 0; at += part.length) many.set(part, at);
    return splice(bytes, start, length, many);
  },
  insert: (bytes, prng) => {
    const filler = randomBytes(prng, 1 + prng.below(16));
    if (prng.below(2) === 0) filler.fill(0);
    return splice(bytes, prng.below(bytes.length + 1), 0, filler);
  },
  cross: (bytes, prng, other) => {
    const tail = other();
    return splice(
      bytes,
      prng.below(bytes.length + 1),
      Infinity,
      tail.subarray(prng.below(tail.length + 1)),
    );
  },
  transplant: (bytes, prng, other) => {
    const donor = other();
    const [start, length] = range(donor, prng, 256);
    const at = prng.below(bytes.length + 1);
    return splice(bytes, at, prng.below(2) * length, donor.subarray(start, start + length));
  },
};

/** The names of what can happen, for the test that each does. */
export const mutationNames: readonly string[] = Object.keys(mutations);

/**
 * A changed copy of some bytes.
 *
 * @param other - draws another input, to take parts from
 * @returns at most {@link inputBytesMax} bytes; one to four changes away
 */
export function mutate(bytes: Uint8Array, prng: Prng, other: () => Uint8Array): Uint8Array {
  let result: Uint8Array = bytes.slice();
  for (let left = 1 + prng.below(4); left > 0; left--)
    result = mutateOnce(pick(mutationNames, prng), result, prng, other);
  return result;
}

/** One change by name. @param bytes - may be written */
export function mutateOnce(
  name: string,
  bytes: Uint8Array,
  prng: Prng,
  other: () => Uint8Array,
): Uint8Array {
  const result = mutations[name]!(bytes, prng, other);
  return result.length > inputBytesMax ? result.slice(0, inputBytesMax) : result;
}

/** Bytes without any structure. */
export function randomBytes(prng: Prng, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => prng.below(256));
}

function inPlace(change: (bytes: Uint8Array, prng: Prng, at: number) => void): Mutation {
  return (bytes, prng) => {
    if (bytes.length > 0) change(bytes, prng, position(bytes.length, prng));
    return bytes;
  };
}

/** Where to change: anywhere, or, as likely, near the beginning, where most fields are. */
function position(length: number, prng: Prng): number {
  return prng.below(prng.below(2) === 0 ? length : Math.min(length, 48));
}

/** Takes what stands there for a length or a count, of one byte or two, and makes it wrong. */
function editLength(bytes: Uint8Array, prng: Prng, at: number): void {
  const wide = at + 1 < bytes.length && prng.below(2) === 0;
  const value = wide ? bytes[at]! * 256 + bytes[at + 1]! : bytes[at]!;
  const left = bytes.length - at - (wide ? 2 : 1);
  const edited = pick([value + 1, value - 1, value * 2, left, left + 1, left - 1, 0], prng);
  if (wide) putU16(bytes, at, edited);
  else bytes[at] = edited;
}

function putU16(bytes: Uint8Array, at: number, value: number): void {
  if (at + 1 >= bytes.length) return;
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
}

function range(bytes: Uint8Array, prng: Prng, lengthMax = Infinity): [number, number] {
  const start = prng.below(bytes.length + 1);
  return [start, prng.below(Math.min(bytes.length - start, lengthMax) + 1)];
}

function splice(bytes: Uint8Array, start: number, drop: number, put: Uint8Array): Uint8Array {
  const rest = bytes.subarray(Math.min(start + drop, bytes.length));
  const result = new Uint8Array(start + put.length + rest.length);
  result.set(bytes.subarray(0, start));
  result.set(put, start);
  result.set(rest, start + put.length);
  return result;
}

function pick<T>(items: readonly T[], prng: Prng): T {
  return items[prng.below(items.length)]!;
}
