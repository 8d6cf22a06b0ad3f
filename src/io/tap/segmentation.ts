/**
 * What the kernel hands over for segmentation, made into the frames that it stands for: a run of TCP of up to 64 KiB with
 * one header becomes as many frames as its segment length says, each with its own lengths, sequence number, flags and
 * checksums; a frame whose checksum the kernel left out gets it.
 *
 * Source: RFC 9293 section 3.1 (TCP), RFC 791 (IPv4), RFC 8200 (IPv6); which flags go into which segment is how Linux
 * does it itself (Documentation/networking/segmentation-offloads.rst).
 */
import { setU16, setU32, u16At, u32At } from '../../wire/big-endian.ts';
import { internetChecksum } from '../../wire/ethernet/checksum.ts';
import { frameLengthMax } from './port.ts';
import {
  virtioChecksumOffsetAt,
  virtioChecksumStartAt,
  virtioFlags,
  virtioFlagsAt,
  virtioHeaderLength,
  virtioSegmentation,
  virtioSegmentationAt,
  virtioSegmentLengthAt,
} from './virtio-header.ts';
import { checksumOf, type SummedMemory } from './word-sum.ts';

/** Where frames are put, in the memory that they come from. */
export interface FrameSink {
  /** Room for a frame of at most this length. @returns where it begins */
  room(length: number): number;
  /** Takes the frame that was put there. */
  take(length: number): void;
}

/** Why what was read is no frame: too long for one, or nothing that was asked for. */
export type SegmentationFailure = 'EMSGSIZE' | 'EPROTO';

/** Bytes of the longest that is read: 64 KiB of IP behind Ethernet and a VLAN tag, and what stands in front of it. */
export const superFrameLengthMax: number = virtioHeaderLength + 14 + 4 + 65_535;

const [fin, push, congestionReduced] = [0x01, 0x08, 0x80];
const tcpProtocol = 6;

/**
 * Puts the frames of what was read into a sink.
 *
 * @param start - of the header that stands in front, in the memory. @param end - of all
 * @returns null where all went well; frames before a failure stay in the sink
 */
export function segment(
  memory: SummedMemory,
  start: number,
  end: number,
  sink: FrameSink,
): SegmentationFailure | null {
  const { bytes } = memory;
  if (end - start < virtioHeaderLength) return 'EPROTO';
  const kind = virtioSegmentationAt(bytes, start);
  if (kind === virtioSegmentation.none) return whole(memory, start, end, sink);
  if (kind !== virtioSegmentation.tcpIpv4 && kind !== virtioSegmentation.tcpIpv6) return 'EPROTO';
  return cutTcp(memory, start, end, sink, kind === virtioSegmentation.tcpIpv4);
}

function whole(
  memory: SummedMemory,
  start: number,
  end: number,
  sink: FrameSink,
): SegmentationFailure | null {
  const { bytes } = memory;
  const frame = start + virtioHeaderLength;
  const length = end - frame;
  if (length > frameLengthMax) return 'EMSGSIZE';
  const at = sink.room(length);
  bytes.copyWithin(at, frame, end);
  if ((virtioFlagsAt(bytes, start) & virtioFlags.needsChecksum) !== 0) {
    const from = virtioChecksumStartAt(bytes, start);
    const field = from + virtioChecksumOffsetAt(bytes, start);
    if (field + 2 > length) return 'EPROTO';
    // The field holds the sum of the pseudo header. A sum of 0 is written as its other form: 0 means none in UDP.
    const sum = checksumOf(memory.wordSum(at + from, at + length));
    setU16(bytes, at + field, sum === 0 ? 0xffff : sum);
  }
  sink.take(length);
  return null;
}

function cutTcp(
  memory: SummedMemory,
  start: number,
  end: number,
  sink: FrameSink,
  isIpv4: boolean,
): SegmentationFailure | null {
  const { bytes } = memory;
  const frame = start + virtioHeaderLength;
  const length = end - frame;
  const ip = ipOffset(bytes, frame);
  const tcp = virtioChecksumStartAt(bytes, start);
  const step = virtioSegmentLengthAt(bytes, start);
  if (step === 0 || tcp < ip + (isIpv4 ? 20 : 40) || tcp + 20 > length) return 'EPROTO';
  const tcpLength = ((bytes[frame + tcp + 12] as number) >> 4) * 4;
  const headers = tcp + tcpLength;
  if (tcpLength < 20 || headers >= length) return 'EPROTO';
  if (headers + Math.min(step, length - headers) > frameLengthMax) return 'EMSGSIZE';

  const addresses = frame + ip + (isIpv4 ? 12 : 8);
  const pseudo = memory.wordSum(addresses, addresses + (isIpv4 ? 8 : 32)) + tcpProtocol;
  const firstId = u16At(bytes, frame + ip + 4);
  const firstSequence = u32At(bytes, frame + tcp + 4);
  const flags = bytes[frame + tcp + 13] as number;
  for (let offset = headers, i = 0; offset < length; offset += step, i++) {
    const payload = Math.min(step, length - offset);
    const isLast = offset + payload === length;
    const at = sink.room(headers + payload);
    bytes.copyWithin(at, frame, frame + headers);
    bytes.copyWithin(at + headers, frame + offset, frame + offset + payload);
    const ipAt = at + ip;
    if (isIpv4) {
      setU16(bytes, ipAt + 2, headers - ip + payload);
      setU16(bytes, ipAt + 4, (firstId + i) & 0xffff);
      setU16(bytes, ipAt + 10, 0);
      setU16(bytes, ipAt + 10, internetChecksum(bytes, ipAt, at + tcp));
    } else setU16(bytes, ipAt + 4, headers - ip - 40 + payload);
    const tcpAt = at + tcp;
    setU32(bytes, tcpAt + 4, (firstSequence + offset - headers) >>> 0);
    bytes[tcpAt + 13] =
      flags & ~(isLast ? 0 : fin | push) & ~(i === 0 ? 0 : congestionReduced) & 0xff;
    setU16(bytes, tcpAt + 16, 0);
    const sum = pseudo + tcpLength + payload + memory.wordSum(tcpAt, at + headers + payload);
    setU16(bytes, tcpAt + 16, checksumOf(sum));
    sink.take(headers + payload);
  }
  return null;
}

/** Where the IP header begins in a frame: behind a VLAN tag, where there is one. */
function ipOffset(bytes: Uint8Array, frame: number): number {
  const etherType = u16At(bytes, frame + 12);
  return etherType === vlanTag || etherType === serviceTag ? 18 : 14;
}

/** EtherTypes of the tags of IEEE 802.1Q. */
const [vlanTag, serviceTag] = [0x8100, 0x88a8];
