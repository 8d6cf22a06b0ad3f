/**
 * Request/response over TLS or plain TCP: drives an `RrSession` with a real socket and the real clock.
 *
 * The arrival of a reply is read from the clock first thing in the socket's data handler, and the next request of a
 * closed loop leaves from within it: nothing of ours but the TLS layer and Node's event loop is between the two clock
 * readings. What that floor costs is measured by every campaign (`campaign/floor.ts`).
 */
import type net from 'node:net';

import { nsPerMs, type Clock } from '../../base/clock.ts';
import { errorMessage, OverspanError } from '../../base/errors.ts';
import { formatHostPort } from '../../base/host-port.ts';
import type { Setup, Visit, Workload } from '../campaign/record.ts';
import { alpnRequestResponse, encodeFrame } from '../rr/frame.ts';
import { FramedReply, PlainReply, type ReplyRule } from '../rr/reply.ts';
import { RrSession } from '../rr/session.ts';
import { quantileSorted, sortedCopy } from '../stats/quantile.ts';
import { connect, explain, notOverspan, type Connection } from './connect.ts';
import { probeError } from './errors.ts';
import { greet, refusal } from './greeting.ts';
import type { Prober, Seat, VisitProgress, VisitResult } from './probe.ts';
import type { ClientTls, Target } from './target.ts';

/** What one request is: a frame of ours with `requestBytes` of payload, or text for a server that is not ours. */
export type Exchange =
  | { readonly kind: 'framed' }
  | { readonly kind: 'plain'; readonly payload: Uint8Array; readonly rule: ReplyRule };

export interface RrProberOptions {
  readonly target: Target;
  /** Null for plain TCP to a server of ours. */
  readonly tls: ClientTls | null;
  readonly exchange: Exchange;
  /** Counts from the start of the record. */
  readonly clock: Clock;
  /** For connecting, shaking hands and greeting. */
  readonly setupTimeoutNs: number;
  readonly nagle: boolean;
  /**
   * Goes on looking for the reply instead of sleeping until it comes: the processor of this client then does not go idle,
   * and what waking it costs is in no figure. Takes a whole processor.
   */
  readonly busyPoll?: boolean;
}

const lossesInRowMax = 5;

/** Exchanges of a greeting: the first ones pay for much that later ones do not, by which a run would be planned too short. */
const greetings = { min: 5, max: 500, enoughNs: 300 * nsPerMs } as const;

/** A connection, greeted where the server is ours. */
interface Opened {
  readonly connection: Connection;
  readonly instanceId: string | null;
  /** From hello to welcome. */
  readonly greetNs: number | null;
}

/** Makes the prober of one path. */
export function createRrProber(options: RrProberOptions): Prober {
  return new RrProber(options);
}

class RrProber implements Prober {
  readonly #options: RrProberOptions;
  readonly #where: string;

  constructor(options: RrProberOptions) {
    this.#options = options;
    this.#where = formatHostPort(options.target.host, options.target.port);
  }

