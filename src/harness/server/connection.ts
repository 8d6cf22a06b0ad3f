/**
 * One connection of the measurement server, from the finished handshake to its close: read a request, answer it, time
 * the answer, go on until the client closes.
 *
 * Two ways to read, by what ALPN agreed: our own client sends frames ({@link serveFramed}); of any other client, what
 * one read of at most 1,024 bytes brings is one request ({@link servePlain}).
 *
 * The time of an answer ends when the kernel has taken its bytes (the write's callback). It is not network latency: the
 * bytes are then in the socket's send buffer, and whether the client has them is not known here.
 */
import type { Socket } from 'node:net';

import type { Clock } from '../../base/clock.ts';
import { errorMessage } from '../../base/errors.ts';
import { encodeFrame, encodeReply, encodeWelcome, FrameReader, type Frame } from '../rr/frame.ts';
import { RateLimit } from '../rr/rate-limit.ts';
import { lingerMs, plainReadBytes, type ServerLimits } from './limits.ts';
import { answerBytes, type Answer, type RequestContext, type Responder } from './responder.ts';

/** One request as it was served. */
export interface ServedRequest {
  /** Borrowed for the call of the observer. */
  readonly request: Uint8Array;
  readonly answerBytes: number;
  /** From holding the request to handing the answer to the socket. */
  readonly processingNs: number;
  /** From handing it over until the kernel had taken it. */
  readonly sendNs: number;
}

/** Why a connection ended. `client` is the ordinary way. */
export type CloseReason =
  | 'client'
  | 'idle'
  | 'reset'
  | 'rate-limit'
  | 'malformed'
  | 'request-too-long'
  | 'responder-failed'
  | 'server';

export interface ConnectionOptions {
  readonly clock: Clock;
  readonly limits: ServerLimits;
  readonly instanceId: string;
  readonly respond: Responder;
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly clientName: string | null;
  /** Called after each answer. Null costs nothing. */
  readonly onServed: (served: ServedRequest) => void;
  /** A responder that threw: its message. */
  readonly onResponderError: (message: string) => void;
}

/** Ends what {@link serveFramed} and {@link servePlain} began. @param farewell - the last bytes to send, if any */
type Finish = (reason: CloseReason, farewell?: Uint8Array) => void;

/** Serves our own client. @returns why the connection ended */
export function serveFramed(socket: Socket, options: ConnectionOptions): Promise<CloseReason> {
  return until(socket, (finish) => {
    const { clock, limits } = options;
    const frames = new FrameReader(limits.requestBytesMax);
    const rate = rateLimit(limits);
    let previousSendNs: number | null = null;
    let underWay = 0;
    let refused = false;

    const refuse = (reason: CloseReason, code: string, sentence: string): void => {
      if (refused) return;
      refused = true;
      const text = new TextEncoder().encode(`${code} ${sentence}`);
      finish(reason, encodeFrame('refusal', 0, 0, text));
    };

    const reply = (frame: Frame, receivedNs: number, answer: Answer): void => {
      const payload = answerBytes(answer);
      if (refused || socket.destroyed) return;
      const repliedNs = clock.nowNs();
      const bytes = encodeReply(frame.sequence, receivedNs, repliedNs, previousSendNs, payload);
      previousSendNs = null;
      socket.write(bytes, () => {
        const sendNs = clock.nowNs() - repliedNs;
        previousSendNs = sendNs;
        const processingNs = repliedNs - receivedNs;
        options.onServed({
          request: frame.body,
          answerBytes: payload.length,
          processingNs,
          sendNs,
        });
      });
      if (socket.writableNeedDrain) {
        socket.pause();
        socket.once('drain', () => socket.resume());
      }
    };

    const request = (frame: Frame, receivedNs: number): void => {
      if (!rate.take(receivedNs)) {
        refuse(
          'rate-limit',
          'RATE_LIMITED',
          `at most ${limits.requestsPerSecondMax} requests a second`,
        );
        return;
      }
      if (frame.replyBytes > limits.replyBytesMax) {
        refuse(
          'request-too-long',
          'REPLY_TOO_LONG',
          `at most ${limits.replyBytesMax} bytes of reply`,
        );
        return;
      }
      const context: RequestContext = {
        replyBytes: frame.replyBytes,
        remoteAddress: options.remoteAddress,
        localAddress: options.localAddress,
        clientName: options.clientName,
      };
      const fail = (error: unknown): void => {
        options.onResponderError(errorMessage(error));
        refuse('responder-failed', 'RESPONDER_FAILED', 'the responder of this server failed');
      };
      try {
        const answer = options.respond(frame.body, context);
        if (!(answer instanceof Promise)) {
          reply(frame, receivedNs, answer);
          return;
        }
        // Our client has one request under way; another may not pile up work here.
        if (++underWay >= 64) socket.pause();
        const kept = { ...frame, body: frame.body.slice() };
        answer
          .then((value) => {
            reply(kept, receivedNs, value);
            if (--underWay < 64) socket.resume();
          })
          .catch(fail);
      } catch (error) {
        fail(error);
      }
    };

    socket.on('data', (chunk: Uint8Array) => {
      const receivedNs = clock.nowNs();
      if (!refused) frames.push(chunk);
      while (!refused) {
        const frame = frames.next();
        if (frame === null) return;
        if (frame === 'body-too-long') {
          refuse('request-too-long', 'REQUEST_TOO_LONG', `at most ${limits.requestBytesMax} bytes`);
          return;
        }
        if (typeof frame === 'string') {
          refuse('malformed', 'MALFORMED', frame);
          return;
        }
        if (frame.type === 'request') request(frame, receivedNs);
        else if (frame.type === 'hello') socket.write(welcome(options, receivedNs));
        else {
          refuse('malformed', 'MALFORMED', `a client does not send a ${frame.type}`);
          return;
        }
      }
    });
  });
}

