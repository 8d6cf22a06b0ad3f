/**
 * Plain values as JSON text and back, with the two kinds that JSON lacks: `{"$u64":"16 digits"}` is a bigint of 64 bits,
 * `{"$bytes":"digits"}` bytes. For records of our own; not for what the network sends.
 */
import { fromHex, toHex } from './bytes.ts';
import { assert } from './errors.ts';
import { formatU64 } from './ids.ts';

/** @param value - nulls, booleans, finite numbers, texts, bigints of 64 bits, bytes, and lists and objects of these */
export function toTaggedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'bigint') return { $u64: formatU64(inner) };
    if (inner instanceof Uint8Array) return { $bytes: toHex(inner) };
    assert(typeof inner !== 'number' || Number.isFinite(inner), 'a number that is kept is finite');
    return inner;
  });
}

/** The value; what it is made of is the caller's to know. @throws SyntaxError where the text is no JSON */
export function fromTaggedJson(text: string): unknown {
  return JSON.parse(text, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null) return inner;
    const { $u64: digits, $bytes: bytes } = inner as { $u64?: unknown; $bytes?: unknown };
    if (typeof digits === 'string' && /^[0-9a-f]{16}$/.test(digits)) return BigInt(`0x${digits}`);
    if (typeof bytes === 'string') return fromHex(bytes) ?? inner;
    return inner;
  }) as unknown;
}
