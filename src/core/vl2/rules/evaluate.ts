/**
 * Runs one list of rules on one frame.
 *
 * Source: vl2 7.2. Conditions before an action form a set that is put together from left to right; an action whose set is
 * false ends the set and nothing else. Runs for each frame: allocates nothing.
 */
import type { Address } from '../../../base/ids.ts';
import { stepKinds } from './compiled-rules.ts';
import { matchResults } from './match.ts';
import {
  unread,
  type CompiledRules,
  type EvaluationState,
  type OwnSide,
  type RuleFrame,
  type Step,
} from './rule-frame.ts';

/** What a list of rules says of a frame. */
export type RuleResult = 'no-match' | 'drop' | 'accept' | 'super-accept' | 'redirect';

/** The outcome of {@link evaluate}: made once, written again for each frame. */
export class Evaluation implements EvaluationState {
  /** `no-match`: the list ended, or a BREAK did. */
  result: RuleResult = 'no-match';
  /** The index of the action that ended it; −1 where the list did. */
  decidingRule = -1;
  /** Where to instead; 0 but with `redirect`. */
  redirectTo: Address = 0 as Address;
  /** Who is to get a copy, if the frame is accepted in the end; 0: nobody. The last of several. */
  copyTo: Address = 0 as Address;
  /** Bytes of the copy, without the Ethernet header. */
  copyLength = 0;
  /** It was a WATCH, not a TEE. */
  isWatch = false;
  isSuper = false;
  skipsDrop = false;
  protocol: number = unread;
  sourcePort: number = unread;
  destinationPort: number = unread;

  /** As before any frame. */
  reset(): void {
    this.result = 'no-match';
    this.decidingRule = -1;
    this.redirectTo = 0 as Address;
    this.copyTo = 0 as Address;
    this.copyLength = 0;
    this.isWatch = false;
    this.isSuper = false;
    this.skipsDrop = false;
    this.protocol = unread;
    this.sourcePort = unread;
    this.destinationPort = unread;
  }
}

/**
 * Asks the rules.
 *
 * @param evaluation - written
 * @returns `evaluation.result`
 */
export function evaluate(
  rules: CompiledRules,
  frame: RuleFrame,
  own: OwnSide,
  evaluation: Evaluation,
): RuleResult {
  evaluation.reset();
  let isSet = true;
  for (let i = 0; i < rules.length; i++) {
    const step = rules[i] as Step;
    if (step.kind === stepKinds.match) {
      // A set that is false is asked no more, but for its alternatives: what is asked can change `skipsDrop`.
      if (!isSet && !step.isOr) continue;
      const found = step.match(frame, own, evaluation);
      const holds =
        found === matchResults.always ||
        (found !== matchResults.never && (found === matchResults.yes) !== step.isNot);
      isSet = step.isOr ? isSet || holds : isSet && holds;
      continue;
    }
    if (!isSet) {
      if (isForwarding(step) && frame.isInbound && step.address === own.self)
        evaluation.isSuper = true;
      isSet = true;
      continue;
    }
    const result = act(step, frame, own, evaluation);
    if (result !== null) {
      evaluation.result = result;
      evaluation.decidingRule = i;
      return result;
    }
  }
  return 'no-match';
}

/** @returns the end of the evaluation, or null: it goes on, with a set that is still true */
function act(
  step: Step,
  frame: RuleFrame,
  own: OwnSide,
  evaluation: Evaluation,
): RuleResult | null {
  switch (step.kind) {
    case stepKinds.accept:
      return evaluation.isSuper ? 'super-accept' : 'accept';
    case stepKinds.priority:
      return 'accept';
    case stepKinds.drop:
      if (!evaluation.skipsDrop) return 'drop';
      evaluation.skipsDrop = false;
      return null;
    case stepKinds.break:
      return 'no-match';
    case stepKinds.tee:
    case stepKinds.watch:
    case stepKinds.redirect:
      return forward(step, frame, own, evaluation);
    default:
      return null;
  }
}

function forward(
  step: Step,
  frame: RuleFrame,
  own: OwnSide,
  evaluation: Evaluation,
): RuleResult | null {
  const { address } = step;
  if (address === frame.source) return null;
  if (address === own.self) return frame.isInbound ? 'super-accept' : null;
  if (address === frame.destination) return null;
  if (step.kind === stepKinds.redirect) {
    evaluation.redirectTo = address;
    return 'redirect';
  }
  const length = frame.end - frame.start;
  evaluation.copyTo = address;
  evaluation.copyLength = step.length === 0 ? length : Math.min(length, step.length);
  evaluation.isWatch = step.kind === stepKinds.watch;
  return null;
}

function isForwarding({ kind }: Step): boolean {
  return kind === stepKinds.tee || kind === stepKinds.watch || kind === stepKinds.redirect;
}
