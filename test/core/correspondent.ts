/**
 * Somebody who talks to a node, packet by packet: seals what a test says and reads what the node answers. No machine of
 * ours is in it, so that it can also say what none would say.
 */
import { ByteWriter } from '../../src/base/bytes.ts';
import type { Address, PacketId } from '../../src/base/ids.ts';
import { PeerKeys } from '../../src/crypto/peer-keys.ts';
import { isDrop } from '../../src/wire/codec.ts';
import type { SecretIdentity } from '../../src/wire/identity.ts';
import { cryptHelloTail } from '../../src/wire/packet/hello-tail.ts';
import { decompressPacket } from '../../src/wire/packet/compression.ts';
import {
  cipherSuiteAt,
  classify,
  destinationAt,
  headerLength,
  hopsAt,
  packetIdAt,
  packetLengthMax,
  verbAt,
  writeHeader,
} from '../../src/wire/packet/header.ts';
import { openPacket, sealPacket, type CipherSuite } from '../../src/wire/packet/seal.ts';
import type { Hello } from '../../src/wire/verbs/hello.ts';
import {
  decodeMessage,
  encodeMessage,
  messageOf,
  type Message,
} from '../../src/wire/verbs/index.ts';
import { ip, provider, type Host, type SmallWorld } from './small-world.ts';

/** What a node sent to a correspondent. */
export interface Received {
  readonly suite: number;
  readonly hops: number;
  readonly packetId: PacketId;
  readonly message: Message;
}

let nextId = 0x1234_5678_0000_0000n;

/** See the head of this file. */
export class Correspondent {
  readonly identity: SecretIdentity;
  readonly at: string;
  readonly #world: SmallWorld;
  readonly #host: Host;
  readonly keys: PeerKeys;

  /** @param at - its address: nobody else's in the world */
  constructor(world: SmallWorld, host: Host, identity: SecretIdentity, at: string) {
    this.identity = identity;
    this.at = at;
    this.#world = world;
    this.#host = host;
    const theirs = host.identity.identity.publicKey;
    this.keys = PeerKeys.agree(provider, identity.secretKey, theirs)!;
  }

  get address(): Address {
    return this.identity.identity.address;
  }

  /** A sealed packet to the node. */
  seal(
    message: Message,
    suite: CipherSuite = 1,
    change?: (packet: Uint8Array) => void,
  ): Uint8Array {
    const bytes = new Uint8Array(packetLengthMax);
    writeHeader(bytes, 0, {
      packetId: (nextId += 0x1_0000_0001n) as PacketId,
      destination: this.#host.identity.identity.address,
      source: this.address,
      verb: message.verb,
    });
    const writer = new ByteWriter(bytes, headerLength);
    encodeMessage(writer, message);
    const packet = bytes.slice(0, writer.offset);
    if (message.name === 'HELLO') cryptHelloTail(this.keys, packet, 0, packet.length);
    sealPacket(this.keys, packet, 0, packet.length, suite);
    change?.(packet);
    return packet;
  }

  /** Sends a message to the node. @returns its packet ID */
  say(message: Message, suite: CipherSuite = 1, from = this.at): PacketId {
    const packet = this.seal(message, suite);
    this.#world.inject(this.#host, from, packet);
    return packetIdAt(packet, 0);
  }

  /** A HELLO of its own. */
  hello(changes: Partial<Hello> = {}): Message {
    return messageOf('HELLO', {
      version: { protocol: 12, major: 1, minor: 14, revision: 1 },
      timestamp: BigInt(Math.trunc(this.#world.now.wallMs)),
      identity: this.identity.identity,
      sentTo: ip('198.51.100.1/9993'),
      planet: { id: 77n, timestamp: 1_000n },
      moons: [],
      ...changes,
    });
  }

  /** Greets, and answers the node's own HELLO: the node then has a path to it. */
  meet(): void {
    this.say(this.hello(), 0);
    this.#world.run(50);
    for (const received of this.#helloes()) this.ok(received);
  }

  /** Answers a HELLO of the node. */
  ok({ message, packetId }: Received): void {
    if (message.name !== 'HELLO') throw new Error('not a HELLO');
    const value = {
      timestamp: message.value.timestamp,
      version: { protocol: 12, major: 1, minor: 14, revision: 1 },
      seenAt: null,
      worlds: null,
    };
    this.say(
      messageOf('OK', { inReVerb: 1, inRePacketId: packetId, body: { kind: 'hello', value } }),
    );
  }

  #helloes(): Received[] {
    return this.received().filter(({ message }) => message.name === 'HELLO');
  }

  /** What the node has sent to its address, opened. @param from - of the world's log of bytes */
  received(from = 0): Received[] {
    return this.#world.sentTo(this.at, from).flatMap((sent) => {
      if (classify(sent, 0, sent.length) !== 'packet') return [];
      if (destinationAt(sent, 0) !== this.address) return [];
      const opened = sent.slice();
      const reason = openPacket(this.keys, opened, 0, opened.length);
      if (reason !== null) throw new Error(reason);
      const out = new Uint8Array(packetLengthMax);
      const end = decompressPacket(opened, 0, opened.length, out, 0);
      if (typeof end === 'string') throw new Error(end);
      const verb = verbAt(out, 0);
      if (verb === 1) cryptHelloTail(this.keys, out, 0, end);
      const message = decodeMessage(verb, out.subarray(headerLength, end));
      if (isDrop(message)) throw new Error(message);
      const suite = cipherSuiteAt(sent, 0);
      return [{ suite, hops: hopsAt(sent, 0), packetId: packetIdAt(sent, 0), message }];
    });
  }
}
