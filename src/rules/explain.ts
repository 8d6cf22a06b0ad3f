/**
 * Why a packet passes or not: what each side's rules say, which rule decides, and which conditions were true on the way.
 *
 * The engine itself (`core/vl2/rules`) is run, with conditions that write down what they answer, so explanation and engine
 * cannot disagree. Which capability decides is found by asking them one at a time.
 *
 * Both members know each other's tags here; a sender that does not know the receiver's yet lets pass what the receiver
 * then judges (vl2 7.2).
 */
import { formatAddress, type Address } from '../base/ids.ts';
import { compileRules } from '../core/vl2/rules/compiled-rules.ts';
import type { RuleResult } from '../core/vl2/rules/evaluate.ts';
import {
  filterInbound,
  filterOutbound,
  FilterOutcome,
  forwardFlags,
  type FilterRules,
  type FilterVerdict,
} from '../core/vl2/rules/filter.ts';
import { matchResults } from '../core/vl2/rules/match.ts';
import {
  noTag,
  type CompiledRules,
  type MatchResult,
  type RemoteSide,
  type RuleFrame,
  type RuleSide,
} from '../core/vl2/rules/rule-frame.ts';
import { isMulticast } from '../wire/mac.ts';
import { isAction, type Rule } from '../wire/rules/rule.ts';
import type { CompiledSource, PlacedRules, RuleOrigin } from './compiled.ts';
import type { TagNames } from './conditions.ts';
import type { DescribedMember, DescribedPacket } from './described-packet.ts';
import { ruleText } from './rule-text.ts';

/** What is asked: everything of a source but its tests. */
export type ExplainedRules = Pick<CompiledSource, 'rules' | 'origins' | 'capabilities' | 'tags'>;

/** What a condition answered. */
export type Answer =
  | 'true'
  | 'false'
  /** The frame cannot be asked, or a tag is missing: false, with and without `not`. */
  | 'not-applicable'
  /** Somebody else must say: true, with and without `not`. */
  | 'left-open'
  /** It no longer mattered. */
  | 'not-asked';

/** One rule, as it went. */
export interface ExplainedRule {
  /** In its list, from 0. */
  readonly index: number;
  readonly line: number;
  /** The line of the outermost `include` that it came by. */
  readonly includedInLine: number | null;
  /** In the words of the language. */
  readonly text: string;
  readonly isAction: boolean;
  /** With `not` taken into account; null of an action. */
  readonly answer: Answer | null;
}

/** One list of rules, as it went. */
export interface ExplainedList {
  /** The capability whose rules they are; null: those of the network. */
  readonly capability: string | null;
  readonly result: RuleResult;
  /** The rule that decided; null: the list ended. */
  readonly deciding: ExplainedRule | null;
  /** Up to the one that decided. */
  readonly rules: readonly ExplainedRule[];
}

/** A frame that goes to somebody else. */
export interface ExplainedForward {
  readonly action: 'tee' | 'watch' | 'redirect';
  /** An address. */
  readonly to: string;
  /** Bytes of the payload. */
  readonly length: number;
}

/** What one side says. */
export interface ExplainedSide {
  /** `sender-to-group`: the sender, before it knows who is to get a multicast. */
  readonly side: 'sender-to-group' | 'sender' | 'receiver';
  readonly verdict: FilterVerdict;
  /** The network's rules, then capabilities of the sender in the order in which they were asked. */
  readonly lists: readonly ExplainedList[];
  readonly forwards: readonly ExplainedForward[];
}

/** Everything. */
export interface Explanation {
  /** A packet passes where every side lets it pass. */
  readonly verdict: 'accept' | 'drop';
  readonly sides: readonly ExplainedSide[];
}

/** Tries a packet on rules. */
export function explain(compiled: ExplainedRules, packet: DescribedPacket): Explanation {
  const sides = sidesOf(packet).map((side) => explainSide(compiled, packet, side));
  return { verdict: verdictOf(sides), sides };
}

/** What becomes of packets, without saying why: for many of them. */
export function judge({
  rules,
  capabilities,
}: ExplainedRules): (packet: DescribedPacket) => Explanation['verdict'] {
  const base = compileRules(rules, false);
  const all = capabilities.map((each) => ({ id: each.id, rules: compileRules(each.rules, false) }));
  return (packet) => {
    const held = all.filter(({ id }) => packet.sender.capabilities.has(id));
    const compiled = held.map((each) => each.rules);
    return verdictOf(sidesOf(packet).map((side) => run(packet, side, base, compiled)));
  };
}

function verdictOf(sides: readonly { readonly verdict: FilterVerdict }[]): Explanation['verdict'] {
  return sides.every(({ verdict }) => verdict !== 'drop') ? 'accept' : 'drop';
}

function sidesOf({ destinationMac }: DescribedPacket): readonly ExplainedSide['side'][] {
  return isMulticast(destinationMac)
    ? ['sender-to-group', 'sender', 'receiver']
    : ['sender', 'receiver'];
}

/** The rule that decided on one side; null where nothing let the packet pass, and nothing forbade it either. */
export function decidingRule({ lists }: ExplainedSide): {
  readonly list: ExplainedList;
  readonly rule: ExplainedRule;
} | null {
  // A DROP or BREAK in a capability ends only that; the last word is that of the last list that said something.
  const list = lists.findLast(
    ({ capability, result, deciding }) =>
      deciding !== null && (capability === null || (result !== 'drop' && result !== 'no-match')),
  );
  return list?.deciding ? { list, rule: list.deciding } : null;
}

