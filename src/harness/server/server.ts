/**
 * The measurement server: bind, listen, accept; TLS; then one of the ways of serving in `connection.ts`; wait for the
 * next client.
 *
 * ```
 * net.Server ──accept──▶ (queue, with `sequential`) ──▶ TLS handshake ──ALPN──▶ overspan-rr/1     serveFramed
 *                                                             │                overspan-enrol/1  enrolment, one line
 *                                                             └ no certificate ▶ refused          anything else: servePlain
 * ```
 *
 * A client without a certificate is let through the handshake, told why it is refused and closed; so that one port serves
 * measuring and enrolment (docs/adr/0003). It reaches neither the responder nor any measurement.
 */
import { randomBytes } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';

import type { Clock } from '../../base/clock.ts';
import { errorCode, errorMessage } from '../../base/errors.ts';
import { systemClock } from '../../sys/clock.ts';
import { alpnEnrolment, alpnRequestResponse, encodeFrame } from '../rr/frame.ts';
import { cutAfter, serveFramed, servePlain } from './connection.ts';
import { serveEnrolment } from './enrolment.ts';
import { serverError } from './errors.ts';
import type {
  MeasurementServer,
  ServerEvent,
  ServerOptions,
  ServerSummary,
  ServerTls,
} from './interface.ts';
import { defaultLimits, lingerMs, type ServerLimits } from './limits.ts';
import { RecordWrites } from './record-writes.ts';
import { defaultResponder, type Responder } from './responder.ts';
import { listenError } from './listen-error.ts';
import { remoteOf, withoutMapping } from './socket-address.ts';

/**
 * Starts a measurement server.
 *
 * @example
 * const server = await createServer({ tls: { cert, key, ca }, respond: (request) => `you said ${request.length} bytes` });
 * @returns when it listens
 * @throws PORT_IN_USE, LISTEN_DENIED, LISTEN_ADDRESS, TLS_MATERIAL_INVALID
 */
export async function createServer(options: ServerOptions): Promise<MeasurementServer> {
  const server = new Server(options);
  await server.listen();
  return server;
}

