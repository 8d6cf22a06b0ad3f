/**
 * Which packets an OK may answer (vl1 3.2), and when each was sent.
 *
 * 256 rings of 32, chosen by the low 8 bits of the upper half of the packet ID; what is kept of an ID is that upper half.
 * A match removes nothing, for one request may get many answers; nothing expires, it is overwritten. Beside each is the
 * time of sending: the round trip is measured by it and not by the clock that HELLO carries, which may step.
 */
const bucketCount = 256;
const ringLength = 32;

/** See the head of this file. */
export class ExpectedReplies {
  readonly #idHighs = new Uint32Array(bucketCount * ringLength);
  readonly #sentMs = new Float64Array(bucketCount * ringLength).fill(-1);
  readonly #next = new Uint8Array(bucketCount);

  /** A packet was sent. @param idHigh - upper 32 bits of its ID on the wire. @param nowMs - `monoMs`, not below 0 */
  add(idHigh: number, nowMs: number): void {
    const bucket = idHigh & (bucketCount - 1);
    const slot = this.#next[bucket] as number;
    this.#idHighs[bucket * ringLength + slot] = idHigh;
    this.#sentMs[bucket * ringLength + slot] = nowMs;
    this.#next[bucket] = (slot + 1) % ringLength;
  }

  /** When the packet was sent, `monoMs`; null: it was not, or too long ago. */
  sentMs(idHigh: number): number | null {
    const base = (idHigh & (bucketCount - 1)) * ringLength;
    // The newest first: of two with one upper half, the answer is to that.
    const next = this.#next[base / ringLength] as number;
    for (let i = 1; i <= ringLength; i++) {
      const slot = base + ((next - i + ringLength) % ringLength);
      if (this.#idHighs[slot] === idHigh && (this.#sentMs[slot] as number) >= 0)
        return this.#sentMs[slot] as number;
    }
    return null;
  }
}
