/**
 * The description of a packet: ours, in the words of conditions where there are any.
 *
 *     from MEMBER to MEMBER [and] WORD …
 *
 *     MEMBER   `member` or an address, then any of
 *                with tag NAME VALUE[+NAME…] · with cap NAME · without tag NAME · without cap NAME
 *              `and` may stand for a second `with`. Else it has the tags and capabilities that members have by default.
 *     WORD     ethertype · ipsrc IP · ipdest IP · ipprotocol · iptos N · sport N · dport N · icmp TYPE [CODE] ·
 *              chr tcp_syn, …, multicast, broadcast, macauth · not chr ipauth · framesize N · macsrc · macdest · vlan N ·
 *              random P (what is drawn)
 *
 * What is not said: IPv4 (IPv6 where an address or protocol says so) from 10.0.0.1 or fd00::1 to 10.0.0.2 or fd00::2, the
 * network's own addresses of the sender (`ipauth`), source port 49152, destination port 65535, the first packet of a TCP
 * connection (`tcp_syn`), an echo request, the least size, nothing drawn by `random` below 1.
 */
import type { Address, Mac } from '../base/ids.ts';
import { formatAddress } from '../base/ids.ts';
import { etherTypes } from '../wire/ethernet/ethernet.ts';
import { icmpProtocols } from '../wire/ethernet/icmp.ts';
import { ipProtocols } from '../wire/ethernet/ip.ts';
import { parseIpv4, parseIpv6 } from '../wire/ip-address.ts';
import { broadcastMac, macOf } from '../wire/mac.ts';
import type { NetworkId } from '../base/ids.ts';
import type { CompiledTag, NamedThings } from './compiled.ts';
import {
  payloadOf,
  type DescribedMember,
  type DescribedPacket,
  type FrameContent,
} from './described-packet.ts';
import { characteristicBits, etherTypeNames, ipProtocolNames } from './names.ts';
import { Problems, type SourceProblem } from './problem.ts';
import { quoteToken, tokenize, type Token } from './tokens.ts';
import { WordReader, type IpAddress } from './word-reader.ts';

/** A packet, or what is wrong with its description. */
export type PacketResult =
  | { readonly kind: 'packet'; readonly packet: DescribedPacket }
  | { readonly kind: 'problems'; readonly problems: readonly SourceProblem[] };

/** Reads a description that stands alone, without `expect` and `;`. */
export function parsePacket(text: string, things: NamedThings): PacketResult {
  const problems = new Problems();
  const packet = problems.attempt(() => {
    const { list, end } = tokenize(text, problems);
    const words = new WordReader(list, end, {
      problems,
      warnings: new Problems(),
      tags: new Map(things.tags.map((tag) => [tag.name, tag])),
    });
    return readPacket(words, things);
  }, true);
  return packet === undefined
    ? { kind: 'problems', problems: problems.list }
    : { kind: 'packet', packet };
}

/** Any; the Ethernet addresses of members without one of their own follow from it. */
const networkId = 1n as NetworkId;
const someSender = 0x11_1111_1111 as Address;
const someReceiver = 0x22_2222_2222 as Address;
const u16Max = 0xffff;
const u32Max = 0xffff_ffff;
const portProtocols: readonly number[] = Object.values(ipProtocols);
const wordNames =
  'ethertype, ipsrc, ipdest, ipprotocol, iptos, sport, dport, icmp, chr, "not chr ipauth", framesize, macsrc, macdest, ' +
  'vlan, random';

/** Reads a description to the end of the words. */
export function readPacket(words: WordReader, things: NamedThings): DescribedPacket {
  words.takeOnly('from');
  const sender = readMember(words, things, someSender);
  words.takeOnly('to');
  const receiver = readMember(words, things, someReceiver);
  const said = new Said(words);
  while (!words.isAtEnd) said.readWord();
  return said.packet(sender, receiver);
}

function readMember(words: WordReader, things: NamedThings, some: Address): DescribedMember {
  const address = words.takeIf('member') ? null : words.address();
  const tags = new Map<number, number>();
  for (const tag of things.tags) if (tag.default !== null) tags.set(tag.id, tag.default);
  const capabilities = new Set(
    things.capabilities.filter(({ isDefault }) => isDefault).map(({ id }) => id),
  );
  let isWith: boolean | null = null;
  for (;;) {
    const isSecond = isWith !== null && words.takeIf('and');
    if (words.takeIf('with')) isWith = true;
    else if (words.takeIf('without')) isWith = false;
    else if (!isSecond || !/^(tag|cap)$/.test(words.peek().text)) break;
    const what = words.word('tag or cap');
    if (what.text === 'tag') {
      const named = words.tag();
      if (isWith !== true) tags.delete(named.id);
      else tags.set(named.id, readTagValue(words, named.tag));
    } else if (what.text === 'cap') {
      const id = readCapability(words, things);
      if (isWith === true) capabilities.add(id);
      else capabilities.delete(id);
    } else words.fail(what, `${quoteToken(what)} stands there`, 'tag or cap');
  }
  const own = address ?? some;
  return {
    address: own,
    name: address === null ? 'member' : formatAddress(own),
    tags,
    capabilities,
  };
}

