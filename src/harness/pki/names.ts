/**
 * The names that go into certificates: what is accepted, and how it is written.
 *
 * Source: RFC 5280 section 4.2.1.6 (dNSName in the preferred name syntax, iPAddress as bytes) and RFC 6125.
 */
import { isIP, SocketAddress } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { domainToASCII } from 'node:url';

import type { OverspanError } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { commonNameLengthMax } from './constants.ts';
import { pkiError } from './errors.ts';

/** Subject alternative names by their kind: canonical, without doubles, in the order in which they were given. */
export interface SubjectNames {
  readonly ip: readonly string[];
  readonly dns: readonly string[];
}

/** A host name: labels of letters, digits, hyphens and underscores (which containers use), a wildcard in front. */
const dnsName = /^(\*\.)?(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*$/;
const clientName = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

/**
 * Sorts addresses and host names into the kinds that a certificate knows.
 *
 * @throws PKI_NAME_INVALID
 */
export function subjectNames(names: readonly string[]): SubjectNames {
  const ip = new Set<string>();
  const dns = new Set<string>();
  for (const name of names) {
    const address = name.replace(/^\[(.*)\]$/, '$1');
    const family = isIP(address);
    if (family !== 0) {
      // A zone (fe80::1%eth0) is of this host only and has no place in a certificate; this drops it.
      ip.add(new SocketAddress({ address, family: family === 4 ? 'ipv4' : 'ipv6' }).address);
      continue;
    }
    const host = name.startsWith('*.') ? `*.${domainToASCII(name.slice(2))}` : domainToASCII(name);
    const absolute = host.replace(/\.$/, '');
    // A name of digits and dots alone is an address with a typing error.
    if (absolute.length > 253 || !dnsName.test(absolute) || /^[\d.]+$/.test(absolute)) {
      throw invalid(
        name,
        'is neither an IP address nor a host name',
        'give addresses and host names as in 192.0.2.7 or db.example.net, without port and scheme',
      );
    }
    dns.add(absolute);
  }
  return { ip: [...ip], dns: [...dns] };
}

/**
 * The addresses of this machine, its host name and localhost. Link-local IPv6 addresses are left out: there is one on
 * every interface, and nobody reaches a certificate's name through them.
 */
export function localNames(): string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .map(({ address }) => address)
    .filter((address) => !/^fe[89ab]/i.test(address));
  const host = hostname().toLowerCase();
  return [...new Set([...addresses, ...(dnsName.test(host) ? [host] : []), 'localhost'])];
}

/**
 * Checks the name of a client, which is also a file's name.
 *
 * @throws PKI_NAME_INVALID
 */
export function checkClientName(name: string): string {
  if (clientName.test(name)) return name;
  throw invalid(
    name,
    'is not a name for a client',
    'use 1 to 64 letters, digits and . _ @ -, beginning with a letter or digit',
  );
}

/** What is left of a name that a stranger chose: always a valid client name. */
export function sanitisedClientName(name: string): string {
  const kept = name
    .replace(/[^A-Za-z0-9._@-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 64);
  return clientName.test(kept) ? kept : 'client';
}

/**
 * Checks the name of an authority: any text of one line.
 *
 * @throws PKI_NAME_INVALID
 */
export function checkAuthorityName(name: string): string {
  if (name.trim() !== '' && name.length <= commonNameLengthMax && escapeText(name) === name)
    return name;
  throw invalid(
    name,
    'is not a name for an authority',
    `use 1 to ${String(commonNameLengthMax)} printable characters`,
  );
}

function invalid(name: string, what: string, remedy: string): OverspanError {
  return pkiError('PKI_NAME_INVALID', `"${escapeText(name, 80)}" ${what}`, { remedy });
}
