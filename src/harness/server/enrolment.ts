/** Enrolment on the server's port: one line in, one line out. What the lines mean is `pki/enrolment.ts`. */
import type tls from 'node:tls';

import { cutAfter } from './connection.ts';

/** A longer request is none. */
const lineBytesMax = 8 * 1024;

const closedLine =
  '{"ok":false,"code":"ENROLMENT_CLOSED","message":"this server gives no certificates"}\n';

/**
 * Serves one connection whose ALPN is that of enrolment. Whoever is not known yet gets so long in all, however busy it is.
 *
 * @param enrol - answers a request's line; null: this server gives no certificates
 * @returns whether a certificate was given; null where nothing was asked that could be answered
 */
export function serveEnrolment(
  socket: tls.TLSSocket,
  enrol: ((line: string) => Promise<string>) | null,
  timeoutMs: number,
): Promise<boolean | null> {
  return new Promise((resolve) => {
    socket.on('error', () => undefined);
    socket.once('close', () => {
      resolve(null);
    });
    cutAfter(socket, timeoutMs);
    if (enrol === null) {
      socket.resume();
      socket.end(closedLine);
      return;
    }
    let text = '';
    let answered = false;
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      if (answered) return;
      text += chunk;
      const end = text.indexOf('\n');
      if (end < 0 && text.length <= lineBytesMax) return;
      answered = true;
      enrol(text.slice(0, end < 0 ? lineBytesMax + 1 : end))
        .then((reply) => {
          resolve(reply.startsWith('{"ok":true'));
          socket.end(`${reply.trimEnd()}\n`);
        })
        .catch(() => socket.destroy());
    });
  });
}
