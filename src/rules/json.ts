/**
 * Rules ⇄ the JSON of a controller: `{"type": "MATCH_ETHERTYPE", "etherType": 2048, "not": true, "or": false}`.
 *
 * Source: management 2.3, and 1 for what is read as a number or a boolean. What is written is what the official controller
 * writes: keys in the order of their bytes, actions without `not` and `or`.
 *
 * Where we differ: what cannot be read is named, not silently left out, and a value that is missing or too great is not
 * taken for 0 (but for `not`, `or`, `flags`, `length` and the code of ICMP, which may be missing). INTEGER_RANGE is read
 * as it is written, and ACTION_PRIORITY is written and read: the official controller loses both.
 */
import { formatAddress, formatMac, formatU64, parseAddress, parseMac } from '../base/ids.ts';
import { fromHex, toHex } from '../base/bytes.ts';
import { escapeText } from '../base/escape.ts';
import type { Address, Mac } from '../base/ids.ts';
import type { Json, JsonObject } from '../wire/codec.ts';
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from '../wire/ip-address.ts';
import type { FieldKind } from '../wire/rules/rule-fields.ts';
import { ruleTable, type RuleKind, type RuleSpec } from '../wire/rules/rule-table.ts';
import { isAction, type Rule } from '../wire/rules/rule.ts';
import { networkRulesMax, type Rules } from '../wire/rules/rules.ts';

/** What cannot be read of a list. */
export interface RuleJsonProblem {
  /** Which entry, from 0; −1: the list as a whole. */
  readonly index: number;
  readonly message: string;
}

/** What could be read of a list, and what could not. */
export interface RulesFromJson {
  /** Without those that cannot be read, as the official controller keeps them. */
  readonly rules: Rules;
  readonly problems: readonly RuleJsonProblem[];
}

/** As a controller shows them. */
export function rulesToJson(rules: Rules): JsonObject[] {
  return rules.map((rule) => {
    const values = valuesToJson(rule);
    return sorted(isAction(rule) ? values : { ...values, not: rule.not, or: rule.or });
  });
}

/** As somebody sends them to a controller. @param value - parsed JSON of any kind */
export function rulesFromJson(value: unknown, countMax: number = networkRulesMax): RulesFromJson {
  if (!Array.isArray(value))
    return { rules: [], problems: [{ index: -1, message: 'rules must be an array' }] };
  const rules: Rule[] = [];
  const problems: RuleJsonProblem[] = [];
  for (const [index, entry] of value.slice(0, countMax).entries()) {
    const rule = ruleFromJson(entry);
    if (typeof rule === 'string') problems.push({ index, message: rule });
    else rules.push(rule);
  }
  if (value.length > countMax)
    problems.push({ index: -1, message: `there may be at most ${countMax} rules` });
  return { rules, problems };
}

const integerRange = 'INTEGER_RANGE';
const u32Max = 0xffff_ffff;
/** Fields that may be missing, and what they are then. */
const optional: Readonly<Record<string, number>> = { flags: 0, length: 0 };
/** Of the official form, but for what a copy must say. */
const unwritten: Readonly<Partial<Record<RuleKind, string>>> = { ACTION_REDIRECT: 'length' };

function valuesToJson(rule: Rule): Record<string, Json> {
  switch (rule.kind) {
    case 'UNKNOWN':
      return { type: 'UNKNOWN', id: rule.id, field: toHex(rule.field) };
    case 'MATCH_INTEGER_RANGE':
      return {
        type: integerRange,
        start: formatU64(rule.start),
        end: formatU64(rule.end),
        idx: rule.index,
        little: (rule.format & 0x80) !== 0,
        bits: (rule.format & 63) + 1,
      };
    case 'MATCH_IPV4_SOURCE':
    case 'MATCH_IPV4_DEST':
      return { type: rule.kind, ip: `${formatIpv4(rule.ip)}/${rule.bits}` };
    case 'MATCH_IPV6_SOURCE':
    case 'MATCH_IPV6_DEST':
      return { type: rule.kind, ip: `${formatIpv6(rule.ip)}/${rule.bits}` };
    case 'MATCH_ICMP': {
      const { icmpType, icmpCode, flags } = rule;
      return { type: rule.kind, icmpType, icmpCode: (flags & 1) === 0 ? null : icmpCode };
    }
    default: {
      const values: Record<string, Json> = { type: rule.kind };
      for (const [name, kind] of Object.entries(fieldsOf(rule.kind))) {
        if (unwritten[rule.kind] === name) continue;
        const value = (rule as unknown as Readonly<Record<string, unknown>>)[name];
        values[name === 'tag' ? 'id' : name] = fieldToJson(kind, value);
      }
      return values;
    }
  }
}

function fieldToJson(kind: FieldKind, value: unknown): Json {
  if (kind === 'address' || kind === 'address64') return formatAddress(value as Address);
  if (kind === 'mac') return formatMac(value as Mac);
  return kind === 'u64' ? formatU64(value as bigint) : (value as number);
}

