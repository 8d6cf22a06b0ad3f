/** Listening for browsers: on loopback, or with TLS wherever one wants. */
import { X509Certificate } from 'node:crypto';
import {
  createServer as createHttp,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';

import { errorCode } from '../base/errors.ts';
import { loopbackHosts } from '../http/origin.ts';
import { gatewayError } from './errors.ts';
import { JoinDoor, type JoinDoorOptions } from './join-door.ts';
import { Gateway, type GatewayOptions } from './server.ts';

/** Connections at the same time. */
const connectionsMax = 256;

/** Where the page is to be. */
export interface PagePlace {
  /** An IP address. Default 127.0.0.1. */
  readonly host?: string;
  /** 0: any free one. */
  readonly port: number;
  /** PEM; without it the page is on loopback alone. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** The page, served. */
export interface ServedPage {
  /** `http://127.0.0.1:9994/` */
  readonly url: string;
  readonly port: number;
  /** Ends it with its connections. Idempotent. */
  close(): Promise<void>;
}

/** What answers browsers. */
interface Handler {
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
  close(): void;
}

/** Where a handler is. */
interface Origin {
  readonly scheme: 'http' | 'https';
  readonly hosts: readonly string[];
}

/** Serves the web UI. @throws UI_TLS_REQUIRED, UI_PORT_IN_USE, the error of the system */
export function servePage(
  place: PagePlace,
  options: Omit<GatewayOptions, keyof Origin>,
): Promise<ServedPage> {
  return serveAt(place, (origin) => new Gateway({ ...options, ...origin }));
}

/**
 * Serves the page for people who are to join. @throws the same
 *
 * @param isProxied - it is reached by names that are not known here
 */
export function serveJoinPage(
  place: PagePlace,
  options: Omit<JoinDoorOptions, keyof Origin>,
  isProxied: boolean,
): Promise<ServedPage> {
  return serveAt(
    place,
    ({ scheme, hosts }) => new JoinDoor({ ...options, scheme, hosts: isProxied ? null : hosts }),
  );
}

async function serveAt(
  { host = '127.0.0.1', port, tls }: PagePlace,
  handlerOf: (origin: Origin) => Handler,
): Promise<ServedPage> {
  const isLoopback = host === '::1' || host.startsWith('127.');
  if (tls === undefined && !isLoopback)
    throw gatewayError('UI_TLS_REQUIRED', `the page at ${host} would be sent in the clear`, {
      remedy:
        'give it a certificate: --ui-cert FILE --ui-key FILE (overspan cert issue makes one); or forward the port: ssh -L 9994:127.0.0.1:9994',
    });
  const scheme = tls === undefined ? 'http' : 'https';
  const named = host.includes(':') ? `[${host}]` : host;
  const certified = tls === undefined ? [] : certifiedHosts(tls.cert);
  const handler = handlerOf({
    scheme,
    hosts: [...new Set([...loopbackHosts, named, ...certified])],
  });
  const onRequest: RequestListener = (request, response) => {
    void handler.serve(request, response);
  };
  const server: Server =
    tls === undefined
      ? createHttp(onRequest)
      : createHttps({ cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' }, onRequest);
  server.maxConnections = connectionsMax;
  server.requestTimeout = 10_000;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, host, () => {
        resolve();
      });
    });
  } catch (error) {
    if (errorCode(error) !== 'EADDRINUSE') throw error;
    throw gatewayError('UI_PORT_IN_USE', `TCP ${named}:${port} is in use`, {
      remedy: `see who has it: ss -ltnp 'sport = ${port}'; stop that, or choose another port`,
    });
  }
  const { port: own } = server.address() as AddressInfo;
  const shown = certified.find((each) => !each.startsWith('[')) ?? named;
  return {
    url: `${scheme}://${shown}:${own}/`,
    port: own,
    close: async () => {
      handler.close();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    },
  };
}

/** The names that a certificate is for. */
function certifiedHosts(pem: string): string[] {
  const { subjectAltName = '' } = new X509Certificate(pem);
  return [...subjectAltName.matchAll(/(?:DNS|IP Address):([^,\s]+)/g)].map(([, name = '']) => {
    const lower = name.toLowerCase();
    return lower.includes(':') ? `[${lower}]` : lower;
  });
}
