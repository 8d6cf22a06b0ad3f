/**
 * Puts our node in the place of one of the three real nodes of a recording, on the recording's clock: it gets the
 * datagrams that the other two sent, the commands that the real one got, and the frames of its host.
 *
 * Its packet IDs are not those of the real node. So an OK or ERROR is opened, made to name the packet of ours that says
 * what the one says that it answers, the last of them, and sealed again; where there is none it is left out. All else is
 * delivered as it was recorded. An ECHO of ours, which a real node would answer, is answered for it.
 */
import { ByteWriter } from '../../../src/base/bytes.ts';
import { formatAddress, type Address, type PacketId } from '../../../src/base/ids.ts';
import { Controller } from '../../../src/controller/controller.ts';
import { EndpointTable } from '../../../src/core/endpoint.ts';
import type { NodeEvent } from '../../../src/core/events.ts';
import { Node } from '../../../src/core/node.ts';
import type { Now } from '../../../src/core/ports.ts';
import { Networks } from '../../../src/core/vl2/networks.ts';
import { isDrop } from '../../../src/wire/codec.ts';
import { decompressPacket } from '../../../src/wire/packet/compression.ts';
import {
  cipherSuiteAt,
  classify,
  destinationAt,
  headerLength,
  hopsAt,
  incrementHops,
  isFragmentedAt,
  packetIdAt,
  packetLengthMax,
  sourceAt,
  verbAt,
  writeHeader,
} from '../../../src/wire/packet/header.ts';
import { cryptHelloTail } from '../../../src/wire/packet/hello-tail.ts';
import { Reassembler } from '../../../src/wire/packet/reassembly.ts';
import { openPacket, sealPacket, type CipherSuite } from '../../../src/wire/packet/seal.ts';
import { formatSecretIdentity } from '../../../src/wire/identity.ts';
import {
  decodeMessage,
  encodeMessage,
  messageOf,
  type Message,
} from '../../../src/wire/verbs/index.ts';
import { Keyring } from '../../vectors/datagrams.ts';
import { ip, provider, seeded } from '../small-world.ts';
import { hostInputs } from './host-inputs.ts';
import { isAnswer, statementsOf } from './meaning.ts';
import { nameOf, names, type Name, type Recording, type Stand } from './recording.ts';

/** A packet that a node sent, whole and opened. */
export interface SentPacket {
  readonly t: number;
  readonly to: string;
  readonly id: PacketId;
  readonly source: Address;
  readonly destination: Address;
  readonly suite: number;
  readonly hops: number;
  /** Null for what is not our own to open, and for junk. */
  readonly message: Message | null;
  /** What it says; empty where it could not be opened. */
  readonly says: readonly string[];
  /** For a person: from, to, way, suite, and what it says, each. */
  readonly words: readonly string[];
}

/** A frame that our node gave to its host. */
export interface DeliveredFrame {
  readonly t: number;
  /** With its header. */
  readonly bytes: Uint8Array;
}

/** See the head of this file. */
export class Replay {
  readonly ours: SentPacket[] = [];
  readonly real: readonly SentPacket[];
  readonly events: NodeEvent[] = [];
  readonly frames: DeliveredFrame[] = [];
  /** Answers of real nodes to packets that ours did not send. */
  readonly leftOut: string[] = [];
  readonly node: Node;
  readonly #recording: Recording;
  readonly #name: Name;
  readonly #stand: Stand;
  readonly #keyring: Keyring;
  readonly #endpoints = new EndpointTable();
  readonly #oursPieces = new Reassembler<string>();
  #t = 0;

