/** The options that every command has which connects to a measurement server. */
import { Option, type Command } from 'commander';

import type { CredentialFlags } from '../harness/probe/index.ts';
import { integer, secondsOption } from './options.ts';

export const defaultPort = 8443;

/** Options that say how a run is called and told of. */
const told = ['progress', 'runName', 'untilInputEnds'] as const;

export interface ClientOptions extends CredentialFlags {
  readonly size: number;
  readonly replySize?: number;
  readonly interval: number;
  readonly timeout: number;
  readonly nagle?: boolean;
  readonly busyPoll?: boolean;
}

/** Adds them. */
export function addClientOptions(command: Command): Command {
  return command
    .option(
      '--size <bytes>',
      'payload of a request, and of its reply',
      integer('--size', 0, 65_536, '64'),
      64,
    )
    .option(
      '--reply-size <bytes>',
      'payload of the reply, if it is another',
      integer('--reply-size', 0, 1_048_576, '1024'),
    )
    .addOption(
      secondsOption(
        '--interval <seconds>',
        'send one request every so often (0: when the reply is there)',
        0,
      ),
    )
    .addOption(secondsOption('--timeout <seconds>', 'a reply that takes longer is lost', 2, 0.001))
    .option('--nagle', "leave Nagle's algorithm on (TCP_NODELAY off)")
    .option(
      '--busy-poll',
      'never sleep while waiting for a reply; takes a whole processor, and leaves its wake-ups out of the figures',
    )
    .addOption(
      // Others on the machine see the words of a command, and not its environment.
      new Option('--invite <text>', 'the invitation that `overspan serve` printed').env(
        'OVERSPAN_INVITE',
      ),
    )
    .option('--ca <file>', 'certificate of the authority to trust (PEM)')
    .option('--cert <file>', "this client's certificate (PEM)")
    .option('--key <file>', 'its key (PEM)')
    .option('--server-name <name>', "the name that the server's certificate must carry")
    .option('--pin <sha256>', "trust the server's certificate by its SHA-256 alone");
}

/** The options as they go into a record: no file of a key, no invitation, and nothing of how the run was told of. */
export function recordedSettings(options: object): Record<string, unknown> {
  const leftOut = new Set(['invite', 'key', 'cert', 'ca', 'home', ...told]);
  return Object.fromEntries(Object.entries(options).filter(([name]) => !leftOut.has(name)));
}
