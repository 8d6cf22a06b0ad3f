/** The certificates of `overspan serve`: those given, or an authority and a certificate made on the spot. */
import { access } from 'node:fs/promises';

import { OverspanError } from '../base/errors.ts';
import {
  encodeInvitation,
  describeCertificate,
  fingerprint,
  handleEnrolment,
  initAuthority,
  InvitationBook,
  issueServer,
  loadAuthority,
  loadIdentity,
  localNames,
  pkiDirectory,
  pkiError,
  pkiPaths,
  validityInWords,
  type Identity,
} from '../harness/pki/index.ts';
import type { ServerTls } from '../harness/server/index.ts';
import { systemClock } from '../sys/clock.ts';
import type { CliContext } from './context.ts';

/** What the server needs of its certificates. */
export interface ServerMaterial {
  readonly tls: ServerTls;
  /** What to show of the authority; null where clients need no certificate. */
  readonly authority: { readonly sha256: string; readonly validity: string } | null;
  readonly enrol: ((line: string) => Promise<string>) | null;
  /** Makes invitations; none where this server cannot sign. */
  invite(
    count: number,
    expiresAtUnixMs: number,
  ): readonly { readonly text: string; readonly expiresAtUnixMs: number }[];
}

interface Files {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** @throws PKI_… where the files given are of no use, PKI_FILE_MISSING where one of them is not given */
export async function prepareServerTls(cli: CliContext, files: Files): Promise<ServerMaterial> {
  const now = systemClock.wallMs();
  if (files.ca !== undefined || files.cert !== undefined || files.key !== undefined)
    return fromFiles(cli, files, now);

  const directory = pkiDirectory(cli.home);
  const { ca, server } = pkiPaths(directory);
  if (!(await exists(ca.cert))) {
    await initAuthority(directory, { now });
    cli.note(`made an authority: ${ca.cert}`);
  }
  if (!(await exists(server.cert))) {
    await issueServer(directory, { names: localNames(), now });
    cli.note(`issued a server certificate: ${server.cert}`);
  }
  const identity = await loadIdentity({ ca: ca.cert, ...server }, { now, purpose: 'server' });
  showWarnings(cli, identity);
  // An authority whose key is kept elsewhere can serve, and gives no invitations.
  const authority = (await exists(ca.key)) ? await loadAuthority(directory, now) : null;
  if (authority === null) return material(identity, null, null, now);
  const book = new InvitationBook(authority.anchorSha256);
  return material(
    identity,
    book,
    (line) => handleEnrolment(book, authority, line, systemClock.wallMs()),
    now,
  );
}

async function fromFiles(
  cli: CliContext,
  { ca, cert, key }: Files,
  now: number,
): Promise<ServerMaterial> {
  if (ca === undefined || cert === undefined || key === undefined)
    throw pkiError('PKI_FILE_MISSING', '--ca, --cert and --key go together', {
      remedy: 'give all three, or none to have them made: overspan serve',
    });
  const identity = await loadIdentity({ ca, cert, key }, { now, purpose: 'server' });
  showWarnings(cli, identity);
  return material(identity, null, null, now);
}

function material(
  { certPem, keyPem, caPem, ca }: Identity,
  book: InvitationBook | null,
  enrol: ServerMaterial['enrol'],
  now: number,
): ServerMaterial {
  if (certPem === null || keyPem === null || caPem === null || ca === null)
    throw new Error('invariant broken: an identity that was asked for is there');
  return {
    // The authority follows the certificate, so that an invited client can recognise it.
    tls: {
      cert: certPem.includes(caPem.trim()) ? certPem : `${certPem}${caPem}`,
      key: keyPem.reveal(),
      ca: caPem,
    },
    authority: {
      sha256: fingerprint(ca),
      validity: validityInWords(describeCertificate(ca), now),
    },
    enrol,
    invite: (count, expiresAtUnixMs) =>
      book === null
        ? []
        : Array.from({ length: count }, () => {
            const invitation = book.create({ ttlMs: expiresAtUnixMs - now, now });
            return {
              text: encodeInvitation(invitation),
              expiresAtUnixMs: invitation.expiresAtUnixMs,
            };
          }),
  };
}

function showWarnings(cli: CliContext, { warnings }: Identity): void {
  for (const { message, remedy } of warnings) cli.note(`warning: ${message}\nremedy: ${remedy}`);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    (error: unknown) => {
      if (error instanceof OverspanError) throw error;
      return false;
    },
  );
}
