/**
 * From a captured frame to the UDP datagram in it: link layer, VLAN tags, IPv4 or IPv6, UDP.
 *
 * Link types (tcpdump.org/linktypes.html): 0 and 108 BSD loopback (a 4-byte address family in front), 1 Ethernet,
 * 101, 228 and 229 raw IP, 113 and 276 Linux cooked (`-i any`), versions 1 and 2.
 */
import type { CapturedFrame } from './capture-format.ts';

/** A UDP datagram. */
export interface UdpDatagram {
  readonly source: UdpEndpoint;
  readonly destination: UdpEndpoint;
  /** A view of the frame. */
  readonly payload: Uint8Array;
}

export interface UdpEndpoint {
  /** 4 bytes of IPv4 or 16 of IPv6, a view of the frame. */
  readonly address: Uint8Array;
  readonly port: number;
}

/** Why a frame gave no datagram, with what is said of it. */
export const frameSkips = {
  'not-ip': 'not IP',
  'not-udp': 'not UDP',
  'ip-fragment': 'a fragment of an IP packet',
  cut: 'cut off by the capture (capture with tcpdump -s 0)',
  malformed: 'an IP or UDP header that contradicts itself',
  'unknown-link-type': 'from an interface of an unknown link type',
} as const;

/** One of the names in {@link frameSkips}. */
export type FrameSkip = keyof typeof frameSkips;

const etherTypeIpv4 = 0x0800;
const etherTypeIpv6 = 0x86dd;
const vlanEtherTypes: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100]);
const vlanTagsMax = 4;
/** AF_INET6 of Linux and of the BSDs, which never agreed. */
const ipv6Families: ReadonlySet<number> = new Set([10, 24, 28, 30]);
const ipv4Family = 2;

const protocolUdp = 17;
/** Hop-by-hop, routing and destination options: a next header, a length, and what is skipped. */
const ipv6Extensions: ReadonlySet<number> = new Set([0, 43, 60]);
const ipv6Fragment = 44;
const ipv6ExtensionsMax = 8;
const udpHeaderLength = 8;

/** Where the network layer begins, and its EtherType. */
interface NetworkLayer {
  readonly start: number;
  readonly etherType: number;
}

type LinkLayer = (bytes: Uint8Array, view: DataView) => NetworkLayer | FrameSkip;

const links: Readonly<Record<number, LinkLayer>> = {
  0: (bytes, view) =>
    bytes.length < 4 ? 'cut' : byFamily(Math.min(view.getUint32(0), view.getUint32(0, true))),
  108: (bytes, view) => (bytes.length < 4 ? 'cut' : byFamily(view.getUint32(0))),
  1: (bytes, view) => byEtherType(view, 12, 14),
  101: rawIp,
  228: rawIp,
  229: rawIp,
  113: (bytes, view) => byEtherType(view, 14, 16),
  276: (bytes, view) => byEtherType(view, 0, 20),
};

/** Whether frames of this link type can be read at all. */
export function isLinkTypeKnown(linkType: number): boolean {
  return links[linkType] !== undefined;
}

/**
 * The datagram in a frame.
 *
 * @param frame - borrowed: the datagram is a view of its bytes
 */
export function udpDatagram(frame: CapturedFrame): UdpDatagram | FrameSkip {
  const { bytes } = frame;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const layer = links[frame.linkType]?.(bytes, view) ?? 'unknown-link-type';
  if (typeof layer === 'string') return layer;
  if (layer.etherType === etherTypeIpv4) return inIpv4(bytes, view, layer.start);
  if (layer.etherType === etherTypeIpv6) return inIpv6(bytes, view, layer.start);
  return 'not-ip';
}

/** The EtherType at `at`, after which the payload begins at `start`; VLAN tags are stepped over. */
function byEtherType(view: DataView, at: number, start: number): NetworkLayer | FrameSkip {
  if (view.byteLength < start) return 'cut';
  let etherType = view.getUint16(at);
  for (let tags = 0; vlanEtherTypes.has(etherType) && tags < vlanTagsMax; tags++) {
    if (view.byteLength < start + 4) return 'cut';
    etherType = view.getUint16(start + 2);
    start += 4;
  }
  return { start, etherType };
}

function byFamily(family: number): NetworkLayer | FrameSkip {
  if (family === ipv4Family) return { start: 4, etherType: etherTypeIpv4 };
  return ipv6Families.has(family) ? { start: 4, etherType: etherTypeIpv6 } : 'not-ip';
}

function rawIp(bytes: Uint8Array): NetworkLayer | FrameSkip {
  const version = (bytes[0] ?? 0) >> 4;
  if (version === 4) return { start: 0, etherType: etherTypeIpv4 };
  return version === 6 ? { start: 0, etherType: etherTypeIpv6 } : 'not-ip';
}

function inIpv4(bytes: Uint8Array, view: DataView, start: number): UdpDatagram | FrameSkip {
  if (bytes.length < start + 20) return 'cut';
  const headerLength = (view.getUint8(start) & 0xf) * 4;
  const end = start + view.getUint16(start + 2);
  if (view.getUint8(start) >> 4 !== 4 || headerLength < 20) return 'malformed';
  if (view.getUint8(start + 9) !== protocolUdp) return 'not-udp';
  // More fragments follow, or this is not the first.
  if ((view.getUint16(start + 6) & 0x3fff) !== 0) return 'ip-fragment';
  return udp(bytes, view, start + headerLength, end, {
    source: bytes.subarray(start + 12, start + 16),
    destination: bytes.subarray(start + 16, start + 20),
  });
}

function inIpv6(bytes: Uint8Array, view: DataView, start: number): UdpDatagram | FrameSkip {
  if (bytes.length < start + 40) return 'cut';
  if (view.getUint8(start) >> 4 !== 6) return 'malformed';
  const end = start + 40 + view.getUint16(start + 4);
  let next = view.getUint8(start + 6);
  let at = start + 40;
  for (let count = 0; ipv6Extensions.has(next) && count < ipv6ExtensionsMax; count++) {
    if (bytes.length < at + 2) return 'cut';
    next = view.getUint8(at);
    at += 8 + view.getUint8(at + 1) * 8;
  }
  if (next === ipv6Fragment) return 'ip-fragment';
  if (next !== protocolUdp) return 'not-udp';
  return udp(bytes, view, at, end, {
    source: bytes.subarray(start + 8, start + 24),
    destination: bytes.subarray(start + 24, start + 40),
  });
}

/** @param end - of the IP packet by its own length; what follows is padding of the link */
function udp(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  addresses: { readonly source: Uint8Array; readonly destination: Uint8Array },
): UdpDatagram | FrameSkip {
  if (end < start + udpHeaderLength) return 'malformed';
  if (bytes.length < start + udpHeaderLength) return 'cut';
  const length = view.getUint16(start + 4);
  if (length < udpHeaderLength || start + length > end) return 'malformed';
  if (bytes.length < start + length) return 'cut';
  return {
    source: { address: addresses.source, port: view.getUint16(start) },
    destination: { address: addresses.destination, port: view.getUint16(start + 2) },
    payload: bytes.subarray(start + udpHeaderLength, start + length),
  };
}
