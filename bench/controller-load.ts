/**
 * The members of `bench controller`, in one process in a network namespace: each has an identity and an address of its own,
 * greets the controller, and asks it for configurations, many at a time; then all wait for a push. Its one argument is a
 * {@link LoadOrder}; what it finds it prints as lines of JSON.
 */
import { createSocket, type Socket } from 'node:dgram';
import { createInterface } from 'node:readline';

import { ByteWriter } from '../src/base/bytes.ts';
import { parseNetworkId, type NetworkId, type PacketId } from '../src/base/ids.ts';
import { PeerKeys } from '../src/crypto/peer-keys.ts';
import { chooseProvider } from '../src/io/crypto/index.ts';
import { isDrop } from '../src/wire/codec.ts';
import { parseIdentity, type SecretIdentity } from '../src/wire/identity.ts';
import { parseInetAddress } from '../src/wire/inet-address.ts';
import { usualMetadata } from '../src/wire/network-config/config-request.ts';
import { decompressPacket } from '../src/wire/packet/compression.ts';
import {
  classify,
  headerLength,
  packetIdAt,
  packetLengthMax,
  verbAt,
  writeHeader,
} from '../src/wire/packet/header.ts';
import { cryptHelloTail } from '../src/wire/packet/hello-tail.ts';
import { openPacket, sealPacket, type CipherSuite } from '../src/wire/packet/seal.ts';
import {
  decodeMessage,
  encodeMessage,
  messageOf,
  verbNumbers,
  type Message,
} from '../src/wire/verbs/index.ts';
import { testIdentity } from '../test/vectors/identities.ts';

/** What to do. */
export interface LoadOrder {
  readonly controller: { readonly identity: string; readonly ip: string; readonly port: number };
  readonly planet: { readonly id: string; readonly timestamp: string };
  /** Digits; each member asks for all of them. */
  readonly networks: readonly string[];
  /** Own addresses, one a member. */
  readonly addresses: readonly string[];
  readonly seconds: number;
  readonly inFlight: number;
}

const order = JSON.parse(process.argv[2] ?? '') as LoadOrder;
const provider = chooseProvider({ log: () => undefined });
const controller = parseIdentity(order.controller.identity)!;
const networks = order.networks.map((id) => parseNetworkId(id)!);
/** A controller answers a member once a second for each network. */
const gateNs = 1_100_000_000n;
/** A request without an answer is lost. */
const lostNs = 2_000_000_000n;
const version = { protocol: 12, major: 1, minor: 14, revision: 1 };
let nextId = BigInt(Date.now()) << 20n;

class Member {
  readonly #identity: SecretIdentity;
  readonly #keys: PeerKeys;
  readonly #socket: Socket;
  readonly #scratch = new Uint8Array(packetLengthMax);
  isMet = false;

