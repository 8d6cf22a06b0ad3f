/**
 * Rules → source in one canonical form, which compiles to the same rules.
 *
 * What the language has no words for comes as `raw` with the bytes of the rules: PRIORITY, INTEGER_RANGE, rules that are not
 * known, ranges that run backwards, prefixes that are too long, TEE, WATCH and REDIRECT with flags, actions with `not` or
 * `or`, conditions that no action follows, and fields of another length than their rule has.
 */
import { toHex } from '../base/bytes.ts';
import { encode } from '../wire/codec.ts';
import { describeRule, isAction, type Rule } from '../wire/rules/rule.ts';
import { rules as rulesCodec, rulesBytesMax, type Rules } from '../wire/rules/rules.ts';
import { writeAction } from './actions.ts';
import { writeCondition, type TagNames } from './conditions.ts';
import { keywords } from './keywords.ts';
import { isName } from './name-text.ts';
import type { RuleSet } from './rule-set.ts';

/** Writes the source. */
export function decompile({ rules, capabilities, tags }: RuleSet): string {
  const tagNames = namesOf('tag', tags);
  const capabilityNames = namesOf('cap', capabilities);
  return [
    ...tags.map((tag) => writeTag(tag, tagNames)),
    ...capabilities.map((each) => {
      const standard = each.isDefault ? '\n  default' : '';
      const lines = writeRules(each.rules, tagNames).map((line) => `  ${line}`.trimEnd());
      const body = lines.map((line) => `\n${line}`).join('');
      return `cap ${capabilityNames.get(each.id)}\n  id ${each.id}${standard}${body}\n;`;
    }),
    writeRules(rules, tagNames).join('\n'),
  ]
    .filter((part) => part !== '')
    .map((part) => `${part}\n`)
    .join('\n');
}

/** The names that things have, and made ones for those that have none that can be used. */
function namesOf(
  what: string,
  things: readonly { readonly id: number; readonly name?: string }[],
): TagNames {
  const taken = new Set<string>();
  return new Map(
    things.map(({ id, name = '' }) => {
      const isGood = isName(name) && !keywords.has(name) && !taken.has(name);
      let good = isGood ? name : `${what}_${id}`;
      while (taken.has(good)) good += '_';
      taken.add(good);
      return [id, good];
    }),
  );
}

function writeTag(tag: RuleSet['tags'][number], names: TagNames): string {
  return [
    `tag ${names.get(tag.id)}`,
    `  id ${tag.id}`,
    ...[...(tag.enums ?? [])].map(([name, value]) => `  enum ${value} ${name}`),
    ...[...(tag.flags ?? [])].map(([name, bit]) => `  flag ${bit} ${name}`),
    ...(tag.default === null ? [] : [`  default ${tag.default}`]),
    ';',
  ].join('\n');
}

/** Lines. */
function writeRules(rules: Rules, tags: TagNames): string[] {
  const lines: string[] = [];
  for (let start = 0; start < rules.length;) {
    const next = rules.findIndex((rule, i) => i >= start && isAction(rule));
    // A field that is too short overlaps what follows, so all of it goes together.
    const isOdd = rules.slice(start, next + 1).some(hasOddField);
    const end = next < 0 || isOdd ? rules.length : next + 1;
    const block = rules.slice(start, end);
    lines.push(...(writeBlock(block, tags) ?? writeRaw(block)));
    start = end;
  }
  return lines;
}

/** Conditions and the action behind them; null where the language cannot say one of them. */
function writeBlock(block: Rules, tags: TagNames): string[] | null {
  const action = block.at(-1);
  const head = action === undefined ? null : writeAction(action);
  if (head === null || block.length === 0) return null;
  const lines: string[] = [];
  for (const [i, rule] of block.slice(0, -1).entries()) {
    const condition = writeCondition(rule, tags);
    if (condition === null) return null;
    const joint = rule.or ? 'or ' : i === 0 ? '' : 'and ';
    lines.push(`  ${joint}${condition}`);
  }
  return lines.length === 0 ? [`${head};`] : [head, ...lines, ';'];
}

function writeRaw(block: Rules): string[] {
  const bytes = encode(rulesCodec, block, Math.min(rulesBytesMax, 257 * block.length));
  const words = toHex(bytes).match(/.{1,100}/g) ?? [];
  return [
    ...block.map((rule) => `# ${describeRule(rule)}`),
    'raw',
    ...words.map((word) => `  ${word}`),
    ';',
  ];
}

function hasOddField(rule: Rule): boolean {
  return rule.kind !== 'UNKNOWN' && rule.fieldAsReceived !== undefined;
}
