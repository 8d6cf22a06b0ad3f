/** Targets below the messages: packets, their pieces and their compression. Beside throwing, writing where they may not. */
import { equalBytes } from '../../src/base/bytes.ts';
import { PeerKeys } from '../../src/crypto/peer-keys.ts';
import { nodeProvider } from '../../src/io/crypto/node-provider.ts';
import { decompressPacket } from '../../src/wire/packet/compression.ts';
import {
  classify,
  headerLength,
  isFragmentedAt,
  packetLengthMax,
} from '../../src/wire/packet/header.ts';
import { cryptHelloTail } from '../../src/wire/packet/hello-tail.ts';
import { compressBlock, decompressBlock } from '../../src/wire/packet/lz4.ts';
import { Reassembler, reassemblySlots } from '../../src/wire/packet/reassembly.ts';
import { openPacket, sealPacket } from '../../src/wire/packet/seal.ts';
import { packetSeeds } from './corpus.ts';
import { LawBroken, type FuzzTarget } from './target.ts';

const suites = [0, 1, 3] as const;
const guard = 0xa5;
const guardBytes = 16;

let peerKeys: PeerKeys | null = null;
/** Any keys: what is opened was sealed with them, or is refused. */
function keys(): PeerKeys {
  peerKeys ??= PeerKeys.fromShared(nodeProvider(), new Uint8Array(48).fill(7));
  return peerKeys;
}

/** A buffer with guards before and after its room. */
class Guarded {
  readonly bytes: Uint8Array;
  readonly start = guardBytes;
  readonly end: number;

  constructor(length: number) {
    this.bytes = new Uint8Array(length + 2 * guardBytes).fill(guard);
    this.end = guardBytes + length;
  }

  static of(bytes: Uint8Array): Guarded {
    const guarded = new Guarded(bytes.length);
    guarded.bytes.set(bytes, guarded.start);
    return guarded;
  }

  get contents(): Uint8Array {
    return this.bytes.subarray(this.start, this.end);
  }

  check(): void {
    for (let i = 0; i < guardBytes; i++)
      if (this.bytes[i] !== guard || this.bytes[this.end + i] !== guard)
        throw new LawBroken('writes outside of its room');
  }
}

const decompression: FuzzTarget = {
  name: 'decompress-packet',
  seeds: packetSeeds,
  run(bytes) {
    const packet = Guarded.of(bytes);
    const out = new Guarded(packetLengthMax);
    const end = decompressPacket(packet.bytes, packet.start, packet.end, out.bytes, out.start);
    out.check();
    if (!equalBytes(packet.contents, bytes)) throw new LawBroken('changes its input');
    if (typeof end === 'string') return end;
    if (end < out.start + headerLength || end > out.end) throw new LawBroken('ends outside');
    return `${Math.ceil(Math.log2(end))}`;
  },
};

const lz4: FuzzTarget = {
  name: 'lz4-block',
  seeds: () => packetSeeds().map((packet) => packet.subarray(headerLength)),
  run(bytes) {
    const block = Guarded.of(bytes);
    const out = new Guarded(packetLengthMax);
    const end = decompressBlock(block.bytes, block.start, block.end, out.bytes, out.start, out.end);
    out.check();
    // Whatever it was: as plain bytes it is compressed and comes back.
    if (bytes.length === 0) return `${end}`;
    const room = new Guarded(bytes.length + 300);
    const to = compressBlock(block.bytes, block.start, block.end, room.bytes, room.start, room.end);
    room.check();
    const back = new Guarded(bytes.length);
    const backEnd = decompressBlock(room.bytes, room.start, to, back.bytes, back.start, back.end);
    back.check();
    if (backEnd !== back.end || !equalBytes(back.contents, bytes))
      throw new LawBroken('decompresses something else than it compressed');
    return `${end < 0 ? 'refused' : Math.ceil(Math.log2(end))} ${Math.ceil(Math.log2(to))}`;
  },
};

