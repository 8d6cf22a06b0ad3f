/**
 * One rule of a network's rules or of a capability.
 *
 *     type (1)     0x80 NOT, 0x40 OR, the lower six bits which rule
 *     length (1)   of the field
 *     field        by the rule, see rule-table.ts
 *
 * Source: vl2 7.1. A known rule's value is read at its own size, however long its field says it is, and what follows is
 * found by that length: a longer field is padding for a newer reader, a shorter one overlaps the next rule
 * (`rules.json`, "rule field length shorter than needed"). Unknown rules are skipped by length. Both come back as they
 * were when written.
 */
import { ByteReader, toHex, type ByteWriter } from '../../base/bytes.ts';
import type { Json, JsonObject, WireReader } from '../codec.ts';
import type { DropReason } from '../drop-reason.ts';
import { fieldKinds, type FieldCodec, type FieldValues } from './rule-fields.ts';
import { ruleSpecs, type RuleKind, type ruleTable } from './rule-table.ts';

/** What every rule has. */
interface RuleBase {
  /** A match is inverted. On an action: without meaning. */
  readonly not: boolean;
  /** A match is joined to those before it by OR, not AND. */
  readonly or: boolean;
}

/** The parts of a known rule, by name: `{ etherType: number }`. */
type RuleValues<Kind extends RuleKind> = {
  readonly [
    Part in keyof (typeof ruleTable)[Kind]['fields']
  ]: FieldValues[(typeof ruleTable)[Kind]['fields'][Part] & keyof FieldValues];
};

/** A rule of the table. */
export type KnownRule = {
  [Kind in RuleKind]: RuleBase &
    RuleValues<Kind> & {
      readonly kind: Kind;
      /** The field as it came, where that is not how the values are written; leave it out when changing a value. */
      readonly fieldAsReceived?: Uint8Array;
    };
}[RuleKind];

/** A rule that only a newer peer knows. */
export interface UnknownRule extends RuleBase {
  readonly kind: 'UNKNOWN';
  /** 0–63; below 16 an action. */
  readonly id: number;
  readonly field: Uint8Array;
}

/** A rule. */
export type Rule = KnownRule | UnknownRule;

/** Bytes of a rule with the longest field. */
export const ruleBytesMax: number = 2 + 0xff;

interface Part {
  readonly name: string;
  readonly codec: FieldCodec<unknown>;
}

interface Layout {
  readonly kind: RuleKind;
  readonly id: number;
  readonly parts: readonly Part[];
  /** Bytes of the field. */
  readonly size: number;
  /** Bytes at its start that hold nothing: the upper part of a 64-bit address. */
  readonly zeros: number;
}

const layouts: readonly Layout[] = ruleSpecs.map(({ kind, id, fields }) => {
  const parts = Object.entries(fields).map(([name, part]) => ({
    name,
    codec: fieldKinds[part],
  }));
  const size = parts.reduce((sum, part) => sum + part.codec.size, 0);
  return { kind, id, parts, size, zeros: Object.values(fields)[0] === 'address64' ? 3 : 0 };
});
const layoutById: ReadonlyMap<number, Layout> = new Map(layouts.map((at) => [at.id, at]));
const layoutByKind: ReadonlyMap<string, Layout> = new Map(layouts.map((at) => [at.kind, at]));

/** The number of a rule on the wire, 0–63, without NOT and OR. */
export function ruleId(rule: Rule): number {
  return rule.kind === 'UNKNOWN' ? rule.id : layoutOf(rule).id;
}

/** Whether it decides; otherwise it is a match. */
export function isAction(rule: Rule): boolean {
  return ruleId(rule) < 16;
}

/**
 * Takes one rule.
 *
 * @param fields - another reader of the same buffer, for the values; moved about
 * @returns the rule, of no use after the failure `bad-rule`: it ends early
 */
export function readRule(reader: WireReader, fields: WireReader): Rule {
  if (reader.remaining < 2) reader.fail('bad-rule');
  const type = reader.u8();
  const length = reader.u8();
  const layout = layoutById.get(type & 0x3f);
  const needed = Math.max(length, layout?.size ?? 0);
  if (reader.remaining < needed) reader.fail('bad-rule');
  const start = reader.offset;
  const field = reader.take(length);
  const not = (type & 0x80) !== 0;
  const or = (type & 0x40) !== 0;
  if (layout === undefined) return { kind: 'UNKNOWN', not, or, id: type & 0x3f, field };

  const rule: Record<string, unknown> = { kind: layout.kind, not, or };
  fields.reset(start, reader.failure === null ? start + layout.size : start);
  for (const { name, codec } of layout.parts) rule[name] = codec.read(fields);
  if (length !== layout.size || field.subarray(0, layout.zeros).some((byte) => byte !== 0))
    rule['fieldAsReceived'] = field;
  // The table made it: kind and parts are those of one member of the union.
  return rule as unknown as Rule;
}

/** Puts one rule. */
export function writeRule(writer: ByteWriter, rule: Rule): void {
  writer.u8(ruleId(rule) | (rule.not ? 0x80 : 0) | (rule.or ? 0x40 : 0));
  const field = rule.kind === 'UNKNOWN' ? rule.field : rule.fieldAsReceived;
  if (field !== undefined) {
    writer.u8(field.length);
    writer.put(field);
    return;
  }
  const layout = layoutOf(rule);
  writer.u8(layout.size);
  for (const { name, codec } of layout.parts) codec.write(writer, valueOf(rule, name));
}

/** Like `not ETHERTYPE 0x0800`, `or IP_DEST_PORT_RANGE start=22 end=22`, `DROP`. */
export function describeRule(rule: Rule): string {
  const words = [
    rule.or ? 'or' : '',
    rule.not ? 'not' : '',
    rule.kind === 'UNKNOWN' ? `UNKNOWN_${rule.id}` : rule.kind.replace(/^(ACTION|MATCH)_/, ''),
  ];
  if (rule.kind === 'UNKNOWN') words.push(toHex(rule.field));
  else {
    const { parts } = layoutOf(rule);
    for (const { name, codec } of parts) {
      const text = codec.show(valueOf(rule, name));
      words.push(parts.length === 1 ? text : `${name}=${text}`);
    }
  }
  return words.filter((word) => word !== '').join(' ');
}

/** `{ type, not?, or?, …values }`; `type` and the values as the controller's JSON calls them. */
export function ruleToJson(rule: Rule): JsonObject {
  const flags = { ...(rule.not ? { not: true } : {}), ...(rule.or ? { or: true } : {}) };
  if (rule.kind === 'UNKNOWN')
    return { type: 'UNKNOWN', id: rule.id, ...flags, field: toHex(rule.field) };
  const values: Record<string, Json> = {};
  for (const { name, codec } of layoutOf(rule).parts)
    values[name] = codec.toJson(valueOf(rule, name));
  if (rule.fieldAsReceived !== undefined) values['fieldAsReceived'] = toHex(rule.fieldAsReceived);
  return { type: rule.kind, ...flags, ...values };
}

/** The second reader that {@link readRule} wants. */
export function fieldReader(reader: WireReader): WireReader {
  return new ByteReader<DropReason>(reader.bytes, reader.offset, reader.offset);
}

/** Of a known rule. */
function layoutOf(rule: Rule): Layout {
  return layoutByKind.get(rule.kind) as Layout;
}

function valueOf(rule: Rule, name: string): unknown {
  return (rule as unknown as Readonly<Record<string, unknown>>)[name];
}
