/**
 * Opens a connection and times its parts: TCP connect, then the TLS handshake, full or resumed.
 *
 * Every way in which this fails has a code and a remedy; what a peer wrote is escaped in the message.
 */
import { createHash } from 'node:crypto';
import dns from 'node:dns/promises';
import net from 'node:net';
import tls from 'node:tls';

import { nsPerMs, type Clock } from '../../base/clock.ts';
import { errorCode, errorMessage, OverspanError } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { formatHostPort } from '../../base/host-port.ts';
import { probeError } from './errors.ts';
import type { ClientTls, Target } from './target.ts';

/** How to connect. */
export interface ConnectOptions {
  readonly target: Target;
  /** Null for plain TCP. */
  readonly tls: ClientTls | null;
  readonly alpn: readonly string[];
  /** A session of an earlier connection to resume; null for a full handshake. */
  readonly session: Uint8Array | null;
  readonly nagle: boolean;
  readonly timeoutNs: number;
  readonly clock: Clock;
}

/** A connection that is ready to send. The caller owns the socket and destroys it. */
export interface Connection {
  readonly socket: net.Socket;
  readonly connectNs: number;
  readonly handshakeNs: number | null;
  readonly resumed: boolean;
  readonly alpn: string | null;
  /** The newest session ticket; null until the server has sent one. */
  session(): Uint8Array | null;
}

/** Resolves the host once. @throws NAME_NOT_FOUND */
export async function resolveTarget(host: string, port: number): Promise<Target> {
  try {
    const { address } = await dns.lookup(host);
    return { host, address, port };
  } catch (error) {
    throw probeError('NAME_NOT_FOUND', `${escapeText(host)} has no address`, {
      remedy: 'check the spelling, or give an IP address',
      cause: error,
    });
  }
}

/** Connects and, with TLS, shakes hands. @throws what `errors.ts` lists up to PIN_MISMATCH */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const { target, clock } = options;
  const startNs = clock.nowNs();
  const socket = net.connect({ host: target.address, port: target.port, noDelay: !options.nagle });
  try {
    await ready(socket, 'connect', options.timeoutNs, 'CONNECT_TIMED_OUT');
    const connectNs = clock.nowNs() - startNs;
    if (options.tls === null)
      return {
        socket,
        connectNs,
        handshakeNs: null,
        resumed: false,
        alpn: null,
        session: () => null,
      };
    return await handshake(socket, connectNs, options.tls, options);
  } catch (error) {
    socket.destroy();
    throw explain(error, options);
  }
}

async function handshake(
  raw: net.Socket,
  connectNs: number,
  credentials: ClientTls,
  options: ConnectOptions,
): Promise<Connection> {
  const { target, clock } = options;
  const name = credentials.serverName ?? target.host;
  const startNs = clock.nowNs();
  const socket = tls.connect({
    socket: raw,
    host: name,
    // An address is no server name (RFC 6066, 3); the identity is still checked against `host`.
    ...(net.isIP(name) === 0 ? { servername: name } : {}),
    ...(credentials.ca === null ? {} : { ca: credentials.ca }),
    ...(credentials.cert === null ? {} : { cert: credentials.cert }),
    ...(credentials.key === null ? {} : { key: credentials.key }),
    ...(options.session === null ? {} : { session: Buffer.from(options.session) }),
    ...(options.alpn.length === 0 ? {} : { ALPNProtocols: [...options.alpn] }),
    // A pin says more than an issuer: it is checked below, before a byte is sent.
    rejectUnauthorized: credentials.pin === null,
  });
  let session: Uint8Array | null = null;
  socket.on('session', (ticket) => (session = ticket));
  await ready(socket, 'secureConnect', options.timeoutNs, 'HANDSHAKE_TIMED_OUT');
  const handshakeNs = clock.nowNs() - startNs;
  const resumed = socket.isSessionReused();
  // A resumed session brings no certificate: that it resumes shows that the server is the one that was checked then.
  if (credentials.pin !== null && !resumed) checkPin(socket, credentials.pin);
  return {
    socket,
    connectNs,
    handshakeNs,
    resumed,
    alpn: typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : null,
    session: () => session,
  };
}

function closedByServer(): Error {
  return Object.assign(new Error('the server closed the connection'), { code: 'ECONNRESET' });
}

function checkPin(socket: tls.TLSSocket, pin: string): void {
  const certificate = socket.getPeerX509Certificate();
  const found =
    certificate === undefined ? null : createHash('sha256').update(certificate.raw).digest('hex');
  if (found === pin) return;
  throw probeError(
    'PIN_MISMATCH',
    `the server's certificate has SHA-256 ${found ?? 'unknown'}, not the pinned one`,
    {
      remedy:
        'compare both with what `overspan cert show` prints on the server; if they differ, somebody else answers',
    },
  );
}

