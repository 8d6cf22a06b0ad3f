/** What `overspan serve` prints: a few lines at the start, a line a request of a plain client, a line a connection. */
import { networkInterfaces } from 'node:os';

import { escapeBytes, escapeText } from '../base/escape.ts';
import type { MeasurementServer, ServerEvent, ServerSummary } from '../harness/server/index.ts';
import type { CliContext } from './context.ts';

export interface ListeningFacts {
  readonly clientAuth: boolean;
  readonly authority: { readonly sha256: string; readonly validity: string } | null;
  readonly invitations: readonly { readonly text: string; readonly expiresAtUnixMs: number }[];
}

export interface ServerReporter {
  listening(server: MeasurementServer, facts: ListeningFacts): void;
  readonly onEvent: (event: ServerEvent) => void;
  summary(summary: ServerSummary): void;
}

/** Chooses between lines for people and NDJSON. `--quiet` leaves the requests out. */
export function serverReporter(cli: CliContext): ServerReporter {
  return cli.json ? jsonReporter(cli) : textReporter(cli);
}

function jsonReporter(cli: CliContext): ServerReporter {
  return {
    listening: ({ host, port, instanceId }, { clientAuth, authority, invitations }) => {
      cli.printJson({
        event: 'listening',
        host,
        port,
        instanceId,
        clientAuth,
        authority,
        invitations,
      });
    },
    onEvent: (event) => {
      if (cli.quiet) return;
      if (event.kind !== 'served') {
        const { kind, ...rest } = event;
        cli.printJson({ event: kind, ...rest });
        return;
      }
      // Our own client sends filler, thousands of times a second: only with -v.
      if (event.protocol === 'overspan' && !cli.verbose) return;
      const { kind, request, ...rest } = event;
      cli.printJson({
        event: kind,
        request: escapeBytes(request),
        requestBytes: request.length,
        ...rest,
      });
    },
    summary: (summary) => {
      cli.printJson({ event: 'summary', ...summary });
    },
  };
}

function textReporter(cli: CliContext): ServerReporter {
  return {
    listening: (server, facts) => {
      const { host, port, instanceId } = server;
      const where = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
      const authentication = facts.clientAuth
        ? 'clients need a certificate'
        : 'NO client certificates asked for';
      cli.print(`listening on ${where} · ${authentication} · instance ${instanceId.slice(0, 8)}`);
      if (facts.authority !== null)
        cli.print(
          `authority SHA-256 ${facts.authority.sha256.slice(0, 16)}… ${facts.authority.validity}`,
        );
      if (!facts.clientAuth && host === '127.0.0.1')
        cli.print(
          'on loopback only, as without client certificates anybody could use it; --host ADDRESS listens wider',
        );
      for (const { text, expiresAtUnixMs } of facts.invitations) {
        const until = new Date(expiresAtUnixMs).toISOString().slice(11, 16);
        cli.print(`\non the other host, paste this line (works once, until ${until} UTC):`);
        cli.print(`  ${pasteLine(server, text)}\n`);
      }
      if (facts.clientAuth && facts.invitations.length === 0)
        cli.print('no invitations: clients use --ca, --cert and --key');
    },
    onEvent: (event) => {
      const line = eventLine(event, cli);
      if (line !== null) cli.print(line);
    },
    summary: ({ connections, requests, refused }) => {
      cli.print(`served ${requests} requests on ${connections} connections; refused ${refused}`);
    },
  };
}

const closeReasons = {
  client: 'closed by the client',
  idle: 'closed: idle for too long',
  reset: 'reset by the client',
  'rate-limit': 'closed: more requests a second than allowed',
  malformed: 'closed: what it sent is no request',
  'request-too-long': 'closed: a request longer than allowed',
  'responder-failed': 'closed: the responder failed',
  server: 'closed by the server',
} as const;

function eventLine(event: ServerEvent, cli: CliContext): string | null {
  if (event.kind === 'refused')
    return `${event.remote} refused (${event.code}): ${escapeText(event.detail)}`;
  if (event.kind === 'responder-failed') return `the responder failed: ${escapeText(event.detail)}`;
  if (cli.quiet) return null;
  switch (event.kind) {
    case 'accepted':
      return cli.verbose ? `${event.remote} accepted` : null;
    case 'ready': {
      const name = event.clientName === null ? '' : ` as ${escapeText(event.clientName)}`;
      const resumed = event.resumed ? ', resumed' : '';
      return `${event.remote} connected${name}${resumed}`;
    }
    case 'served':
      if (event.protocol === 'overspan' && !cli.verbose) return null;
      return (
        `#${event.connection} received "${escapeBytes(event.request)}" · ` +
        `answered ${event.answerBytes} bytes, sent in ${(event.sendNs / 1000).toFixed(1)} µs`
      );
    case 'closed':
      return `${event.remote} ${closeReasons[event.reason]} · ${event.requests} requests`;
    case 'enrolled':
      return `${event.remote} ${event.granted ? 'used an invitation and has its certificate' : 'tried an invitation that is not valid'}`;
  }
}

/** The command for the other host, with the addresses that this one has: one is probed, several are compared. */
function pasteLine({ host, port }: MeasurementServer, invitation: string): string {
  const suffix = port === 8443 ? '' : `:${port}`;
  const wild = host === '::' || host === '0.0.0.0';
  const addresses = wild ? reachableAddresses() : [{ label: 'server', address: host }];
  const written = addresses.map(({ label, address }) => ({
    label,
    target:
      address.includes(':') && suffix !== '' ? `[${address}]${suffix}` : `${address}${suffix}`,
  }));
  const [only] = written;
  return written.length < 2
    ? `overspan probe tls-rr ${only?.target ?? `ADDRESS${suffix}`} --invite ${invitation}`
    : `overspan compare ${written.map(({ label, target }) => `${label}=${target}`).join(' ')} --invite ${invitation}`;
}

/** One address an interface, loopback and link-local ones left out; IPv4 where there is one. */
function reachableAddresses(): { label: string; address: string }[] {
  return Object.entries(networkInterfaces()).flatMap(([label, entries = []]) => {
    const usable = entries.filter(
      ({ internal, address }) => !internal && !address.startsWith('fe80:'),
    );
    const best = usable.find(({ family }) => family === 'IPv4') ?? usable[0];
    return best === undefined ? [] : [{ label, address: best.address }];
  });
}
