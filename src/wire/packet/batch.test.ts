import { describe, expect, it } from 'vitest';

import { toHex } from '../../base/bytes.ts';
import { PeerKeys } from '../../crypto/peer-keys.ts';
import { nodeProvider } from '../../io/crypto/node-provider.ts';
import { hex, loadVectors } from '../../../test/vectors/load.ts';
import { openBatch, packetBatch, sealBatch, type PacketBatch, type Verdict } from './batch.ts';
import type { CipherSuite } from './seal.ts';

interface Vector {
  readonly key48: string;
  readonly cipher: CipherSuite;
  readonly plaintext_packet: string;
  readonly armored_packet: string;
  readonly corrupt_packet: string;
}

const vectors = loadVectors<Vector[]>('armored-packets.json');
const provider = nodeProvider();
const keys = vectors.map((vector) => PeerKeys.fromShared(provider, hex(vector.key48)));

/** All packets in one arena, a few bytes apart. */
function batchOf(packets: readonly string[]): PacketBatch {
  const batch = packetBatch(new Uint8Array(packets.join('').length), packets.length);
  let at = 3;
  for (const text of packets) {
    const packet = hex(text);
    batch.bytes.set(packet, at);
    batch.starts[batch.count] = at;
    at += packet.length;
    batch.ends[batch.count++] = at;
    at += 5;
  }
  return batch;
}

function packetsOf(batch: PacketBatch): string[] {
  return Array.from({ length: batch.count }, (_, i) =>
    toHex(batch.bytes.subarray(batch.starts[i], batch.ends[i])),
  );
}

describe('a batch of packets', () => {
  it('is sealed to what each packet is sealed to', () => {
    const batch = batchOf(vectors.map((vector) => vector.plaintext_packet));
    sealBatch(
      batch,
      (index) => keys[index]!,
      (index) => vectors[index]!.cipher,
    );
    expect(packetsOf(batch)).toEqual(vectors.map((vector) => vector.armored_packet));
  });

  it('is opened with a verdict for each, and one that is refused spoils no other', () => {
    const sealed = vectors.map(({ armored_packet, corrupt_packet }, i) =>
      i % 3 === 1 ? corrupt_packet : armored_packet,
    );
    const batch = batchOf(sealed);
    const verdicts: Verdict[] = [];
    const opened = openBatch(batch, (index) => (index % 3 === 2 ? null : keys[index]!), verdicts);
    expect(verdicts).toEqual(
      vectors.map((_, i) => (['opened', 'mac-mismatch', 'no-keys'] as const)[i % 3]),
    );
    expect(opened).toBe(verdicts.filter((verdict) => verdict === 'opened').length);
    for (const [i, packet] of packetsOf(batch).entries()) {
      if (i % 3 === 0) expect(packet.slice(54)).toBe(vectors[i]!.plaintext_packet.slice(54));
      if (i % 3 === 2) expect(packet).toBe(sealed[i]);
    }
  });

  it('without packets does nothing', () => {
    const batch = packetBatch(new Uint8Array(10), 4);
    const fail = (): never => {
      throw new Error('asked');
    };
    expect(openBatch(batch, fail, [])).toBe(0);
    sealBatch(batch, fail, fail);
    expect(batch.bytes).toEqual(new Uint8Array(10));
  });
});