/** @returns the rule, or why not */
function ruleFromJson(entry: unknown): Rule | string {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    return 'a rule must be an object';
  const json = entry as Readonly<Record<string, unknown>>;
  const type = json['type'];
  if (typeof type !== 'string') return 'a rule must have a "type"';
  const kind = type === integerRange ? 'MATCH_INTEGER_RANGE' : type;
  if (!Object.hasOwn(ruleTable, kind)) return `there is no rule "${escapeText(type, 40)}"`;
  const known = kind as RuleKind;
  const values = valuesFromJson(known, json);
  if (typeof values === 'string') return `${known}: ${values}`;
  const isMatch = known.startsWith('MATCH_');
  const not = isMatch && isTrue(json['not']);
  const or = isMatch && isTrue(json['or']);
  // The values are those that the table has for the kind.
  return { kind: known, not, or, ...values } as unknown as Rule;
}

type Values = Readonly<Record<string, unknown>>;

function valuesFromJson(kind: RuleKind, json: Values): Values | string {
  switch (kind) {
    case 'MATCH_INTEGER_RANGE':
      return integerRangeFromJson(json);
    case 'MATCH_IPV4_SOURCE':
    case 'MATCH_IPV4_DEST':
      return prefixFromJson(json['ip'], 32, parseIpv4);
    case 'MATCH_IPV6_SOURCE':
    case 'MATCH_IPV6_DEST':
      return prefixFromJson(json['ip'], 128, parseIpv6);
    case 'MATCH_ICMP': {
      const icmpType = integerFrom(json['icmpType'], 0xff);
      const code = json['icmpCode'] ?? null;
      const icmpCode = code === null ? 0 : integerFrom(code, 0xff);
      if (icmpType === null) return 'icmpType must be 0 to 255';
      if (icmpCode === null) return 'icmpCode must be 0 to 255, or null for any';
      return { icmpType, icmpCode, flags: code === null ? 0 : 1 };
    }
    default: {
      const values: Record<string, unknown> = {};
      for (const [field, fieldKind] of Object.entries(fieldsOf(kind))) {
        const name = field === 'tag' ? 'id' : field;
        const read = fieldFromJson(fieldKind, json[name] ?? optional[name]);
        if (typeof read === 'string') return `${name} must be ${read}`;
        values[field] = read.value;
      }
      return values;
    }
  }
}

/** @returns the value, or what it must be */
function fieldFromJson(kind: FieldKind, json: unknown): { readonly value: unknown } | string {
  switch (kind) {
    case 'u8':
      return found(integerFrom(json, 0xff), '0 to 255');
    case 'u16':
    case 'hex16':
      return found(integerFrom(json, 0xffff), '0 to 65535');
    case 'u32':
      return found(integerFrom(json, u32Max), `0 to ${u32Max}`);
    case 'u64':
      return found(u64From(json), '16 hexadecimal digits, or a number');
    case 'mac':
      return found(typeof json === 'string' ? parseMac(json) : null, 'aa:bb:cc:dd:ee:ff');
    default:
      return found(typeof json === 'string' ? parseAddress(json) : null, '10 hexadecimal digits');
  }
}

function found(value: unknown, wanted: string): { readonly value: unknown } | string {
  return value === null ? wanted : { value };
}

function integerRangeFromJson(json: Values): Values | string {
  const start = u64From(json['start']);
  const end = u64From(json['end']);
  const index = integerFrom(json['idx'], 0xffff);
  const bits = integerFrom(json['bits'], 64);
  if (start === null || end === null) return 'start and end must be 16 hexadecimal digits';
  if (index === null) return 'idx must be 0 to 65535';
  if (bits === null || bits === 0) return 'bits must be 1 to 64';
  return { start, end, index, format: (isTrue(json['little']) ? 0x80 : 0) | (bits - 1) };
}

function prefixFromJson(
  json: unknown,
  bitsMax: number,
  parse: (text: string) => unknown,
): Values | string {
  const wanted = `ip must be an address and, behind a "/", 0 to ${bitsMax}`;
  if (typeof json !== 'string') return wanted;
  const slash = json.indexOf('/');
  const ip = parse(json.slice(0, slash));
  const bits = json.slice(slash + 1);
  if (slash < 0 || ip === null || !/^\d{1,3}$/.test(bits) || Number(bits) > bitsMax) return wanted;
  return { ip, bits: Number(bits) };
}

/** A number, decimal text or a boolean; null for anything else. */
function integerFrom(json: unknown, max: number): number | null {
  if (typeof json === 'boolean') return Number(json);
  const isText = typeof json === 'string' && /^\d{1,15}$/.test(json);
  const value = isText ? Number(json) : json;
  if (typeof value !== 'number' || !Number.isInteger(value)) return null;
  return value >= 0 && value <= max ? value : null;
}

function u64From(json: unknown): bigint | null {
  if (typeof json === 'string') {
    const bytes = json.length <= 16 ? fromHex(json.padStart(16, '0')) : null;
    return bytes === null ? null : BigInt(`0x${toHex(bytes)}`);
  }
  const isNumber = typeof json === 'number' && Number.isSafeInteger(json) && json >= 0;
  return isNumber ? BigInt(json) : null;
}

/** True, a number above 0, or text that begins like "true" or "1". */
function isTrue(json: unknown): boolean {
  if (typeof json === 'string') return /^[tT1]/.test(json);
  return typeof json === 'number' ? json > 0 : json === true;
}

function fieldsOf(kind: RuleKind): Readonly<Record<string, FieldKind>> {
  return (ruleTable as Readonly<Record<RuleKind, RuleSpec>>)[kind].fields;
}

/** Keys are ASCII, so their order is that of their bytes. */
function sorted(values: Readonly<Record<string, Json>>): JsonObject {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}
