/** Messages in packets that are still sealed: HELLOs, whose tails are encrypted once more, and the recorded sessions. */
import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { capturedRecords, hex, loadVectors } from '../../../test/vectors/load.ts';
import { ByteWriter, concatBytes } from '../../base/bytes.ts';
import { formatAddress } from '../../base/ids.ts';
import { PeerKeys } from '../../crypto/peer-keys.ts';
import { nodeProvider } from '../../io/crypto/node-provider.ts';
import { isDrop } from '../codec.ts';
import { parseIdentity, parseSecretIdentity } from '../identity.ts';
import { decompressPacket } from '../packet/compression.ts';
import { fragmentHeaderLength, fragmentIndexAt } from '../packet/fragment.ts';
import {
  classify,
  destinationAt,
  headerLength,
  isCompressedAt,
  isFragmentedAt,
  packetIdAt,
  packetLengthMax,
  sourceAt,
  verbAt,
} from '../packet/header.ts';
import { cryptHelloTail } from '../packet/hello-tail.ts';
import { openPacket } from '../packet/seal.ts';
import { decodeMessage, encodeMessage, verbName, verbNumbers, type Message } from './index.ts';

describe('captured HELLOs', () => {
  const folder = new URL('../../../test/vectors/captures/identities/', import.meta.url);
  const nodes = new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.secret'))
      .map((file) => parseSecretIdentity(readFileSync(new URL(file, folder), 'latin1'))!)
      .map((secret) => [formatAddress(secret.identity.address), secret]),
  );

  it('are decoded when their tails are, and written back', () => {
    const records = capturedRecords().filter(({ verb }) => verb === 'HELLO');
    let moons = 0;
    for (const record of records) {
      const keys = PeerKeys.agree(
        nodeProvider(),
        nodes.get(record.src)!.secretKey,
        nodes.get(record.dst)!.identity.publicKey,
      )!;
      const packet = concatBytes(hex(record.id), new Uint8Array(20), hex(record.payload!));
      expect(cryptHelloTail(keys, packet, 0, packet.length)).toBeNull();
      const payload = packet.subarray(headerLength);
      const message = decodeMessage(verbNumbers.HELLO, payload);
      if (isDrop(message) || message.name !== 'HELLO') return expect.fail(`frame ${record.frame}`);
      expect(formatAddress(message.value.identity.address)).toBe(record.src);
      expect(message.value.planet?.id).toBeGreaterThan(0n);
      expect(message.trailing).toHaveLength(0);
      expect(written(message)).toEqual(payload);
      moons += message.value.moons?.length ?? -1;
    }
    expect(records.length).toBeGreaterThan(10);
    expect(moons).toBeGreaterThanOrEqual(0);
  });
});

describe.each(['session.json', 'session-ratelimited.json'])('the packets of %s', (file) => {
  interface Session {
    readonly nodes: Readonly<Record<string, { readonly identity_secret: string }>>;
    readonly packets: readonly { readonly seq: number; readonly datagram: string }[];
  }
  const session = loadVectors<Session>(file);
  const nodes = Object.values(session.nodes).map(({ identity_secret: text }) => ({
    secret: parseSecretIdentity(text)!,
    identity: parseIdentity(text.split(':').slice(0, 3).join(':'))!,
  }));

  it('are decoded and written back', () => {
    const seen = new Map<string, number>();
    for (const packet of wholePackets(session.packets.map(({ datagram }) => hex(datagram)))) {
      const me = nodes.find(({ identity }) => identity.address === sourceAt(packet, 0));
      const peer = nodes.find(({ identity }) => identity.address === destinationAt(packet, 0));
      const keys = PeerKeys.agree(nodeProvider(), me!.secret.secretKey, peer!.identity.publicKey)!;
      const payload = opened(keys, packet);
      const message = decodeMessage(verbAt(packet, 0), payload);
      if (isDrop(message)) return expect.fail(`${verbName(verbAt(packet, 0))}: ${message}`);
      expect(written(message)).toEqual(payload);
      expect(message.trailing).toHaveLength(0);
      seen.set(message.name, (seen.get(message.name) ?? 0) + 1);
    }
    expect([...seen.keys()]).toEqual(expect.arrayContaining(['HELLO', 'OK', 'WHOIS']));
    if (file === 'session.json')
      expect([...seen.keys()]).toEqual(expect.arrayContaining(['RENDEZVOUS', 'USER_MESSAGE']));
  });
});

function written(message: Message): Uint8Array {
  const writer = new ByteWriter(new Uint8Array(packetLengthMax));
  encodeMessage(writer, message);
  return writer.bytes.slice(0, writer.offset);
}

/** Packets, put together from their pieces; what is no packet is left out, and relayed copies are there again. */
function wholePackets(datagrams: readonly Uint8Array[]): Uint8Array[] {
  const ofKind = (kind: string): Uint8Array[] =>
    datagrams.filter((datagram) => classify(datagram, 0, datagram.length) === kind);
  return ofKind('packet').map((head) => {
    if (!isFragmentedAt(head, 0)) return head;
    // A relayed packet has its pieces twice.
    const pieces = new Map(
      ofKind('fragment')
        .filter((piece) => packetIdAt(piece, 0) === packetIdAt(head, 0))
        .map((piece) => [fragmentIndexAt(piece, 0), piece.subarray(fragmentHeaderLength)]),
    );
    const indexes = [...pieces.keys()].sort((a, b) => a - b);
    return concatBytes(head, ...indexes.map((index) => pieces.get(index)!));
  });
}

/** The payload of a sealed packet. */
function opened(keys: PeerKeys, packet: Uint8Array): Uint8Array {
  expect(openPacket(keys, packet, 0, packet.length)).toBeNull();
  if (verbAt(packet, 0) === verbNumbers.HELLO)
    expect(cryptHelloTail(keys, packet, 0, packet.length)).toBeNull();
  if (!isCompressedAt(packet, 0)) return packet.subarray(headerLength);
  const out = new Uint8Array(packetLengthMax);
  const end = decompressPacket(packet, 0, packet.length, out, 0);
  if (typeof end !== 'number') throw new Error(end);
  return out.subarray(headerLength, end);
}
