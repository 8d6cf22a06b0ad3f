/**
 * A host behind a virtual network card: as much IP as a ping needs. It has the addresses that the network gives it, asks
 * who has others (ARP, neighbour discovery), answers who asks for its own, answers echo requests and sends them.
 *
 * Like a real host it joins the multicast groups of its addresses, asks three times at intervals of a second, keeps a
 * few packets meanwhile, and asks again after a while what it knew, still using it.
 */
import { ByteReader, ByteWriter, equalBytes } from '../src/base/bytes.ts';
import type { Mac } from '../src/base/ids.ts';
import type { TapState } from '../src/core/ports.ts';
import type { WireReader } from '../src/wire/codec.ts';
import { arp, arpLength, arpOperations, arpReply } from '../src/wire/ethernet/arp.ts';
import { internetChecksum, ipv6PseudoSum } from '../src/wire/ethernet/checksum.ts';
import { ethernetHeader, ethernetHeaderLength, etherTypes } from '../src/wire/ethernet/ethernet.ts';
import { icmpProtocols } from '../src/wire/ethernet/icmp.ts';
import { ipv4Header } from '../src/wire/ethernet/ipv4.ts';
import { ipv6Header, ipv6HeaderLength } from '../src/wire/ethernet/ipv6.ts';
import { linkAddress, neighbourMessage, neighbourTypes } from '../src/wire/ethernet/ndp.ts';
import { broadcastMac, isMulticast } from '../src/wire/mac.ts';
import { neighbourGroup, type MulticastGroup } from '../src/wire/multicast-group.ts';
import {
  icmpPacket,
  icmpv6Packet,
  ipv4Bytes,
  ipv4Number,
  isIn,
  neighbour,
  parseIp,
  parsePrefix,
  textOf,
  type ParsedPrefix,
} from './ip-packets.ts';
import { Ping, type PingOptions } from './ping.ts';

/** What a stack needs of its world. */
export interface StackHost {
  nowMs(): number;
  after(delayMs: number, action: () => void): void;
  /** Puts a frame on the card. @param frame - kept */
  output(frame: Uint8Array): void;
}

interface Neighbour {
  mac: Mac | null;
  /** When it must be asked for again. */
  staleMs: number;
  isAsking: boolean;
  readonly waiting: ((mac: Mac) => void)[];
}

const neighbourLifeMs = 60_000;
const askIntervalMs = 1_000;
const triesMax = 3;
const waitingMax = 16;
const neighboursMax = 2_048;
const echo = { request: 8, reply: 0, request6: 128, reply6: 129 } as const;
const allNodes: readonly MulticastGroup[] = [
  { mac: 0x0100_5e00_0001 as Mac, adi: 0 },
  { mac: 0x3333_0000_0001 as Mac, adi: 0 },
];

/** See the head of this file. */
export class TinyStack {
  /** Frames with a wrong checksum or another fault; nothing may cause one. */
  badFrames = 0;
  readonly #host: StackHost;
  #mac: Mac = 0 as Mac;
  #own: readonly ParsedPrefix[] = [];
  #routes: readonly { readonly target: ParsedPrefix; readonly via: Uint8Array | null }[] = [];
  readonly #neighbours = new Map<string, Neighbour>();
  readonly #pings = new Map<number, Ping>();
  #pingId = 0;

  constructor(host: StackHost) {
    this.#host = host;
  }

  /** Whether the card is there. */
  get isUp(): boolean {
    return this.#own.length > 0;
  }

  /** Its addresses as text, IPv4 first. */
  get addresses(): readonly string[] {
    return this.#own.map(({ text }) => text);
  }