  constructor(recording: Recording, name: Name) {
    this.#recording = recording;
    this.#name = name;
    const { nodes, controllers } = recording;
    this.#keyring = new Keyring(
      provider,
      names.map((each) => formatSecretIdentity(nodes[each].identity).reveal()),
    );
    const { identity, planet, moons } = nodes[name];
    let controller: Controller | null = null;
    this.node = new Node({
      identity,
      provider,
      entropy: seeded(name),
      planet,
      moons,
      networks: (vl1, frames) =>
        new Networks({
          vl1,
          frames,
          platform: 'linux/x86_64',
          wasConfigured: (...about) => controller?.mayUseGroups(...about) ?? false,
        }),
      ...(controllers.includes(name) && {
        controller: (vl1) => (controller = new Controller(vl1)),
      }),
    });
    this.#stand = { node: this.node, controller };
    this.real = this.#decode(name);
  }

  /** What was sent by another node, as far as the recording shows. */
  sentBy(name: Name): readonly SentPacket[] {
    return this.#decode(name);
  }

  /** Runs the recording, or a part of it. */
  run(untilMs: number = this.#recording.endMs): void {
    const { nodes, datagrams, commands } = this.#recording;
    const { endpoint, identity, startMs } = nodes[this.#name];
    const inputs = [
      ...commands.filter(({ node }) => node === this.#name),
      ...hostInputs(this.#name, identity.identity.address, this.real),
    ].map(({ t, run }) => ({
      t,
      run: (): void => {
        run(this.#stand, this.#now(t));
      },
    }));
    const arrivals = datagrams
      .filter(({ from, toEndpoint }) => from !== this.#name && toEndpoint === endpoint)
      .map(({ t, fromEndpoint, bytes }) => ({
        t,
        run: (): void => {
          this.#deliver(fromEndpoint, bytes);
        },
      }));
    const start = {
      t: startMs,
      run: (): void => {
        const local = this.#endpoints.of(ip(endpoint));
        this.node.handleSockets(this.#now(startMs), [{ id: 1, local }]);
      },
    };
    // What happens at one moment, in this order: a command, the start, datagrams.
    const all = [...inputs, start, ...arrivals].sort((a, b) => a.t - b.t);
    for (const { t, run } of all) {
      if (t > untilMs) break;
      this.#advance(t);
      run();
      this.#drain();
    }
    this.#advance(untilMs);
  }

  #now(t: number): Now {
    this.#t = Math.max(this.#t, t);
    return { monoMs: 1_000 + this.#t, wallMs: Math.floor(this.#recording.startMs + this.#t) };
  }

  #advance(t: number): void {
    for (let next = this.node.nextTimeoutMs() - 1_000; next <= t;) {
      this.node.handleTimeout(this.#now(next));
      this.#drain();
      next = Math.max(this.node.nextTimeoutMs() - 1_000, this.#t + 0.1);
    }
    this.#now(t);
  }

  #deliver(from: string, datagram: Uint8Array): void {
    const bytes = this.#translated(datagram);
    if (bytes !== null) this.#hand(from, bytes);
  }

  #hand(from: string, bytes: Uint8Array): void {
    this.node.handleDatagrams(this.#now(this.#t), {
      bytes,
      starts: Int32Array.of(0),
      ends: Int32Array.of(bytes.length),
      sockets: Int32Array.of(1),
      endpoints: [this.#endpoints.of(ip(from))],
      ttls: new Uint8Array(1),
      count: 1,
    });
  }

  /** The datagram with the ID of ours in place of the real one's; null where it answers nothing of ours. */
  #translated(datagram: Uint8Array): Uint8Array | null {
    const copy = datagram.slice();
    if (classify(copy, 0, copy.length) !== 'packet' || isFragmentedAt(copy, 0)) return copy;
    if (destinationAt(copy, 0) !== this.#address) return copy;
    const message = this.#open(copy);
    if (message === null || !isAnswer(message)) return copy;
    const ours = this.#counterpart(message.value.inRePacketId);
    if (ours === null) {
      this.leftOut.push(`${message.name} re ${String(message.value.inReVerb)}`);
      return null;
    }
    const bytes = this.#seal(
      sourceAt(copy, 0),
      messageOf(message.name as 'OK', { ...message.value, inRePacketId: ours } as never),
      cipherSuiteAt(copy, 0) as CipherSuite,
    );
    // As often as the real one was relayed.
    for (let hops = hopsAt(copy, 0); hops > 0; hops--) incrementHops(bytes, 0);
    return bytes;
  }

  #counterpart(realId: PacketId): PacketId | null {
    const real = this.real.find(({ id }) => id === realId);
    if (real === undefined) return null;
    const isAlike = (other: SentPacket): boolean =>
      other.destination === real.destination &&
      other.to === real.to &&
      other.says.length > 0 &&
      other.says.join() === real.says.join();
    return this.ours.findLast(isAlike)?.id ?? null;
  }

  #seal(from: Address, message: Message, suite: CipherSuite): Uint8Array {
    const bytes = new Uint8Array(packetLengthMax);
    const packetId = BigInt(this.ours.length + this.leftOut.length + 1) as PacketId;
    const to = this.#address;
    writeHeader(bytes, 0, { packetId, destination: to, source: from, verb: message.verb });
    const writer = new ByteWriter(bytes, headerLength);
    encodeMessage(writer, message);
    sealPacket(this.#keyring.between(from, to), bytes, 0, writer.offset, suite);
    return bytes.slice(0, writer.offset);
  }

  #drain(): void {
    const { datagrams, frames } = this.node;
    const sent: SentPacket[] = [];
    for (let i = 0; i < datagrams.count; i++) {
      const bytes = datagrams.bytes.slice(datagrams.starts[i], datagrams.ends[i]);
      const to = datagrams.endpoints[i]!.key;
      const packet = this.#whole(this.#oursPieces, this.#t, bytes, to);
      if (packet !== null) sent.push(this.#packet(this.#t, packet, to));
    }
    datagrams.clear();
    for (let i = 0; i < frames.count; i++)
      this.frames.push({ t: this.#t, bytes: frames.bytes.slice(frames.starts[i], frames.ends[i]) });
    frames.clear();
    this.ours.push(...sent);
    this.events.push(...this.node.takeEvents());
    for (let who = this.node.takeValidation(); who !== null; who = this.node.takeValidation()) {
      this.node.handleValidation(this.#now(this.#t), who, true);
      this.#drain();
    }
    for (const { message, id, destination, to } of sent) {
      if (message?.name !== 'ECHO') continue;
      const { data } = message.value;
      const body = { kind: 'echo', value: { data } } as const;
      const answer = messageOf('OK', { inReVerb: message.verb, inRePacketId: id, body });
      this.#hand(to, this.#seal(destination, answer, 3));
      this.#drain();
    }
  }

  #decode(name: Name): readonly SentPacket[] {
    const pieces = new Reassembler<string>();
    return this.#recording.datagrams.flatMap(({ t, from, toEndpoint, bytes }) => {
      const packet = from === name ? this.#whole(pieces, t, bytes, toEndpoint) : null;
      return packet === null ? [] : [this.#packet(t, packet, toEndpoint)];
    });
  }

  #whole(pieces: Reassembler<string>, t: number, bytes: Uint8Array, to: string): Uint8Array | null {
    const kind = classify(bytes, 0, bytes.length);
    if (kind === 'fragment') {
      const done = pieces.addFragment(t, bytes, 0, bytes.length) === 'complete';
      return done ? pieces.bytes.slice(pieces.start, pieces.end) : null;
    }
    if (kind !== 'packet' || !isFragmentedAt(bytes, 0)) return bytes;
    const done = pieces.addHead(t, bytes, 0, bytes.length, to) === 'complete';
    return done ? pieces.bytes.slice(pieces.start, pieces.end) : null;
  }

  #packet(t: number, bytes: Uint8Array, to: string): SentPacket {
    if (classify(bytes, 0, bytes.length) !== 'packet') {
      const none = 0 as Address;
      const junk = { t, to, id: 0n as PacketId, source: none, destination: none };
      return { ...junk, suite: 0, hops: 0, message: null, says: [], words: [`junk to ${to}`] };
    }
    const message = this.#open(bytes);
    const says = message === null ? [] : statementsOf(message);
    const head = this.#head(bytes, to);
    return {
      t,
      to,
      id: packetIdAt(bytes, 0),
      source: sourceAt(bytes, 0),
      destination: destinationAt(bytes, 0),
      suite: cipherSuiteAt(bytes, 0),
      hops: hopsAt(bytes, 0),
      message,
      says,
      words: message === null ? [head] : says.map((each) => `${head} ${each}`),
    };
  }

  #head(bytes: Uint8Array, to: string): string {
    const recording = this.#recording;
    const text = (address: Address): string => nameOf(recording, address) ?? formatAddress(address);
    const destination = text(destinationAt(bytes, 0));
    const way = names.find((name) => recording.nodes[name].endpoint === to) ?? to;
    const relayed = way === destination ? '' : ` over ${way}`;
    const hops = hopsAt(bytes, 0);
    return (
      `${text(sourceAt(bytes, 0))}>${destination}${relayed} suite ${cipherSuiteAt(bytes, 0)}` +
      (hops > 0 ? ` hops ${hops}` : '')
    );
  }

  #open(datagram: Uint8Array): Message | null {
    const bytes = datagram.slice();
    const keys = this.#keyring.between(sourceAt(bytes, 0), destinationAt(bytes, 0));
    if (openPacket(keys, bytes, 0, bytes.length) !== null) return null;
    const out = new Uint8Array(packetLengthMax);
    const end = decompressPacket(bytes, 0, bytes.length, out, 0);
    if (typeof end === 'string') return null;
    const verb = verbAt(out, 0);
    if (verb === 1) cryptHelloTail(keys, out, 0, end);
    const message = decodeMessage(verb, out.slice(headerLength, end));
    return isDrop(message) ? null : message;
  }

  get #address(): Address {
    return this.#recording.nodes[this.#name].identity.identity.address;
  }
}
