/**
 * The shape of a value: what it is made of, without its bytes and the exact values of its large numbers. Two inputs with values of one shape
 * went the same way through a decoder, roughly; the fuzzer keeps one of them.
 */

/** A value's size and shape. */
export interface Shape {
  /** Properties, elements, and bytes that are not views of a larger buffer. */
  readonly parts: number;
  readonly shape: string;
}

/** Walks a value: objects, arrays, maps, byte strings and primitives. */
export function shapeOf(value: unknown): Shape {
  let parts = 0;
  let hash = 0x811c9dc5;
  const mix = (text: string): void => {
    for (let i = 0; i < text.length; i++)
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  };
  const walk = (part: unknown, depth: number): void => {
    parts += 1;
    if (part instanceof Uint8Array) {
      if (part.byteLength === part.buffer.byteLength) parts += part.byteLength;
      mix(`b${magnitude(part.length)}`);
    } else if (part instanceof Map) {
      walk([...part.values()], depth);
    } else if (Array.isArray(part)) {
      mix(`a${magnitude(part.length)}`);
      for (const each of part) walk(each, depth + 1);
    } else if (typeof part === 'object' && part !== null) {
      for (const [key, each] of Object.entries(part)) {
        mix(key);
        walk(each, depth + 1);
      }
    } else if (typeof part === 'string') {
      mix(part.length < 24 ? part : 's');
    } else if (typeof part === 'number' || typeof part === 'bigint') {
      mix(`n${part < 64 ? String(part) : magnitude(Number(part))}`);
    } else {
      mix(String(part));
    }
  };
  walk(value, 0);
  return { parts, shape: hash.toString(36) };
}

/** A number by its order of size only. */
function magnitude(value: number): number {
  return Math.ceil(Math.log2(value + 1));
}