/** `sales`, `100`, `staging+production`. */
function readTagValue(words: WordReader, tag: CompiledTag | null): number {
  const parts = words.peek().text.split('+');
  if (tag === null || parts.length < 2) return words.tagValue({ tag });
  const token = words.take();
  let value = 0;
  for (const part of parts) {
    const bit = tag.flags.get(part);
    if (bit === undefined)
      words.fail(
        token,
        `tag ${tag.name} has no flag of that name`,
        [...tag.flags.keys()].join(', '),
      );
    value = (value | (1 << bit)) >>> 0;
  }
  return value;
}

function readCapability(words: WordReader, { capabilities }: NamedThings): number {
  const token = words.word('the name of a capability');
  const found = capabilities.find(({ name }) => name === token.text);
  if (found !== undefined) return found.id;
  const known = capabilities.map(({ name }) => name).join(', ');
  return words.fail(
    token,
    `there is no capability ${quoteToken(token)}`,
    known === '' ? 'the name of a capability' : `one of ${known}`,
  );
}

/** A value and where it was said. */
interface SaidThing<T> {
  readonly token: Token;
  readonly value: T;
}

/** What the words of a description have said so far. */
class Said {
  readonly #words: WordReader;
  readonly #numbers = new Map<string, SaidThing<number>>();
  readonly #ips = new Map<string, SaidThing<IpAddress>>();
  readonly #macs = new Map<string, Mac>();
  #icmp: SaidThing<readonly [number, number]> | null = null;
  #tcpFlags: SaidThing<number> | null = null;
  #isMulticast = false;
  #isBroadcast = false;
  #isMacAuthenticated = false;
  #isIpAuthenticated = true;
  #randomU32 = u32Max;

  constructor(words: WordReader) {
    this.#words = words;
  }

  readWord(): void {
    const words = this.#words;
    words.takeIf('and');
    if (words.takeIf('not')) {
      words.takeOnly('chr');
      words.takeOnly('ipauth');
      this.#isIpAuthenticated = false;
      return;
    }
    const token = words.word(wordNames);
    switch (token.text) {
      case 'ethertype':
        this.#number(token, words.integer('an Ethernet type', u16Max, etherTypeNames));
        return;
      case 'ipprotocol':
        this.#number(token, words.integer('an IP protocol', 0xff, ipProtocolNames));
        return;
      case 'iptos':
        this.#number(token, words.integer('a type of service', 0xff));
        return;
      case 'sport':
      case 'dport':
        this.#number(token, words.integer('a port', u16Max));
        return;
      case 'framesize':
        this.#number(token, words.integer('a size in bytes', 10_000));
        return;
      case 'vlan':
        this.#number(token, words.integer('a VLAN', u16Max));
        return;
      case 'ipsrc':
      case 'ipdest':
        this.#ips.set(token.text, { token, value: words.ip() });
        return;
      case 'macsrc':
      case 'macdest':
        this.#macs.set(token.text, words.mac());
        return;
      case 'icmp': {
        const type = words.integer('an ICMP type', 0xff);
        const hasCode = /^\d+$/.test(words.peek().text);
        const code = hasCode ? words.integer('an ICMP code', 0xff) : 0;
        this.#icmp = { token, value: [type, code] };
        return;
      }
      case 'random':
        this.#randomU32 = words.probability();
        return;
      case 'chr':
        this.#characteristic(token);
        return;
      default:
        words.fail(token, `${quoteToken(token)} says nothing of a packet`, wordNames);
    }
  }

  packet(sender: DescribedMember, receiver: DescribedMember): DescribedPacket {
    const etherType = this.#etherType();
    const sourceMac = this.#macs.get('macsrc') ?? macOf(sender.address, networkId);
    const content = this.#content(etherType, sourceMac);
    return {
      sender,
      receiver,
      sourceMac,
      destinationMac: this.#macs.get('macdest') ?? this.#destinationMac(etherType, receiver),
      vlanId: this.#numbers.get('vlan')?.value ?? 0,
      etherType,
      payload: this.#sized(payloadOf(content)),
      isIpAuthenticated: this.#isIpAuthenticated,
      isMacAuthenticated: this.#isMacAuthenticated,
      randomU32: this.#randomU32,
    };
  }

