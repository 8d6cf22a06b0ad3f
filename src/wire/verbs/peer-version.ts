/**
 * The version that a node states of itself in HELLO and OK(HELLO): protocol 1, major 1, minor 1, revision 2 (vl1 3.5).
 */
import type { ByteWriter } from '../../base/bytes.ts';
import type { LayoutField, WireReader } from '../codec.ts';

/** The protocol and the software. */
export interface PeerVersion {
  /** 12 in 1.14.1; below 4 is refused, from 12 on cipher suite 3 is used. */
  readonly protocol: number;
  readonly major: number;
  readonly minor: number;
  readonly revision: number;
}

/** Its rows of a layout. */
export const versionLayout: readonly LayoutField[] = [
  { name: 'protocol', size: 1, note: '12; below 4 is refused' },
  { name: 'major', size: 1, note: 'of the software' },
  { name: 'minor', size: 1 },
  { name: 'revision', size: 2 },
];

/** Takes five bytes. */
export function readVersion(reader: WireReader): PeerVersion {
  return {
    protocol: reader.u8(),
    major: reader.u8(),
    minor: reader.u8(),
    revision: reader.u16(),
  };
}

/** Puts five bytes. */
export function writeVersion(writer: ByteWriter, version: PeerVersion): void {
  writer.u8(version.protocol);
  writer.u8(version.major);
  writer.u8(version.minor);
  writer.u16(version.revision);
}

/** `1.14.1 protocol 12`. */
export function formatVersion({ protocol, major, minor, revision }: PeerVersion): string {
  return `${major}.${minor}.${revision} protocol ${protocol}`;
}
