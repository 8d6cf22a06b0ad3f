/** `overspan probe tls-rr` */
import type { Command } from 'commander';

import type { ExitCode } from '../../../base/errors.ts';
import { escapeText } from '../../../base/escape.ts';
import type { Exchange } from '../../../harness/probe/index.ts';
import { systemClock } from '../../../sys/clock.ts';
import {
  addClientOptions,
  defaultPort,
  recordedSettings,
  type ClientOptions,
} from '../../client-options.ts';
import type { Act, CliContext } from '../../context.ts';
import { cliError } from '../../errors.ts';
import { integer, optionError, seconds } from '../../options.ts';
import { progressLine } from '../../progress.ts';
import { finish } from '../../run-result.ts';

interface Options extends ClientOptions {
  readonly requests?: number;
  readonly time?: number;
  readonly warmup?: number;
  readonly handshakes: number;
  readonly payload?: string;
  readonly reply?: string;
  readonly record?: string;
}

export function define(command: Command, act: Act): void {
  addClientOptions(
    command
      .argument(
        '<host[:port]>',
        `the measurement server, or any other with --payload (port ${defaultPort})`,
      )
      .option(
        '-n, --requests <count>',
        'how many requests (default 1000)',
        integer('--requests', 1, 10_000_000, '1000'),
      )
      .option('-t, --time <seconds>', 'for how long, instead', seconds('--time', '10', 0.001))
      .option(
        '--warmup <count>',
        'requests before, discarded and counted (default: a tenth, 5 to 50)',
        integer('--warmup', 0, 1_000_000, '50'),
      )
      .option(
        '--handshakes <count>',
        'pairs of full and resumed handshakes to time',
        integer('--handshakes', 0, 10_000, '10'),
        10,
      )
      .option(
        '--payload <text>',
        'what to send to a server that is not ours (\\n, \\r, \\t and \\xNN are understood)',
      )
      .option('--reply <rule>', 'what ends its reply: first, line, bytes:N or close')
      .option('--record <file>', 'keep a record of the run'),
  )
    .addHelpText(
      'after',
      `
Examples:
  overspan probe tls-rr 192.0.2.7 --invite ovs1_…
  overspan probe tls-rr 192.0.2.7 -n 20 --interval 0.5        (twenty requests, half a second apart)
  overspan probe tls-rr example.net:443 --payload 'hello\\n' --reply line --ca ca.pem`,
    )
    .action(act(run));
}

async function run(cli: CliContext, word: string, options: Options): Promise<ExitCode | undefined> {
  const { parseHostPort, parseReplyRule, resolveClientTls } =
    await import('../../../harness/probe/index.ts');
  const { single, warmupFor } = await import('../../../harness/campaign/index.ts');
  const target = parseHostPort(word, defaultPort);
  if (target === null)
    throw cliError('OPTION_INVALID', `"${escapeText(word)}" is no HOST, HOST:PORT or [IPv6]:PORT`, {
      remedy: 'for example: overspan probe tls-rr 192.0.2.7:8443',
    });
  const exchange = exchangeOf(options, parseReplyRule);
  const { tls, notes } = await resolveClientTls(options, [target], {
    home: cli.home,
    clock: systemClock,
  });
  for (const note of notes) cli.note(note);
  const requests = options.requests ?? (options.time === undefined ? 1000 : null);
  const line = await progressLine(cli);
  const result = await single({
    ...target,
    tls,
    exchange,
    workload: {
      probe: 'tls-rr',
      requestBytes: exchange.kind === 'plain' ? exchange.payload.length : options.size,
      replyBytes: exchange.kind === 'plain' ? null : (options.replySize ?? options.size),
      requestsPerVisit: requests,
      visitNs: options.time ?? null,
      warmupPerVisit: options.warmup ?? (options.interval > 0 ? 5 : warmupFor(requests ?? 500)),
      arrival: options.interval > 0 ? 'scheduled' : 'closed',
      intervalNs: options.interval,
      handshakePairsPerVisit: options.handshakes,
      timeoutNs: options.timeout,
      nagle: options.nagle === true,
    },
    busyPoll: options.busyPoll === true,
    recordFile: options.record ?? null,
    requested: recordedSettings({ host: word, ...options }),
    clock: systemClock,
    signal: cli.signal,
    onProgress: ({ sent, lost, lastLatencyNs }) => {
      const of = requests === null ? '' : `/${requests}`;
      const latency = lastLatencyNs === null ? '' : ` · ${Math.round(lastLatencyNs / 1000)} µs`;
      line.show(`${sent}${of} requests${latency} · ${lost} lost`);
    },
  }).finally(() => {
    line.clear();
  });
  return finish(cli, result.record, result, {
    recordFile: options.record ?? null,
    reportFile: null,
  });
}

function exchangeOf(
  { payload, reply }: Options,
  parseReplyRule: (text: string) => Extract<Exchange, { kind: 'plain' }>['rule'] | null,
): Exchange {
  if (payload === undefined && reply === undefined) return { kind: 'framed' };
  const rule = parseReplyRule(reply ?? 'first');
  if (rule === null)
    throw optionError('--reply', reply ?? '', 'first, line, bytes:N or close', 'line');
  // A rule that waits for a line is met by a server that got one.
  const text = payload ?? (rule.kind === 'line' ? 'Hello\\n' : 'Hello');
  return { kind: 'plain', payload: unescape(text, rule.kind === 'line'), rule };
}

/** Bytes of `--payload`. A server that answers by lines gets its newline even where the user did not think of it. */
function unescape(text: string, endsLine: boolean): Uint8Array {
  const named: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };
  const parts: Uint8Array[] = [];
  for (const [part] of text.matchAll(/\\x[0-9A-Fa-f]{2}|\\[nrt\\]|[^\\]+|\\/g)) {
    if (part.startsWith('\\x')) parts.push(Uint8Array.of(Number.parseInt(part.slice(2), 16)));
    else
      parts.push(
        new TextEncoder().encode(part.startsWith('\\') ? (named[part.slice(1)] ?? part) : part),
      );
  }
  const bytes = Buffer.concat(parts);
  return endsLine && bytes.at(-1) !== 10 ? Buffer.concat([bytes, Uint8Array.of(10)]) : bytes;
}
