/**
 * What earlier invitations brought, by authority:
 *
 * ```
 * <home>/trust/<first 16 hex of the authority's SHA-256>/
 *     ca.pem  client.pem  client.key (0600)  server.json {serverName, hosts}
 * ```
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { writePrivateFiles } from '../../sys/private-file.ts';
import type { Enrolled } from './enrol.ts';

const serverSchema = z.object({ serverName: z.string(), hosts: z.array(z.string()) });

/** One enrolment as kept. */
export interface Trusted {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly serverName: string;
  /** The addresses that it was used with. */
  readonly hosts: readonly string[];
}

/** The enrolment with an authority; null where there is none. */
export async function findTrusted(home: string, caSha256: Uint8Array): Promise<Trusted | null> {
  return readTrusted(directoryOf(home, caSha256));
}

/** The enrolment that was used with one of these hosts; else the only one there is; else null. */
export async function findTrustedForHosts(
  home: string,
  hosts: readonly string[],
): Promise<Trusted | null> {
  const names = await readdir(join(home, 'trust')).catch(() => []);
  const all = (
    await Promise.all(names.map((name) => readTrusted(join(home, 'trust', name))))
  ).filter((trusted) => trusted !== null);
  const known = all.find((trusted) => hosts.some((host) => trusted.hosts.includes(host)));
  return known ?? (all.length === 1 ? (all[0] ?? null) : null);
}

/** Keeps an enrolment, and the hosts that it is used with. */
export async function keepTrusted(
  home: string,
  caSha256: Uint8Array,
  { caPem, certPem, keyPem, serverName }: Enrolled,
  hosts: readonly string[],
): Promise<Trusted> {
  const directory = directoryOf(home, caSha256);
  const trusted = pathsOf(directory);
  await writePrivateFiles(
    [
      { path: trusted.key, content: keyPem.reveal(), mode: 0o600 },
      { path: trusted.cert, content: certPem, mode: 0o644 },
      { path: trusted.ca, content: caPem, mode: 0o644 },
      {
        path: join(directory, 'server.json'),
        content: JSON.stringify({ serverName, hosts }),
        mode: 0o644,
      },
    ],
    { overwrite: true },
  );
  return { ...trusted, serverName, hosts };
}

function directoryOf(home: string, caSha256: Uint8Array): string {
  return join(home, 'trust', Buffer.from(caSha256).toString('hex').slice(0, 16));
}

function pathsOf(directory: string): { ca: string; cert: string; key: string } {
  return {
    ca: join(directory, 'ca.pem'),
    cert: join(directory, 'client.pem'),
    key: join(directory, 'client.key'),
  };
}

async function readTrusted(directory: string): Promise<Trusted | null> {
  try {
    const text = await readFile(join(directory, 'server.json'), 'utf8');
    return { ...pathsOf(directory), ...serverSchema.parse(JSON.parse(text)) };
  } catch {
    // Not there, or damaged: an invitation makes it anew.
    return null;
  }
}
