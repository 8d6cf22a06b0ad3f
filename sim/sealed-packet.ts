/** A packet as its sender seals it: for those who say what no node of ours would. */
import { ByteWriter } from '../src/base/bytes.ts';
import type { Address, PacketId } from '../src/base/ids.ts';
import type { PeerKeys } from '../src/crypto/peer-keys.ts';
import { headerLength, writeHeader } from '../src/wire/packet/header.ts';
import { cryptHelloTail } from '../src/wire/packet/hello-tail.ts';
import { sealPacket, type CipherSuite } from '../src/wire/packet/seal.ts';
import { encodeMessage, type Message } from '../src/wire/verbs/index.ts';

/** What is in a packet, and around it. */
export interface PacketContent {
  readonly packetId: PacketId;
  readonly source: Address;
  readonly destination: Address;
  readonly message: Message;
  readonly suite: CipherSuite;
}

/** Seals a message with keys, whoever's they are. @returns bytes of its own */
export function sealedPacket(keys: PeerKeys, content: PacketContent): Uint8Array {
  const { message, suite, packetId, source, destination } = content;
  const writer = new ByteWriter(new Uint8Array(1_432), headerLength);
  encodeMessage(writer, message);
  const bytes = writer.bytes.slice(0, writer.offset);
  writeHeader(bytes, 0, { packetId, destination, source, verb: message.verb });
  if (message.name === 'HELLO') cryptHelloTail(keys, bytes, 0, bytes.length);
  sealPacket(keys, bytes, 0, bytes.length, suite);
  return bytes;
}
