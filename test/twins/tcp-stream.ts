/** Frames of a TCP stream, as a host without offload sends them: what segmentation and coalescing are checked against. */
import {
  internetChecksum,
  ipv4PseudoSum,
  ipv6PseudoSum,
} from '../../src/wire/ethernet/checksum.ts';

/** One frame of a stream. */
export interface TcpFrame {
  readonly isIpv6?: boolean;
  readonly sequence: number;
  readonly payload: Uint8Array;
  /** Default: ACK. */
  readonly flags?: number;
  readonly options?: Uint8Array;
  readonly acknowledged?: number;
  readonly window?: number;
  readonly id?: number;
  readonly port?: number;
}

/** The frame, complete, with right checksums. */
export function tcpFrame(frame: TcpFrame): Uint8Array {
  const { isIpv6 = false, options = new Uint8Array(0), payload } = frame;
  const ip = 14;
  const tcp = ip + (isIpv6 ? 40 : 20);
  const headers = tcp + 20 + options.length;
  const bytes = new Uint8Array(headers + payload.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x32, 1, 2, 3, 4, 5, 0x32, 6, 7, 8, 9, 10]);
  view.setUint16(12, isIpv6 ? 0x86dd : 0x0800);
  const tcpLength = bytes.length - tcp;
  if (isIpv6) {
    bytes.set([0x60, 0, 0, 0, tcpLength >> 8, tcpLength & 0xff, 6, 64], ip);
    bytes.set([0xfd, 1], ip + 8);
    bytes.set([0xfd, 2], ip + 24);
  } else {
    bytes.set([0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2], ip);
    view.setUint16(ip + 2, bytes.length - ip);
    view.setUint16(ip + 4, frame.id ?? 0);
    view.setUint16(ip + 10, internetChecksum(bytes, ip, tcp));
  }
  view.setUint16(tcp, frame.port ?? 40_000);
  view.setUint16(tcp + 2, 5_001);
  view.setUint32(tcp + 4, frame.sequence);
  view.setUint32(tcp + 8, frame.acknowledged ?? 7);
  bytes[tcp + 12] = ((20 + options.length) / 4) << 4;
  bytes[tcp + 13] = frame.flags ?? 0x10;
  view.setUint16(tcp + 14, frame.window ?? 500);
  bytes.set(options, tcp + 20);
  bytes.set(payload, headers);
  const pseudo = isIpv6
    ? ipv6PseudoSum(bytes, ip + 8, tcpLength, 6)
    : ipv4PseudoSum(bytes, ip + 12, tcpLength, 6);
  view.setUint16(tcp + 16, internetChecksum(bytes, tcp, bytes.length, pseudo));
  return bytes;
}

/** A stream cut into frames. @param step - bytes of payload of each but the last. The last has PSH */
export function tcpStream(
  options: Pick<TcpFrame, 'isIpv6' | 'options'>,
  first: number,
  data: Uint8Array,
  step: number,
): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = 0, id = 100; at < data.length; at += step, id++)
    frames.push(
      tcpFrame({
        ...options,
        id: id & 0xffff,
        sequence: (first + at) >>> 0,
        payload: data.subarray(at, at + step),
        flags: at + step >= data.length ? 0x18 : 0x10,
      }),
    );
  return frames;
}
