/**
 * The way back of the trace decoder: from a decoded packet to the bytes that were on the wire, by the encoders that a
 * node sends with. What comes out equal proves that nothing of the packet was lost or misread.
 */
import { ByteWriter, equalBytes } from '../../src/base/bytes.ts';
import { compressPacket } from '../../src/wire/packet/compression.ts';
import {
  flagsOffset,
  headerLength,
  isCompressedAt,
  packetLengthMax,
  setCompressed,
  writeHeader,
} from '../../src/wire/packet/header.ts';
import { cryptHelloTail } from '../../src/wire/packet/hello-tail.ts';
import { sealPacket } from '../../src/wire/packet/seal.ts';
import type { IdentityBook } from '../../src/wire/trace/identity-book.ts';
import type { TracePacket } from '../../src/wire/trace/trace-record.ts';
import { encodeMessage } from '../../src/wire/verbs/index.ts';

/** The packet again. */
export interface ReEncoded {
  readonly bytes: Uint8Array;
  /** `equal`: compressing again gave the same block; `original`: it did not, and the original block was used. */
  readonly compression: 'none' | 'equal' | 'original';
}

/** @param book - that can make the keys of the packet */
export function reEncode(packet: TracePacket, book: IdentityBook): ReEncoded {
  const { source, destination, suite, hops, contents, isFragmented, packetId } = packet;
  const message = contents?.message ?? null;
  if (contents === null || message === null) throw new Error('the packet is not decoded');
  if (suite !== 0 && suite !== 1 && suite !== 3) throw new Error(`suite ${suite} is not sent`);
  const keys = book.keys(source, destination);
  if (typeof keys === 'string') throw new Error(keys);
  const bytes = new Uint8Array(packetLengthMax);
  writeHeader(bytes, 0, {
    packetId: contents.originalId ?? packetId,
    destination,
    source,
    verb: contents.verb,
    fragmented: isFragmented,
  });
  const writer = new ByteWriter(bytes, headerLength);
  encodeMessage(writer, message);
  let end = writer.offset;
  let compression: ReEncoded['compression'] = 'none';
  if (message.name === 'HELLO') {
    const reason = cryptHelloTail(keys, bytes, 0, end);
    if (reason !== null) throw new Error(reason);
  } else if (contents.isCompressed) {
    const block = contents.plain.subarray(headerLength);
    end = compressPacket(bytes, 0, end);
    const isEqual =
      isCompressedAt(bytes, 0) && equalBytes(bytes.subarray(headerLength, end), block);
    compression = isEqual ? 'equal' : 'original';
    setCompressed(bytes, 0, true);
    bytes.set(block, headerLength);
    end = headerLength + block.length;
  }
  sealPacket(keys, bytes, 0, end, suite);
  bytes[flagsOffset] = bytes[flagsOffset]! | hops;
  return { bytes: bytes.slice(0, end), compression };
}
