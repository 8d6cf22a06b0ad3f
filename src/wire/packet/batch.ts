/**
 * Many packets in one arena, opened or sealed in one call: what one system call received, or is to send.
 *
 * Nothing is allocated: the lists are the caller's and are used again.
 */
import type { PeerKeys } from '../../crypto/peer-keys.ts';
import type { DropReason } from '../drop-reason.ts';
import { openPacket, sealPacket, type CipherSuite } from './seal.ts';

/** Packets that lie in one buffer, anywhere in it, without overlap. */
export interface PacketBatch {
  readonly bytes: Uint8Array;
  /** Where each packet starts; only the first `count` are used, as in the other lists. */
  readonly starts: Int32Array;
  /** Where each ends. */
  readonly ends: Int32Array;
  count: number;
}

/** What became of a packet: `no-keys` was left as it is, for its sender to be asked for. */
export type Verdict = 'opened' | 'no-keys' | DropReason;

/** An empty batch. @param bytes - kept. @param countMax - packets it can list */
export function packetBatch(bytes: Uint8Array, countMax: number): PacketBatch {
  return { bytes, starts: new Int32Array(countMax), ends: new Int32Array(countMax), count: 0 };
}

/**
 * Opens every packet in place.
 *
 * @param keysOf - the keys of the sender of a packet, by its number in the batch; null when there are none yet
 * @param verdicts - written in [0, count)
 * @returns how many were opened
 */
export function openBatch(
  batch: PacketBatch,
  keysOf: (index: number) => PeerKeys | null,
  verdicts: Verdict[],
): number {
  let opened = 0;
  for (let index = 0; index < batch.count; index++) {
    const keys = keysOf(index);
    const verdict = keys === null ? 'no-keys' : open(keys, batch, index);
    verdicts[index] = verdict;
    if (verdict === 'opened') opened++;
  }
  return opened;
}

/**
 * Seals every packet in place; see {@link sealPacket}.
 *
 * @param keysOf - the keys of the receiver of a packet, by its number in the batch
 * @param suiteOf - what its receiver understands
 */
export function sealBatch(
  batch: PacketBatch,
  keysOf: (index: number) => PeerKeys,
  suiteOf: (index: number) => CipherSuite,
): void {
  for (let index = 0; index < batch.count; index++)
    sealPacket(
      keysOf(index),
      batch.bytes,
      batch.starts[index] as number,
      batch.ends[index] as number,
      suiteOf(index),
    );
}

function open(keys: PeerKeys, batch: PacketBatch, index: number): Verdict {
  const start = batch.starts[index] as number;
  return openPacket(keys, batch.bytes, start, batch.ends[index] as number) ?? 'opened';
}
