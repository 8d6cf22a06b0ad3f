/** A record as JSON: everything in it. 64-bit numbers and bytes are hexadecimal text. */
import { toHex } from '../../base/bytes.ts';
import { formatAddress, formatU64 } from '../../base/ids.ts';
import type { JsonObject } from '../codec.ts';
import { inetAddress } from '../inet-address.ts';
import { networkConfig } from '../network-config/network-config.ts';
import { messageToJson, verbName } from '../verbs/index.ts';
import { frameText } from './frame-text.ts';
import { keyGaps } from './identity-book.ts';
import { dropReasons } from '../drop-reason.ts';
import type { TraceContents, TraceOrigin, TraceProblem, TraceRecord } from './trace-record.ts';

/** The object that `--json` prints for a record. */
export function traceRecordToJson(record: TraceRecord): JsonObject {
  const origin = originJson(record);
  switch (record.kind) {
    case 'beacon':
    case 'not-a-packet':
      return { ...origin, kind: record.kind, bytes: toHex(record.bytes) };
    case 'piece':
      return {
        ...origin,
        kind: record.kind,
        packetId: formatU64(record.packetId),
        destination: formatAddress(record.destination),
        hops: record.hops,
        index: record.index,
        count: record.count,
        length: record.length,
        result: record.result,
      };
    case 'packet':
      return {
        ...origin,
        kind: record.kind,
        packetId: formatU64(record.packetId),
        source: formatAddress(record.source),
        destination: formatAddress(record.destination),
        hops: record.hops,
        suite: record.suite,
        isFragmented: record.isFragmented,
        length: record.wire.length,
        problem: record.problem && problemJson(record.problem),
        ...(record.contents === null
          ? { wire: toHex(record.wire) }
          : contentsJson(record.contents)),
      };
  }
}

function originJson({ frame, timeNs, from, to }: TraceOrigin): JsonObject {
  return {
    frame,
    time: timeNs === null ? null : seconds(timeNs, 9),
    from: inetAddress.toJson(from),
    to: inetAddress.toJson(to),
  };
}

/** Nanoseconds as seconds. @param digits - after the point, 0 to 9; more are cut off */
export function seconds(ns: bigint, digits: number): string {
  const isNegative = ns < 0n;
  const text = (isNegative ? -ns : ns).toString().padStart(10, '0');
  const cut = text.slice(0, text.length - 9 + digits);
  return `${isNegative ? '-' : ''}${cut.slice(0, cut.length - digits)}.${cut.slice(cut.length - digits)}`;
}

function problemJson(problem: TraceProblem): JsonObject {
  return problem.kind === 'no-key'
    ? { kind: problem.kind, reason: problem.gap, message: keyGaps[problem.gap] }
    : { kind: problem.kind, reason: problem.reason, message: dropReasons[problem.reason] };
}

function contentsJson(contents: TraceContents): JsonObject {
  const { message, originalId, configuration } = contents;
  const frame = message && frameText(message);
  return {
    mac: contents.mac,
    originalId: originalId === null ? null : formatU64(originalId),
    verb: verbName(contents.verb),
    isCompressed: contents.isCompressed,
    payload: toHex(contents.payload),
    message: message && messageToJson(message),
    ...(frame === null ? {} : { frame }),
    ...(configuration === null
      ? {}
      : {
          configuration:
            typeof configuration === 'string' ? configuration : networkConfig.toJson(configuration),
        }),
    signatures: contents.signatures.map(({ what, signer, verdict }) => ({
      what,
      signer: signer === null ? null : formatAddress(signer),
      verdict,
    })),
  };
}