function welcome({ instanceId, clock, limits }: ConnectionOptions, nowNs: number): Uint8Array {
  return encodeWelcome({
    instanceId,
    serverNs: BigInt(nowNs),
    serverWallMs: clock.wallMs(),
    bodyBytesMax: limits.requestBytesMax,
  });
}

/** Serves a client that knows nothing of us: one answer to each read of at most 1,024 bytes, in order. */
export function servePlain(socket: Socket, options: ConnectionOptions): Promise<CloseReason> {
  return until(socket, (finish) => {
    const { clock, limits } = options;
    const rate = rateLimit(limits);
    const context: RequestContext = {
      replyBytes: null,
      remoteAddress: options.remoteAddress,
      localAddress: options.localAddress,
      clientName: options.clientName,
    };
    let busy = false;

    const serveNext = async (): Promise<void> => {
      for (;;) {
        const length = Math.min(plainReadBytes, socket.readableLength);
        const request = length > 0 ? (socket.read(length) as Uint8Array | null) : null;
        if (request === null) {
          // Cleared here and not when the promise settles: a 'readable' in between would be missed.
          busy = false;
          // Makes the stream go on reading, and end when there is no more to come.
          socket.read(0);
          return;
        }
        const receivedNs = clock.nowNs();
        if (!rate.take(receivedNs)) {
          finish('rate-limit');
          return;
        }
        const answer = answerBytes(await options.respond(request, context));
        const repliedNs = clock.nowNs();
        await new Promise<unknown>((resolve) => socket.write(answer, resolve));
        if (socket.destroyed) return;
        options.onServed({
          request,
          answerBytes: answer.length,
          processingNs: repliedNs - receivedNs,
          sendNs: clock.nowNs() - repliedNs,
        });
      }
    };

    socket.on('readable', () => {
      if (busy) return;
      busy = true;
      serveNext().catch((error: unknown) => {
        options.onResponderError(errorMessage(error));
        finish('responder-failed');
      });
    });
  });
}

/** One connection's, with bursts of a tenth of a second, and of one request where the rate is low. */
function rateLimit({ requestsPerSecondMax }: ServerLimits): RateLimit {
  return new RateLimit(requestsPerSecondMax, Math.max(1, requestsPerSecondMax / 10));
}

/** Destroys a socket that is still there after a while, whether it is idle or not. */
export function cutAfter(socket: Socket, ms: number): void {
  const timer = setTimeout(() => socket.destroy(), ms);
  socket.once('close', () => {
    clearTimeout(timer);
  });
}

/** Runs one way of serving until it finishes or the socket does; the socket is gone afterwards. */
function until(socket: Socket, serve: (finish: Finish) => void): Promise<CloseReason> {
  return new Promise((resolve) => {
    let reason: CloseReason | null = null;
    const finish: Finish = (why, farewell) => {
      reason ??= why;
      if (farewell === undefined) {
        socket.destroySoon();
        return;
      }
      // What the client is still sending goes on being read, and thrown away: closing over unread bytes would reset the
      // connection, and a reset takes the farewell with it. The client closes in answer, or is cut.
      socket.end(farewell);
      socket.resume();
      cutAfter(socket, lingerMs);
    };
    socket.once('end', () => {
      finish('client');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      reason ??= error.code === 'ECONNRESET' || error.code === 'EPIPE' ? 'reset' : 'malformed';
    });
    socket.once('timeout', () => {
      reason ??= 'idle';
      socket.destroy();
    });
    socket.once('close', () => {
      resolve(reason ?? 'server');
    });
    serve(finish);
  });
}