class Server implements MeasurementServer {
  readonly instanceId = randomBytes(16).toString('hex');
  host = '';
  port = 0;
  readonly #options: ServerOptions;
  readonly #limits: ServerLimits;
  readonly #clock: Clock;
  /** One set for every TLS server that this one makes, so that sessions resume across them. */
  readonly #ticketKeys = randomBytes(48);
  readonly #respond: Responder;
  readonly #listener: net.Server;
  readonly #tls: tls.Server | null;
  readonly #open = new Set<net.Socket>();
  /** Settled when a connection's end was told. */
  readonly #serving = new Set<Promise<void>>();
  /** The number of each open connection, by its remote address: TLS hands us another socket than the one accepted. */
  readonly #numbers = new Map<string, number>();
  /** Accepted and waiting for its turn (`sequential`). */
  readonly #queue: net.Socket[] = [];
  #busy = false;
  #connections = 0;
  #requests = 0;
  #refused = 0;
  #closing: Promise<ServerSummary> | null = null;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#clock = options.clock ?? systemClock;
    this.#respond = options.respond ?? defaultResponder();
    this.#listener = net.createServer({ noDelay: options.nagle !== true, pauseOnConnect: true });
    this.#listener.on('connection', (socket) => {
      this.#accept(socket);
    });
    this.#tls = options.tls === null ? null : this.#createTls(options.tls);
  }

  async listen(): Promise<void> {
    const { host, port = 0 } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#listener.once('error', (error) => {
        reject(listenError(error, host ?? '::', port));
      });
      this.#listener.listen(host === undefined ? { port } : { host, port }, resolve);
    });
    const address = this.#listener.address() as net.AddressInfo;
    this.host = address.address;
    this.port = address.port;
  }

  summary(): ServerSummary {
    return { connections: this.#connections, requests: this.#requests, refused: this.#refused };
  }

  close(): Promise<ServerSummary> {
    this.#closing ??= new Promise((resolve) => {
      this.#listener.close(() => {
        // The last connections' ends are told before the summary is.
        void Promise.all(this.#serving).then(() => {
          resolve(this.summary());
        });
      });
      for (const socket of this.#open) socket.destroySoon();
      for (const socket of this.#queue.splice(0)) socket.destroy();
      // An answer that the peer does not take must not keep us: what has not left by then is cut.
      const cut = setTimeout(() => {
        for (const socket of this.#open) socket.destroy();
      }, lingerMs);
      this.#listener.once('close', () => {
        clearTimeout(cut);
      });
    });
    return this.#closing;
  }

  /** @param raw - the one connection that it is for, where it is for one */
  #createTls({ cert, key, ca }: ServerTls, raw?: net.Socket): tls.Server {
    const clientAuth = this.#options.clientAuth !== false;
    try {
      const server = tls.createServer({
        cert,
        key,
        ca,
        requestCert: clientAuth,
        rejectUnauthorized: false,
        minVersion: 'TLSv1.2',
        ticketKeys: this.#ticketKeys,
        handshakeTimeout: this.#limits.handshakeTimeoutMs,
        // A client that offers only protocols of others gets its first offer back: refusing it would shut out stock
        // clients that set ALPN out of habit, and what we answer is the same for all of them.
        ALPNCallback: ({ protocols }) =>
          protocols.find((name) => name === alpnRequestResponse || name === alpnEnrolment) ??
          protocols[0],
      });
      server.on('secureConnection', (socket) => {
        this.#secured(socket, raw ?? socket);
      });
      server.on('tlsClientError', (error, socket) => {
        this.#refuse(remoteOf(raw ?? socket), 'handshake', errorCode(error) ?? errorMessage(error));
        socket.destroy();
      });
      return server;
    } catch (error) {
      throw serverError(
        'TLS_MATERIAL_INVALID',
        `the certificate or key is of no use: ${errorMessage(error)}`,
        {
          remedy: 'check the files with: overspan cert show FILE',
          cause: error,
        },
      );
    }
  }

  #accept(socket: net.Socket): void {
    if (this.#open.size + this.#queue.length >= this.#limits.connectionsMax) {
      this.#refuse(
        remoteOf(socket),
        'connections',
        `at most ${this.#limits.connectionsMax} at a time`,
      );
      socket.destroy();
      return;
    }
    // Until a handler of its own is attached, a reset must not become an uncaught error.
    socket.on('error', () => undefined);
    if (this.#options.sequential === true && this.#busy) {
      this.#queue.push(socket);
      socket.once('close', () => {
        const index = this.#queue.indexOf(socket);
        if (index >= 0) this.#queue.splice(index, 1);
      });
      return;
    }
    this.#begin(socket);
  }

  /** The connection's turn has come. */
  #begin(socket: net.Socket): void {
    this.#busy = true;
    this.#open.add(socket);
    this.#connections++;
    const remote = remoteOf(socket);
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#numbers.delete(remote);
      // One turn later, so that the end of this connection is told before the beginning of the next.
      setImmediate(() => {
        this.#busy = false;
        const next = this.#queue.shift();
        if (next !== undefined) this.#begin(next);
      });
    });
    this.#emit({ kind: 'accepted', connection: this.#connections, remote });
    this.#numbers.set(remote, this.#connections);
    const { tls: material, nagle } = this.#options;
    if (this.#tls !== null && material !== null) {
      // A server of its own for the connection, as TLS over a stream that is no socket does not say whose it is.
      if (nagle === true)
        this.#createTls(material, socket).emit('connection', new RecordWrites(socket));
      else this.#tls.emit('connection', socket);
      return;
    }
    socket.resume();
    // Without TLS there is no ALPN: the plain yardstick speaks frames, as our client does.
    this.#serve(socket, socket, this.#connections, 'overspan', null, false);
  }

  /** @param raw - who knows the addresses of the connection */
  #secured(socket: tls.TLSSocket, raw: net.Socket): void {
    const remote = remoteOf(raw);
    const connection = this.#numbers.get(remote) ?? this.#connections;
    if (socket.alpnProtocol === alpnEnrolment) {
      void serveEnrolment(
        socket,
        this.#options.enrol ?? null,
        this.#limits.handshakeTimeoutMs,
      ).then((granted) => {
        if (granted !== null) this.#emit({ kind: 'enrolled', remote, granted });
      });
      return;
    }
    const framed = socket.alpnProtocol === alpnRequestResponse;
    if (this.#options.clientAuth !== false && !socket.authorized) {
      const shown = socket.getPeerX509Certificate() !== undefined;
      this.#refuse(
        remote,
        'client-certificate',
        shown ? String(socket.authorizationError) : 'none shown',
      );
      const text =
        'CLIENT_CERTIFICATE_REFUSED this server answers only clients with a certificate of its authority; get one with the invitation that it printed';
      const bytes = new TextEncoder().encode(framed ? text : `overspan: ${text}\n`);
      socket.on('error', () => undefined);
      socket.resume();
      socket.end(framed ? encodeFrame('refusal', 0, 0, bytes) : bytes);
      // The client closes in answer to our close; one that does not is cut.
      cutAfter(socket, lingerMs);
      return;
    }
    const subject = this.#options.clientAuth === false ? null : socket.getPeerCertificate().subject;
    this.#serve(
      socket,
      raw,
      connection,
      framed ? 'overspan' : 'plain',
      commonName(subject),
      socket.isSessionReused(),
    );
  }

  #serve(
    socket: net.Socket,
    raw: net.Socket,
    connection: number,
    protocol: 'overspan' | 'plain',
    clientName: string | null,
    resumed: boolean,
  ): void {
    const remote = remoteOf(raw);
    let requests = 0;
    socket.setTimeout(this.#limits.idleTimeoutMs);
    this.#emit({ kind: 'ready', connection, remote, protocol, clientName, resumed });
    const serve = protocol === 'overspan' ? serveFramed : servePlain;
    const ended = serve(socket, {
      clock: this.#clock,
      limits: this.#limits,
      instanceId: this.instanceId,
      respond: this.#respond,
      remoteAddress: remote,
      localAddress: withoutMapping(raw.localAddress ?? ''),
      clientName,
      onServed: (served) => {
        requests++;
        this.#requests++;
        this.#options.onEvent?.({ kind: 'served', connection, protocol, ...served });
      },
      onResponderError: (detail) => {
        this.#emit({ kind: 'responder-failed', connection, detail });
      },
    }).then((reason) => {
      this.#emit({ kind: 'closed', connection, remote, reason, requests });
      this.#serving.delete(ended);
    });
    this.#serving.add(ended);
  }

  #refuse(
    remote: string,
    code: 'connections' | 'client-certificate' | 'handshake',
    detail: string,
  ): void {
    this.#refused++;
    this.#emit({ kind: 'refused', remote, code, detail });
  }

  #emit(event: ServerEvent): void {
    this.#options.onEvent?.(event);
  }
}

/** Node gives an array where a subject has several common names: the last is the most specific. */
function commonName(subject: unknown): string | null {
  const name = (subject as { CN?: string | string[] } | null | undefined)?.CN;
  return (Array.isArray(name) ? name.at(-1) : name) ?? null;
}
