/**
 * The packet path without a network: sealing and opening by both providers, with `@noble/ciphers` doing the same as
 * yardstick; compression; pieces; and the validation of identities. All of it in one run, in turns.
 */
import { compressSync, uncompressSync } from 'lz4-napi';

import { toHex } from '../src/base/bytes.ts';
import { addressHash } from '../src/crypto/address-hash.ts';
import { PeerKeys } from '../src/crypto/peer-keys.ts';
import { nodeProvider, opensslProvider } from '../src/io/crypto/index.ts';
import { openBatch, sealBatch, type Verdict } from '../src/wire/packet/batch.ts';
import { pieceLength, splitPacket } from '../src/wire/packet/fragment.ts';
import { headerLength } from '../src/wire/packet/header.ts';
import { compressBlock, decompressBlock } from '../src/wire/packet/lz4.ts';
import { Reassembler } from '../src/wire/packet/reassembly.ts';
import { memoryOf } from './memory.ts';
import { NoblePacketKeys } from './noble-packets.ts';
import { measureInRounds, type Measured, type Subject } from './rounds.ts';
import { batchCount, batchOf, compressible } from './wire-samples.ts';

const payloadSizes = [64, 512, 1_400, 2_800] as const;
const suites = [1, 3] as const;
const operations = ['seal', 'open'] as const;
/** Short visits and many of them: what else the machine does then spoils few. */
const rounds = 21;
const key48 = new Uint8Array(48).map((_, i) => i * 7);

/** A subject whose rows are compared: `yardstick` is what the ratio is to. */
interface Row extends Subject {
  readonly label: string;
  readonly by: string;
  readonly yardstick: boolean;
}

/** Prints the tables. @returns whether all libraries made the same packets */
export function run(): Promise<boolean> {
  const packets = packetRows();
  const blocks = [...blockRows(), ...pieceRows()];
  const hashes = [identityRow()];
  const measured = measureInRounds([...packets, ...blocks], { rounds, visitMs: 8 });
  for (const [name, result] of measureInRounds(hashes, { rounds, visitMs: 1 }))
    measured.set(name, result);

  console.log(`sealing and opening: payload bytes, median of ${rounds} rounds [least, most]`);
  print(packets, measured);
  console.log('\ncompression of bytes that half repeat; pieces of 1432 bytes');
  print(blocks, measured);
  console.log('\nvalidation of an identity');
  print(hashes, measured);

  console.log('\nbytes for each packet of 1400 bytes: allocated, and still there after collection');
  for (const row of packets.filter(({ label, by }) => label.includes(' 1400') && by !== 'noble')) {
    const { allocated, surviving } = memoryOf(row);
    console.log(
      `${row.label.padEnd(18)} ${row.by.padEnd(8)} ${allocated.toFixed(0).padStart(8)} ${surviving.toFixed(2).padStart(8)}`,
    );
  }
  return Promise.resolve(sealedAlike());
}

/** Every combination of suite, operation, size and library. */
function packetRows(): Row[] {
  const rows: Row[] = [];
  const noble = new NoblePacketKeys(nodeProvider(), key48);
  for (const suite of suites)
    for (const operation of operations)
      for (const size of payloadSizes) {
        const label = `suite ${suite} ${operation} ${size}`;
        for (const provider of [opensslProvider(), nodeProvider()]) {
          const keys = PeerKeys.fromShared(provider, key48);
          const batch = batchOf(size);
          const keysOf = (): PeerKeys => keys;
          sealBatch(batch, keysOf, () => suite);
          const sealed = batch.bytes.slice();
          const verdicts: Verdict[] = [];
          rows.push({
            ...row(label, provider.name, false, batchCount),
            prepare: () => {
              batch.bytes.set(sealed);
            },
            run: () => {
              if (operation === 'seal') sealBatch(batch, keysOf, () => suite);
              else if (openBatch(batch, keysOf, verdicts) !== batchCount)
                throw new Error(`refused: ${label}`);
            },
          });
        }
        const batch = batchOf(size);
        for (let i = 0; i < batchCount; i++)
          noble.seal(batch.bytes, batch.starts[i]!, batch.ends[i]!, suite);
        const sealed = batch.bytes.slice();
        rows.push({
          ...row(label, 'noble', true, batchCount),
          prepare: () => {
            batch.bytes.set(sealed);
          },
          run: () => {
            for (let i = 0; i < batchCount; i++) {
              const [start, end] = [batch.starts[i]!, batch.ends[i]!];
              if (operation === 'seal') noble.seal(batch.bytes, start, end, suite);
              else if (!noble.open(batch.bytes, start, end)) throw new Error(`refused: ${label}`);
            }
          },
        });
      }
  return rows;
}

