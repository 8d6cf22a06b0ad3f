/**
 * Conditions on tags: of both sides, or of one.
 *
 * Source: vl2 7.2. A sender need not know the tags of who receives: it lets the frame pass ("always", and the next DROP is
 * skipped) and the receiver, who knows both, decides. The same holds for who only gets a copy (super).
 */
import { matchResults, yesIf, type MatchMakers } from './match.ts';
import { noTag, type EvaluationState, type Match } from './rule-frame.ts';

const { never } = matchResults;

/** The conditions of this file. */
export const tagMatches: MatchMakers<
  | 'MATCH_TAGS_DIFFERENCE'
  | 'MATCH_TAGS_BITWISE_AND'
  | 'MATCH_TAGS_BITWISE_OR'
  | 'MATCH_TAGS_BITWISE_XOR'
  | 'MATCH_TAGS_EQUAL'
  | 'MATCH_TAG_SENDER'
  | 'MATCH_TAG_RECEIVER'
> = {
  MATCH_TAGS_DIFFERENCE: ({ tag, value }) =>
    comparison(tag, (mine, theirs) => Math.abs(mine - theirs) <= value),
  MATCH_TAGS_BITWISE_AND: ({ tag, value }) =>
    comparison(tag, (mine, theirs) => (mine & theirs) >>> 0 === value),
  MATCH_TAGS_BITWISE_OR: ({ tag, value }) =>
    comparison(tag, (mine, theirs) => (mine | theirs) >>> 0 === value),
  MATCH_TAGS_BITWISE_XOR: ({ tag, value }) =>
    comparison(tag, (mine, theirs) => (mine ^ theirs) >>> 0 === value),
  MATCH_TAGS_EQUAL: ({ tag, value }) =>
    comparison(tag, (mine, theirs) => mine === value && theirs === value),
  MATCH_TAG_SENDER: ({ tag, value }) => oneSide(tag, value, true),
  MATCH_TAG_RECEIVER: ({ tag, value }) => oneSide(tag, value, false),
};

function comparison(id: number, holds: (mine: number, theirs: number) => boolean): Match {
  return ({ isInbound, remote }, own, state) => {
    const mine = own.tag(id);
    if (mine === noTag) return never;
    const theirs = remote === null ? noTag : remote.tag(id);
    if (theirs !== noTag) return yesIf(holds(mine, theirs));
    return isInbound && !state.isSuper ? never : left(state);
  };
}

function oneSide(id: number, value: number, isSender: boolean): Match {
  return ({ isInbound, remote }, own, state) => {
    if (state.isSuper) return left(state);
    if (isInbound !== isSender) {
      const mine = own.tag(id);
      return mine === noTag ? never : yesIf(mine === value);
    }
    const theirs = remote === null ? noTag : remote.tag(id);
    if (theirs !== noTag) return yesIf(theirs === value);
    return isSender ? never : left(state);
  };
}

/** Somebody else decides. */
function left(state: EvaluationState): 3 {
  state.skipsDrop = true;
  return matchResults.always;
}
