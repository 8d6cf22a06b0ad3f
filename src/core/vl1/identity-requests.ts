/**
 * Asking roots who has an address: WHOIS, every 500 ms until it is answered or nobody waits for it any more. What a root does
 * not know it does not answer: after 3 s it is asked less often.
 *
 * Source: vl1 3.8. Packets with forged sources make us ask, too; at most half of the table is for those whom only received
 * packets name, and where that is full the oldest of them makes room: else 128 names of nobody would keep every newcomer waiting
 * for 5 s.
 */
import { ByteWriter } from '../../base/bytes.ts';
import type { Address } from '../../base/ids.ts';
import { verbNumbers } from '../../wire/verbs/verb.ts';
import { waitingMs, whoisIntervalMs } from '../constants.ts';
import type { Now } from '../ports.ts';
import type { Switch } from './switch.ts';
import type { Upstreams } from './upstreams.ts';

/** How often a root is asked at first, and for how many times. */
const eagerCount = 6;
/** How often afterwards. */
const patientIntervalMs = 2_500;
/** After two questions in vain, and after so many more, the root is asked whether it still knows us. */
const doubtCount = 8;

/**
 * One that only received packets want keeps its place for so long, ms: roots answer sooner. However many names somebody makes up, we
 * ask for no more than 128 of them in this time.
 */
const giveWayMs = 250;

interface Request {
  readonly sinceMs: number;
  /** When it was asked for last, by whoever wants it. */
  wantedMs: number;
  /** When a root was asked last; −∞: not yet. */
  askedMs: number;
  asked: number;
  forReceived: boolean;
}

/** Makes a peer of who is remembered. @returns whether there is one */
export type RecallPeer = (now: Now, address: Address, forReceived: boolean) => boolean;

/** See the head of this file. */
export class IdentityRequests {
  readonly #requests = new Map<Address, Request>();
  readonly #max: number;
  readonly #upstreams: Upstreams;
  readonly #switch: () => Switch;
  readonly #recall: RecallPeer;
  #received = 0;

  constructor(max: number, upstreams: Upstreams, switchOf: () => Switch, recall: RecallPeer) {
    this.#max = max;
    this.#upstreams = upstreams;
    this.#switch = switchOf;
    this.#recall = recall;
  }

  get size(): number {
    return this.#requests.size;
  }

  /** Whether an identity was asked for. */
  has(address: Address): boolean {
    return this.#requests.has(address);
  }

  /**
   * Asks, unless that was done just now, or who has it is remembered: then there is a peer afterwards.
   *
   * @param forReceived - only a packet that came wants it
   * @returns false where the table is full
   */
  ask(now: Now, address: Address, forReceived: boolean): boolean {
    let request = this.#requests.get(address);
    if (request === undefined) {
      if (this.#recall(now, address, forReceived)) return true;
      if (forReceived && this.#received >= this.#max / 2) this.#giveWay(now);
      const full = forReceived ? this.#received >= this.#max / 2 : this.#requests.size >= this.#max;
      if (full) return false;
      request = {
        sinceMs: now.monoMs,
        wantedMs: now.monoMs,
        askedMs: -Infinity,
        asked: 0,
        forReceived,
      };
      this.#requests.set(address, request);
      if (forReceived) this.#received++;
    } else {
      request.wantedMs = now.monoMs;
      if (request.forReceived && !forReceived) {
        request.forReceived = false;
        this.#received--;
      }
    }
    if (now.monoMs >= dueMs(request)) this.#send(now, address, request);
    return true;
  }

  /** It is known, or nobody wants it any more. */
  settle(address: Address): void {
    const request = this.#requests.get(address);
    if (request === undefined) return;
    this.#requests.delete(address);
    if (request.forReceived) this.#received--;
  }

  /** Asks again where that is due. @returns whether a root left questions open: it may have forgotten us */
  run(now: Now): boolean {
    let silent = false;
    for (const [address, request] of this.#requests) {
      if (now.monoMs - request.wantedMs >= waitingMs) this.settle(address);
      else if (now.monoMs >= dueMs(request)) {
        silent ||= request.asked % doubtCount === 2;
        this.#send(now, address, request);
      }
    }
    return silent;
  }

  nextTimeoutMs(): number {
    let nextMs = Infinity;
    for (const request of this.#requests.values())
      nextMs = Math.min(
        nextMs,
        request.wantedMs + waitingMs,
        request.askedMs === -Infinity ? Infinity : dueMs(request),
      );
    return nextMs;
  }

  /** Asks for everything that could not be asked for because no root answered. */
  upstreamFound(now: Now): void {
    for (const [address, request] of this.#requests)
      if (request.askedMs === -Infinity) this.#send(now, address, request);
  }

  /** Gives up what received packets made us ask for first, where an answer would have come. */
  #giveWay(now: Now): void {
    for (const [address, { forReceived, sinceMs }] of this.#requests) {
      if (!forReceived) continue;
      if (now.monoMs - sinceMs >= giveWayMs) this.settle(address);
      return;
    }
  }

  #send(now: Now, address: Address, request: Request): void {
    const root = this.#upstreams.best(now.monoMs);
    if (root === null) {
      request.askedMs = -Infinity;
      return;
    }
    request.askedMs = now.monoMs;
    request.asked++;
    const payload = new ByteWriter(new Uint8Array(5));
    payload.u40(address);
    this.#switch().send(now, root.address, verbNumbers.WHOIS, payload.bytes);
  }
}

/** When a root may be asked again. */
function dueMs({ askedMs, asked }: Request): number {
  return askedMs + (asked < eagerCount ? whoisIntervalMs : patientIntervalMs);
}
