/** Node's TLS with certificates that we issued: mutual authentication, resumption, the fixed name, enrolment's pin. */
import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  connect,
  createServer,
  type ConnectionOptions,
  type Server,
  type TLSSocket,
} from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  acceptEnrolment,
  decodeInvitation,
  encodeEnrolmentRequest,
  encodeInvitation,
  fingerprintBytes,
  fixedServerName,
  handleEnrolment,
  initAuthority,
  InvitationBook,
  issueClient,
  issueServer,
  keyTypes,
  loadAuthority,
  loadIdentity,
  makeRequest,
  parseEnrolmentReply,
  pkiPaths,
  clientPaths,
  type Identity,
} from '../../src/harness/pki/index.ts';
import { systemClock } from '../../src/sys/clock.ts';

const now = systemClock.wallMs();
const root = mkdtempSync(join(tmpdir(), 'overspan-pki-tls-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const options = ({
  caPem,
  certPem,
  keyPem,
}: Identity): { ca: string; cert: string; key: string } => ({
  ca: caPem ?? '',
  cert: certPem ?? '',
  key: keyPem?.reveal() ?? '',
});

/** Reads what the server says in its first line, and the session ticket that TLS 1.3 sends after the handshake. */
async function greet(
  server: Server,
  extra: ConnectionOptions,
): Promise<{ line: string; session: Buffer; reused: boolean }> {
  const socket: TLSSocket = connect({
    port: (server.address() as AddressInfo).port,
    host: '127.0.0.1',
    ...extra,
  });
  let session: Buffer = Buffer.alloc(0);
  socket.on('session', (ticket: Buffer) => (session = ticket));
  let line = '';
  socket.setEncoding('utf8').on('data', (text: string) => (line += text));
  try {
    await once(socket, 'end');
    return { line, session, reused: socket.isSessionReused() };
  } finally {
    socket.destroy();
  }
}

describe.each(keyTypes)('mutual TLS with an authority of %s', (keyType) => {
  const dir = join(root, keyType);
  const otherDir = join(root, `${keyType}-other`);
  let server: Server;
  let client: Identity;
  let stranger: Identity;

  beforeAll(async () => {
    await initAuthority(dir, { keyType, now });
    await issueServer(dir, { names: ['127.0.0.1'], now });
    await issueClient(dir, { name: 'laptop', now });
    await initAuthority(otherDir, { now });
    await issueClient(otherDir, { name: 'stranger', now });
    const { ca, server: pair } = pkiPaths(dir);
    const identity = await loadIdentity({ ca: ca.cert, ...pair }, { now, purpose: 'server' });
    client = await loadIdentity(
      { ca: ca.cert, ...clientPaths(dir, 'laptop') },
      { now, purpose: 'client' },
    );
    const theirs = await loadIdentity(clientPaths(otherDir, 'stranger'), {
      now,
      purpose: 'client',
    });
    stranger = { ...theirs, caPem: client.caPem };
    server = createServer(
      { ...options(identity), requestCert: true, rejectUnauthorized: true },
      (socket) => {
        socket.end(`hello ${String(socket.getPeerCertificate().subject.CN)}\n`);
      },
    );
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(async () => {
    server.close();
    await once(server, 'close');
  });

  it('works by address and by the fixed name, and resumes', async () => {
    const byAddress = await greet(server, options(client));
    expect(byAddress).toMatchObject({ line: 'hello laptop\n', reused: false });
    const byName = await greet(server, { ...options(client), servername: fixedServerName });
    expect(byName).toMatchObject({ line: 'hello laptop\n', reused: false });
    const again = await greet(server, {
      ...options(client),
      servername: fixedServerName,
      session: byName.session,
    });
    expect(again).toMatchObject({ line: 'hello laptop\n', reused: true });
  });

  it('refuses names that are not in the certificate, and authorities that did not issue', async () => {
    await expect(
      greet(server, { ...options(client), servername: 'other.test' }),
    ).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    const { ca } = pkiPaths(otherDir);
    const misled = await loadIdentity({ ca: ca.cert }, { now });
    await expect(greet(server, { ...options(client), ca: misled.caPem ?? '' })).rejects.toThrow();
    // In TLS 1.3 a client's handshake is over before the server has seen its certificate: it sees an early end.
    for (const refused of [options(stranger), { ca: client.caPem ?? '' }])
      expect(await greet(server, refused).catch(() => ({ line: '' }))).toMatchObject({ line: '' });
  });

  it('sends the certificate whose hash an invitation carries, and an enrolled client gets in', async () => {
    const authority = await loadAuthority(dir, now);
    const book = new InvitationBook(authority.anchorSha256);
    const invitation = decodeInvitation(encodeInvitation(book.create({ ttlMs: 60_000, now })), now);

    // First sight: nothing is trusted yet, the chain is only looked at. Here the client still has its certificate;
    // a real server takes enrolments without one.
    const { certPem, keyPem } = client;
    const look = connect({
      port: (server.address() as AddressInfo).port,
      host: '127.0.0.1',
      cert: certPem ?? '',
      key: keyPem?.reveal() ?? '',
      rejectUnauthorized: false,
    });
    await once(look, 'secureConnect');
    const chain = look.getPeerCertificate(true);
    const seen = new X509Certificate(chain.issuerCertificate.raw);
    look.destroy();
    expect(Buffer.from(fingerprintBytes(seen)).equals(invitation.caSha256)).toBe(true);

    const request = await makeRequest('fresh');
    const line = encodeEnrolmentRequest({
      secret: invitation.secret,
      name: 'fresh',
      csrPem: request.csrPem,
    });
    const reply = parseEnrolmentReply(await handleEnrolment(book, authority, line, now));
    const enrolled = acceptEnrolment(reply, {
      caSha256: invitation.caSha256,
      keyPem: request.keyPem,
    });
    const greeted = await greet(server, {
      ca: enrolled.caPem,
      cert: enrolled.certPem,
      key: request.keyPem.reveal(),
      servername: enrolled.serverName,
    });
    expect(greeted.line).toBe('hello fresh\n');
  });
});
