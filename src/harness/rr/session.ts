/**
 * The client's side of a measurement over one path: which request leaves when, and what its reply tells. Sans-I/O.
 *
 * The driver owns the socket and the clock. It calls {@link RrSession.poll} and does what it is told, and reports what
 * happened by the `handle…` methods; after each of those it polls again until it is told to wait.
 *
 * ```
 * connect ─▶ handleConnected ─▶ poll: send ─▶ handleSent ─▶ poll: wait ─▶ handleData ─▶ poll: send …  done
 *                └──────────────◀ poll: reconnect ◀─ handleClosed, or a reply given up on a plain stream
 * ```
 *
 * Contract on errors: nothing here throws on what the network brings; a lost request is a row in `lost`; a path on which
 * nothing comes back any more ends the session with `outcome` set, and everything measured so far stays readable.
 */
import { setSequence } from './frame.ts';
import type { ReplyReader } from './reply.ts';

/** What to send, how often, and when a reply is given up. */
export interface SessionOptions {
  /** The bytes of one request as they go to the socket. Owned by the session, which renumbers framed ones in place. */
  readonly request: Uint8Array;
  /** True if `request` is a frame. */
  readonly framed: boolean;
  /** Exchanges before the measured ones; measured alike, then discarded. */
  readonly warmupCount: number;
  /** Measured requests; null: until `durationNs` is over. */
  readonly requestCount: number | null;
  /** How long to measure after the warm-up, ns; null: until `requestCount` is reached. */
  readonly durationNs: number | null;
  /** 0: the next request leaves when the reply is there (closed loop). Else one is due every `intervalNs`. */
  readonly intervalNs: number;
  /** A reply that takes longer is lost. */
  readonly timeoutNs: number;
  /** This many losses in a row end the session: the path is gone, and waiting tells nothing more. */
  readonly lossesInRowMax: number;
}

/** What the driver is to do now. */
export type SessionAction =
  | { readonly kind: 'send'; readonly bytes: Uint8Array }
  | { readonly kind: 'wait'; readonly untilNs: number }
  | { readonly kind: 'reconnect' }
  | { readonly kind: 'done' };

/** Why the session ended: `complete`, `stopped` by the caller, or what made going on useless. */
export type SessionOutcome =
  | { readonly kind: 'complete' | 'stopped' }
  | { readonly kind: 'refused'; readonly text: string }
  | { readonly kind: 'no-reply' | 'keeps-closing'; readonly reason: string };

/** Samples as columns, in the order of sending. See `Samples` in the record for units. */
export interface SessionSamples {
  readonly dueNs: number[];
  readonly sentNs: number[];
  readonly latencyNs: number[];
  readonly sendCallNs: number[];
  readonly serverProcessingNs: (number | null)[];
}

type State = 'disconnected' | 'idle' | 'sending' | 'waiting' | 'done';

const doneAction: SessionAction = { kind: 'done' };
const reconnectAction: SessionAction = { kind: 'reconnect' };

export class RrSession {
  readonly samples: SessionSamples = {
    dueNs: [],
    sentNs: [],
    latencyNs: [],
    sendCallNs: [],
    serverProcessingNs: [],
  };
  readonly lost: { sentNs: number; reason: string }[] = [];
  /** How late idle sends left, ns: the harness's timers, not the path. Only where sends are scheduled. */
  readonly latenessNs: number[] = [];
  /** Latency of the very first exchange, warm-up or not; null while there was none. */
  firstLatencyNs: number | null = null;
  /** Exchanges discarded as warm-up, lost ones included. */
  warmupDone = 0;
  /** Set when the session is done. */
  outcome: SessionOutcome | null = null;

  readonly #options: SessionOptions;
  readonly #sendAction: SessionAction;
  readonly #newReader: () => ReplyReader;
  #reader: ReplyReader;
  #state: State = 'disconnected';
  #connectedOnce = false;
  #sequence = 0;
  #measured = 0;
  #lossesInRow = 0;
  #repliesTotal = 0;
  /** When the next request is scheduled; meaningless in a closed loop. */
  #scheduledNs = Number.NaN;
  #measureUntilNs = Number.POSITIVE_INFINITY;
  /** When the last exchange ended, with a reply or without. */
  #freeSinceNs = 0;
  #dueNs = 0;
  #sentNs = 0;
  #sendCallNs = 0;

  /** @param newReader - makes the reply reader of a new connection */
  constructor(options: SessionOptions, newReader: () => ReplyReader) {
    this.#options = options;
    this.#newReader = newReader;
    this.#reader = newReader();
    this.#sendAction = { kind: 'send', bytes: options.request };
  }