/** One list, made ready to write down what it answers. */
interface Traced extends PlacedRules {
  readonly capability: string | null;
  readonly compiled: CompiledRules;
  /** By the index of the condition. */
  readonly answers: Map<number, MatchResult>;
}

function explainSide(
  { capabilities, tags, ...base }: ExplainedRules,
  packet: DescribedPacket,
  side: ExplainedSide['side'],
): ExplainedSide {
  const network = trace(base, null);
  const names: TagNames = new Map(tags.map(({ id, name }) => [id, name]));
  let outcome = run(packet, side, network.compiled, []);
  const { result, decidingRule: at } = outcome.base;
  const lists = [explainList(network, result, at, names)];
  for (const each of result === 'no-match' ? capabilities : []) {
    if (!packet.sender.capabilities.has(each.id)) continue;
    const held = trace(each, each.name);
    const alone = run(packet, side, [], [held.compiled]).capability;
    lists.push(explainList(held, alone.result, alone.decidingRule, names));
    if (alone.result === 'no-match' || alone.result === 'drop') continue;
    // Once more together, as copies of both are sent.
    outcome = run(packet, side, network.compiled, [held.compiled]);
    break;
  }
  return { side, verdict: outcome.verdict, lists, forwards: forwardsOf(outcome) };
}

/** Runs the engine's filter of one side, for a sender with these capabilities. */
function run(
  packet: DescribedPacket,
  side: ExplainedSide['side'],
  base: CompiledRules,
  capabilities: readonly CompiledRules[],
): FilterOutcome {
  const { sender, receiver, payload } = packet;
  const isInbound = side === 'receiver';
  const senderSide: RemoteSide = { ...sideOf(sender, packet), capabilities };
  const receiverSide: RemoteSide = { ...sideOf(receiver, packet), capabilities: [] };
  const rules: FilterRules = {
    ...(isInbound ? receiverSide : senderSide),
    self: isInbound ? receiver.address : sender.address,
    base,
    emulatedPrefixes: [],
    randomU32: () => packet.randomU32,
  };
  const isNobody = side === 'sender-to-group';
  const frame: RuleFrame = {
    isInbound,
    source: sender.address,
    destination: isNobody ? (0 as Address) : receiver.address,
    sourceMac: packet.sourceMac,
    destinationMac: packet.destinationMac,
    vlanId: packet.vlanId,
    etherType: packet.etherType,
    bytes: payload,
    start: 0,
    end: payload.length,
    remote: isNobody ? null : isInbound ? senderSide : receiverSide,
  };
  const outcome = new FilterOutcome();
  if (isInbound) filterInbound(rules, frame, outcome);
  // Of several passes over one multicast the first makes the copies.
  else
    filterOutbound(rules, frame, outcome, {
      noTee: side === 'sender' && isMulticast(packet.destinationMac),
    });
  return outcome;
}

/** The engine asks for ownership only of the sender. */
function sideOf(member: DescribedMember, packet: DescribedPacket): RuleSide {
  return {
    tag: (id) => member.tags.get(id) ?? noTag,
    ownsIp: () => packet.isIpAuthenticated,
    ownsMac: () => packet.isMacAuthenticated,
  };
}

function trace({ rules, origins }: PlacedRules, capability: string | null): Traced {
  const answers = new Map<number, MatchResult>();
  const compiled = compileRules(rules, false).map((step, index) => ({
    ...step,
    match: (...asked: Parameters<typeof step.match>): MatchResult => {
      const answer = step.match(...asked);
      answers.set(index, answer);
      return answer;
    },
  }));
  return { rules, origins, capability, compiled, answers };
}

function explainList(
  { rules, origins, capability, answers }: Traced,
  result: RuleResult,
  deciding: number,
  tags: TagNames,
): ExplainedList {
  const explained = (deciding === -1 ? rules : rules.slice(0, deciding + 1)).map((rule, index) =>
    explainRule(rule, index, origins[index], answers.get(index), tags),
  );
  return { capability, result, deciding: explained[deciding] ?? null, rules: explained };
}

function explainRule(
  rule: Rule,
  index: number,
  origin: RuleOrigin | undefined,
  answer: MatchResult | undefined,
  tags: TagNames,
): ExplainedRule {
  const isAnAction = isAction(rule);
  return {
    index,
    line: origin?.line ?? 0,
    includedInLine: origin?.includedAt?.line ?? null,
    text: ruleText(rule, tags),
    isAction: isAnAction,
    answer: isAnAction ? null : answerOf(answer, rule.not),
  };
}

function answerOf(result: MatchResult | undefined, not: boolean): Answer {
  switch (result) {
    case undefined:
      return 'not-asked';
    case matchResults.never:
      return 'not-applicable';
    case matchResults.always:
      return 'left-open';
    default:
      return (result === matchResults.yes) === not ? 'false' : 'true';
  }
}

function forwardsOf({ forwards, forwardCount }: FilterOutcome): ExplainedForward[] {
  return forwards
    .slice(0, forwardCount)
    .map(({ to, flags, length }) => ({ action: actionOf(flags), to: formatAddress(to), length }));
}

function actionOf(flags: number): ExplainedForward['action'] {
  const { outbound, inbound } = forwardFlags;
  if (flags === outbound.tee || flags === inbound.tee) return 'tee';
  return flags === outbound.watch || flags === inbound.watch ? 'watch' : 'redirect';
}
