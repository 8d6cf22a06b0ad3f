/**
 * Turns an invitation into a client certificate, over the very port that measures.
 *
 * Two connections. The first trusts nobody: it only reads the chain that the server shows, and keeps the certificate
 * whose SHA-256 stands in the invitation. The second trusts exactly that one, with the ordinary checks of TLS, and only
 * there is the invitation's secret sent.
 */
import { createHash } from 'node:crypto';
import net from 'node:net';
import { hostname } from 'node:os';
import tls from 'node:tls';

import { nsPerMs, type Clock } from '../../base/clock.ts';
import { formatHostPort } from '../../base/host-port.ts';
import {
  acceptEnrolment,
  encodeEnrolmentRequest,
  enrolmentLineBytesMax,
  fixedServerName,
  makeRequest,
  parseEnrolmentReply,
  type Enrolment,
  type Invitation,
  type Secret,
} from '../pki/index.ts';
import { alpnEnrolment } from '../rr/frame.ts';
import { connect, explain, type ConnectOptions } from './connect.ts';
import { probeError } from './errors.ts';
import type { Target } from './target.ts';

/** What an invitation brought. */
export interface Enrolled extends Enrolment {
  readonly keyPem: Secret<string>;
}

/**
 * Redeems an invitation.
 *
 * @throws what connecting throws, SERVER_UNTRUSTED, INVITATION_USED and the other refusals of enrolment
 */
export async function enrol(
  target: Target,
  invitation: Invitation,
  clock: Clock,
  timeoutNs: number,
): Promise<Enrolled> {
  const options: ConnectOptions = {
    target,
    tls: { ca: null, cert: null, key: null, serverName: fixedServerName, pin: null },
    alpn: [alpnEnrolment],
    session: null,
    nagle: false,
    timeoutNs,
    clock,
  };
  const caPem = await findAuthority(options, Buffer.from(invitation.caSha256).toString('hex'));
  const { csrPem, keyPem } = await makeRequest(hostname());
  const trusted: ConnectOptions = {
    ...options,
    tls: { ca: caPem, cert: null, key: null, serverName: fixedServerName, pin: null },
  };
  const { socket } = await connect(trusted);
  try {
    socket.write(encodeEnrolmentRequest({ secret: invitation.secret, name: hostname(), csrPem }));
    const reply = parseEnrolmentReply(await readLine(socket, timeoutNs));
    return { ...acceptEnrolment(reply, { caSha256: invitation.caSha256, keyPem }), keyPem };
  } catch (error) {
    throw explain(error, trusted);
  } finally {
    socket.destroy();
  }
}

/** The certificate with that SHA-256 in the chain that the server shows, in PEM. */
async function findAuthority(options: ConnectOptions, caSha256: string): Promise<string> {
  const { target, timeoutNs } = options;
  const chain = await new Promise<tls.DetailedPeerCertificate>((resolve, reject) => {
    const socket = tls.connect({
      socket: net.connect({ host: target.address, port: target.port }).on('error', reject),
      servername: fixedServerName,
      ALPNProtocols: [alpnEnrolment],
      // Nothing is believed yet: the chain is only looked at.
      rejectUnauthorized: false,
    });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(Object.assign(new Error('timed out'), { code: 'HANDSHAKE_TIMED_OUT' }));
    }, timeoutNs / nsPerMs);
    socket.once('secureConnect', () => {
      resolve(socket.getPeerCertificate(true));
    });
    socket.once('error', reject);
    socket.once('close', () => {
      reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    });
    const settled = (): void => {
      clearTimeout(timer);
      socket.destroy();
    };
    socket.once('secureConnect', settled).once('close', settled);
  }).catch((error: unknown) => {
    throw explain(error, options);
  });
  const seen = new Set<string>();
  // Node links a self-signed root to itself.
  for (
    let link: tls.DetailedPeerCertificate | undefined = chain;
    link?.raw !== undefined && !seen.has(link.fingerprint256);
    link = link.issuerCertificate as tls.DetailedPeerCertificate | undefined
  ) {
    seen.add(link.fingerprint256);
    if (createHash('sha256').update(link.raw).digest('hex') === caSha256)
      return `-----BEGIN CERTIFICATE-----\n${link.raw.toString('base64')}\n-----END CERTIFICATE-----\n`;
  }
  throw probeError(
    'SERVER_UNTRUSTED',
    `${formatHostPort(target.host, target.port)} does not show the authority that the invitation names`,
    {
      remedy:
        'is this the server that printed the invitation? If it got a new authority since, take the invitation that it prints now',
    },
  );
}

function readLine(socket: net.Socket, timeoutNs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (): void => {
      reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    };
    const timer = setTimeout(fail, timeoutNs / nsPerMs);
    socket.once('close', () => {
      clearTimeout(timer);
      fail();
    });
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (!text.includes('\n') && text.length <= enrolmentLineBytesMax) return;
      clearTimeout(timer);
      resolve(text.slice(0, text.indexOf('\n') + 1));
    });
  });
}
