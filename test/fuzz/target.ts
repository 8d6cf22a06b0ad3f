/**
 * What is fuzzed, and the laws that it must keep on any bytes at all.
 *
 * A target takes bytes and either returns the shape of what it made of them, or throws: an exception of the code under
 * test breaks a law as much as a {@link LawBroken} of the target itself. Time and memory are watched by the fuzzer.
 */
import { ByteReader, ByteWriter, equalBytes, toHex } from '../../src/base/bytes.ts';
import { isDrop, type Codec, type Json, type WireReader } from '../../src/wire/codec.ts';
import { dropReasons, type DropReason } from '../../src/wire/drop-reason.ts';
import {
  decodeMessage,
  describeMessage,
  encodeMessage,
  messageToJson,
  verbCodec,
  verbName,
} from '../../src/wire/verbs/index.ts';
import { shapeOf } from './shape.ts';

/** Something that is to withstand any bytes. */
export interface FuzzTarget {
  /** Also the name of its folder in the corpus: kebab-case. */
  readonly name: string;
  /** Good inputs to begin with. */
  readonly seeds: () => readonly Uint8Array[];
  /**
   * Runs the code under test.
   *
   * @param bytes - borrowed, not to be written
   * @returns a short text that differs where the code went another way; inputs of a new shape are kept and varied
   * @throws whatever the code throws, or {@link LawBroken}
   */
  readonly run: (bytes: Uint8Array) => string;
}

/** A law that a target did not keep. */
export class LawBroken extends Error {
  constructor(law: string) {
    super(law);
    this.name = 'LawBroken';
  }
}

/** The name of a folder: `certificate-of-membership` of `certificate of membership`, `ok-hello` of `OK(HELLO)`. */
export function targetName(name: string): string {
  return name
    .replace(/[^a-zA-Z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase();
}

/** A codec as a target: reading never throws and leaves its input alone; what was read prints, and is written back. */
export function codecTarget<T>(
  codec: Codec<T>,
  seeds: () => readonly Uint8Array[],
  reasons?: readonly DropReason[],
): FuzzTarget {
  return {
    name: targetName(codec.name),
    seeds,
    run(bytes) {
      const { reader, check } = guarded(bytes);
      const start = reader.offset;
      const value = codec.read(reader);
      check();
      if (reader.failure !== null)
        return `${knownReason(reader.failure, reasons)} ${reader.offset - start}`;
      const used = bytes.subarray(0, reader.offset - start);
      expectWritten(used, (writer) => {
        codec.write(writer, value);
      });
      expectPrinted(bytes, codec.describe(value), codec.toJson(value));
      return expectLight(bytes, value);
    },
  };
}

/** One verb of `decodeMessage` as a target: all of the payload is in the message. @param verb - 0 to 31 */
export function messageTarget(verb: number, seeds: () => readonly Uint8Array[]): FuzzTarget {
  const reasons = verbCodec(verb)?.dropReasons ?? [];
  return {
    name: `message-${targetName(verbName(verb))}`,
    seeds,
    run(bytes) {
      const message = decodeMessage(verb, bytes);
      if (isDrop(message))
        return knownReason(message, [...reasons, 'unknown-verb', 'not-a-packet']);
      expectWritten(bytes, (writer) => {
        encodeMessage(writer, message);
      });
      expectPrinted(bytes, describeMessage(message), messageToJson(message));
      return expectLight(bytes, message.value);
    },
  };
}

/** The bytes within others, so that a reader that counts from the start of its buffer, or reads past its end, is found. */
function guarded(bytes: Uint8Array): { reader: WireReader; check: () => void } {
  const before = 3;
  const buffer = new Uint8Array(bytes.length + 2 * before).fill(0xa5);
  buffer.set(bytes, before);
  const end = before + bytes.length;
  const reader: WireReader = new ByteReader(buffer, before, end);
  return {
    reader,
    check() {
      if (reader.offset > end) throw new LawBroken('reads past its end');
      if (!equalBytes(buffer.subarray(before, end), bytes))
        throw new LawBroken('changes its input');
    },
  };
}

/** @returns the reason, if it is one of those that may be given */
function knownReason(reason: string, allowed?: readonly DropReason[]): string {
  if (!Object.hasOwn(dropReasons, reason))
    throw new LawBroken(`gives an unknown reason: ${reason}`);
  if (allowed !== undefined && !allowed.includes(reason as DropReason))
    throw new LawBroken(`gives a reason that it does not name: ${reason}`);
  return reason;
}

/** What was read is written back byte for byte. */
function expectWritten(bytes: Uint8Array, write: (writer: ByteWriter) => void): void {
  const writer = new ByteWriter(new Uint8Array(bytes.length + 64));
  write(writer);
  const written = writer.bytes.subarray(0, writer.offset);
  if (!equalBytes(written, bytes))
    throw new LawBroken(`reads ${toHex(bytes)} and writes ${toHex(written)}`);
}

/** One line without anything that a terminal acts on; JSON; neither much longer than the bytes. */
function expectPrinted(bytes: Uint8Array, line: string, json: Json): void {
  if (/[^\x20-\x7e\u00a0-\uffff]/.test(line)) throw new LawBroken(`prints ${JSON.stringify(line)}`);
  if (line.length > 1024 + 64 * bytes.length) throw new LawBroken('prints a line that is too long');
  if (JSON.stringify(json).length > 4096 + 128 * bytes.length)
    throw new LawBroken('prints JSON that is too long');
}

/** A value has no more parts than its bytes can account for. */
function expectLight(bytes: Uint8Array, value: unknown): string {
  const { parts, shape } = shapeOf(value);
  if (parts > 64 + 16 * bytes.length)
    throw new LawBroken(`makes ${parts} parts of ${bytes.length} bytes`);
  return shape;
}
