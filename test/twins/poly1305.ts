/** Poly1305 as RFC 8439 section 2.5.1 writes it down, with numbers as large as they are: slow, and plainly right. */

const prime = 2n ** 130n - 5n;

/** The tag, 16 bytes. @param key - 32 bytes */
export function poly1305Tag(key: Uint8Array, message: Uint8Array): Uint8Array {
  const r = number(key.subarray(0, 16)) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  const s = number(key.subarray(16));
  let accumulator = 0n;
  for (let at = 0; at < message.length; at += 16) {
    const block = message.subarray(at, at + 16);
    const n = number(block) + 2n ** BigInt(8 * block.length);
    accumulator = (r * (accumulator + n)) % prime;
  }
  const sum = accumulator + s;
  return Uint8Array.from({ length: 16 }, (_, i) => Number((sum >> BigInt(8 * i)) & 0xffn));
}

/** Little-endian. */
function number(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => value * 256n + BigInt(byte), 0n);
}
