/**
 * `overspan wire decode FILE`: what the packets of a capture say, as far as the secrets that are given open them.
 *
 * A file is read twice: nodes introduce themselves anywhere in it, and what was learnt late opens what came early.
 * Standard input is read once, as it comes, so that a capture can be watched while it is made.
 */
import type { Command } from 'commander';

import { errorCode, exitCodes } from '../../../base/errors.ts';
import { chooseProvider } from '../../../io/crypto/index.ts';
import {
  frameSkips,
  readCapture,
  udpDatagram,
  type CapturedFrame,
  type FrameSkip,
  type UdpEndpoint,
} from '../../../io/pcap/index.ts';
import type { InetAddress } from '../../../wire/inet-address.ts';
import { TraceDecoder, type TraceOptions } from '../../../wire/trace/trace-decoder.ts';
import { passes, type TraceFilter } from '../../../wire/trace/trace-filter.ts';
import { traceRecordToJson } from '../../../wire/trace/trace-json.ts';
import type { TraceDatagram, TraceRecord } from '../../../wire/trace/trace-record.ts';
import { TraceSummary } from '../../../wire/trace/trace-summary.ts';
import { describeDetails, describeRecord, hexLines } from '../../../wire/trace/trace-text.ts';
import type { Act, CliContext } from '../../context.ts';
import { integer } from '../../options.ts';
import { filterOf, readBooks, verbList, type DecodeOptions } from './decode-options.ts';

/** Errors that leave the frames before them good. */
const partialCodes: ReadonlySet<string | undefined> = new Set(['PCAP_DAMAGED', 'PCAP_TRUNCATED']);

/** Adds the argument, the options and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<capture>', 'a pcap or pcapng file; - is standard input, decoded as it comes')
    .option(
      '--identity <identity...>',
      'files with identities: what the owner of a secret one could read is decrypted',
    )
    .option('--planet <file...>', 'planets and moons: their roots are known, their updates checked')
    .option('--verb <name...>', 'only packets of these verbs')
    .option('--address <address...>', 'only packets from or to these nodes')
    .option('--network <id...>', 'only packets about these networks')
    .option(
      '--limit <count>',
      'end after this many records',
      integer('--limit', 1, Number.MAX_SAFE_INTEGER, '100'),
    )
    .option('--hex', 'show the plain payloads too')
    .addHelpText(
      'after',
      `
With -v everything that a packet holds is shown below its line; with --json every record is one object.

Verbs:
${verbList()}

Examples:
  overspan wire decode flow.pcap --identity /var/lib/zerotier-one/identity.secret
  tcpdump -i any -U -w - udp port 9993 | overspan wire decode - --identity identity.secret`,
    )
    .action(
      act(async (cli, capture: string, options: DecodeOptions) => {
        const provider = chooseProvider({
          log: (message) => {
            if (cli.verbose) cli.note(message);
          },
        });
        const filter = filterOf(options);
        const books = await readBooks(cli, provider, options);
        try {
          const trace = { provider, ...books };
          const isFile = capture !== '-';
          if (isFile) await learn(readCapture(capture, cli.signal), { ...trace, learnsOnly: true });
          await show(cli, readCapture(capture, cli.signal), new TraceDecoder(trace), {
            ...options,
            filter,
          });
        } finally {
          books.identities.close();
        }
        return cli.signal.aborted ? exitCodes.interrupted : undefined;
      }),
    );
}

/** The first pass: whatever identities and worlds there are. Damage is left to the second to tell. */
async function learn(frames: AsyncIterable<CapturedFrame>, options: TraceOptions): Promise<void> {
  const decoder = new TraceDecoder(options);
  try {
    for await (const frame of frames) {
      const datagram = datagramOf(frame);
      if (typeof datagram !== 'string') decoder.decode(datagram);
    }
  } catch (error) {
    if (!partialCodes.has(errorCode(error))) throw error;
  }
}

/** Prints what is wanted, and what it came to even where the capture ends with an error. */
async function show(
  cli: CliContext,
  frames: AsyncIterable<CapturedFrame>,
  decoder: TraceDecoder,
  options: DecodeOptions & { readonly filter: TraceFilter },
): Promise<void> {
  const summary = new TraceSummary();
  const skips = new Map<FrameSkip, number>();
  let startNs: bigint | null = null;
  let left = options.limit ?? Infinity;
  try {
    for await (const frame of frames) {
      const datagram = datagramOf(frame);
      if (typeof datagram === 'string') {
        skips.set(datagram, (skips.get(datagram) ?? 0) + 1);
        continue;
      }
      startNs ??= datagram.timeNs;
      for (const record of decoder.decode(datagram)) {
        summary.add(record);
        if (!passes(options.filter, record) || !isWanted(cli, record)) continue;
        print(cli, record, startNs ?? 0n, options.hex === true);
        left--;
      }
      if (left <= 0) break;
    }
  } finally {
    noteSummary(cli, summary, skips, decoder.incompletePackets);
  }
}

function datagramOf(frame: CapturedFrame): TraceDatagram | FrameSkip {
  const datagram = udpDatagram(frame);
  if (typeof datagram === 'string') return datagram;
  return {
    frame: frame.number,
    timeNs: frame.timeNs,
    from: inetAddressOf(datagram.source),
    to: inetAddressOf(datagram.destination),
    payload: datagram.payload,
  };
}

function inetAddressOf({ address, port }: UdpEndpoint): InetAddress {
  if (address.length === 16) return { kind: 'ipv6', address: address.slice(), port };
  const value = address.reduce((sum, byte) => sum * 256 + byte, 0);
  return { kind: 'ipv4', address: value, port };
}

/** A piece of a packet has a line only where everything is wanted, or where it was not used. */
function isWanted(cli: CliContext, record: TraceRecord): boolean {
  if (record.kind !== 'piece' || cli.json || cli.verbose) return true;
  return record.result !== 'complete' && record.result !== 'incomplete';
}

function print(cli: CliContext, record: TraceRecord, startNs: bigint, withHex: boolean): void {
  if (cli.json) {
    cli.print(harmless(JSON.stringify(traceRecordToJson(record))));
    return;
  }
  cli.print(describeRecord(record, startNs));
  if (cli.verbose) for (const line of describeDetails(record)) cli.print(line);
  if (withHex) for (const line of hexLines(record)) cli.print(line);
}

/** JSON escapes the control characters of ASCII; here the others that a terminal could obey. */
function harmless(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function noteSummary(
  cli: CliContext,
  summary: TraceSummary,
  skips: ReadonlyMap<FrameSkip, number>,
  incompletePackets: number,
): void {
  const { packets, decoded, others, byVerb, byProblem } = summary;
  cli.note(`${packets} packets, ${decoded} decoded`);
  for (const [problem, count] of byProblem) cli.note(`  ${count} × ${problem}`);
  if (incompletePackets > 0) cli.note(`  ${incompletePackets} × packets with pieces missing`);
  if (others > 0) cli.note(`  ${others} × datagrams that are no packets`);
  for (const [skip, count] of skips) cli.note(`  ${count} × frames ${frameSkips[skip]}`);
  if (byVerb.length > 0)
    cli.note(`verbs: ${byVerb.map(([verb, count]) => `${verb} ${count}`).join(', ')}`);
  const [good, bad, unknown] = (['good', 'bad', 'unknown'] as const).map((verdict) =>
    summary.signatures(verdict),
  );
  if (good || bad || unknown)
    cli.note(`signatures: ${good} right, ${bad} wrong, ${unknown} not checked`);
}
