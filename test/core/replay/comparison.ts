/**
 * Compares what our node said with what the real one said, each statement with one of the same words at about the same
 * time, and holds what is left against a list of explained differences.
 */
import type { SentPacket } from './replay.ts';

/** One thing that a packet said. */
export interface Statement {
  /** ms of the recording. */
  readonly t: number;
  readonly words: string;
  readonly packet: SentPacket;
}

/** Something that one side says and the other does not. */
export interface Difference {
  readonly by: 'ours' | 'real';
  readonly words: RegExp;
  /** How often at most. */
  readonly atMost: number;
  /** Counts only where the other side said the same within this time, once more or less often, ms. */
  readonly near?: number;
  readonly because: string;
}

/** What two nodes said. */
export interface Comparison {
  readonly pairs: readonly { readonly ours: Statement; readonly real: Statement }[];
  readonly onlyOurs: readonly Statement[];
  readonly onlyReal: readonly Statement[];
}

/** What each packet says, in the order in which it was sent. */
export function statements(packets: readonly SentPacket[]): Statement[] {
  return packets.flatMap((packet) => packet.words.map((words) => ({ t: packet.t, words, packet })));
}

/** Two of the same words at the same moment are one before two further apart are, ms. */
const momentMs = 50;

/** @param windowMs - how far apart in time two may be that are one */
export function compare(
  ours: readonly Statement[],
  real: readonly Statement[],
  windowMs: number,
): Comparison {
  const close = pair(ours, real, momentMs);
  const far = pair(close.onlyOurs, close.onlyReal, windowMs);
  return { ...far, pairs: [...close.pairs, ...far.pairs] };
}

function pair(
  ours: readonly Statement[],
  real: readonly Statement[],
  windowMs: number,
): Comparison {
  const pairs: { ours: Statement; real: Statement }[] = [];
  const onlyOurs: Statement[] = [];
  const onlyReal: Statement[] = [];
  for (const words of new Set([...ours, ...real].map((each) => each.words))) {
    const mine = ours.filter((each) => each.words === words);
    const theirs = real.filter((each) => each.words === words);
    for (let a = mine[0], b = theirs[0]; a !== undefined || b !== undefined;) {
      if (a !== undefined && b !== undefined && Math.abs(a.t - b.t) <= windowMs)
        pairs.push({ ours: mine.shift()!, real: theirs.shift()! });
      else if (b === undefined || (a !== undefined && a.t < b.t)) onlyOurs.push(mine.shift()!);
      else onlyReal.push(theirs.shift()!);
      [a, b] = [mine[0], theirs[0]];
    }
  }
  return { pairs, onlyOurs: inTime(onlyOurs), onlyReal: inTime(onlyReal) };
}

/** What a comparison and a list of differences have against each other, one line each: empty where they agree. */
export function disagreements(
  { pairs, onlyOurs, onlyReal }: Comparison,
  differences: readonly Difference[],
): string[] {
  const said = {
    ours: inTime([...pairs.map(({ ours }) => ours), ...onlyOurs]),
    real: inTime([...pairs.map(({ real }) => real), ...onlyReal]),
  };
  const counts = new Map(differences.map((difference) => [difference, 0]));
  const unexplained: string[] = [];
  for (const [by, list] of [['ours', onlyOurs] as const, ['real', onlyReal] as const]) {
    const others = by === 'ours' ? said.real : said.ours;
    for (const statement of list) {
      const reason = differences.find(
        (each) =>
          each.by === by && each.words.test(statement.words) && isNear(each, statement, others),
      );
      if (reason === undefined)
        unexplained.push(`${(statement.t / 1000).toFixed(3)} only ${by}: ${statement.words}`);
      else counts.set(reason, counts.get(reason)! + 1);
    }
  }
  return [
    ...unexplained,
    ...[...counts].flatMap(([{ because, atMost }, count]) =>
      count === 0 || count > atMost ? [`${count} times, not 1 to ${atMost}: ${because}`] : [],
    ),
  ];
}

function isNear(
  { near }: Difference,
  { t, words }: Statement,
  others: readonly Statement[],
): boolean {
  if (near === undefined) return true;
  return others.some((other) => other.words === words && Math.abs(other.t - t) <= near);
}

function inTime(list: readonly Statement[]): Statement[] {
  return [...list].sort((a, b) => a.t - b.t);
}
