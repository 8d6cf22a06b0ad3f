/** What `bench/wire.ts` works on. */
import { hash } from 'node:crypto';

import type { Address, PacketId } from '../src/base/ids.ts';
import { packetBatch, type PacketBatch } from '../src/wire/packet/batch.ts';
import { headerLength, writeHeader } from '../src/wire/packet/header.ts';

/** Packets in a batch: together they stay in the second-level cache. */
export const batchCount = 32;

/** Sealable packets from one peer to another, with noise as payload. @param size - bytes of it */
export function batchOf(size: number, fragmented = false): PacketBatch {
  const length = headerLength + size;
  const batch = packetBatch(new Uint8Array(batchCount * length), batchCount);
  for (let i = 0; i < batchCount; i++) {
    const start = i * length;
    batch.starts[i] = start;
    batch.ends[i] = start + length;
    batch.bytes.set(noise(size, i), start + headerLength);
    writeHeader(batch.bytes, start, {
      packetId: BigInt(i * 0x9e37_79b9) as PacketId,
      destination: 0x75a7e56dfd as Address,
      source: 0x8e4df28b72 as Address,
      verb: 6,
      fragmented,
    });
  }
  batch.count = batchCount;
  return batch;
}

function noise(size: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 64)
    bytes.set(hash('sha512', `${seed} ${at}`, 'buffer').subarray(0, size - at), at);
  return bytes;
}

/** Bytes of which half repeat what was there before. */
export function compressible(size: number): Uint8Array {
  const bytes = noise(size, 1);
  for (let at = 64; at + 40 < size; at += 80) bytes.copyWithin(at, at >> 1, (at >> 1) + 40);
  return bytes;
}
