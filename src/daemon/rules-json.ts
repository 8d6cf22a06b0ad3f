/**
 * Rules in the JSON of the controller API. Source: management.md 2.3.
 *
 * An action is written without `not` and `or`, a match with both. A tag is called `id`, an address is text, a prefix one
 * text; a code of ICMP that is any is null. What is no rule is refused with its place, where the official service leaves it
 * out: without one of its matches an action is for more frames than was meant.
 */
import { BodyObject, integerOf, invalid, textOf } from '../api/body/loose.ts';
import { formatAddress, formatMac, formatU64, parseAddress, parseMac } from '../base/ids.ts';
import { fromHex, toHex } from '../base/bytes.ts';
import { ipEndpoint } from '../wire/inet-address.ts';
import { formatIpv4, formatIpv6 } from '../wire/ip-address.ts';
import type { FieldKind } from '../wire/rules/rule-fields.ts';
import { ruleSpecs, type RuleSpec } from '../wire/rules/rule-table.ts';
import { isAction, type Rule } from '../wire/rules/rule.ts';
import type { Rules } from '../wire/rules/rules.ts';

type Values = Readonly<Record<string, unknown>>;

const specs: ReadonlyMap<string, RuleSpec> = new Map(ruleSpecs.map((spec) => [spec.kind, spec]));
/** Parts that have another name in JSON. */
const jsonNames: Readonly<Record<string, string>> = { tag: 'id', index: 'idx' };

/** The JSON of rules. */
export function rulesToJson(rules: Rules): Values[] {
  return rules.map((rule) => {
    const flags = isAction(rule) ? {} : { not: rule.not, or: rule.or };
    if (rule.kind === 'UNKNOWN')
      return { type: 'UNKNOWN', number: rule.id, ...flags, field: toHex(rule.field) };
    const type = rule.kind === 'MATCH_INTEGER_RANGE' ? 'INTEGER_RANGE' : rule.kind;
    return { type, ...flags, ...valuesToJson(rule) };
  });
}

/** Reads rules. @param what - they are, for the error. @throws API_BODY_INVALID */
export function rulesFromJson(list: readonly unknown[], what: string): Rules {
  return list.map((value, index) => ruleFromJson(value, `${what} at ${index}`));
}

function valuesToJson(rule: Exclude<Rule, { readonly kind: 'UNKNOWN' }>): Values {
  const values = rule as unknown as Readonly<Record<string, never>>;
  switch (rule.kind) {
    case 'MATCH_ICMP':
      return {
        icmpType: rule.icmpType,
        icmpCode: (rule.flags & 1) === 0 ? null : rule.icmpCode,
      };
    case 'MATCH_INTEGER_RANGE':
      return {
        start: formatU64(rule.start),
        end: formatU64(rule.end),
        idx: rule.index,
        little: (rule.format & 0x80) !== 0,
        bits: (rule.format & 0x3f) + 1,
      };
    case 'MATCH_IPV4_SOURCE':
    case 'MATCH_IPV4_DEST':
      return { ip: `${formatIpv4(rule.ip)}/${rule.bits}` };
    case 'MATCH_IPV6_SOURCE':
    case 'MATCH_IPV6_DEST':
      return { ip: `${formatIpv6(rule.ip)}/${rule.bits}` };
    case 'ACTION_REDIRECT':
      return { address: formatAddress(rule.address), flags: rule.flags };
    default:
      return Object.fromEntries(
        Object.entries(specs.get(rule.kind)?.fields ?? {}).map(([name, kind]) => [
          jsonNames[name] ?? name,
          toJson(kind, values[name] as never),
        ]),
      );
  }
}

function toJson(kind: FieldKind, value: never): unknown {
  switch (kind) {
    case 'address':
    case 'address64':
      return formatAddress(value);
    case 'mac':
      return formatMac(value);
    case 'u64':
      return formatU64(value);
    default:
      return value;
  }
}

function ruleFromJson(value: unknown, what: string): Rule {
  const json = new BodyObject(value, what);
  const type = textOf(json.value('type'), `type of ${what}`);
  const not = json.boolean('not', false) ?? false;
  const or = json.boolean('or', false) ?? false;
  if (type === 'UNKNOWN') return unknownRule(json, what, { not, or });
  const kind = type === 'INTEGER_RANGE' ? 'MATCH_INTEGER_RANGE' : type;
  const spec = specs.get(kind);
  if (spec === undefined) throw invalid(`type of ${what}`, 'is no rule', type);
  const values = valuesFromJson(kind, spec, json, what);
  // The table made it: kind and parts are those of one member of the union.
  return { kind, not, or, ...values } as unknown as Rule;
}