function blockRows(): Row[] {
  return payloadSizes.slice(1).flatMap((size) => {
    const plain = compressible(size);
    const plainBuffer = Buffer.from(plain);
    const room = new Uint8Array(2 * size);
    const packed = compressSync(plainBuffer);
    const block = new Uint8Array(packed.subarray(4));
    return [
      {
        ...row(`compress ${size}`, 'overspan', false, 1),
        run: () => {
          compressBlock(plain, 0, size, room, 0, room.length);
        },
      },
      {
        ...row(`compress ${size}`, 'lz4-napi', true, 1),
        run: () => {
          compressSync(plainBuffer);
        },
      },
      {
        ...row(`decompress ${size}`, 'overspan', false, 1),
        run: () => {
          if (decompressBlock(block, 0, block.length, room, 0, room.length) !== size)
            throw new Error('a block was refused');
        },
      },
      {
        ...row(`decompress ${size}`, 'lz4-napi', true, 1),
        run: () => {
          uncompressSync(packed);
        },
      },
    ].map(repeated);
  });
}

/** Cutting a packet of a full frame, and putting it together again. */
function pieceRows(): Row[] {
  const whole = batchOf(2_800, true).bytes.subarray(0, headerLength + 2_800);
  const arena = new Uint8Array(3_000);
  const length = pieceLength(whole.length, 1_432, 'equal');
  const reassembler = new Reassembler<null>();
  arena.set(whole);
  const end = splitPacket(arena, 0, whole.length, length);
  const pieces = arena.slice(0, end);
  return [
    {
      ...row('cut 2800 in 2', 'overspan', false, 1),
      run: () => {
        splitPacket(arena, 0, whole.length, length);
      },
    },
    {
      ...row('join 2800 of 2', 'overspan', false, 1),
      run: () => {
        reassembler.addHead(0, pieces, 0, length, null);
        if (reassembler.addFragment(0, pieces, length, end) !== 'complete')
          throw new Error('a packet stayed incomplete');
      },
    },
  ].map(repeated);
}

function identityRow(): Row {
  const provider = nodeProvider();
  const publicKey = new Uint8Array(64).fill(9);
  return {
    ...row('address hash', 'overspan', false, 1),
    run: () => {
      addressHash(provider, publicKey);
    },
  };
}

function row(label: string, by: string, yardstick: boolean, count: number): Omit<Row, 'run'> {
  return { name: `${label} ${by}`, label, by, yardstick, count };
}

/** Short things often enough that reading the clock does not count. */
function repeated(once: Row): Row {
  const count = 50;
  return {
    ...once,
    count,
    run: () => {
      for (let i = 0; i < count; i++) once.run();
    },
  };
}

function print(rows: readonly Row[], measured: ReadonlyMap<string, Measured>): void {
  for (const { name, label, by } of rows) {
    const { medianNs, leastNs, mostNs } = measured.get(name)!;
    const yardstick = rows.find((other) => other.yardstick && other.label === label);
    const ratio = medianNs / (measured.get(yardstick?.name ?? name)?.medianNs ?? medianNs);
    console.log(
      `${label.padEnd(18)} ${by.padEnd(8)} ${ns(medianNs).padStart(10)} ns [${ns(leastNs)}, ${ns(mostNs)}]` +
        ` ${perSecond(1e9 / medianNs).padStart(9)}/s` +
        (yardstick === undefined ? '' : `   ×${ratio.toFixed(3)} of ${yardstick.by}`),
    );
  }
}

/** Whether the three make the same bytes of the same packets. */
function sealedAlike(): boolean {
  for (const suite of suites) {
    const made = [opensslProvider(), nodeProvider()].map((provider) => {
      const batch = batchOf(1_400);
      const keys = PeerKeys.fromShared(provider, key48);
      sealBatch(
        batch,
        () => keys,
        () => suite,
      );
      return toHex(batch.bytes);
    });
    const batch = batchOf(1_400);
    const noble = new NoblePacketKeys(nodeProvider(), key48);
    for (let i = 0; i < batchCount; i++)
      noble.seal(batch.bytes, batch.starts[i]!, batch.ends[i]!, suite);
    if (made.every((bytes) => bytes === toHex(batch.bytes))) continue;
    console.log(`suite ${suite}: the libraries do not agree`);
    return false;
  }
  return true;
}

function ns(value: number): string {
  return value < 1e6 ? value.toFixed(0) : `${(value / 1e6).toFixed(2)}e6`;
}

function perSecond(value: number): string {
  return value >= 1e6
    ? `${(value / 1e6).toFixed(2)} M`
    : value >= 1e3
      ? `${(value / 1e3).toFixed(1)} k`
      : value.toFixed(1);
}