  #number(token: Token, value: number): void {
    this.#numbers.set(token.text, { token, value });
  }

  #characteristic(chr: Token): void {
    const words = this.#words;
    const token = words.word('the name of a characteristic');
    const bit = characteristicBits.get(token.text);
    if (token.text === 'multicast') this.#isMulticast = true;
    else if (token.text === 'broadcast') this.#isBroadcast = true;
    else if (token.text === 'macauth') this.#isMacAuthenticated = true;
    else if (token.text === 'ipauth') this.#isIpAuthenticated = true;
    else if (token.text === 'inbound')
      words.fail(token, 'a packet is tried on both sides', 'nothing of sides');
    else if (bit === undefined)
      words.fail(
        token,
        `${quoteToken(token)} is no characteristic`,
        [...characteristicBits.keys()].filter((name) => name !== 'inbound').join(', '),
      );
    else this.#tcpFlags = { token: chr, value: (this.#tcpFlags?.value ?? 0) | (1 << bit) };
  }

  #etherType(): number {
    const said = this.#numbers.get('ethertype');
    if (said !== undefined) return said.value;
    const [ip] = this.#ips.values();
    if (ip !== undefined) return etherTypes[ip.value.family];
    const isIpv6 = this.#numbers.get('ipprotocol')?.value === icmpProtocols.icmpv6;
    return isIpv6 ? etherTypes.ipv6 : etherTypes.ipv4;
  }

  /** What follows from all words together; what contradicts is a problem. */
  #content(etherType: number, sourceMac: Mac): FrameContent {
    const isIpv6 = etherType === etherTypes.ipv6;
    const isIp = isIpv6 || etherType === etherTypes.ipv4;
    this.#checkFamilies(etherType);
    const protocol = this.#protocol(isIp, isIpv6);
    for (const name of ['sport', 'dport'])
      this.#needs(
        this.#numbers.get(name),
        isIp && portProtocols.includes(protocol),
        'ipprotocol tcp, udp, sctp or udplite',
      );
    this.#needs(this.#tcpFlags, isIp && protocol === ipProtocols.tcp, 'ipprotocol tcp');
    const icmp = isIpv6 ? icmpProtocols.icmpv6 : icmpProtocols.icmp;
    this.#needs(this.#icmp, isIp && protocol === icmp, `ipprotocol icmp${isIpv6 ? '6' : ''}`);
    this.#needs(this.#numbers.get('iptos'), isIp, 'ethertype ipv4 or ipv6');
    const echoRequest = isIpv6 ? 128 : 8;
    const [icmpType, icmpCode] = this.#icmp?.value ?? [echoRequest, 0];
    return {
      etherType,
      source: this.#ips.get('ipsrc')?.value.ip ?? standardIp(isIpv6, '10.0.0.1', 'fd00::1'),
      destination: this.#ips.get('ipdest')?.value.ip ?? standardIp(isIpv6, '10.0.0.2', 'fd00::2'),
      sourceMac,
      protocol,
      typeOfService: this.#numbers.get('iptos')?.value ?? 0,
      sourcePort: this.#numbers.get('sport')?.value ?? 49_152,
      destinationPort: this.#numbers.get('dport')?.value ?? 65_535,
      tcpFlags: this.#tcpFlags?.value ?? 0x02,
      icmpType,
      icmpCode,
    };
  }

  #checkFamilies(etherType: number): void {
    const family =
      etherType === etherTypes.ipv6
        ? 'ipv6'
        : etherType === etherTypes.ipv4 || etherType === etherTypes.arp
          ? 'ipv4'
          : null;
    for (const { token, value } of this.#ips.values())
      if (value.family !== family)
        this.#words.fail(
          token,
          'the address is not of the kind of the packet',
          family === null ? 'no IP address in this Ethernet type' : `an ${family} address`,
        );
  }

  #protocol(isIp: boolean, isIpv6: boolean): number {
    const said = this.#numbers.get('ipprotocol');
    this.#needs(said, isIp, 'ethertype ipv4 or ipv6');
    if (said !== undefined) return said.value;
    if (this.#icmp !== null) return isIpv6 ? icmpProtocols.icmpv6 : icmpProtocols.icmp;
    // 255 is of nobody.
    return this.#tcpFlags === null ? 255 : ipProtocols.tcp;
  }

  #needs(said: SaidThing<unknown> | null | undefined, isMet: boolean, needed: string): void {
    if (said && !isMet)
      this.#words.fail(said.token, `${quoteToken(said.token)} does not fit the packet`, needed);
  }

  #destinationMac(etherType: number, receiver: DescribedMember): Mac {
    if (this.#isBroadcast) return broadcastMac;
    if (!this.#isMulticast) return macOf(receiver.address, networkId);
    return (etherType === etherTypes.ipv6 ? 0x3333_0000_0001 : 0x0100_5e00_0001) as Mac;
  }

  /** Filled with zeros up to the size that was said. */
  #sized(payload: Uint8Array): Uint8Array {
    const said = this.#numbers.get('framesize');
    if (said === undefined) return payload;
    if (said.value < payload.length)
      this.#words.fail(said.token, 'the frame has more bytes', `at least ${payload.length}`);
    const sized = new Uint8Array(said.value);
    sized.set(payload);
    return sized;
  }
}

function standardIp(isIpv6: boolean, v4: string, v6: string): number | Uint8Array {
  return isIpv6 ? (parseIpv6(v6) ?? new Uint8Array(16)) : (parseIpv4(v4) ?? 0);
}