  /** The card is as the network says; null: it is gone. What is known of neighbours stays. */
  configure(state: TapState | null): void {
    this.#mac = state?.mac ?? (0 as Mac);
    this.#own = (state?.addresses ?? []).map(parsePrefix).sort((a, b) => a.ip.length - b.ip.length);
    this.#routes = (state?.routes ?? []).map(({ target, via }) => ({
      target: parsePrefix(target),
      via: via === null ? null : parseIp(via),
    }));
    if (state === null) this.#neighbours.clear();
  }

  /** What the host has joined. */
  groups(): MulticastGroup[] {
    if (!this.isUp) return [];
    const groups = [...allNodes];
    for (const { ip } of this.#own)
      if (ip.length === 16) {
        const group = neighbourGroup(ip);
        if (!groups.some(({ mac }) => mac === group.mac)) groups.push(group);
      }
    return groups;
  }

  /** Sends echo requests; the result fills as time goes by. Without an address yet it waits for one, up to its end. */
  ping(destination: string, options: PingOptions = {}): Ping {
    const id = (this.#pingId = (this.#pingId + 1) & 0xffff);
    const ping = new Ping(options);
    this.#pings.set(id, ping);
    const ip = parseIp(destination);
    const step = (): void => {
      if (ping.isOver) return;
      const sequence = ping.send(this.#host.nowMs());
      this.#sendEcho(ip, ip.length === 4 ? echo.request : echo.request6, id, sequence, ping.size);
      this.#host.after(ping.intervalMs, step);
    };
    step();
    return ping;
  }

  /** @param frame - borrowed */
  handleFrame(frame: Uint8Array): void {
    const reader: WireReader = new ByteReader(frame);
    const header = ethernetHeader.read(reader);
    if (reader.failure !== null) {
      this.#bad();
      return;
    }
    if (!isMulticast(header.destination) && header.destination !== this.#mac) {
      this.#bad();
      return;
    }
    const content = frame.subarray(ethernetHeaderLength);
    if (header.etherType === etherTypes.arp) this.#handleArp(content);
    else if (header.etherType === etherTypes.ipv4) this.#handleIpv4(content);
    else if (header.etherType === etherTypes.ipv6) this.#handleIpv6(content, header.source);
  }

  #bad(): void {
    this.badFrames++;
  }

  #handleArp(content: Uint8Array): void {
    const reader: WireReader = new ByteReader(content);
    const packet = arp.read(reader);
    if (reader.failure !== null) {
      this.#bad();
      return;
    }
    if (!this.#isOwn(ipv4Bytes(packet.targetIp))) return;
    if (packet.operation === arpOperations.reply) {
      this.#learn(ipv4Bytes(packet.senderIp), packet.senderMac);
      return;
    }
    if (packet.operation !== arpOperations.request) return;
    // Who asks will be answered, so it is known, too.
    this.#learn(ipv4Bytes(packet.senderIp), packet.senderMac);
    const writer = new ByteWriter(new Uint8Array(arpLength));
    arp.write(writer, arpReply(packet, this.#mac));
    this.#output(packet.senderMac, etherTypes.arp, writer.bytes);
  }

  #handleIpv4(content: Uint8Array): void {
    const reader: WireReader = new ByteReader(content);
    const header = ipv4Header.read(reader);
    if (reader.failure !== null || header.totalLength > content.length) {
      this.#bad();
      return;
    }
    const start = reader.offset;
    if (internetChecksum(content, 0, start) !== 0) {
      this.#bad();
      return;
    }
    if (header.protocol !== icmpProtocols.icmp) return;
    if (!this.#isOwn(ipv4Bytes(header.destination))) return;
    if (internetChecksum(content, start, header.totalLength) !== 0) {
      this.#bad();
      return;
    }
    const message = content.subarray(start, header.totalLength);
    this.#handleEcho(ipv4Bytes(header.source), message, echo.request, echo.reply);
  }

  #handleIpv6(content: Uint8Array, from: Mac): void {
    const reader: WireReader = new ByteReader(content);
    const header = ipv6Header.read(reader);
    const end = ipv6HeaderLength + header.payloadLength;
    if (reader.failure !== null || end > content.length) {
      this.#bad();
      return;
    }
    if (header.nextHeader !== icmpProtocols.icmpv6) return;
    const sum = ipv6PseudoSum(content, 8, header.payloadLength, icmpProtocols.icmpv6);
    if (internetChecksum(content, ipv6HeaderLength, end, sum) !== 0) {
      this.#bad();
      return;
    }
    const message = content.subarray(ipv6HeaderLength, end);
    const type = message[0]!;
    if (type === neighbourTypes.solicitation || type === neighbourTypes.advertisement) {
      this.#handleNeighbour(header.source, message, from);
      return;
    }
    if (this.#isOwn(header.destination))
      this.#handleEcho(header.source.slice(), message, echo.request6, echo.reply6);
  }

  #handleNeighbour(source: Uint8Array, message: Uint8Array, from: Mac): void {
    const reader: WireReader = new ByteReader(message);
    const value = neighbourMessage.read(reader);
    if (reader.failure !== null) {
      this.#bad();
      return;
    }
    if (value.kind === 'advertisement') {
      this.#learn(value.target, linkAddress(value) ?? from);
      return;
    }
    if (!this.#isOwn(value.target)) return;
    this.#learn(source, linkAddress(value) ?? from);
    const advertisement = neighbour('advertisement', value.target, this.#mac);
    this.#output(from, etherTypes.ipv6, icmpv6Packet(value.target, source, advertisement));
  }

  #handleEcho(source: Uint8Array, message: Uint8Array, request: number, reply: number): void {
    if (message.length < 8) {
      this.#bad();
      return;
    }
    const id = (message[4]! << 8) | message[5]!;
    const sequence = (message[6]! << 8) | message[7]!;
    if (message[0] === request) this.#sendEcho(source, reply, id, sequence, message.length - 8);
    else if (message[0] === reply)
      this.#pings.get(id)?.handleReply(this.#host.nowMs(), sequence, message.length - 8);
  }

  #sendEcho(to: Uint8Array, type: number, id: number, sequence: number, size: number): void {
    const message = new ByteWriter(new Uint8Array(8 + size));
    message.u8(type);
    message.u8(0);
    message.u16(0);
    message.u16(id);
    message.u16(sequence);
    for (let i = 0; i < size; i++) message.u8(i & 0xff);
    const hop = this.#nextHop(to);
    if (hop === null) return;
    const { source, next } = hop;
    const packet =
      to.length === 4
        ? icmpPacket(source.ip, to, message.bytes)
        : icmpv6Packet(source.ip, to, message.bytes);
    const etherType = to.length === 4 ? etherTypes.ipv4 : etherTypes.ipv6;
    this.#withMac(source.ip, next, (mac) => {
      this.#output(mac, etherType, packet);
    });
  }

  /** Who to hand a packet to, and from which address of ours. */
  #nextHop(to: Uint8Array): { source: ParsedPrefix; next: Uint8Array } | null {
    const onLink = this.#own.find((own) => isIn(to, own));
    if (onLink !== undefined) return { source: onLink, next: to };
    const source = this.#own.find(({ ip }) => ip.length === to.length);
    const route = this.#routes.find(({ target }) => isIn(to, target));
    if (source === undefined || route === undefined) return null;
    return { source, next: route.via ?? to };
  }

  #isOwn(ip: Uint8Array): boolean {
    return this.#own.some((own) => equalBytes(own.ip, ip));
  }

  #withMac(source: Uint8Array, ip: Uint8Array, send: (mac: Mac) => void): void {
    const key = textOf(ip);
    let known = this.#neighbours.get(key);
    if (known === undefined) {
      if (this.#neighbours.size >= neighboursMax) this.#neighbours.clear();
      known = { mac: null, staleMs: 0, isAsking: false, waiting: [] };
      this.#neighbours.set(key, known);
    }
    // What is stale is used until nobody has answered for long enough.
    if (known.mac !== null) send(known.mac);
    else if (known.waiting.length < waitingMax) known.waiting.push(send);
    if (known.isAsking || this.#host.nowMs() < known.staleMs) return;
    this.#askUntilAnswered(key, known, source, ip);
  }

  #askUntilAnswered(key: string, entry: Neighbour, source: Uint8Array, ip: Uint8Array): void {
    let tries = 0;
    entry.isAsking = true;
    const ask = (): void => {
      if (this.#neighbours.get(key) !== entry || !entry.isAsking) return;
      if (tries++ === triesMax) {
        this.#neighbours.delete(key);
        return;
      }
      this.#ask(source, ip);
      this.#host.after(askIntervalMs, ask);
    };
    ask();
  }

  #ask(source: Uint8Array, ip: Uint8Array): void {
    if (ip.length === 4) {
      const writer = new ByteWriter(new Uint8Array(arpLength));
      arp.write(writer, {
        hardwareType: 1,
        protocolType: etherTypes.ipv4,
        operation: arpOperations.request,
        senderMac: this.#mac,
        senderIp: ipv4Number(source),
        targetMac: 0 as Mac,
        targetIp: ipv4Number(ip),
      });
      this.#output(broadcastMac, etherTypes.arp, writer.bytes);
      return;
    }
    // The solicited-node address: ff02::1:ff and the last three bytes.
    const group = new Uint8Array(16);
    group.set([0xff, 0x02]);
    group.set([1, 0xff, ip[13]!, ip[14]!, ip[15]!], 11);
    const packet = icmpv6Packet(source, group, neighbour('solicitation', ip, this.#mac));
    this.#output(neighbourGroup(ip).mac, etherTypes.ipv6, packet);
  }

  #learn(ip: Uint8Array, mac: Mac): void {
    const key = textOf(ip);
    const staleMs = this.#host.nowMs() + neighbourLifeMs;
    const known = this.#neighbours.get(key);
    if (known === undefined) {
      if (this.#neighbours.size >= neighboursMax) this.#neighbours.clear();
      this.#neighbours.set(key, { mac, staleMs, isAsking: false, waiting: [] });
      return;
    }
    known.mac = mac;
    known.staleMs = staleMs;
    known.isAsking = false;
    for (const send of known.waiting.splice(0)) send(mac);
  }

  #output(destination: Mac, etherType: number, content: Uint8Array): void {
    if (!this.isUp) return;
    const frame = new ByteWriter(new Uint8Array(ethernetHeaderLength + content.length));
    ethernetHeader.write(frame, { destination, source: this.#mac, etherType });
    frame.put(content);
    this.#host.output(frame.bytes);
  }
}
