/**
 * Reads a capture as its bytes arrive, holding no more than one record. The format is known from the first four bytes.
 */
import { concatBytes } from '../../base/bytes.ts';
import { escapeText } from '../../base/escape.ts';
import type { CapturedFrame, CaptureFormat } from './capture-format.ts';
import { ClassicPcap, isClassicPcap } from './classic-pcap.ts';
import { pcapError } from './errors.ts';
import { Pcapng, sectionHeaderBlock } from './pcapng.ts';

/**
 * The machine: {@link push} every piece, then {@link end}. After an error it is of no more use; every frame before it
 * was whole.
 */
export class CaptureParser {
  readonly #name: string;
  #format: CaptureFormat | null = null;
  #held: Uint8Array = new Uint8Array(0);
  /** Where the held bytes begin in the file. */
  #offset = 0;
  /** Bytes of a block that nobody wants, yet to come. */
  #skip = 0;
  #frames = 0;

  /** @param name - of the file, for messages */
  constructor(name: string) {
    this.#name = name;
  }

  /**
   * The frames that are whole now.
   *
   * @param piece - borrowed until the last frame was taken
   * @throws PCAP_FORMAT_UNKNOWN, PCAP_LINK_TYPE_UNKNOWN, PCAP_DAMAGED
   */
  *push(piece: Uint8Array): Generator<CapturedFrame, void, undefined> {
    const bytes = this.#held.length === 0 ? piece : concatBytes(this.#held, piece);
    const end = bytes.length;
    let at = this.#skipped(0, end);
    while (this.#skip === 0) {
      this.#format ??= this.#recognise(bytes, at, end);
      const block = this.#format?.take(bytes, at, end, this.#offset + at) ?? null;
      if (block === null) break;
      if (block.frame !== null) yield { number: ++this.#frames, ...block.frame };
      this.#skip = block.length;
      at = this.#skipped(at, end);
    }
    this.#held = bytes.slice(at);
    this.#offset += at;
  }

  /** The file ends here. @throws PCAP_TRUNCATED, PCAP_FORMAT_UNKNOWN */
  end(): void {
    if (this.#format === null) throw this.#unknown();
    if (this.#held.length === 0 && this.#skip === 0) return;
    throw pcapError(
      'PCAP_TRUNCATED',
      `${escapeText(this.#name, 4096)} ends in the middle of a record, after ${this.#frames} frames`,
      { remedy: 'end a capture with Ctrl-C, not kill -9; tcpdump -U writes every packet at once' },
    );
  }

  /** Advances over what is to be skipped, as far as it is there. */
  #skipped(at: number, end: number): number {
    const step = Math.min(this.#skip, end - at);
    this.#skip -= step;
    return at + step;
  }

  #recognise(bytes: Uint8Array, start: number, end: number): CaptureFormat | null {
    if (end - start < 4) return null;
    const magic = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(start);
    if (isClassicPcap(magic)) return new ClassicPcap(magic, this.#name);
    if (magic === sectionHeaderBlock) return new Pcapng(this.#name);
    throw this.#unknown();
  }

  #unknown(): Error {
    return pcapError(
      'PCAP_FORMAT_UNKNOWN',
      `${escapeText(this.#name, 4096)} is neither a pcap nor a pcapng file`,
      { remedy: 'make one with tcpdump -w FILE, or convert what you have: editcap -F pcap IN OUT' },
    );
  }
}