/** Waits for the event that makes a socket ready; an error, an end or the time-out comes first otherwise. */
function ready(
  socket: net.Socket,
  event: 'connect' | 'secureConnect',
  timeoutNs: number,
  timeoutCode: 'CONNECT_TIMED_OUT' | 'HANDSHAKE_TIMED_OUT',
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error: Error | null): void => {
      clearTimeout(timer);
      socket.off(event, onReady).off('error', settle).off('close', onClose);
      // Whoever owns the socket attaches a handler; until then an error must not be thrown from the event loop.
      socket.on('error', () => undefined);
      if (error === null) resolve();
      else reject(error);
    };
    const onReady = (): void => {
      settle(null);
    };
    const onClose = (): void => {
      settle(closedByServer());
    };
    const timer = setTimeout(() => {
      settle(Object.assign(new Error('timed out'), { code: timeoutCode }));
    }, timeoutNs / nsPerMs);
    socket.once(event, onReady).once('error', settle).once('close', onClose);
  });
}

const untrusted = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
]);

/** An error of ours for whatever Node or OpenSSL reports of a connection to `target`. */
export function explain(
  error: unknown,
  { target, tls: credentials }: Pick<ConnectOptions, 'target' | 'tls'>,
): OverspanError {
  const code = errorCode(error) ?? '';
  const where = formatHostPort(escapeText(target.host), target.port);
  const said = escapeText(reasonOf(error));
  const make = (
    ours: Parameters<typeof probeError>[0],
    message: string,
    remedy: string,
  ): OverspanError => probeError(ours, message, { remedy, cause: error });

  if (error instanceof OverspanError) return error;
  if (untrusted.has(code))
    return make(
      'SERVER_UNTRUSTED',
      `the certificate of ${where} was not issued by the authority given (${code})`,
      credentials?.ca === null
        ? 'name the authority with --ca FILE, or use the invitation that `overspan serve` printed: --invite …'
        : "use the server's own authority: --ca FILE, or the invitation that `overspan serve` printed: --invite …",
    );
  if (
    code.includes('CLIENT_CERTIFICATE') ||
    /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA)|ALERT_NO_CERTIFICATE/.test(code)
  )
    return make(
      'CLIENT_CERTIFICATE_REFUSED',
      `${where} wants a client certificate that it knows (${code})`,
      'give one with --cert FILE --key FILE, or use an invitation: --invite …',
    );
  if (
    /WRONG_VERSION_NUMBER|ERR_SSL_UNKNOWN_PROTOCOL|ERR_SSL_PACKET_LENGTH|HTTP_REQUEST|ERR_SSL_INVALID|BAD_RECORD|UNEXPECTED_MESSAGE/.test(
      code,
    )
  )
    return make(
      'NOT_TLS',
      `what answers on ${where} does not speak TLS`,
      'check the port; is it the one that `overspan serve` printed?',
    );
  if (code.endsWith('ALERT_NO_APPLICATION_PROTOCOL')) return notOverspan(where, error);
  switch (code) {
    case 'ECONNREFUSED':
      return make(
        'CONNECT_REFUSED',
        `nothing listens on ${where}`,
        'start the server there: overspan serve',
      );
    case 'CONNECT_TIMED_OUT':
    case 'ETIMEDOUT':
      return make(
        'CONNECT_TIMED_OUT',
        `${where} did not answer in time`,
        `is the host up, and does its firewall let TCP port ${target.port} in?`,
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return make(
        'HOST_UNREACHABLE',
        `there is no way to ${where} (${code})`,
        'see the route: ip route get ' + target.address,
      );
    case 'EACCES':
    case 'EPERM':
      return make(
        'CONNECT_DENIED',
        `the system does not let this user connect to ${where}`,
        'see the firewall rules of this machine: nft list ruleset',
      );
    case 'HANDSHAKE_TIMED_OUT':
      return make(
        'HANDSHAKE_TIMED_OUT',
        `${where} did not finish the TLS handshake in time`,
        'is it a TLS server? A server with --sequential answers one client at a time',
      );
    case 'CERT_HAS_EXPIRED':
      return make(
        'SERVER_CERTIFICATE_EXPIRED',
        `the certificate of ${where} has expired`,
        'issue a new one on the server: overspan cert issue server --force, then restart it',
      );
    case 'CERT_NOT_YET_VALID':
      return make(
        'SERVER_CERTIFICATE_EXPIRED',
        `the certificate of ${where} is not valid yet`,
        'compare the clocks of both hosts: timedatectl',
      );
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return make(
        'SERVER_NAME_MISMATCH',
        `the certificate of ${where} is for other names: ${said}`,
        'name the one it is for with --server-name NAME, or issue one with this address: overspan cert issue server …',
      );
    case 'ECONNRESET':
    case 'EPIPE':
      return make(
        'CONNECTION_CLOSED',
        `${where} closed the connection while it was being set up`,
        'see what the server printed; at its limit of connections it closes new ones',
      );
    default:
      return make(
        'HANDSHAKE_FAILED',
        `the connection to ${where} failed: ${said}${code === '' ? '' : ` (${code})`}`,
        'see what the server printed, and run again with -v',
      );
  }
}

/** The error for a server that does not speak our protocol. */
export function notOverspan(where: string, cause?: unknown): OverspanError {
  return probeError('NOT_OVERSPAN', `${where} is no measurement server of Overspan`, {
    remedy:
      'say what to send and what ends a reply, for example: --payload "Hello" --reply first (or line, bytes:N, close)',
    cause,
  });
}

/** OpenSSL's own words without the address and the source line that its messages begin and end with. */
function reasonOf(error: unknown): string {
  const reason = (error as { reason?: unknown } | null)?.reason;
  return typeof reason === 'string' ? reason : errorMessage(error);
}
