/** An explanation as lines for a terminal. */
import {
  decidingRule,
  type Answer,
  type ExplainedList,
  type ExplainedRule,
  type ExplainedSide,
  type Explanation,
} from './explain.ts';

const sideNames: Readonly<Record<ExplainedSide['side'], string>> = {
  'sender-to-group': 'sender, for all of the group',
  sender: 'sender',
  receiver: 'receiver',
};

const answers: Readonly<Record<Answer, string>> = {
  true: 'true',
  false: 'false',
  'not-applicable': 'false, as the packet or a member has no such thing',
  'left-open': 'left to the receiver',
  'not-asked': 'not asked',
};

/** The lines: what comes of it, then side by side what decided, and with `isLong` everything on the way. */
export function explanationLines(
  { verdict, sides }: Explanation,
  { isLong }: { readonly isLong: boolean },
): string[] {
  return [verdict, ...sides.flatMap((side) => sideLines(side, isLong))];
}

function sideLines(side: ExplainedSide, isLong: boolean): string[] {
  const { verdict, lists, forwards } = side;
  return [
    `  ${sideNames[side.side]}: ${verdict}, ${reason(side)}`,
    ...forwards.map(({ action, to, length }) => `    ${action}: ${length} bytes to ${to}`),
    ...(isLong ? lists.flatMap(listLines) : []),
  ];
}

function reason(side: ExplainedSide): string {
  const decided = decidingRule(side);
  if (decided === null) return 'as no rule accepts it';
  const { list, rule } = decided;
  const by = `${list.capability === null ? 'by' : `by capability ${list.capability},`} ${placed(rule)}`;
  return list.result === 'no-match' ? `as no capability accepts what ended ${by}` : by;
}

function placed({ line, includedInLine, index, text }: ExplainedRule): string {
  const from = includedInLine === null ? '' : `, included in line ${includedInLine}`;
  return `rule ${index} (line ${line}${from}): ${text}`;
}

function listLines({ capability, rules, deciding }: ExplainedList): string[] {
  const head = `    ${capability === null ? 'rules of the network' : `capability ${capability}`}:`;
  const lines = rules.map((rule) => {
    const { index, line, text, answer } = rule;
    const place = `${String(index).padStart(6)}  line ${String(line).padEnd(4)}`;
    if (answer !== null) return `${place}    ${text}: ${answers[answer]}`;
    return `${place}  ${text}${rule === deciding ? '  ← decides' : ''}`;
  });
  return [head, ...lines, ...(deciding === null ? ['      the list ends'] : [])];
}