function unknownRule(
  json: BodyObject,
  what: string,
  flags: { readonly not: boolean; readonly or: boolean },
): Rule {
  const id = bounded(json.value('number'), 63, `number of ${what}`);
  const text = textOf(json.value('field'), `field of ${what}`);
  const field = text.length > 2 * 0xff ? null : fromHex(text);
  if (field === null)
    throw invalid(`field of ${what}`, 'is not up to 255 bytes in hexadecimal digits', text);
  return { kind: 'UNKNOWN', ...flags, id, field };
}

function valuesFromJson(kind: string, spec: RuleSpec, json: BodyObject, what: string): Values {
  const part = (name: string): unknown => json.value(name);
  const whatOf = (name: string): string => `${name} of ${what}`;
  switch (kind) {
    case 'MATCH_ICMP': {
      const code = part('icmpCode') ?? null;
      return {
        icmpType: bounded(part('icmpType'), 0xff, whatOf('icmpType')),
        icmpCode: code === null ? 0 : bounded(code, 0xff, whatOf('icmpCode')),
        flags: code === null ? 0 : 1,
      };
    }
    case 'MATCH_INTEGER_RANGE':
      return {
        start: u64(part('start'), whatOf('start')),
        end: u64(part('end'), whatOf('end')),
        index: bounded(part('idx'), 0xffff, whatOf('idx')),
        format:
          (json.boolean('little', false) === true ? 0x80 : 0) |
          (bounded(part('bits'), 64, whatOf('bits'), 1) - 1),
      };
    case 'MATCH_IPV4_SOURCE':
    case 'MATCH_IPV4_DEST':
    case 'MATCH_IPV6_SOURCE':
    case 'MATCH_IPV6_DEST':
      return prefix(kind.startsWith('MATCH_IPV4') ? 'ipv4' : 'ipv6', part('ip'), whatOf('ip'));
    default:
      return Object.fromEntries(
        Object.entries(spec.fields).map(([name, field]) => {
          const key = jsonNames[name] ?? name;
          const isUnsaid = kind === 'ACTION_REDIRECT' && name === 'length';
          return [name, isUnsaid ? 0 : fromJson(field, part(key), whatOf(key))];
        }),
      );
  }
}

const integerMax: Partial<Record<FieldKind, number>> = {
  u8: 0xff,
  u16: 0xffff,
  hex16: 0xffff,
  u32: 0xffff_ffff,
};

function fromJson(kind: FieldKind, value: unknown, what: string): unknown {
  switch (kind) {
    case 'address':
    case 'address64': {
      const address = parseAddress(textOf(value, what));
      if (address === null) throw invalid(what, 'is no address of a node', value);
      return address;
    }
    case 'mac': {
      const mac = parseMac(textOf(value, what));
      if (mac === null) throw invalid(what, 'is no Ethernet address', value);
      return mac;
    }
    case 'u64':
      return u64(value, what);
    default:
      return bounded(value, integerMax[kind] ?? 0, what);
  }
}

function bounded(value: unknown, max: number, what: string, min = 0): number {
  const number = integerOf(value, what);
  if (number < min || number > max) throw invalid(what, `is not within ${min} to ${max}`, value);
  return number;
}

/** 16 hexadecimal digits; a number is read too. */
function u64(value: unknown, what: string): bigint {
  if (typeof value === 'number') return BigInt(bounded(value, Number.MAX_SAFE_INTEGER, what));
  const text = textOf(value, what);
  if (!/^[0-9a-f]{1,16}$/i.test(text))
    throw invalid(what, 'is not up to 16 hexadecimal digits', text);
  return BigInt(`0x${text}`);
}

function prefix(family: 'ipv4' | 'ipv6', value: unknown, what: string): Values {
  const match = /^(.+)\/(\d{1,3})$/.exec(textOf(value, what));
  const ip = match === null ? null : ipEndpoint(match[1] ?? '', Number(match[2]));
  if (ip?.kind !== family || ip.port > (family === 'ipv4' ? 32 : 128))
    throw invalid(what, `is no network of ${family === 'ipv4' ? 'IPv4' : 'IPv6'}`, value);
  return { ip: ip.address, bits: ip.port };
}
