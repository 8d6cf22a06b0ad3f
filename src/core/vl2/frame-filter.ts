/**
 * The rules of one network, asked for one frame at a time: fills the one {@link RuleFrame} that there is, and has the
 * copies sent that the rules ask for (vl2 7.3).
 */
import { ByteWriter } from '../../base/bytes.ts';
import type { Address, Mac, NetworkId } from '../../base/ids.ts';
import { verbNumbers } from '../../wire/verbs/verb.ts';
import type { Now } from '../ports.ts';
import type { Vl1 } from '../vl1-port.ts';
import type { CredentialsPush } from './credentials-push.ts';
import type { NetworkState } from './network-state.ts';
import {
  filterInbound,
  filterOutbound,
  FilterOutcome,
  type FilterVerdict,
} from './rules/filter.ts';
import type { RuleFrame } from './rules/rule-frame.ts';

/** A frame as it lies in a buffer: made once and filled for each, by who hands it on. */
export interface FrameView {
  sourceMac: Mac;
  destinationMac: Mac;
  etherType: number;
  /** Holds what follows the Ethernet header in [start, end). */
  bytes: Uint8Array;
  start: number;
  end: number;
}

/** An empty one. */
export function emptyFrameView(): FrameView {
  return {
    sourceMac: 0 as Mac,
    destinationMac: 0 as Mac,
    etherType: 0,
    bytes: new Uint8Array(0),
    start: 0,
    end: 0,
  };
}

/** Bytes of an EXT_FRAME without a certificate before its data. */
export const extFrameHeadLength: number = 8 + 1 + 6 + 6 + 2;

/** Puts the head of an EXT_FRAME without a certificate. */
export function writeExtFrameHead(
  writer: ByteWriter,
  networkId: NetworkId,
  flags: number,
  frame: FrameView,
): void {
  writer.u64(networkId);
  writer.u8(flags);
  writer.u48(frame.destinationMac);
  writer.u48(frame.sourceMac);
  writer.u16(frame.etherType);
}

/** Nobody in particular: a multicast, or a host behind an unknown bridge. */
export const nobody = 0 as Address;
const compressed = { compress: true } as const;
const withCopies = { noTee: false } as const;
const withoutCopies = { noTee: true } as const;

/** The filter of one network. */
export class FrameFilter {
  readonly #vl1: Vl1;
  readonly #state: NetworkState;
  readonly #push: CredentialsPush;
  readonly #outcome = new FilterOutcome();
  readonly #scratch: Uint8Array;
  readonly #frame: RuleFrame = {
    ...emptyFrameView(),
    isInbound: false,
    source: nobody,
    destination: nobody,
    vlanId: 0,
    remote: null,
  };

  /** @param scratch - room for one payload; not in use while this is called */
  constructor(vl1: Vl1, state: NetworkState, push: CredentialsPush, scratch: Uint8Array) {
    this.#vl1 = vl1;
    this.#state = state;
    this.#push = push;
    this.#scratch = scratch;
  }

  /**
   * Whether a frame of ours may go out. Sends the copies that it is to have.
   *
   * @param to - who is to get it, {@link nobody} for the first pass over a multicast
   * @param isCopied - false: of several passes over one frame, this is not the one that makes copies
   */
  passesOut(now: Now, to: Address, frame: FrameView, isCopied: boolean): boolean {
    const rules = this.#state.rules;
    if (rules === null) return false;
    const filled = this.#fill(frame);
    filled.isInbound = false;
    filled.source = this.#state.self;
    filled.destination = to;
    filled.remote = to === nobody ? null : this.#state.remoteSide(to);
    const outcome = this.#outcome;
    const verdict = filterOutbound(rules, filled, outcome, isCopied ? withCopies : withoutCopies);
    if (outcome.forwardCount > 0) this.#forward(now, frame);
    return verdict !== 'drop';
  }

  /** What is to be done with a frame that came. Sends the copies that it is to have. */
  passesIn(now: Now, from: Address, frame: FrameView): FilterVerdict {
    const rules = this.#state.rules;
    if (rules === null) return 'drop';
    const filled = this.#fill(frame);
    filled.isInbound = true;
    filled.source = from;
    filled.destination = this.#state.self;
    filled.remote = this.#state.remoteSide(from);
    const outcome = this.#outcome;
    const verdict = filterInbound(rules, filled, outcome);
    if (outcome.forwardCount > 0) this.#forward(now, frame);
    return verdict;
  }

  #fill(frame: FrameView): RuleFrame {
    const filled = this.#frame;
    filled.sourceMac = frame.sourceMac;
    filled.destinationMac = frame.destinationMac;
    filled.etherType = frame.etherType;
    filled.bytes = frame.bytes;
    filled.start = frame.start;
    filled.end = frame.end;
    return filled;
  }

  #forward(now: Now, frame: FrameView): void {
    const outcome = this.#outcome;
    for (let i = 0; i < outcome.forwardCount; i++) {
      const forward = outcome.forwards[i];
      if (forward === undefined || forward.to === this.#state.self) continue;
      const writer = new ByteWriter(this.#scratch);
      writeExtFrameHead(writer, this.#state.id, forward.flags, frame);
      const length = Math.min(forward.length, frame.end - frame.start);
      writer.put(frame.bytes.subarray(frame.start, frame.start + length));
      this.#push.beforeFrame(now, forward.to);
      const payload = this.#scratch.subarray(0, writer.offset);
      this.#vl1.send(now, forward.to, verbNumbers.EXT_FRAME, payload, compressed);
    }
  }
}
