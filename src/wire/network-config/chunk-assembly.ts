/**
 * Puts the pieces of network configurations together, as they arrive in any order and from anybody.
 *
 * Source: vl2 6.3; `config-chunks.json`. Three texts are put together at once, by update. A piece is tested for its bounds,
 * the type of its signature, whether it was there before, and its signature, in this order; one that is refused leaves no
 * trace. What has arrived is counted as a sum of lengths, so pieces that overlap make an update that never completes; each
 * piece is held against the total that it names itself. A fourth update takes the place of the one whose buffer has
 * accepted the fewest pieces ever.
 *
 * Each method is one mutation. Whatever it returns, the machine goes on with the next piece.
 */
import type { NetworkId } from '../../base/ids.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import { signatureLength } from '../../crypto/signature.ts';
import { dictionaryBytesMax } from '../dictionary.ts';
import type { DropReason } from '../drop-reason.ts';
import { verifyConfigChunk, type ConfigChunk, type SignedConfigChunk } from './config-chunk.ts';

/** Whose configurations are put together. */
export interface ChunkAssemblyOptions {
  readonly provider: CryptoProvider;
  readonly networkId: NetworkId;
  /** 64 bytes, of the network's controller. */
  readonly controllerPublicKey: Uint8Array;
}

/** How a piece came. */
export interface ChunkArrival {
  /** Whether the controller itself sent it. */
  readonly isFromController: boolean;
  /** Of the packet; it stands for the update where the configuration is of the old form. */
  readonly packetId: bigint;
}

/** What became of a piece that was accepted. */
export type ChunkProgress =
  | { readonly kind: 'kept' }
  | {
      readonly kind: 'complete';
      /** To be acknowledged where the text is a configuration and this is not 0 (vl2 6.5). */
      readonly updateId: bigint;
      /** The dictionary, not looked at yet; the receiver's own. */
      readonly text: Uint8Array;
    };

/** What is held of one update. */
export interface PartialUpdate {
  readonly updateId: bigint;
  /** Pieces that were accepted. */
  readonly chunks: number;
  /** The sum of their lengths. */
  readonly bytes: number;
}

/** How many updates are put together at a time. */
export const partialUpdatesMax = 3;
/** The most pieces of one update; 1.14.1 makes at most 50. */
export const chunksMax = 1024;

/** Memory: three texts of 484,519 bytes at most, each taken when its first piece is accepted, given away when complete. */
export class ChunkAssembly {
  readonly #options: ChunkAssemblyOptions;
  readonly #buffers: readonly UpdateBuffer[] = Array.from(
    { length: partialUpdatesMax },
    () => new UpdateBuffer(),
  );

  constructor(options: ChunkAssemblyOptions) {
    this.#options = options;
  }

  /**
   * Takes a piece.
   *
   * @param chunk - borrowed
   * @returns what became of it, or why it was refused: `bad-chunk`, `bad-signature`, `duplicate-fragment`, `too-many`
   */
  accept(chunk: ConfigChunk, arrival: ChunkArrival): ChunkProgress | DropReason {
    if (chunk.networkId !== this.#options.networkId) return 'bad-chunk';
    if (chunk.kind === 'unsigned') {
      if (!arrival.isFromController) return 'bad-signature';
      const { packetId } = arrival;
      return this.#bufferFor(packetId).add(chunk.chunk, 0, chunk.chunk.length, null);
    }
    const reason = this.#refusal(chunk);
    if (reason !== null) return reason;
    const buffer = this.#bufferFor(chunk.updateId);
    return buffer.add(chunk.chunk, chunk.offset, chunk.totalLength, signatureHash(chunk));
  }

  /** What is held, in the order of the buffers: for tests and diagnosis. */
  get partialUpdates(): readonly PartialUpdate[] {
    return this.#buffers.flatMap(({ updateId, chunks, bytes }) =>
      updateId === null ? [] : [{ updateId, chunks, bytes }],
    );
  }

  #refusal(chunk: SignedConfigChunk): DropReason | null {
    const { offset, totalLength, signature } = chunk;
    if (totalLength > dictionaryBytesMax.config) return 'bad-chunk';
    if (offset + chunk.chunk.length > totalLength) return 'bad-chunk';
    if (signature.type !== 1 || signature.bytes.length !== signatureLength) return 'bad-signature';
    const buffer = this.#buffers.find(({ updateId }) => updateId === chunk.updateId);
    if (buffer?.seen.has(signatureHash(chunk)) === true) return 'duplicate-fragment';
    if (buffer !== undefined && buffer.chunks >= chunksMax) return 'too-many';
    const { provider, controllerPublicKey } = this.#options;
    return verifyConfigChunk(provider, controllerPublicKey, chunk) ? null : 'bad-signature';
  }

  #bufferFor(updateId: bigint): UpdateBuffer {
    const found = this.#buffers.find((buffer) => buffer.updateId === updateId);
    if (found !== undefined) return found;
    const leastUsed = this.#buffers.reduce((least, buffer) =>
      buffer.acceptedEver < least.acceptedEver ? buffer : least,
    );
    leastUsed.restart(updateId);
    return leastUsed;
  }
}

const nothing = new Uint8Array(0);

/** One update on its way. */
class UpdateBuffer {
  updateId: bigint | null = null;
  chunks = 0;
  bytes = 0;
  /** Pieces of every update that was here. */
  acceptedEver = 0;
  readonly seen: Set<bigint> = new Set<bigint>();
  #text = nothing;
  #isComplete = false;

  restart(updateId: bigint): void {
    this.updateId = updateId;
    this.chunks = 0;
    this.bytes = 0;
    this.seen.clear();
    this.#text = nothing;
    this.#isComplete = false;
  }

  /** @param hash - of the signature, null where there is none */
  add(chunk: Uint8Array, offset: number, totalLength: number, hash: bigint | null): ChunkProgress {
    if (hash !== null) this.seen.add(hash);
    this.chunks++;
    this.acceptedEver++;
    this.bytes += chunk.length;
    // The text was given away: what comes now is only counted.
    if (this.#isComplete) return { kind: 'kept' };
    this.#grow(totalLength);
    this.#text.set(chunk, offset);
    if (this.bytes !== totalLength) return { kind: 'kept' };
    const text = this.#text.subarray(0, totalLength);
    this.#text = nothing;
    this.#isComplete = true;
    return { kind: 'complete', updateId: this.updateId ?? 0n, text };
  }

  #grow(length: number): void {
    if (length <= this.#text.length) return;
    const grown = new Uint8Array(length);
    grown.set(this.#text);
    this.#text = grown;
  }
}

/** The first 16 bytes of a signature, folded to 8. */
function signatureHash({ signature: { bytes } }: SignedConfigChunk): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return view.getBigUint64(0) ^ view.getBigUint64(8);
}
