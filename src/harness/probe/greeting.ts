/** The first exchange with a server of ours: it says which instance it is. */
import type net from 'node:net';

import { nsPerMs } from '../../base/clock.ts';
import type { OverspanError } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { decodeWelcome, encodeFrame, FrameReader, type Welcome } from '../rr/frame.ts';
import { probeError } from './errors.ts';

/** A welcome is short; a longer frame here is no welcome. */
const frameBytesMax = 4096;

/**
 * Sends a hello and waits for the welcome.
 *
 * @throws CLIENT_CERTIFICATE_REFUSED, SERVER_REFUSED, CONNECTION_CLOSED, NO_REPLY
 */
export function greet(socket: net.Socket, where: string, timeoutNs: number): Promise<Welcome> {
  return new Promise((resolve, reject) => {
    const frames = new FrameReader(frameBytesMax);
    const settle = (result: Welcome | Error): void => {
      clearTimeout(timer);
      socket.off('data', onData).off('close', onClose);
      if (result instanceof Error) reject(result);
      else resolve(result);
    };
    const onData = (chunk: Uint8Array): void => {
      frames.push(chunk);
      const frame = frames.next();
      if (frame === null) return;
      if (typeof frame !== 'string' && frame.type === 'refusal') {
        settle(refusal(new TextDecoder().decode(frame.body), where));
        return;
      }
      const welcome =
        typeof frame === 'string' || frame.type !== 'welcome'
          ? 'unexpected frame'
          : decodeWelcome(frame.body);
      settle(
        typeof welcome === 'string'
          ? probeError(
              'SERVER_REFUSED',
              `${where} did not greet as a measurement server does (${welcome})`,
              {
                remedy: 'are both ends of the same version? overspan --version',
              },
            )
          : welcome,
      );
    };
    const onClose = (): void => {
      settle(
        probeError('CONNECTION_CLOSED', `${where} closed the connection before it greeted`, {
          remedy: 'see what the server printed; it may want a client certificate: --invite …',
        }),
      );
    };
    const timer = setTimeout(() => {
      settle(
        probeError('NO_REPLY', `${where} did not greet in time`, {
          remedy: 'is the server overloaded or stopped? See what it printed',
        }),
      );
    }, timeoutNs / nsPerMs);
    socket.on('data', onData);
    socket.once('close', onClose);
    socket.write(encodeFrame('hello', 0, 0, new Uint8Array(0)));
  });
}

/** The error for a server's refusal, by the code at its beginning. @param text - as received */
export function refusal(text: string, where: string): OverspanError {
  const safe = escapeText(text);
  return text.startsWith('CLIENT_CERTIFICATE_REFUSED')
    ? probeError(
        'CLIENT_CERTIFICATE_REFUSED',
        `${where} answers only clients with a certificate of its authority`,
        {
          remedy:
            'use the invitation that `overspan serve` printed: --invite …, or give --cert FILE --key FILE --ca FILE',
        },
      )
    : probeError('SERVER_REFUSED', `${where} refused: ${safe}`, {
        remedy: 'see the limits of the server: overspan serve --help',
      });
}
