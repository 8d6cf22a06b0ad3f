/**
 * Records as lines for a terminal: one each, and what more there is to say of a packet, indented. Text that came from
 * the network is escaped.
 */
import { toHex } from '../../base/bytes.ts';
import { assertNever } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { formatAddress, formatMac, formatU64, type NetworkId } from '../../base/ids.ts';
import type { Codec, Json } from '../codec.ts';
import type { DropReason } from '../drop-reason.ts';
import { formatInetAddress, type InetAddress } from '../inet-address.ts';
import { multicastGroup } from '../multicast-group.ts';
import { networkConfig, type NetworkConfig } from '../network-config/network-config.ts';
import { verbName, type Message } from '../verbs/index.ts';
import type { NetworkCredentials } from '../verbs/network-credentials.ts';
import { frameText } from './frame-text.ts';
import { messageNetworks } from './message-networks.ts';
import { seconds } from './trace-json.ts';
import { describeProblem } from './trace-summary.ts';
import type { SignatureVerdict, TracePacket, TraceRecord } from './trace-record.ts';

/** What packets are protected with, in a word. */
const suiteWords: readonly string[] = ['clear', 'salsa20', 'trusted', 'aes'];

const timeWidth = 12;
const pathWidth = 27;
const suiteWidth = 9;
const verbWidth = 23;
/** How much of a value that has no end is shown. */
const textLengthMax = 200;

/**
 * The line of a record.
 *
 * @param startNs - the time that counts as 0
 */
export function describeRecord(record: TraceRecord, startNs: bigint): string {
  const time = record.timeNs === null ? '-' : seconds(record.timeNs - startNs, 6);
  const { path, suite, verb, text } = columns(record);
  return (
    `${time.padStart(timeWidth)}  ${path.padEnd(pathWidth)}${suite.padEnd(suiteWidth)}` +
    `${verb.padEnd(verbWidth)}${text}`
  ).trimEnd();
}

/** Everything else about a record, in lines that begin with spaces. */
export function describeDetails(record: TraceRecord): readonly string[] {
  const lines = [
    `frame ${record.frame}, ${formatInetAddress(record.from)} → ${formatInetAddress(record.to)}`,
  ];
  if (record.kind === 'packet') {
    const { packetId, wire, isFragmented, contents } = record;
    lines.push(
      `packet ${formatU64(packetId)}, ${wire.length} bytes${isFragmented ? ' in pieces' : ''}`,
    );
    if (contents !== null) {
      const { originalId, isCompressed, payload, message, mac, configuration } = contents;
      if (originalId !== null) lines.push(`drawn as ${formatU64(originalId)}`);
      lines.push(`authentication code: ${mac}`);
      lines.push(`payload: ${payload.length} bytes${isCompressed ? ', was compressed' : ''}`);
      for (const each of contents.signatures) lines.push(`signature: ${describeSignature(each)}`);
      if (message !== null) lines.push(...messageLines(message));
      if (configuration !== null) lines.push(...configurationLines(configuration));
    }
  }
  return lines.map((line) => `    ${line}`);
}

/** The plain payload of a packet in rows of 16 bytes; the bytes of what is no packet. */
export function hexLines(record: TraceRecord): readonly string[] {
  if (record.kind === 'piece') return [];
  const bytes = record.kind === 'packet' ? (record.contents?.payload ?? record.wire) : record.bytes;
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const text = Array.from(row, (byte) =>
      byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : '.',
    ).join('');
    const pairs = toHex(row)
      .replace(/..(?=.)/g, '$& ')
      .padEnd(47);
    lines.push(`    ${at.toString(16).padStart(4, '0')}  ${pairs}  ${text}`);
  }
  return lines;
}

interface Columns {
  readonly path: string;
  readonly suite: string;
  readonly verb: string;
  readonly text: string;
}

function columns(record: TraceRecord): Columns {
  switch (record.kind) {
    case 'packet':
      return packetColumns(record);
    case 'piece': {
      const { destination, index, count, result, packetId, length } = record;
      const name = index === 0 ? 'head' : `piece ${index} of ${String(count)}`;
      return {
        path: `           → ${formatAddress(destination)}`,
        suite: '',
        verb: name,
        text: `of ${formatU64(packetId)}, ${length} bytes, ${result}`,
      };
    }
    case 'beacon':
    case 'not-a-packet': {
      const { bytes, from, to } = record;
      const shown = toHex(bytes.subarray(0, 16)) + (bytes.length > 16 ? '…' : '');
      return {
        path: '',
        suite: '',
        verb: record.kind === 'beacon' ? 'LAN beacon' : 'no packet',
        text: `${bytes.length} bytes ${shown} ${endpoints(from, to)}`,
      };
    }
    default:
      return assertNever(record);
  }
}

