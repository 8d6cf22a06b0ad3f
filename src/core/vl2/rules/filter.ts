/**
 * The whole filter: a network's rules, then the capabilities of who sends.
 *
 * Source: vl2 7.3. Both sides filter, so a frame passes twice. What the network's rules drop is dropped; what they do not
 * decide may be accepted by a capability, mine on the way out and the sender's on the way in.
 *
 * A redirect passes the frame on, so a copy that was noted before it is sent too (no vector tells).
 */
import type { Address } from '../../../base/ids.ts';
import { evaluate, Evaluation } from './evaluate.ts';
import type { CompiledRules, OwnSide, RuleFrame } from './rule-frame.ts';

/** Whether a frame may pass; `super-accept`: whatever its Ethernet addresses. A redirected frame is dropped here. */
export type FilterVerdict = 'drop' | 'accept' | 'super-accept';

/** The flags of the EXT_FRAMEs that carry frames to third members (vl2 3.2). */
export const forwardFlags = {
  outbound: { tee: 0x02, watch: 0x16, redirect: 0x04 },
  inbound: { tee: 0x08, watch: 0x1c, redirect: 0x0a },
} as const;

/** A frame, or its beginning, that goes to a third member as an EXT_FRAME with the same Ethernet addresses and type. */
export interface Forward {
  to: Address;
  /** Of {@link forwardFlags}. */
  flags: number;
  /** Bytes from the start of the frame's payload. */
  length: number;
}

/** The outcome of a filter: made once, written again for each frame. */
export class FilterOutcome {
  verdict: FilterVerdict = 'drop';
  /** What is to be sent: the first {@link forwardCount} of these. */
  readonly forwards: readonly [Forward, Forward, Forward] = [
    { to: 0 as Address, flags: 0, length: 0 },
    { to: 0 as Address, flags: 0, length: 0 },
    { to: 0 as Address, flags: 0, length: 0 },
  ];
  forwardCount = 0;
  /** What the network's rules alone said. */
  readonly base: Evaluation = new Evaluation();
  /** What the last capability that was asked said. */
  readonly capability: Evaluation = new Evaluation();

  /** Notes a frame to be sent. */
  add(to: Address, flags: number, length: number): void {
    const forward = this.forwards[this.forwardCount++] as Forward;
    forward.to = to;
    forward.flags = flags;
    forward.length = length;
  }
}

/** The rules that a frame passes, and my side of them: `NetworkRules`. */
export interface FilterRules extends OwnSide {
  readonly base: CompiledRules;
  /** Mine, by ascending id. */
  readonly capabilities: readonly CompiledRules[];
}

/** What a copy of the frame is not made for: there are several passes over one multicast. */
export interface OutboundOptions {
  /** No TEE and WATCH; REDIRECT nevertheless. */
  readonly noTee: boolean;
}

/**
 * A frame from me. `frame.remote` is who is to get it, null for the first pass over a multicast.
 *
 * @param outcome - written
 * @returns `outcome.verdict`
 */
export function filterOutbound(
  rules: FilterRules,
  frame: RuleFrame,
  outcome: FilterOutcome,
  { noTee }: OutboundOptions,
): FilterVerdict {
  return run(rules, rules.capabilities, frame, outcome, !noTee);
}

/**
 * A frame for me, or of which I get a copy. `frame.remote` is who sent it.
 *
 * @param outcome - written
 * @returns `outcome.verdict`
 */
export function filterInbound(
  rules: FilterRules,
  frame: RuleFrame,
  outcome: FilterOutcome,
): FilterVerdict {
  return run(rules, frame.remote?.capabilities ?? none, frame, outcome, true);
}

const none: readonly CompiledRules[] = [];

function run(
  rules: FilterRules,
  capabilities: readonly CompiledRules[],
  frame: RuleFrame,
  outcome: FilterOutcome,
  withCopies: boolean,
): FilterVerdict {
  const { base, capability } = outcome;
  outcome.forwardCount = 0;
  let deciding = base;
  let result = evaluate(rules.base, frame, rules, base);
  if (result === 'no-match') {
    for (const each of capabilities) {
      const found = evaluate(each, frame, rules, capability);
      // A DROP in a capability ends only that capability.
      if (found === 'no-match' || found === 'drop') continue;
      deciding = capability;
      result = found;
      break;
    }
  }
  if (result === 'no-match' || result === 'drop') return (outcome.verdict = 'drop');
  if (withCopies) {
    addCopy(base, frame, outcome);
    if (deciding === capability) addCopy(capability, frame, outcome);
  }
  if (result !== 'redirect') return (outcome.verdict = result);
  const flags = frame.isInbound ? forwardFlags.inbound : forwardFlags.outbound;
  outcome.add(deciding.redirectTo, flags.redirect, frame.end - frame.start);
  return (outcome.verdict = 'drop');
}

function addCopy(evaluation: Evaluation, frame: RuleFrame, outcome: FilterOutcome): void {
  if (evaluation.copyTo === 0) return;
  const flags = frame.isInbound ? forwardFlags.inbound : forwardFlags.outbound;
  const kind = evaluation.isWatch ? flags.watch : flags.tee;
  outcome.add(evaluation.copyTo, kind, evaluation.copyLength);
}