  constructor(index: number, address: string) {
    this.#identity = testIdentity(50 + index);
    this.#keys = PeerKeys.agree(provider, this.#identity.secretKey, controller.publicKey)!;
    this.#socket = createSocket('udp4').bind(9_993, address);
    this.#socket.on('message', (bytes) => {
      this.#take(bytes);
    });
  }

  greet(): void {
    const { ip, port } = order.controller;
    const hello = messageOf('HELLO', {
      version,
      timestamp: BigInt(Date.now()),
      identity: this.#identity.identity,
      sentTo: parseInetAddress(`${ip}/${port}`),
      planet: {
        id: BigInt(`0x${order.planet.id}`),
        timestamp: BigInt(`0x${order.planet.timestamp}`),
      },
      moons: [],
    });
    this.#send(hello, 0);
  }

  /** @returns the ID of the request */
  ask(networkId: NetworkId): bigint {
    const request = messageOf('NETWORK_CONFIG_REQUEST', {
      networkId,
      metadata: usualMetadata,
      have: { revision: 0n, timestamp: 0n },
      future: new Uint8Array(0),
    });
    return this.#send(request, 1);
  }

  close(): void {
    this.#socket.close();
  }

  #send(message: Message, suite: CipherSuite): bigint {
    const bytes = new Uint8Array(packetLengthMax);
    writeHeader(bytes, 0, {
      packetId: (nextId += 0x1_0000_0001n) as PacketId,
      destination: controller.address,
      source: this.#identity.identity.address,
      verb: message.verb,
    });
    const writer = new ByteWriter(bytes, headerLength);
    encodeMessage(writer, message);
    const packet = bytes.subarray(0, writer.offset);
    if (message.name === 'HELLO') cryptHelloTail(this.#keys, packet, 0, packet.length);
    sealPacket(this.#keys, packet, 0, packet.length, suite);
    this.#socket.send(packet, order.controller.port, order.controller.ip);
    return packetIdAt(packet, 0);
  }

  #take(bytes: Uint8Array): void {
    if (classify(bytes, 0, bytes.length) !== 'packet') return;
    if (openPacket(this.#keys, bytes, 0, bytes.length) !== null) return;
    const end = decompressPacket(bytes, 0, bytes.length, this.#scratch, 0);
    if (typeof end === 'string') return;
    const verb = verbAt(this.#scratch, 0);
    if (verb === verbNumbers.HELLO) cryptHelloTail(this.#keys, this.#scratch, 0, end);
    const message = decodeMessage(verb, this.#scratch.subarray(headerLength, end));
    if (isDrop(message)) return;
    if (message.name === 'HELLO') {
      const value = { timestamp: message.value.timestamp, version, seenAt: null, worlds: null };
      this.#send(
        messageOf('OK', {
          inReVerb: 1,
          inRePacketId: packetIdAt(bytes, 0),
          body: { kind: 'hello', value },
        }),
        1,
      );
    } else if (message.name === 'OK') {
      if (message.value.body.kind === 'hello') this.isMet = true;
      else if (message.value.body.kind === 'network-config-request')
        answered(message.value.inRePacketId);
    } else if (message.name === 'NETWORK_CONFIG') pushed(message.value.networkId, this);
  }
}

const waiting = new Map<bigint, bigint>();
const latencies: number[] = [];
let lost = 0;
const pushes = new Map<Member, bigint>();
let pushOf: NetworkId | null = null;

function answered(id: bigint): void {
  const sentNs = waiting.get(id);
  if (sentNs === undefined) return;
  waiting.delete(id);
  latencies.push(Number(process.hrtime.bigint() - sentNs) / 1e6);
}

function pushed(networkId: NetworkId, member: Member): void {
  if (networkId === pushOf && !pushes.has(member)) pushes.set(member, process.hrtime.bigint());
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const say = (value: object): void => {
  console.log(JSON.stringify(value));
};

const members = order.addresses.map((address, index) => new Member(index, address));
for (let turn = 0; turn < 120 && members.some(({ isMet }) => !isMet); turn++) {
  for (const member of members) if (!member.isMet) member.greet();
  await delay(500);
}
say({ met: members.filter(({ isMet }) => isMet).length });

// Load: as many requests on their way as were ordered, each pair of member and network once a second at most.
const pairs = members.flatMap((member) =>
  networks.map((network) => ({ member, network, atNs: 0n })),
);
const startNs = process.hrtime.bigint();
const endNs = startNs + BigInt(order.seconds) * 1_000_000_000n;
let next = 0;
let asked = 0;
while (process.hrtime.bigint() < endNs) {
  const nowNs = process.hrtime.bigint();
  for (const [id, sentNs] of waiting)
    if (nowNs - sentNs > lostNs) {
      waiting.delete(id);
      lost++;
    } else break;
  for (let i = 0; i < pairs.length && waiting.size < order.inFlight; i++) {
    const pair = pairs[next++ % pairs.length]!;
    if (nowNs - pair.atNs < gateNs) continue;
    pair.atNs = nowNs;
    waiting.set(pair.member.ask(pair.network), nowNs);
    asked++;
  }
  await new Promise((resolve) => setImmediate(resolve));
}
const tookS = Number(process.hrtime.bigint() - startNs) / 1e9;
say({ asked, answered: latencies.length, lost, tookS, latencies: latencies.sort((a, b) => a - b) });

// A push: everybody has asked for the first network within two minutes.
for (const { member, network } of pairs.filter(({ network }) => network === networks[0])) {
  member.ask(network);
  await delay(2);
}
await delay(2_500);
pushOf = networks[0] ?? null;
say({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
  if (line !== 'push') break;
  for (let turn = 0; turn < 1_000 && pushes.size < members.length; turn++) await delay(10);
  const times = [...pushes.values()].sort((a, b) => (a < b ? -1 : 1)).map(String);
  say({ pushes: times });
  break;
}
for (const member of members) member.close();
process.exit(0);
