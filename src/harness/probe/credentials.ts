/** Finds the certificates that a client uses: those named, those of an invitation, or those that this machine has. */
import { access } from 'node:fs/promises';

import type { Clock } from '../../base/clock.ts';
import { nsPerS } from '../../base/clock.ts';
import {
  clientPaths,
  decodeInvitation,
  fixedServerName,
  issueClient,
  loadIdentity,
  pkiDirectory,
  pkiPaths,
  type IdentityFiles,
} from '../pki/index.ts';
import { resolveTarget } from './connect.ts';
import { enrol } from './enrol.ts';
import { probeError } from './errors.ts';
import type { ClientTls } from './target.ts';
import { findTrusted, findTrustedForHosts, keepTrusted, type Trusted } from './trust-store.ts';

/** The options of a probe that choose its certificates. */
export interface CredentialFlags {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly serverName?: string;
  readonly pin?: string;
  readonly invite?: string;
}

/** Certificates, and what the user should know of them. */
export interface ResolvedTls {
  readonly tls: ClientTls;
  readonly notes: readonly string[];
}

const enrolTimeoutNs = 10 * nsPerS;

/**
 * Resolves the flags. In this order: files that were named; an invitation, which is redeemed once and remembered; the
 * authority of this machine, for a server on it; what an earlier invitation brought for one of the hosts; else nothing
 * of ours, and the system's authorities.
 *
 * @param targets - where the client will connect
 * @throws what reading certificates, connecting and enrolling throw; PIN_INVALID
 */
export async function resolveClientTls(
  flags: CredentialFlags,
  targets: readonly { readonly host: string; readonly port: number }[],
  { home, clock }: { readonly home: string; readonly clock: Clock },
): Promise<ResolvedTls> {
  const now = clock.wallMs();
  const pin = flags.pin === undefined ? null : parsePin(flags.pin);
  const serverName = flags.serverName ?? null;
  const hosts = targets.map(({ host }) => host);
  const named = flags.ca !== undefined || flags.cert !== undefined || flags.key !== undefined;
  if (named) return load({ ca: flags.ca, cert: flags.cert, key: flags.key }, serverName, pin, now);

  const [first] = targets;
  if (flags.invite !== undefined && first !== undefined) {
    const { trusted, note } = await redeem(flags.invite, first, hosts, home, clock);
    const resolved = await load(trusted, serverName ?? trusted.serverName, pin, now);
    return { tls: resolved.tls, notes: [...(note === null ? [] : [note]), ...resolved.notes] };
  }
  const trusted = (await findTrustedForHosts(home, hosts)) ?? (await localAuthority(home, now));
  if (trusted !== null && pin === null)
    return load(trusted, serverName ?? trusted.serverName, pin, now);
  return { tls: { ca: null, cert: null, key: null, serverName, pin }, notes: [] };
}

async function load(
  files: IdentityFiles,
  serverName: string | null,
  pin: string | null,
  now: number,
): Promise<ResolvedTls> {
  const { ca, cert, key } = files;
  const identity = await loadIdentity({ ca, cert, key }, { now, purpose: 'client' });
  return {
    tls: {
      ca: identity.caPem,
      cert: identity.certPem,
      key: identity.keyPem?.reveal() ?? null,
      serverName,
      pin,
    },
    notes: identity.warnings.map(({ message, remedy }) => `${message}; ${remedy}`),
  };
}

async function redeem(
  text: string,
  { host, port }: { readonly host: string; readonly port: number },
  hosts: readonly string[],
  home: string,
  clock: Clock,
): Promise<{ readonly trusted: Trusted; readonly note: string | null }> {
  const now = clock.wallMs();
  const invitation = decodeInvitation(text, now);
  // The same line pasted again: the certificate that it brought the first time still stands.
  const known = await findTrusted(home, invitation.caSha256);
  if (known !== null) return { trusted: known, note: null };
  const enrolled = await enrol(await resolveTarget(host, port), invitation, clock, enrolTimeoutNs);
  const trusted = await keepTrusted(home, invitation.caSha256, enrolled, hosts);
  return { trusted, note: `enrolled: the certificate and its key are in ${trusted.cert}` };
}

/** The authority that `overspan serve` made here, with a client certificate of its own. */
async function localAuthority(home: string, now: number): Promise<Trusted | null> {
  const directory = pkiDirectory(home);
  const ca = pkiPaths(directory).ca;
  const client = clientPaths(directory, 'local');
  const there = (path: string): Promise<boolean> =>
    access(path).then(
      () => true,
      () => false,
    );
  if (!(await there(ca.cert))) return null;
  if (!(await there(client.cert))) {
    if (!(await there(ca.key))) return null;
    await issueClient(directory, { name: 'local', now });
  }
  return { ca: ca.cert, ...client, serverName: fixedServerName, hosts: [] };
}

function parsePin(text: string): string {
  const pin = text
    .replaceAll(':', '')
    .replace(/^sha256/i, '')
    .toLowerCase();
  if (/^[0-9a-f]{64}$/.test(pin)) return pin;
  throw probeError(
    'PIN_INVALID',
    "a pin is the SHA-256 of the server's certificate: 64 hex digits",
    {
      remedy: 'see it on the server with: overspan cert show',
    },
  );
}
