/** `overspan join`: joins a network, and says what it waits for. */
import { setTimeout as delay } from 'node:timers/promises';

import type { Command } from 'commander';

import type { ApiClient } from '../../api/client.ts';
import { apiError } from '../../api/errors.ts';
import type { NetworkJson } from '../../api/schema/network.ts';
import { askedText, waitsFor } from '../../api/v1/node-views.ts';
import { exitCodes, type ExitCode } from '../../base/errors.ts';
import { nsPerMs, nsPerS } from '../../base/clock.ts';
import { escapeText } from '../../base/escape.ts';
import type { NetworkId } from '../../base/ids.ts';
import { systemClock } from '../../sys/clock.ts';
import { addressText } from '../address-text.ts';
import type { Act, CliContext } from '../context.ts';
import { joinArgument } from '../network-argument.ts';
import { secondsOption } from '../options.ts';
import { progressLine } from '../progress.ts';
import { connectService } from '../service.ts';

interface Options {
  readonly wait?: true;
  /** ns */
  readonly timeout: number;
}

/** How often the daemon is looked at, ms. */
const pollMs = 50;
/** Without --wait a network that answers at once is waited for all the same, ms. */
const graceMs = 3_000;

/** Adds the argument, options and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<network>', '16 hexadecimal digits, or an invitation of `overspan invite create`')
    .option('--wait', 'until it is joined, also when somebody has to authorise this node first')
    .addOption(secondsOption('--timeout <seconds>', 'with --wait: give up after (0: never)', 0))
    .addHelpText(
      'after',
      '\nThe daemon goes on asking, whether or not this command waits, until `overspan leave`. Exits with 4 where the\n' +
        'controller knows no such network, and with 6 where --wait gave up.',
    )
    .action(
      act(async (cli, word: string, options: Options) => {
        const { id, token } = joinArgument(word);
        const client = await connectService(cli);
        const begunNs = systemClock.nowNs();
        const { address } = await client.status();
        await client.join(id, token);
        const isWaiting = options.wait === true;
        const limitMs = isWaiting ? options.timeout / nsPerMs : graceMs;
        try {
          const outcome = await settled(cli, client, { id, address, begunNs, limitMs, isWaiting });
          const seconds = (systemClock.nowNs() - begunNs) / nsPerS;
          return print(cli, outcome, { address, seconds, isWaiting });
        } catch (error) {
          if (cli.signal.aborted) return exitCodes.interrupted;
          throw error;
        }
      }),
    );
}

interface Waiting {
  readonly id: NetworkId;
  readonly address: string;
  readonly begunNs: number;
  /** 0: none. */
  readonly limitMs: number;
  readonly isWaiting: boolean;
}

/** How far it has come. */
interface Outcome {
  readonly network: NetworkJson;
  /** What is waited for, where it is not joined. */
  readonly waitingLine: string;
}

/** The network when it is joined, or as it is when the time is over. @throws NETWORK_… where waiting is of no use */
async function settled(cli: CliContext, client: ApiClient, waiting: Waiting): Promise<Outcome> {
  const { id, address, begunNs, limitMs, isWaiting } = waiting;
  const live = await progressLine(cli);
  let said = '';
  try {
    for (;;) {
      const network = (await client.network(id)) ?? (await client.join(id));
      const elapsedMs = (systemClock.nowNs() - begunNs) / nsPerMs;
      if (isReady(network)) return { network, waitingLine: '' };
      // It may be an answer of some time ago, and another one on its way.
      if (elapsedMs >= graceMs) throwIfHopeless(network, address);
      const { clock } =
        network.lastRequestTime === undefined ? { clock: 0 } : await client.status();
      const waitingLine = `${askedText(network, clock)} · ${waitsHere(network, address)}`;
      if (limitMs > 0 && elapsedMs >= limitMs) return { network, waitingLine };
      live.show(waitingLine);
      // Where nothing is drawn over, each state is said once.
      if (isWaiting && !cli.progressIsLive && said !== network.status && elapsedMs >= 500) {
        said = network.status;
        cli.note(waitingLine);
      }
      await delay(pollMs, undefined, { signal: cli.signal });
    }
  } finally {
    live.clear();
  }
}

/** Joined, and its device there. */
function isReady({ status, portDeviceName }: NetworkJson): boolean {
  return status === 'OK' && portDeviceName !== '';
}

/** @throws NETWORK_NOT_FOUND, NETWORK_FAILED */
function throwIfHopeless(network: NetworkJson, address: string): void {
  const { id, status } = network;
  const details = { network: id, address };
  if (status === 'NOT_FOUND')
    throw apiError(
      'NETWORK_NOT_FOUND',
      `the controller ${id.slice(0, 10)} knows no network ${id}`,
      {
        remedy: `see that the 16 digits are right; the daemon goes on asking until: overspan leave ${id}`,
        details,
      },
    );
  if (status === 'PORT_ERROR' || status === 'CLIENT_TOO_OLD')
    throw apiError('NETWORK_FAILED', `network ${id}: ${waitsHere(network, address)}`, {
      remedy: 'see the log of the daemon',
      details,
    });
}

/** With the command that lets it in. */
function waitsHere({ id, status }: NetworkJson, address: string): string {
  const command = status === 'ACCESS_DENIED' ? `: overspan member authorize ${id} ${address}` : '';
  return `${waitsFor(status)}${command}`;
}

function print(
  cli: CliContext,
  { network, waitingLine }: Outcome,
  facts: { readonly address: string; readonly seconds: number; readonly isWaiting: boolean },
): ExitCode {
  const { address, seconds, isWaiting } = facts;
  const isJoined = isReady(network);
  const exit = isJoined || !isWaiting ? exitCodes.done : exitCodes.unreachable;
  if (cli.json) {
    cli.printJson({ network, address, isJoined, seconds });
    return exit;
  }
  if (isJoined) {
    const name = network.name === '' ? '' : ` "${escapeText(network.name)}"`;
    const device = escapeText(network.portDeviceName);
    cli.print(`joined ${network.id}${name} as ${address}`);
    cli.print(
      `address  ${addressText(network.assignedAddresses) || 'none'}    device  ${device}    after ${seconds.toFixed(1)} s`,
    );
  } else {
    cli.print(`joining ${network.id} as ${address}`);
    cli.print(waitingLine);
  }
  return exit;
}
