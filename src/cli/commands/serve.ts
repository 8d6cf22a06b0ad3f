/** `overspan serve` */
import type { Command } from 'commander';

import { systemClock } from '../../sys/clock.ts';
import { defaultPort } from '../client-options.ts';
import type { Act, CliContext } from '../context.ts';
import { inputEndOption, stopSignal, type InputEndOptions } from '../input-end.ts';
import { integer, secondsOption } from '../options.ts';
import { stopped } from '../run-node.ts';
import { serverReporter } from '../server-reporter.ts';

interface Options extends InputEndOptions {
  readonly host?: string;
  readonly port: number;
  readonly sequential?: boolean;
  readonly echo?: boolean;
  readonly respond?: string;
  readonly clientAuth: boolean;
  readonly nagle?: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly invitations: number;
  readonly invitationLifetime: number;
  readonly connectionsMax: number;
  readonly requestBytesMax: number;
  readonly requestsPerSecondMax: number;
  readonly idleTimeout: number;
  readonly handshakeTimeout: number;
}

export function define(command: Command, act: Act): void {
  command
    .option(
      '--host <address>',
      'address to listen on (default: all; loopback with --no-client-auth)',
    )
    .option(
      '-p, --port <port>',
      'port to listen on, 0 for any free one',
      integer('--port', 0, 65_535, '8443'),
      defaultPort,
    )
    .option('--sequential', 'serve one connection at a time; the next waits until it closes')
    .option('--echo', 'answer with the request itself')
    .option(
      '--respond <file.mjs>',
      'compute the answers: the file exports respond(request, context)',
    )
    .option('--no-client-auth', 'accept clients without a certificate')
    .option('--nagle', "leave Nagle's algorithm on (TCP_NODELAY off), as the original did")
    .option('--ca <file>', 'authority of the clients (PEM)')
    .option('--cert <file>', "this server's certificate (PEM)")
    .option('--key <file>', 'its key (PEM)')
    .option(
      '--invitations <count>',
      'invitations to print',
      integer('--invitations', 0, 100, '2'),
      1,
    )
    .addOption(secondsOption('--invitation-lifetime <seconds>', 'how long they work', 3600, 1))
    .option(
      '--connections-max <count>',
      'connections at the same time',
      integer('--connections-max', 1, 10_000, '256'),
      256,
    )
    .option(
      '--request-bytes-max <bytes>',
      "payload of one of our own client's requests",
      integer('--request-bytes-max', 1, 16_777_216, '65536'),
      65_536,
    )
    .option(
      '--requests-per-second-max <count>',
      'of one connection',
      integer('--requests-per-second-max', 1, 10_000_000, '100000'),
      100_000,
    )
    .addOption(
      secondsOption(
        '--idle-timeout <seconds>',
        'close a connection on which nothing arrives',
        300,
        0.1,
      ),
    )
    .addOption(
      secondsOption(
        '--handshake-timeout <seconds>',
        'close a connection that does not finish its handshake',
        10,
        0.1,
      ),
    )
    .addOption(inputEndOption())
    .addHelpText(
      'after',
      `
Clients need a certificate of this server's authority: the invitation that is printed at the start gets them one.
With plain OpenSSL certificates: --ca ca.pem --cert server.pem --key server.key`,
    )
    .action(act(serve));
}

async function serve(cli: CliContext, options: Options): Promise<undefined> {
  const { createServer, echoResponder, loadResponder } =
    await import('../../harness/server/index.ts');
  const { prepareServerTls } = await import('../server-tls.ts');
  const { clientAuth } = options;
  const material = await prepareServerTls(cli, options);
  const respond =
    options.respond !== undefined
      ? await loadResponder(options.respond)
      : options.echo === true
        ? echoResponder
        : undefined;
  const reporter = serverReporter(cli);
  const server = await createServer({
    tls: material.tls,
    ...hostOf(options),
    port: options.port,
    clientAuth,
    nagle: options.nagle === true,
    sequential: options.sequential === true,
    limits: {
      connectionsMax: options.connectionsMax,
      requestBytesMax: options.requestBytesMax,
      requestsPerSecondMax: options.requestsPerSecondMax,
      idleTimeoutMs: options.idleTimeout / 1e6,
      handshakeTimeoutMs: options.handshakeTimeout / 1e6,
    },
    ...(respond === undefined ? {} : { respond }),
    enrol: material.enrol,
    onEvent: reporter.onEvent,
  });
  reporter.listening(server, {
    clientAuth,
    authority: material.authority,
    invitations: material.invite(
      options.invitations,
      systemClock.wallMs() + options.invitationLifetime / 1e6,
    ),
  });
  await stopped(stopSignal(cli, options));
  reporter.summary(await server.close());
  return undefined;
}

/** All addresses, of both families where the system has them; without client certificates loopback alone. */
function hostOf({ host, clientAuth }: Options): { host?: string } {
  if (host !== undefined) return { host };
  return clientAuth ? {} : { host: '127.0.0.1' };
}
