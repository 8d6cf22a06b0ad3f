import { describe, expect, it } from 'vitest';

import { toHex } from '../../base/bytes.ts';
import { formatU64 } from '../../base/ids.ts';
import { nodeProvider } from '../../io/crypto/node-provider.ts';
import { capturedRecords, hex } from '../../../test/vectors/load.ts';
import {
  capturedRecording,
  Keyring,
  sessionRecording,
  type Recording,
} from '../../../test/vectors/datagrams.ts';
import { compressPacket, decompressPacket, needsDecompression } from './compression.ts';
import { pieceLength, splitPacket } from './fragment.ts';
import {
  cipherSuiteAt,
  classify,
  destinationAt,
  hopsAt,
  isCompressedAt,
  isFragmentedAt,
  packetIdAt,
  packetLengthMax,
  sourceAt,
  verbAt,
} from './header.ts';
import { cryptHelloTail } from './hello-tail.ts';
import { Reassembler } from './reassembly.ts';
import { openPacket, sealPacket, type CipherSuite } from './seal.ts';

const provider = nodeProvider();

interface Arrived {
  /** Of the datagram that completed it. */
  readonly number: number;
  readonly pieces: readonly Uint8Array[];
  readonly packet: Uint8Array;
}

/** Every packet of a recording as it arrived: whole, or put together. What is no packet is left out. */
function packetsOf(recording: Recording): Arrived[] {
  const reassembler = new Reassembler<Uint8Array>();
  const arrived: Arrived[] = [];
  for (const { number, bytes } of recording.datagrams) {
    const kind = classify(bytes, 0, bytes.length);
    if (kind === 'packet' && !isFragmentedAt(bytes, 0))
      arrived.push({ number, pieces: [bytes], packet: bytes });
    else if (kind === 'packet' || kind === 'fragment') {
      const result =
        kind === 'packet'
          ? reassembler.addHead(0, bytes, 0, bytes.length, bytes)
          : reassembler.addFragment(0, bytes, 0, bytes.length);
      if (result === 'incomplete') continue;
      expect(result, `${number}`).toBe('complete');
      const packet = reassembler.bytes.slice(reassembler.start, reassembler.end);
      arrived.push({ number, pieces: [reassembler.origin!, bytes], packet });
    } else expect(bytes.length, `${number} is the junk that opens a NAT`).toBe(4);
  }
  return arrived;
}

/** Opens, decompresses and decrypts the tail. */
function plainOf(keyring: Keyring, packet: Uint8Array): { opened: Uint8Array; plain: Uint8Array } {
  const opened = packet.slice();
  const keys = keyring.between(destinationAt(packet, 0), sourceAt(packet, 0));
  expect(openPacket(keys, opened, 0, opened.length)).toBeNull();
  const out = new Uint8Array(packetLengthMax);
  const end = decompressPacket(opened, 0, opened.length, out, 0);
  if (typeof end === 'string') expect.fail(end);
  return { opened, plain: out.slice(0, end) };
}

describe('the packets of flow.pcap', () => {
  const recording = capturedRecording();
  const keyring = new Keyring(provider, recording.secrets);
  const arrived = packetsOf(recording);
  const records = new Map(
    capturedRecords()
      .filter((record) => record.payload !== undefined)
      .map((record) => [record.frame, record]),
  );

  it('are opened to what an independent decoder found', () => {
    expect(arrived.map(({ number }) => number)).toEqual([...records.keys()]);
    for (const { number, packet } of arrived) {
      const { plain } = plainOf(keyring, packet);
      expect(toHex(plain.subarray(28)), `frame ${number}`).toBe(records.get(number)!.payload);
    }
  });

  it('are sealed again to the bytes of the capture', () => {
    for (const { number, packet } of arrived) {
      const { opened } = plainOf(keyring, packet);
      const { originalId } = records.get(number)!;
      if (typeof originalId === 'string') opened.set(hex(originalId));
      opened.fill(0, 19, 27);
      const keys = keyring.between(sourceAt(packet, 0), destinationAt(packet, 0));
      sealPacket(keys, opened, 0, opened.length, cipherSuiteAt(packet, 0) as CipherSuite);
      expect(toHex(opened), `frame ${number}`).toBe(toHex(packet));
    }
  });

  it('that were compressed are compressed to the same bytes', () => {
    let compressed = 0;
    for (const { number, packet } of arrived) {
      const { opened, plain } = plainOf(keyring, packet);
      if (!needsDecompression(opened, 0)) continue;
      compressed++;
      const end = compressPacket(plain, 0, plain.length);
      expect(toHex(plain.subarray(0, end)), `frame ${number}`).toBe(toHex(opened));
    }
    expect(compressed).toBe(66);
  });

  it('that came in pieces are cut into the same pieces', () => {
    let cut = 0;
    for (const { pieces, packet } of arrived) {
      if (pieces.length === 1) continue;
      cut++;
      const arena = new Uint8Array(packetLengthMax);
      arena.set(packet);
      const length = pieceLength(packet.length, 1_432, 'full');
      const end = splitPacket(arena, 0, packet.length, length);
      expect(toHex(arena.subarray(0, end))).toBe(pieces.map(toHex).join(''));
    }
    expect(cut).toBeGreaterThan(3);
  });
});

describe.each(['session.json', 'session-ratelimited.json'])('the packets of %s', (file) => {
  const recording = sessionRecording(file);
  const keyring = new Keyring(provider, recording.secrets);
  const arrived = packetsOf(recording);

  it('are all opened, and so are the tails of their HELLOs', () => {
    expect(arrived.length).toBeGreaterThan(100);
    const hops = new Set<number>();
    for (const { number, packet } of arrived) {
      const { opened, plain } = plainOf(keyring, packet);
      hops.add(hopsAt(packet, 0));
      expect(isCompressedAt(plain, 0), `${number}`).toBe(false);
      if (cipherSuiteAt(packet, 0) !== 0) continue;
      expect(verbAt(opened, 0), `${number}`).toBe(1);
      const keys = keyring.between(destinationAt(packet, 0), sourceAt(packet, 0));
      expect(cryptHelloTail(keys, plain, 0, plain.length), `${number}`).toBeNull();
      // A count, then a type (127), an ID and a time for each moon.
      const tail = plain.subarray(135);
      const moons = tail[0]! * 256 + tail[1]!;
      expect(tail.length, `${number}`).toBe(2 + 17 * moons);
      if (moons > 0) expect(tail[2], `${number}`).toBe(127);
    }
    expect(hops).toEqual(new Set([0, 1]));
  });

  it('have an ID of their own each, relayed ones apart', () => {
    const ids = arrived
      .filter(({ packet }) => hopsAt(packet, 0) === 0)
      .map(({ packet }) => formatU64(packetIdAt(packet, 0)));
    expect(new Set(ids).size).toBe(ids.length);
  });
});