function packetColumns(record: TracePacket): Columns {
  const { source, destination, hops, suite, contents, problem } = record;
  const path = `${formatAddress(source)} → ${formatAddress(destination)}${hops > 0 ? ` +${hops}` : ''}`;
  const suiteWord = suiteWords[suite] ?? `suite ${suite}`;
  if (contents === null) {
    const why =
      problem?.kind === 'no-key'
        ? `no key for ${formatAddress(source)} ↔ ${formatAddress(destination)}`
        : problem === null
          ? ''
          : describeProblem(problem);
    return { path, suite: suiteWord, verb: '?', text: why };
  }
  const { message, verb, mac, signatures } = contents;
  const remarks = [
    ...(mac === 'unchecked' ? ['code not checked'] : []),
    ...(problem === null || problem.kind === 'no-key' ? [] : [describeProblem(problem)]),
    ...signatures.flatMap((each) => (each.verdict === 'good' ? [] : [describeSignature(each)])),
  ];
  const text = message === null ? '' : messageText(message);
  return {
    path,
    suite: suiteWord,
    verb: verbName(verb),
    text: text + (remarks.length === 0 ? '' : `  [${remarks.join('; ')}]`),
  };
}

/** What a message says in less than a line. */
function messageText(message: Message): string {
  const frame = frameText(message);
  switch (message.name) {
    case 'FRAME':
      return `${formatU64(message.value.networkId)} ${frame ?? ''}`;
    case 'EXT_FRAME': {
      const { networkId, source, destination } = message.value;
      return `${formatU64(networkId)} ${formatMac(source)} → ${formatMac(destination)} ${frame ?? ''}`;
    }
    case 'MULTICAST_FRAME': {
      const { networkId, group } = message.value;
      return `${formatU64(networkId)} → ${multicastGroup.describe(group)} ${frame ?? ''}`;
    }
    case 'NETWORK_CREDENTIALS':
      return credentialsText(messageNetworks(message), message.value);
    default: {
      // The codec and the value of a message belong together, which its union cannot say.
      const codec = message.codec as Codec<unknown>;
      return cut(codec.describe(message.value));
    }
  }
}

function credentialsText(networks: readonly NetworkId[], value: NetworkCredentials): string {
  const counts: readonly (readonly [string, number])[] = [
    ['memberships', value.certificatesOfMembership.length],
    ['capabilities', value.capabilities?.length ?? 0],
    ['tags', value.tags?.length ?? 0],
    ['revocations', value.revocations?.length ?? 0],
    ['ownerships', value.certificatesOfOwnership?.length ?? 0],
  ];
  const there = counts.filter(([, count]) => count > 0).map(([name, count]) => `${name} ${count}`);
  return [...new Set(networks.map(formatU64)), there.join(', ')].join(' ');
}

function describeSignature({ what, signer, verdict }: SignatureVerdict): string {
  const by = signer === null ? '' : ` by ${formatAddress(signer)}`;
  switch (verdict) {
    case 'good':
      return `${what} is signed${by}`;
    case 'bad':
      return `${what} HAS A WRONG SIGNATURE${by}`;
    case 'unknown':
      return `${what} is not checked: nothing is known of its signer${signer === null ? '' : ` ${formatAddress(signer)}`}`;
    case 'unsigned':
      return `${what} is unsigned`;
    default:
      return assertNever(verdict);
  }
}

/** The whole of a message as a tree. */
function messageLines(message: Message): string[] {
  const codec = message.codec as Codec<unknown>;
  const frame = frameText(message);
  return [
    ...(frame === null ? [] : [`frame: ${frame}`]),
    ...tree(codec.toJson(message.value), ''),
    ...(message.trailing.length > 0 ? [`trailing: ${toHex(message.trailing)}`] : []),
  ];
}

function configurationLines(configuration: NetworkConfig | DropReason): string[] {
  if (typeof configuration === 'string') return [`configuration: ${configuration}`];
  return ['configuration:', ...tree(networkConfig.toJson(configuration), '  ')];
}

/** JSON as indented lines, `name: value` each; lists with a hyphen before every item. */
function tree(value: Json, indent: string): string[] {
  if (typeof value !== 'object' || value === null) return [`${indent}${scalar(value)}`];
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((item) => {
      const [first = '', ...rest] = tree(item, `${indent}  `);
      return [`${indent}- ${first.trimStart()}`, ...rest];
    });
  return Object.entries(value as Readonly<Record<string, Json>>).flatMap(([name, item]) => {
    const label = `${indent}${escapeText(name)}:`;
    const isTree = typeof item === 'object' && item !== null && Object.keys(item).length > 0;
    return isTree ? [label, ...tree(item, `${indent}  `)] : [`${label} ${scalar(item)}`];
  });
}

function scalar(value: Json): string {
  if (value === null) return '-';
  if (typeof value === 'object') return 'none';
  return cut(escapeText(String(value), Infinity));
}

function cut(text: string): string {
  return text.length > textLengthMax ? `${text.slice(0, textLengthMax)}…` : text;
}

function endpoints(from: InetAddress, to: InetAddress): string {
  return `${formatInetAddress(from)} → ${formatInetAddress(to)}`;
}
