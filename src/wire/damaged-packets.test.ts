import { describe, expect, it } from 'vitest';

import { ByteWriter } from '../base/bytes.ts';
import { damaged } from '../../test/damage.ts';
import { opensslProvider } from '../io/crypto/index.ts';
import {
  capturedRecording,
  Keyring,
  sessionRecording,
  type Recording,
} from '../../test/vectors/datagrams.ts';
import { isDrop } from './codec.ts';
import { dropReasons } from './drop-reason.ts';
import { decompressPacket } from './packet/compression.ts';
import {
  classify,
  destinationAt,
  headerLength,
  isFragmentedAt,
  packetLengthMax,
  sourceAt,
  verbAt,
} from './packet/header.ts';
import { cryptHelloTail } from './packet/hello-tail.ts';
import { openPacket } from './packet/seal.ts';
import { Reassembler } from './packet/reassembly.ts';
import { decodeMessage, describeMessage, encodeMessage, verbNumbers } from './verbs/index.ts';

const provider = opensslProvider();
const recordings: readonly [string, Recording][] = [
  ['flow.pcap', capturedRecording()],
  ['session.json', sessionRecording('session.json')],
  ['session-ratelimited.json', sessionRecording('session-ratelimited.json')],
];

/** Every whole packet of a recording, and the datagrams that are pieces of one. */
function packetsOf({ datagrams }: Recording): { packets: Uint8Array[]; pieces: Uint8Array[] } {
  const reassembler = new Reassembler<null>();
  const packets: Uint8Array[] = [];
  const pieces: Uint8Array[] = [];
  for (const { bytes } of datagrams) {
    const kind = classify(bytes, 0, bytes.length);
    if (kind === 'packet' && !isFragmentedAt(bytes, 0)) packets.push(bytes);
    else if (kind === 'packet' || kind === 'fragment') {
      pieces.push(bytes);
      const result =
        kind === 'packet'
          ? reassembler.addHead(0, bytes, 0, bytes.length, null)
          : reassembler.addFragment(0, bytes, 0, bytes.length);
      if (result === 'complete')
        packets.push(reassembler.bytes.slice(reassembler.start, reassembler.end));
    }
  }
  return { packets, pieces };
}

/** Every different thing once: pings repeat, and what they are is in their first bytes. */
function distinct(items: readonly { verb: number; payload: Uint8Array }[]): typeof items {
  const seen = new Map<string, (typeof items)[number]>();
  for (const item of items) seen.set(`${item.verb} ${item.payload.join()}`, item);
  return [...seen.values()];
}

describe.each(recordings)('every truncation and every flipped bit of %s', (_, recording) => {
  const keyring = new Keyring(provider, recording.secrets);
  const { packets, pieces } = packetsOf(recording);
  const out = new Uint8Array(packetLengthMax);

  it('of a packet is refused, but for a flipped hop', { timeout: 120_000 }, () => {
    let opened = 0;
    for (const packet of packets) {
      const keys = keyring.between(destinationAt(packet, 0), sourceAt(packet, 0));
      for (const bytes of damaged(packet)) {
        const kind = classify(bytes, 0, bytes.length);
        if (kind !== 'packet') {
          expect(kind === 'fragment' || kind === 'beacon' || Object.hasOwn(dropReasons, kind)).toBe(
            true,
          );
          continue;
        }
        const problem = openPacket(keys, bytes, 0, bytes.length);
        if (problem === null) opened++;
        else if (!Object.hasOwn(dropReasons, problem)) expect.fail(problem);
      }
    }
    expect(opened).toBe(3 * packets.length);
  });

  it('of a piece gives a packet, waits, or has a name', { timeout: 120_000 }, () => {
    expect(pieces.length).toBeGreaterThan(0);
    const reassembler = new Reassembler<null>();
    for (const piece of pieces)
      for (const bytes of damaged(piece)) {
        const kind = classify(bytes, 0, bytes.length);
        if (kind !== 'packet' && kind !== 'fragment') continue;
        if (kind === 'packet' && !isFragmentedAt(bytes, 0)) continue;
        const result =
          kind === 'packet'
            ? reassembler.addHead(0, bytes, 0, bytes.length, null)
            : reassembler.addFragment(0, bytes, 0, bytes.length);
        if (result !== 'complete' && result !== 'incomplete')
          expect(Object.hasOwn(dropReasons, result), result).toBe(true);
      }
  });

  it('of what is in a packet is a message or has a name', { timeout: 120_000 }, () => {
    const messages = packets.map((packet) => {
      const plain = packet.slice();
      const keys = keyring.between(destinationAt(packet, 0), sourceAt(packet, 0));
      expect(openPacket(keys, plain, 0, plain.length)).toBeNull();
      const verb = verbAt(plain, 0);
      if (verb === verbNumbers.HELLO)
        expect(cryptHelloTail(keys, plain, 0, plain.length)).toBeNull();
      const end = decompressPacket(plain, 0, plain.length, out, 0);
      return { verb, payload: out.slice(headerLength, end as number) };
    });
    const writer = new ByteWriter(new Uint8Array(packetLengthMax));
    for (const { verb, payload } of distinct(messages))
      for (const bytes of damaged(payload)) {
        const message = decodeMessage(verb, bytes);
        if (isDrop(message)) {
          if (!Object.hasOwn(dropReasons, message)) expect.fail(message);
          continue;
        }
        describeMessage(message);
        writer.seek(0);
        encodeMessage(writer, message);
        if (writer.offset !== bytes.length || !startsWith(writer.bytes, bytes))
          expect.fail(`${describeMessage(message)} is not written as it was read`);
      }
  });
});

function startsWith(whole: Uint8Array, start: Uint8Array): boolean {
  for (let i = 0; i < start.length; i++) if (whole[i] !== start[i]) return false;
  return true;
}