const opening: FuzzTarget = {
  name: 'open-packet',
  seeds: packetSeeds,
  run(bytes) {
    const forged = Guarded.of(bytes);
    const verdict = openPacket(keys(), forged.bytes, forged.start, forged.end);
    forged.check();
    if (bytes.length < headerLength || bytes.length > packetLengthMax) {
      if (verdict !== 'not-a-packet') throw new LawBroken('opens what is no packet');
      return verdict;
    }
    if (verdict === null) throw new LawBroken('opens a forged packet');
    const suite = suites[bytes[0]! % 3]!;
    const packet = Guarded.of(bytes);
    sealPacket(keys(), packet.bytes, packet.start, packet.end, suite);
    packet.check();
    if (openPacket(keys(), packet.bytes, packet.start, packet.end) !== null)
      throw new LawBroken('does not open what it sealed');
    if (!equalBytes(packet.contents.subarray(27), bytes.subarray(27)))
      throw new LawBroken('opens something else than it sealed');
    return `${verdict} ${suite}`;
  },
};

const helloTail: FuzzTarget = {
  name: 'hello-tail',
  seeds: packetSeeds,
  run(bytes) {
    const packet = Guarded.of(bytes);
    const verdict = cryptHelloTail(keys(), packet.bytes, packet.start, packet.end);
    packet.check();
    if (verdict === null) cryptHelloTail(keys(), packet.bytes, packet.start, packet.end);
    if (!equalBytes(packet.contents, bytes)) throw new LawBroken('is not its own inverse');
    return String(verdict);
  },
};

/** The input is a run of datagrams, each after its length in two bytes; time passes with each. */
const reassembly: FuzzTarget = {
  name: 'reassembly',
  seeds: () => [datagrams(packetSeeds().slice(0, 12)), fragmentedPacket()],
  run(bytes) {
    const reassembler = new Reassembler<number>();
    const seen: string[] = [];
    let at = 0;
    for (let now = 0; at + 2 <= bytes.length; now += 100) {
      const length = bytes[at]! * 256 + bytes[at + 1]!;
      const datagram = Guarded.of(bytes.subarray(at + 2, at + 2 + length));
      at += 2 + length;
      const { bytes: buffer, start, end } = datagram;
      const kind = classify(buffer, start, end);
      if (kind !== 'fragment' && (kind !== 'packet' || !isFragmentedAt(buffer, start))) continue;
      const result =
        kind === 'packet'
          ? reassembler.addHead(now, buffer, start, end, now)
          : reassembler.addFragment(now, buffer, start, end);
      datagram.check();
      if (result === 'complete') {
        const packetLength = reassembler.end - reassembler.start;
        if (packetLength < headerLength || packetLength > packetLengthMax)
          throw new LawBroken(`puts together ${packetLength} bytes`);
        if (reassembler.origin === null) throw new LawBroken('has a packet without a head');
      }
      if (reassembler.size > reassemblySlots) throw new LawBroken('holds more than its slots');
      seen.push(result);
    }
    return seen.slice(0, 8).join(' ');
  },
};

/** All of them. */
export const packetTargets: readonly FuzzTarget[] = [
  decompression,
  lz4,
  opening,
  helloTail,
  reassembly,
];

function datagrams(list: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(
    list.flatMap((bytes) => [bytes.length >> 8, bytes.length & 0xff, ...bytes]),
  );
}

/** A head and two more pieces. */
function fragmentedPacket(): Uint8Array {
  const head = new Uint8Array(40).fill(1);
  head[18] = 0x58;
  head[13] = 0x02;
  const piece = (index: number): Uint8Array => {
    const bytes = new Uint8Array(30).fill(1);
    bytes.set([0xff, 0x30 + index, 0], 13);
    return bytes;
  };
  return datagrams([head, piece(2), piece(1)]);
}
