/** Addresses of sockets, as they are shown. */
import type net from 'node:net';

import { formatHostPort } from '../../base/host-port.ts';

/** A socket of both families writes IPv4 as `::ffff:192.0.2.1`. */
export function withoutMapping(address: string): string {
  return address.replace(/^::ffff:/, '');
}

/** `192.0.2.1:4711`, `[2001:db8::1]:4711`; `unknown` of a socket that is gone. */
export function remoteOf(socket: net.Socket): string {
  const { remoteAddress, remotePort } = socket;
  if (remoteAddress === undefined) return 'unknown';
  return formatHostPort(withoutMapping(remoteAddress), remotePort ?? 0);
}