  async greet(): Promise<{ instanceId: string | null; roundTripNs: number }> {
    const { connection, instanceId, greetNs } = await this.#open(null);
    const tookNs = [greetNs ?? connection.connectNs];
    let nowNs = this.#options.clock.nowNs();
    const enoughNs = nowNs + greetings.enoughNs;
    const goesOn = (): boolean =>
      tookNs.length < greetings.min || (tookNs.length < greetings.max && nowNs < enoughNs);
    while (greetNs !== null && goesOn()) {
      await greet(connection.socket, this.#where, this.#options.setupTimeoutNs);
      const endedNs = this.#options.clock.nowNs();
      tookNs.push(endedNs - nowNs);
      nowNs = endedNs;
    }
    connection.socket.destroySoon();
    return { instanceId, roundTripNs: settledNs(tookNs) };
  }

  async visit(
    seat: Seat,
    workload: Workload,
    signal: AbortSignal,
    onProgress?: (progress: VisitProgress) => void,
  ): Promise<VisitResult> {
    const { clock, exchange } = this.#options;
    const startedNs = clock.nowNs();
    const session = this.#session(workload);
    const setups: Setup[] = [];
    let opened = await this.#open(null);
    setups.push(setupOf(opened));
    const { instanceId } = opened;
    const ticket = (): Uint8Array | null => opened.connection.session();

    let failure: OverspanError | null = null;
    while (!signal.aborted) {
      session.handleConnected();
      const ended = await drive(
        session,
        opened.connection.socket,
        { clock, busyPoll: this.#options.busyPoll === true },
        signal,
        onProgress,
      );
      if (ended === 'done') break;
      opened.connection.socket.destroySoon();
      try {
        opened = await this.#open(null);
        setups.push(setupOf(opened));
      } catch (error) {
        session.handleUnreachable(errorMessage(error));
        break;
      }
    }
    const lastTicket = ticket();
    opened.connection.socket.destroySoon();

    const { outcome } = session;
    if (outcome !== null && outcome.kind !== 'complete' && outcome.kind !== 'stopped')
      failure = this.#failure(outcome, session);
    if (failure !== null && session.samples.sentNs.length === 0) throw failure;
    if (failure === null && !signal.aborted)
      failure = await this.#handshakes(workload.handshakePairsPerVisit, lastTicket, setups, signal);

    const [first] = setups;
    if (first?.firstAnswerNs === null)
      setups[0] = { ...first, firstAnswerNs: session.firstLatencyNs };
    const visit: Visit = {
      kind: 'visit',
      ...seat,
      startedNs,
      endedNs: clock.nowNs(),
      setups,
      instanceId: exchange.kind === 'framed' ? instanceId : null,
      warmupCount: session.warmupDone,
      samples: session.samples,
      lost: session.lost,
      unsentCount: session.unsentCount,
    };
    return { visit, failure, latenessNs: session.latenessNs };
  }

  #session(workload: Workload): RrSession {
    const { exchange } = this.#options;
    const framed = exchange.kind === 'framed';
    return new RrSession(
      {
        request: framed
          ? encodeFrame(
              'request',
              0,
              workload.replyBytes ?? workload.requestBytes,
              new Uint8Array(workload.requestBytes),
            )
          : exchange.payload,
        framed,
        warmupCount: workload.warmupPerVisit,
        requestCount: workload.requestsPerVisit,
        durationNs: workload.visitNs,
        intervalNs: workload.intervalNs,
        timeoutNs: workload.timeoutNs,
        lossesInRowMax,
      },
      framed ? () => new FramedReply() : () => new PlainReply(exchange.rule),
    );
  }

  /** Connects, and greets a server of ours. */
  async #open(session: Uint8Array | null): Promise<Opened> {
    const { exchange, target, tls, clock, nagle, setupTimeoutNs } = this.#options;
    const framed = exchange.kind === 'framed';
    const options = {
      target,
      tls,
      alpn: framed ? [alpnRequestResponse] : [],
      session,
      nagle,
      timeoutNs: setupTimeoutNs,
      clock,
    };
    const connection = await connect(options);
    if (!framed) return { connection, instanceId: null, greetNs: null };
    try {
      if (tls !== null && connection.alpn !== alpnRequestResponse) throw notOverspan(this.#where);
      const startNs = clock.nowNs();
      const { instanceId } = await greet(connection.socket, this.#where, setupTimeoutNs);
      return { connection, instanceId, greetNs: clock.nowNs() - startNs };
    } catch (error) {
      connection.socket.destroy();
      throw explain(error, options);
    }
  }

  /**
   * Times handshakes alone: each pair one full and one resumed, with the newest ticket that the server gave.
   *
   * @returns why it ended early, if it did: what was measured before stands
   */
  async #handshakes(
    pairs: number,
    ticket: Uint8Array | null,
    setups: Setup[],
    signal: AbortSignal,
  ): Promise<OverspanError | null> {
    if (this.#options.tls === null) return null;
    let newest = ticket;
    try {
      for (let pair = 0; pair < pairs && !signal.aborted; pair++) {
        // The visit's own connection was the first full handshake.
        for (const resume of pair === 0 ? [true] : [false, true]) {
          if (resume && newest === null) continue;
          const alone = await this.#open(resume ? newest : null);
          setups.push(setupOf(alone));
          newest = alone.connection.session() ?? newest;
          alone.connection.socket.destroySoon();
        }
      }
    } catch (error) {
      if (!(error instanceof OverspanError)) throw error;
      return error;
    }
    return null;
  }

  #failure(outcome: NonNullable<RrSession['outcome']>, session: RrSession): OverspanError {
    const measured = `${session.samples.sentNs.length} replies measured before`;
    // In TLS 1.3 a server refuses a client's certificate only when the handshake is done on our side.
    if (outcome.kind === 'no-reply' && /^ERR_SSL_.*ALERT/.test(outcome.reason)) {
      const { target, tls } = this.#options;
      return explain(Object.assign(new Error(outcome.reason), { code: outcome.reason }), {
        target,
        tls,
      });
    }
    switch (outcome.kind) {
      case 'refused':
        return refusal(outcome.text, this.#where);
      case 'keeps-closing':
        return probeError(
          'CONNECTION_CLOSED',
          `${this.#where} closed the connection and cannot be reached again (${outcome.reason}); ${measured}`,
          {
            remedy: 'see what the server printed',
          },
        );
      default:
        return outcome.kind === 'no-reply' && outcome.reason === 'timeout'
          ? probeError('NO_REPLY', `${this.#where} does not answer; ${measured}`, {
              remedy:
                'is the server still running? For a server that is not ours, does --reply say what really ends a reply? --timeout waits longer',
            })
          : probeError(
              'CONNECTION_CLOSED',
              `${this.#where} closes the connection instead of answering (${'reason' in outcome ? outcome.reason : ''}); ${measured}`,
              {
                remedy:
                  'see what the server printed; if every reply ends with a close, say --reply close',
              },
            );
    }
  }
}

function setupOf({ connection, greetNs }: Opened): Setup {
  const { connectNs, handshakeNs, resumed } = connection;
  return { connectNs, handshakeNs, resumed, firstAnswerNs: greetNs };
}

/** Lets a session use a connected socket. @returns `done`, or `reconnect` where it needs another socket */
function drive(
  session: RrSession,
  socket: net.Socket,
  { clock, busyPoll }: { readonly clock: Clock; readonly busyPoll: boolean },
  signal: AbortSignal,
  onProgress?: (progress: VisitProgress) => void,
): Promise<'done' | 'reconnect'> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | null = null;
    let timerNs = Number.POSITIVE_INFINITY;
    let lastProgressNs = clock.nowNs();

    let spinning = busyPoll;
    const spin = (): void => {
      if (spinning) setImmediate(spin);
    };
    const settle = (result: 'done' | 'reconnect'): void => {
      spinning = false;
      if (timer !== null) clearTimeout(timer);
      socket.off('data', onData).off('end', onClose).off('close', onClose).off('error', onError);
      socket.on('error', () => undefined);
      signal.removeEventListener('abort', onAbort);
      resolve(result);
    };
    const pump = (): void => {
      for (;;) {
        const nowNs = clock.nowNs();
        const action = session.poll(nowNs);
        switch (action.kind) {
          case 'send': {
            // The clock is read again: what poll cost is not the path's.
            const startNs = clock.nowNs();
            socket.write(action.bytes);
            session.handleSent(startNs, clock.nowNs());
            break;
          }
          case 'wait':
            arm(action.untilNs, nowNs);
            return;
          case 'done':
            settle('done');
            return;
          case 'reconnect':
            settle('reconnect');
            return;
        }
      }
    };
    /** One timer that is only ever moved forward: a closed loop would otherwise re-arm it for every request. */
    const arm = (untilNs: number, nowNs: number): void => {
      if (timerNs <= untilNs) return;
      if (timer !== null) clearTimeout(timer);
      timerNs = untilNs;
      timer = setTimeout(
        () => {
          timerNs = Number.POSITIVE_INFINITY;
          pump();
        },
        Math.max(0, untilNs - nowNs) / nsPerMs,
      );
    };
    const onData = (chunk: Uint8Array): void => {
      const nowNs = clock.nowNs();
      session.handleData(nowNs, chunk);
      if (onProgress !== undefined && nowNs - lastProgressNs > 100 * nsPerMs) {
        lastProgressNs = nowNs;
        onProgress({
          sent: session.sentCount,
          lost: session.lost.length,
          lastLatencyNs: session.samples.latencyNs.at(-1) ?? null,
        });
      }
      pump();
    };
    let closeReason = 'closed';
    const onError = (error: NodeJS.ErrnoException): void => {
      closeReason =
        error.code === 'ECONNRESET' || error.code === 'EPIPE' ? 'reset' : (error.code ?? 'error');
    };
    const onClose = (): void => {
      session.handleClosed(clock.nowNs(), closeReason);
      pump();
    };
    const onAbort = (): void => {
      session.stop();
      pump();
    };
    socket.on('data', onData).on('error', onError).once('end', onClose).once('close', onClose);
    signal.addEventListener('abort', onAbort, { once: true });
    if (socket.destroyed) onClose();
    else pump();
    spin();
  });
}

/** The median of the later half. @param tookNs - one or more, as they came */
function settledNs(tookNs: readonly number[]): number {
  return quantileSorted(sortedCopy(tookNs.slice(tookNs.length >> 1)), 0.5);
}
