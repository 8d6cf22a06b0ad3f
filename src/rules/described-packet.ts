/** A packet between two members, made up to be tried on rules: who they are, and the frame itself. */
import { ByteWriter } from '../base/bytes.ts';
import type { Address, Mac } from '../base/ids.ts';
import { arp, arpLength, arpOperations } from '../wire/ethernet/arp.ts';
import { etherTypes } from '../wire/ethernet/ethernet.ts';
import { icmpProtocols } from '../wire/ethernet/icmp.ts';
import { ipProtocols } from '../wire/ethernet/ip.ts';
import { ipv4Header, ipv4HeaderLengthMin } from '../wire/ethernet/ipv4.ts';
import { ipv6Header, ipv6HeaderLength } from '../wire/ethernet/ipv6.ts';
import { neighbourTypes } from '../wire/ethernet/ndp.ts';
import { tcpHeader, tcpHeaderLengthMin } from '../wire/ethernet/tcp.ts';

/** One of the two. */
export interface DescribedMember {
  readonly address: Address;
  /** `member`, or its address. */
  readonly name: string;
  /** Values by the ids of tags. */
  readonly tags: ReadonlyMap<number, number>;
  /** Ids. */
  readonly capabilities: ReadonlySet<number>;
}

/** The packet. */
export interface DescribedPacket {
  readonly sender: DescribedMember;
  readonly receiver: DescribedMember;
  readonly sourceMac: Mac;
  /** Of a group: the sender is asked before it knows who is to get the packet, and again for the receiver. */
  readonly destinationMac: Mac;
  readonly vlanId: number;
  readonly etherType: number;
  /** What follows the Ethernet header. */
  readonly payload: Uint8Array;
  /** The network has given the packet's IP address to its sender. */
  readonly isIpAuthenticated: boolean;
  readonly isMacAuthenticated: boolean;
  /** What `random` draws, 32 bits. */
  readonly randomU32: number;
}

/** What is in a frame, for {@link payloadOf}. */
export interface FrameContent {
  readonly etherType: number;
  /** Numbers for IPv4 and ARP, 16 bytes for IPv6; not looked at with other types. */
  readonly source: number | Uint8Array;
  readonly destination: number | Uint8Array;
  readonly sourceMac: Mac;
  readonly protocol: number;
  readonly typeOfService: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** 12 bits. */
  readonly tcpFlags: number;
  readonly icmpType: number;
  readonly icmpCode: number;
}

/** Bytes of a neighbour solicitation or advertisement: rules look at its target. */
const neighbourLength = 24;
/** Bytes of what else follows an IP header, but for TCP. */
const contentLength = 8;

/** The bytes behind the Ethernet header, the shortest ones: checksums are 0, as rules do not look at them. */
export function payloadOf(content: FrameContent): Uint8Array {
  const bytes = new Uint8Array(ipv6HeaderLength + neighbourLength);
  const writer = new ByteWriter(bytes);
  const { etherType, source, destination, protocol } = content;
  const length = lengthOf(content);
  if (etherType === etherTypes.ipv4 && typeof source === 'number')
    ipv4Header.write(writer, {
      trafficClass: content.typeOfService,
      totalLength: ipv4HeaderLengthMin + length,
      identification: 0,
      fragment: 0,
      timeToLive: 64,
      protocol,
      checksum: 0,
      source,
      destination: Number(destination),
      options: new Uint8Array(0),
    });
  else if (etherType === etherTypes.ipv6 && typeof destination !== 'number')
    ipv6Header.write(writer, {
      trafficClass: content.typeOfService,
      flowLabel: 0,
      payloadLength: length,
      nextHeader: protocol,
      hopLimit: 64,
      source: source as Uint8Array,
      destination,
    });
  else {
    if (etherType === etherTypes.arp) writeArp(writer, content);
    return bytes.slice(0, arpLength);
  }
  writeContent(writer, content);
  return bytes.slice(0, writer.offset);
}

function writeArp(writer: ByteWriter, { source, destination, sourceMac }: FrameContent): void {
  arp.write(writer, {
    hardwareType: 1,
    protocolType: etherTypes.ipv4,
    operation: arpOperations.request,
    senderMac: sourceMac,
    senderIp: Number(source),
    targetMac: 0 as Mac,
    targetIp: Number(destination),
  });
}

/** What the IP packet holds; of what is not looked into, zeros. */
function writeContent(writer: ByteWriter, content: FrameContent): void {
  const { protocol, sourcePort, destinationPort, tcpFlags } = content;
  switch (protocol) {
    case ipProtocols.tcp:
      tcpHeader.write(writer, {
        sourcePort,
        destinationPort,
        sequence: 0,
        acknowledged: 0,
        flags: tcpFlags,
        window: 0xffff,
        checksum: 0,
        urgent: 0,
        options: new Uint8Array(0),
      });
      return;
    case icmpProtocols.icmp:
    case icmpProtocols.icmpv6:
      writer.u8(content.icmpType);
      writer.u8(content.icmpCode);
      writer.zeros(contentLength - 2);
      if (isNeighbour(content)) writer.put(targetOf(content));
      return;
    case ipProtocols.udp:
    case ipProtocols.sctp:
    case ipProtocols.udpLite:
      writer.u16(sourcePort);
      writer.u16(destinationPort);
      writer.zeros(contentLength - 4);
      return;
    default:
      writer.zeros(contentLength);
  }
}

function lengthOf(content: FrameContent): number {
  if (content.protocol === ipProtocols.tcp) return tcpHeaderLengthMin;
  return isNeighbour(content) ? neighbourLength : contentLength;
}

function isNeighbour({ protocol, icmpType }: FrameContent): boolean {
  const { solicitation, advertisement } = neighbourTypes;
  return (
    protocol === icmpProtocols.icmpv6 && (icmpType === solicitation || icmpType === advertisement)
  );
}

/** A question is about the destination, an answer about its sender. */
function targetOf({ icmpType, source, destination }: FrameContent): Uint8Array {
  const target = icmpType === neighbourTypes.advertisement ? source : destination;
  return typeof target === 'number' ? new Uint8Array(16) : target;
}