  /** Measured requests that the plan asked for and that were never sent. */
  get unsentCount(): number {
    return Math.max(0, (this.#options.requestCount ?? this.#measured) - this.#measured);
  }

  /** Measured requests that left, lost ones included. */
  get sentCount(): number {
    return this.#measured;
  }

  /** A connection is ready to send on. */
  handleConnected(): void {
    if (this.#state === 'done') return;
    if (this.#connectedOnce) this.#reader = this.#newReader();
    this.#connectedOnce = true;
    this.#state = 'idle';
  }

  /** What to do at `nowNs`. Idempotent but for `send`, which the driver answers with {@link handleSent}. */
  poll(nowNs: number): SessionAction {
    switch (this.#state) {
      case 'done':
        return doneAction;
      case 'disconnected':
        if (this.#connectedOnce && this.#isOver(nowNs)) {
          this.#finish({ kind: 'complete' });
          return doneAction;
        }
        return reconnectAction;
      case 'sending':
        return this.#sendAction;
      case 'waiting':
        if (nowNs < this.#sentNs + this.#options.timeoutNs)
          return { kind: 'wait', untilNs: this.#sentNs + this.#options.timeoutNs };
        this.#lose(nowNs, 'timeout', this.#reader.survivesLoss);
        return this.poll(nowNs);
      case 'idle':
        return this.#pollIdle(nowNs);
    }
  }

  #pollIdle(nowNs: number): SessionAction {
    if (this.#isOver(nowNs)) {
      this.#finish({ kind: 'complete' });
      return doneAction;
    }
    const { intervalNs } = this.#options;
    if (intervalNs > 0) {
      if (Number.isNaN(this.#scheduledNs)) this.#scheduledNs = nowNs;
      if (nowNs < this.#scheduledNs) return { kind: 'wait', untilNs: this.#scheduledNs };
    }
    this.#sequence = (this.#sequence + 1) >>> 0;
    if (this.#options.framed) setSequence(this.#options.request, this.#sequence);
    this.#reader.expect(this.#sequence);
    this.#state = 'sending';
    return this.#sendAction;
  }

  #isOver(nowNs: number): boolean {
    const { requestCount, durationNs, warmupCount } = this.#options;
    if (this.warmupDone < warmupCount) return false;
    if (requestCount !== null && this.#measured >= requestCount) return true;
    if (durationNs === null) return false;
    if (this.#measureUntilNs === Number.POSITIVE_INFINITY)
      this.#measureUntilNs = nowNs + durationNs;
    return nowNs >= this.#measureUntilNs;
  }

  /**
   * The request was handed to the socket.
   *
   * @param startNs - before the send call · @param endNs - after it
   */
  handleSent(startNs: number, endNs: number): void {
    if (this.#state !== 'sending') return;
    this.#dueNs = startNs;
    if (this.#options.intervalNs > 0) {
      // Due while the last reply was still awaited: the wait counts, or a stall would hide behind the sends that it
      // held back (coordinated omission). Due while idle: what passed since is our own timer's lateness.
      if (this.#scheduledNs < this.#freeSinceNs) this.#dueNs = this.#scheduledNs;
      else this.latenessNs.push(startNs - this.#scheduledNs);
      this.#scheduledNs += this.#options.intervalNs;
    }
    this.#sentNs = startNs;
    this.#sendCallNs = endNs - startNs;
    if (this.warmupDone >= this.#options.warmupCount) this.#measured++;
    this.#state = 'waiting';
  }

  /** Bytes arrived. @param nowNs - read as soon as they did · @param bytes - borrowed for the call */
  handleData(nowNs: number, bytes: Uint8Array): void {
    if (this.#state === 'done') return;
    this.#apply(nowNs, this.#reader.handleData(bytes));
  }

  /** The connection ended, in whatever way. @param reason - `closed`, `reset` */
  handleClosed(nowNs: number, reason: string): void {
    if (this.#state === 'done') return;
    if (this.#state === 'waiting') {
      const progress = this.#reader.handleEnd();
      if (progress.kind === 'whole') this.#apply(nowNs, progress);
      else this.#lose(nowNs, reason, false);
    }
    if (!this.#isDone()) this.#state = 'disconnected';
  }

  /** Connecting again failed: the path is gone. */
  handleUnreachable(reason: string): void {
    this.#finish({ kind: 'keeps-closing', reason });
  }

  /** Ends the session now; a reply that is still awaited counts neither as sent nor as lost. */
  stop(): void {
    if (this.#state === 'done') return;
    if (this.#state === 'waiting' && this.warmupDone >= this.#options.warmupCount) this.#measured--;
    this.#finish({ kind: 'stopped' });
  }

  #apply(nowNs: number, progress: ReturnType<ReplyReader['handleData']>): void {
    switch (progress.kind) {
      case 'more':
        return;
      case 'refused':
        this.#finish({ kind: 'refused', text: progress.text });
        return;
      case 'garbled':
        if (this.#state === 'waiting') this.#lose(nowNs, `garbled: ${progress.reason}`, false);
        return;
      case 'whole':
        // A reply to nothing: the server spoke out of turn, and its bytes answer no request of ours.
        if (this.#state !== 'waiting') return;
        this.#complete(nowNs, progress.times?.processingNs ?? null);
    }
  }

  #complete(nowNs: number, processingNs: number | null): void {
    this.firstLatencyNs ??= nowNs - this.#sentNs;
    this.#repliesTotal++;
    this.#lossesInRow = 0;
    this.#freeSinceNs = nowNs;
    if (this.warmupDone < this.#options.warmupCount) {
      this.warmupDone++;
    } else {
      const { samples } = this;
      samples.dueNs.push(this.#dueNs);
      samples.sentNs.push(this.#sentNs);
      samples.latencyNs.push(nowNs - this.#dueNs);
      samples.sendCallNs.push(this.#sendCallNs);
      samples.serverProcessingNs.push(processingNs);
    }
    this.#state = this.#reader.oncePerConnection ? 'disconnected' : 'idle';
  }

  #lose(nowNs: number, reason: string, connectionIsGood: boolean): void {
    this.#lossesInRow++;
    if (this.warmupDone < this.#options.warmupCount) this.warmupDone++;
    else this.lost.push({ sentNs: this.#sentNs, reason });
    this.#freeSinceNs = nowNs;
    this.#state = connectionIsGood ? 'idle' : 'disconnected';
    if (this.#repliesTotal === 0 || this.#lossesInRow >= this.#options.lossesInRowMax)
      this.#finish({ kind: 'no-reply', reason });
  }

  #isDone(): boolean {
    return this.#state === 'done';
  }

  #finish(outcome: SessionOutcome): void {
    this.#state = 'done';
    this.outcome ??= outcome;
  }
}
