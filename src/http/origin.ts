/**
 * Whether a request comes from where it may: a page of another origin can send requests here, and a name that suddenly resolves
 * to our address gives it an origin of its own. What is no browser sends none of these headers but `Host`.
 *
 * | header | refused |
 * |---|---|
 * | `Host` | names other than those that were given to the server |
 * | `Origin` | every origin but its own |
 * | `Sec-Fetch-Site` | what a page of another site or port asks for |
 */
import type { IncomingHttpHeaders } from 'node:http';

/** Names of loopback, as they stand in `Host`. */
export const loopbackHosts: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/** @param server - `hosts`: its names without a port, one of which may stand for all below it: `*.example.com`. `isNavigable`: following a link from elsewhere may open a page of it */
export function isFromHere(
  headers: IncomingHttpHeaders,
  {
    scheme,
    hosts,
    isNavigable = false,
  }: {
    readonly scheme: 'http' | 'https';
    readonly hosts: readonly string[];
    readonly isNavigable?: boolean;
  },
): boolean {
  const host = (headers.host ?? '').toLowerCase();
  const name = host.replace(/:\d+$/, '');
  if (name !== '' && !hosts.some((each) => isNamed(name, each))) return false;
  const { origin } = headers;
  if (origin !== undefined && origin.toLowerCase() !== `${scheme}://${host}`) return false;
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'none' || site === 'same-origin') return true;
  return isNavigable && headers['sec-fetch-mode'] === 'navigate';
}

/** The asterisk is one label, as in certificates (RFC 6125 section 6.4.3). */
function isNamed(name: string, host: string): boolean {
  return name === host || (host.startsWith('*.') && name.replace(/^[^.]+/, '*') === host);
}
