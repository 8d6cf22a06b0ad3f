/**
 * Puts our node in the place of one of the three real nodes of a recorded session, on the session's clock: it gets the
 * datagrams that the other two sent, and the commands that the real one got. What it sends is compared by meaning.
 *
 * Its packet IDs are not those of the real node. So an OK is opened, made to name the packet of ours that stands for the one
 * it answers (the n-th of its verb, destination and way), and sealed again; where there is none it is left out. All else is
 * delivered as it was recorded. An ECHO of ours, which a real node would answer, is answered for it.
 */
import { ByteWriter } from '../../src/base/bytes.ts';
import { formatAddress, type Address, type PacketId } from '../../src/base/ids.ts';
import { EndpointTable } from '../../src/core/endpoint.ts';
import type { NodeEvent } from '../../src/core/events.ts';
import { Node } from '../../src/core/node.ts';
import type { Now } from '../../src/core/ports.ts';
import { decode, isDrop } from '../../src/wire/codec.ts';
import { parseSecretIdentity, type SecretIdentity } from '../../src/wire/identity.ts';
import { inetAddress } from '../../src/wire/inet-address.ts';
import { decompressPacket } from '../../src/wire/packet/compression.ts';
import {
  cipherSuiteAt,
  classify,
  destinationAt,
  headerLength,
  hopsAt,
  isFragmentedAt,
  packetIdAt,
  packetLengthMax,
  sourceAt,
  verbAt,
  writeHeader,
} from '../../src/wire/packet/header.ts';
import { cryptHelloTail } from '../../src/wire/packet/hello-tail.ts';
import { Reassembler } from '../../src/wire/packet/reassembly.ts';
import { openPacket, sealPacket, type CipherSuite } from '../../src/wire/packet/seal.ts';
import {
  decodeMessage,
  describeMessage,
  encodeMessage,
  messageOf,
  type Message,
} from '../../src/wire/verbs/index.ts';
import { world, type World } from '../../src/wire/world.ts';
import { Keyring } from '../vectors/datagrams.ts';
import { hex, loadVectors } from '../vectors/load.ts';
import { ip, provider, seeded } from './small-world.ts';

type Name = 'A' | 'B' | 'R';

interface Session {
  readonly start_ms: number;
  readonly nodes: Record<
    Name,
    { readonly identity_secret: string; readonly addr: string; readonly initial_planet: string }
  >;
  readonly events: readonly {
    readonly t: number;
    readonly node?: Name;
    readonly event?: string;
    readonly data?: string;
    readonly origin?: number;
    readonly type_id?: number;
  }[];
  readonly packets: readonly {
    readonly t: number;
    readonly from: Name;
    readonly from_addr: string;
    readonly to_addr: string;
    readonly datagram: string;
  }[];
}

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
  /** For a person: verb, destination, way, suite, contents, without times and IDs of our own. */
  readonly words: string;
}

/** See the head of this file. */
export class SessionReplay {
  readonly ours: SentPacket[] = [];
  readonly real: SentPacket[] = [];
  readonly events: NodeEvent[] = [];
  /** Answers of real nodes to packets that ours did not send. */
  readonly leftOut: string[] = [];
  readonly node: Node;
  readonly #session: Session;
  readonly #name: Name;
  readonly #keyring: Keyring;
  readonly #endpoints = new EndpointTable();
  readonly #identities: Record<Name, SecretIdentity>;
  readonly #oursPieces = new Reassembler<string>();
  #t = 0;

