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
import { isIPv4, type AddressInfo } from 'node:net';

import { errorMessage } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import { listenFailure } from '../base/listen-failure.ts';
import { loopbackHosts } from '../http/origin.ts';
import { gatewayError } from './errors.ts';
import { JoinDoor, type JoinDoorOptions } from './join-door.ts';
import { Gateway, type GatewayOptions } from './server.ts';

/** Connections at the same time. */
const connectionsMax = 256;

/** In all certificates of `overspan cert issue`; it leads nowhere. */
const measurementName = 'measurement.overspan.internal';

/** Where the page is to be. */
export interface PagePlace {
  /** An IP address, or a name of this machine. Default 127.0.0.1. */
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
  /** Ends what it keeps of who asks, where it keeps anything. */
  close?(): void;
}

/** Where a handler is. */
interface Origin {
  readonly scheme: 'http' | 'https';
  readonly hosts: readonly string[];
}

/** Serves the web UI. @throws UI_TLS_REQUIRED, UI_TLS_INVALID, UI_PORT_IN_USE, UI_LISTEN_DENIED, UI_LISTEN_ADDRESS */
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
  // Not left to whoever answers for names: it is to be this machine.
  const named = host === 'localhost' ? '127.0.0.1' : hostInUrl(host);
  const isLoopback = named === '[::1]' || (isIPv4(named) && named.startsWith('127.'));
  if (tls === undefined && !isLoopback)
    throw gatewayError('UI_TLS_REQUIRED', `the page at ${host} would be sent in the clear`, {
      remedy:
        'give it a certificate: --ui-cert FILE --ui-key FILE (overspan cert issue makes one); or forward the port: ssh -L 9994:127.0.0.1:9994',
    });
  const scheme = tls === undefined ? 'http' : 'https';
  const onRequest: RequestListener = (request, response) => {
    void handler.serve(request, response);
  };
  const { server, certified } =
    tls === undefined ? { server: createHttp(onRequest), certified: [] } : secured(tls, onRequest);
  const handler = handlerOf({
    scheme,
    hosts: [...new Set([...loopbackHosts, named, ...certified])],
  });
  server.maxConnections = connectionsMax;
  server.requestTimeout = 10_000;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, named.replace(/^\[(.*)\]$/, '$1'), () => {
        resolve();
      });
    });
  } catch (error) {
    throw listenError(error, named, port);
  }
  const { port: own } = server.address() as AddressInfo;
  const usable = certified.filter((each) => !each.startsWith('*.') && each !== measurementName);
  const shown = usable.includes(named) ? named : (usable[0] ?? named);
  return {
    url: `${scheme}://${shown}:${own}/`,
    port: own,
    close: async () => {
      handler.close?.();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    },
  };
}

/** A server with a certificate, and the names that it is for. @throws UI_TLS_INVALID */
function secured(
  { cert, key }: NonNullable<PagePlace['tls']>,
  onRequest: RequestListener,
): { readonly server: Server; readonly certified: readonly string[] } {
  try {
    const { subjectAltName = '' } = new X509Certificate(cert);
    return {
      server: createHttps({ cert, key, minVersion: 'TLSv1.2' }, onRequest),
      certified: [...subjectAltName.matchAll(/(?:DNS|IP Address):([^,\s]+)/g)].map(
        ([, name = '']) => hostInUrl(name),
      ),
    };
  } catch (cause) {
    const why = escapeText(errorMessage(cause));
    throw gatewayError('UI_TLS_INVALID', `the certificate or the key cannot be used: ${why}`, {
      remedy:
        'give both in PEM, the key of this certificate and without a passphrase: overspan cert issue makes them',
      cause,
    });
  }
}

/** @param named - as it stands in a URL */
function listenError(error: unknown, named: string, port: number): unknown {
  switch (listenFailure(error)) {
    case 'in-use':
      return gatewayError('UI_PORT_IN_USE', `TCP ${named}:${port} is in use`, {
        remedy: `see who has it: ss -ltnp 'sport = ${port}'; stop that, or choose another port`,
      });
    case 'denied':
      return gatewayError('UI_LISTEN_DENIED', `this user may not listen on ${named}:${port}`, {
        remedy: 'choose a port of 1024 or above',
        cause: error,
      });
    case 'no-address':
      return gatewayError('UI_LISTEN_ADDRESS', `${named} is no address of this machine`, {
        remedy: 'see the addresses of this machine: ip address show',
        cause: error,
      });
    case null:
      return error;
  }
}

/** As browsers write it into `Host`: lower case, IPv6 in brackets and in its shortest form. */
function hostInUrl(name: string): string {
  const url = `http://${name.includes(':') ? `[${name}]` : name}`;
  return URL.canParse(url) ? new URL(url).hostname : name.toLowerCase();
}