  constructor(file: string, name: Name) {
    this.#session = loadVectors<Session>(file);
    this.#name = name;
    const { nodes, events } = this.#session;
    const identityOf = (who: Name): SecretIdentity =>
      parseSecretIdentity(nodes[who].identity_secret)!;
    this.#identities = { A: identityOf('A'), B: identityOf('B'), R: identityOf('R') };
    this.#keyring = new Keyring(
      provider,
      Object.values(nodes).map((each) => each.identity_secret),
    );
    const moonOfR = events.find(({ node, event }) => node === 'R' && event === 'state_put_moon');
    const moon = moonOfR?.data === undefined ? [] : [worldOf(moonOfR.data)];
    this.node = new Node({
      identity: this.#identities[name],
      provider,
      entropy: seeded(name),
      planet: worldOf(nodes[name].initial_planet),
      ...(name === 'R' && { moons: moon }),
    });
    this.#decodeReal();
  }

  /** Runs a part of the session. */
  run(untilMs: number): void {
    const { packets, nodes, events } = this.#session;
    const own = nodes[this.#name].addr;
    const moon = events.find(({ node, event }) => node === 'B' && event === 'state_put_moon');
    if (this.#name === 'B' && moon?.data !== undefined) {
      const root = this.#identities.R.identity.address;
      this.node.orbit(this.#now(0), worldOf(moon.data).id, root);
      this.#drain();
    }
    this.node.handleSockets(this.#now(0), [{ id: 1, local: this.#endpoints.of(ip(own)) }]);
    this.#drain();
    const inputs = [
      ...packets.flatMap((packet) =>
        packet.from !== this.#name && packet.to_addr === own
          ? [
              {
                t: packet.t,
                run: () => {
                  this.#deliver(packet.from_addr, hex(packet.datagram));
                },
              },
            ]
          : [],
      ),
      ...this.#commands(),
    ].sort((a, b) => a.t - b.t);
    for (const { t, run } of inputs) {
      if (t > untilMs) break;
      this.#advance(t);
      run();
      this.#drain();
    }
    this.#advance(untilMs);
  }

  #now(t: number): Now {
    this.#t = Math.max(this.#t, t);
    return { monoMs: 1_000 + this.#t, wallMs: this.#session.start_ms + this.#t };
  }

  #advance(t: number): void {
    for (let next = this.node.nextTimeoutMs() - 1_000; next <= t;) {
      this.node.handleTimeout(this.#now(next));
      this.#drain();
      next = Math.max(this.node.nextTimeoutMs() - 1_000, this.#t + 0.1);
    }
    this.#now(t);
  }

  /** The messages that a person had the real node send: each was delivered to another. */
  #commands(): { t: number; run: () => void }[] {
    const own = this.#identities[this.#name].identity.address;
    const starts = [700, 1_400, 2_100, 2_401];
    return this.#session.events.flatMap((event) => {
      const { origin, type_id: typeId, data, t, node } = event;
      if (event.event !== 'user_message' || origin !== own || node === undefined) return [];
      const to = this.#identities[node].identity.address;
      const at = starts.findLast((start) => start <= t) ?? t;
      const run = (): void => {
        this.node.sendUserMessage(this.#now(at), to, BigInt(typeId ?? 0), hex(data ?? ''));
      };
      return [{ t: at, run }];
    });
  }

  #deliver(from: string, datagram: Uint8Array): void {
    const bytes = this.#translated(datagram);
    if (bytes === null) return;
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
    if (destinationAt(copy, 0) !== this.#identities[this.#name].identity.address) return copy;
    const message = this.#open(copy);
    if (message?.name !== 'OK' && message?.name !== 'ERROR') return copy;
    const ours = this.#counterpart(message.value.inRePacketId);
    if (ours === null) {
      this.leftOut.push(`${message.name} re ${String(message.value.inReVerb)}`);
      return null;
    }
    return this.#seal(
      sourceAt(copy, 0),
      messageOf(message.name as 'OK', { ...message.value, inRePacketId: ours } as never),
      cipherSuiteAt(copy, 0) as CipherSuite,
    );
  }

  #counterpart(realId: PacketId): PacketId | null {
    const real = this.real.find(({ id }) => id === realId);
    if (real === undefined) return null;
    const alike = (other: SentPacket): boolean =>
      other.message?.verb === real.message?.verb &&
      other.destination === real.destination &&
      other.to === real.to &&
      JSON.stringify(essence(other)) === JSON.stringify(essence(real));
    const index = this.real.filter(alike).indexOf(real);
    return this.ours.filter(alike)[index]?.id ?? null;
  }

  #seal(from: Address, message: Message, suite: CipherSuite): Uint8Array {
    const bytes = new Uint8Array(packetLengthMax);
    const to = this.#identities[this.#name].identity.address;
    const packetId = BigInt(this.ours.length + this.leftOut.length + 1) as PacketId;
    writeHeader(bytes, 0, { packetId, destination: to, source: from, verb: message.verb });
    const writer = new ByteWriter(bytes, headerLength);
    encodeMessage(writer, message);
    sealPacket(this.#keyring.between(from, to), bytes, 0, writer.offset, suite);
    return bytes.slice(0, writer.offset);
  }

  #drain(): void {
    const { datagrams } = this.node;
    const sent: SentPacket[] = [];
    for (let i = 0; i < datagrams.count; i++) {
      const bytes = datagrams.bytes.slice(datagrams.starts[i], datagrams.ends[i]);
      const to = datagrams.endpoints[i]!.key;
      const packet = this.#whole(this.#oursPieces, bytes, to);
      if (packet !== null) sent.push(this.#packet(this.#t, packet, to));
    }
    datagrams.clear();
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
      const bytes = this.#seal(destination, answer, 3);
      this.node.handleDatagrams(this.#now(this.#t), {
        bytes,
        starts: Int32Array.of(0),
        ends: Int32Array.of(bytes.length),
        sockets: Int32Array.of(1),
        endpoints: [this.#endpoints.of(ip(to))],
        ttls: new Uint8Array(1),
        count: 1,
      });
      this.#drain();
    }
  }

  #decodeReal(): void {
    const pieces = new Reassembler<string>();
    for (const { t, from, to_addr: to, datagram } of this.#session.packets) {
      if (from !== this.#name) continue;
      const packet = this.#whole(pieces, hex(datagram), to);
      if (packet !== null) this.real.push(this.#packet(t, packet, to));
    }
  }

  #whole(pieces: Reassembler<string>, bytes: Uint8Array, to: string): Uint8Array | null {
    const kind = classify(bytes, 0, bytes.length);
    if (kind === 'fragment') {
      const done = pieces.addFragment(this.#t, bytes, 0, bytes.length) === 'complete';
      return done ? pieces.bytes.slice(pieces.start, pieces.end) : null;
    }
    if (kind !== 'packet' || !isFragmentedAt(bytes, 0)) return bytes;
    const done = pieces.addHead(this.#t, bytes, 0, bytes.length, to) === 'complete';
    return done ? pieces.bytes.slice(pieces.start, pieces.end) : null;
  }

  #packet(t: number, bytes: Uint8Array, to: string): SentPacket {
    if (classify(bytes, 0, bytes.length) !== 'packet') {
      const none = 0 as Address;
      const junk = { t, to, id: 0n as PacketId, source: none, destination: none };
      return { ...junk, suite: 0, hops: 0, message: null, words: `junk to ${to}` };
    }
    const message = this.#open(bytes);
    const packet = {
      t,
      to,
      id: packetIdAt(bytes, 0),
      source: sourceAt(bytes, 0),
      destination: destinationAt(bytes, 0),
      suite: cipherSuiteAt(bytes, 0),
      hops: hopsAt(bytes, 0),
      message,
    };
    return { ...packet, words: this.#words(packet) };
  }

  #words(packet: Omit<SentPacket, 'words'>): string {
    const { source, destination, to, suite, hops, message } = packet;
    const names = (address: Address): string =>
      (['A', 'B', 'R'] as const).find(
        (name) => this.#identities[name].identity.address === address,
      ) ?? formatAddress(address);
    const way =
      (['A', 'B', 'R'] as const).find((name) => this.#session.nodes[name].addr === to) ?? to;
    const relayed = way === names(destination) ? '' : ` over ${way}`;
    return (
      `${names(source)}>${names(destination)}${relayed} suite ${suite}` +
      `${hops > 0 ? ` hops ${hops}` : ''} ${message === null ? '' : essence({ message })}`
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
}

/** A message without what differs from run to run: times, and IDs of packets. */
function essence({ message }: Pick<SentPacket, 'message'>): string {
  if (message?.name === 'HELLO') {
    const { sentTo, planet, moons } = message.value;
    const worlds = [planet, ...(moons ?? [])].map((each) => `${each?.id}@${each?.timestamp}`);
    return `HELLO to ${sentTo === null ? '' : inetAddress.describe(sentTo)} worlds ${worlds.join(' ')}`;
  }
  return message === null
    ? ''
    : describeMessage(message).replaceAll(/ re (\w+) [0-9a-f]{16}/g, ' re $1');
}

function worldOf(text: string): World {
  const value = decode(world, hex(text));
  if (isDrop(value)) throw new Error(value);
  return value;
}
