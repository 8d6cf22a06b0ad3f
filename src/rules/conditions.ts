/**
 * Conditions: the words of the language ⇄ rules of the engine. The one place to add a condition to the language.
 *
 * Source: docs.zerotier.com, "Rules Engine", section "Actions, Matches, Operators, and Constants" (`vlan`, `vlanpcp`,
 * `vlandei` and `macauth` are in the language and not on that page).
 */
import { formatAddress, formatMac, formatU64, type Address, type Mac } from '../base/ids.ts';
import type { RuleOf, MatchKind } from '../core/vl2/rules/match.ts';
import { formatIpv4, formatIpv6, isInIpv6Prefix } from '../wire/ip-address.ts';
import type { RuleKind } from '../wire/rules/rule-table.ts';
import type { KnownRule, Rule } from '../wire/rules/rule.ts';
import {
  characteristicBits,
  etherTypeNames,
  ipProtocolNames,
  nameOf,
  type Names,
} from './names.ts';
import type { NamedTag, WordReader } from './word-reader.ts';

/** A condition before it is known whether it stands behind `not` and `or`. */
export type BareCondition = {
  [Kind in MatchKind]: Omit<RuleOf<Kind>, 'not' | 'or' | 'fieldAsReceived'>;
}[MatchKind];

/** What names there are for the numbers of tags. */
export type TagNames = ReadonlyMap<number, string>;

/** A condition of the language. */
export interface ConditionWord {
  readonly word: string;
  /** Its arguments, for people. */
  readonly takes: string;
  /** The rules that it makes. */
  readonly kinds: readonly RuleKind[];
  /** Reads the arguments. */
  read(words: WordReader): BareCondition;
  /** The arguments of a rule of {@link kinds}; null where the language cannot say it. */
  write(rule: KnownRule, tags: TagNames): string | null;
}

const u8Max = 0xff;
const u16Max = 0xffff;
const u32Max = 0xffff_ffff;

/** All conditions. */
export const conditionWords: readonly ConditionWord[] = [
  address('ztsrc', 'MATCH_SOURCE_ZEROTIER_ADDRESS'),
  address('ztdest', 'MATCH_DEST_ZEROTIER_ADDRESS'),
  number('vlan', 'MATCH_VLAN_ID', 'vlanId', 'a VLAN', u16Max),
  number('vlanpcp', 'MATCH_VLAN_PCP', 'vlanPcp', 'a VLAN priority', u8Max),
  number('vlandei', 'MATCH_VLAN_DEI', 'vlanDei', 'a VLAN drop-eligible bit', u8Max),
  mac('macsrc', 'MATCH_MAC_SOURCE'),
  mac('macdest', 'MATCH_MAC_DEST'),
  prefix('ipsrc', 'MATCH_IPV4_SOURCE', 'MATCH_IPV6_SOURCE'),
  prefix('ipdest', 'MATCH_IPV4_DEST', 'MATCH_IPV6_DEST'),
  {
    word: 'iptos',
    takes: '<mask> <start[-end]>',
    kinds: ['MATCH_IP_TOS'],
    read: (words: WordReader): BareCondition => {
      const mask = words.integer('a mask of the type of service', u8Max);
      return { kind: 'MATCH_IP_TOS', mask, ...words.range('a type of service', u8Max) };
    },
    write: (rule: KnownRule): string | null => {
      const { mask, start, end } = rule as RuleOf<'MATCH_IP_TOS'>;
      const range = rangeText(start, end);
      return range === null ? null : `0x${mask.toString(16)} ${range}`;
    },
  },
  number('ipprotocol', 'MATCH_IP_PROTOCOL', 'ipProtocol', 'an IP protocol', u8Max, ipProtocolNames),
  number('ethertype', 'MATCH_ETHERTYPE', 'etherType', 'an Ethernet type', u16Max, etherTypeNames),
  {
    word: 'icmp',
    takes: '<type> <code>',
    kinds: ['MATCH_ICMP'],
    read: (words: WordReader): BareCondition => {
      const icmpType = words.integer('an ICMP type', u8Max);
      const code = words.integerOrAll('an ICMP code', u8Max);
      return { kind: 'MATCH_ICMP', icmpType, icmpCode: code ?? 0, flags: code === null ? 0 : 1 };
    },
    write: (rule: KnownRule): string | null => {
      const { icmpType, icmpCode, flags } = rule as RuleOf<'MATCH_ICMP'>;
      if (flags === 1) return `${icmpType} ${icmpCode}`;
      return flags === 0 && icmpCode === 0 ? `${icmpType} -1` : null;
    },
  },
  range('sport', 'MATCH_IP_SOURCE_PORT_RANGE', 'a port or ports'),
  range('dport', 'MATCH_IP_DEST_PORT_RANGE', 'a port or ports'),
  {
    word: 'chr',
    takes: '<mask/name>',
    kinds: ['MATCH_CHARACTERISTICS'],
    read: (words: WordReader): BareCondition => ({
      kind: 'MATCH_CHARACTERISTICS',
      mask: words.mask('a characteristic', characteristicBits),
    }),
    write: (rule: KnownRule): string | null => {
      const { mask } = rule as RuleOf<'MATCH_CHARACTERISTICS'>;
      for (const [name, bit] of characteristicBits) if (mask === 1n << BigInt(bit)) return name;
      return `0x${formatU64(mask)}`;
    },
  },
  range('framesize', 'MATCH_FRAME_SIZE_RANGE', 'a size of frames in bytes'),
  {
    word: 'random',
    takes: '<probability>',
    kinds: ['MATCH_RANDOM'],
    read: (words: WordReader): BareCondition => ({
      kind: 'MATCH_RANDOM',
      probability: words.probability(),
    }),
    write: (rule: KnownRule): string => probabilityText(valueOf(rule, 'probability') as number),
  },
  tag('tdiff', 'MATCH_TAGS_DIFFERENCE'),
  tag('tand', 'MATCH_TAGS_BITWISE_AND'),
  tag('tor', 'MATCH_TAGS_BITWISE_OR'),
  tag('txor', 'MATCH_TAGS_BITWISE_XOR'),
  tag('teq', 'MATCH_TAGS_EQUAL'),
  tag('tseq', 'MATCH_TAG_SENDER'),
  tag('treq', 'MATCH_TAG_RECEIVER'),
];

/** The conditions by their words. */
export const conditionByWord: ReadonlyMap<string, ConditionWord> = new Map(
  conditionWords.map((each) => [each.word, each]),
);

const conditionByKind: ReadonlyMap<string, ConditionWord> = new Map(
  conditionWords.flatMap((each) => each.kinds.map((kind) => [kind, each] as const)),
);

/** `not ethertype ipv4`, without the `and` or `or` before it; null where the language cannot say the rule. */
export function writeCondition(rule: Rule, tags: TagNames): string | null {
  const condition = conditionByKind.get(rule.kind);
  if (condition === undefined || rule.kind === 'UNKNOWN' || rule.fieldAsReceived !== undefined)
    return null;
  const written = condition.write(rule, tags);
  return written === null ? null : `${rule.not ? 'not ' : ''}${condition.word} ${written}`;
}

function address(
  word: string,
  kind: 'MATCH_SOURCE_ZEROTIER_ADDRESS' | 'MATCH_DEST_ZEROTIER_ADDRESS',
): ConditionWord {
  return {
    word,
    takes: '<address>',
    kinds: [kind],
    read: (words: WordReader): BareCondition => ({ kind, zt: words.address() }),
    write: (rule: KnownRule): string | null => formatAddress(valueOf(rule, 'zt') as Address),
  };
}

function mac(word: string, kind: 'MATCH_MAC_SOURCE' | 'MATCH_MAC_DEST'): ConditionWord {
  return {
    word,
    takes: '<address>',
    kinds: [kind],
    read: (words: WordReader): BareCondition => ({ kind, mac: words.mac() }),
    write: (rule: KnownRule): string | null => formatMac(valueOf(rule, 'mac') as Mac),
  };
}

function number(
  word: string,
  kind: MatchKind,
  field: string,
  what: string,
  max: number,
  names?: Names,
): ConditionWord {
  return {
    word,
    takes: `<${what.replace(/^an? /, '')}>`,
    kinds: [kind],
    // The table of rules says that this kind has this field; TypeScript does not pair them.
    read: (words: WordReader): BareCondition =>
      ({ kind, [field]: words.integer(what, max, names) }) as BareCondition,
    write: (rule: KnownRule): string | null => {
      const value = valueOf(rule, field) as number;
      const hexadecimal =
        names === etherTypeNames ? `0x${value.toString(16).padStart(4, '0')}` : null;
      return (names === undefined ? null : nameOf(names, value)) ?? hexadecimal ?? String(value);
    },
  };
}

function range(
  word: string,
  kind: 'MATCH_IP_SOURCE_PORT_RANGE' | 'MATCH_IP_DEST_PORT_RANGE' | 'MATCH_FRAME_SIZE_RANGE',
  what: string,
): ConditionWord {
  return {
    word,
    takes: '<start[-end]>',
    kinds: [kind],
    read: (words: WordReader): BareCondition => ({ kind, ...words.range(what, u16Max) }),
    write: (rule: KnownRule): string | null =>
      rangeText(valueOf(rule, 'start') as number, valueOf(rule, 'end') as number),
  };
}

function prefix(
  word: string,
  v4: 'MATCH_IPV4_SOURCE' | 'MATCH_IPV4_DEST',
  v6: 'MATCH_IPV6_SOURCE' | 'MATCH_IPV6_DEST',
): ConditionWord {
  return {
    word,
    takes: '<address/bits>',
    kinds: [v4, v6],
    read: (words: WordReader): BareCondition => {
      const given = words.prefix();
      if (given.family === 'ipv4') return { kind: v4, ip: given.ip, bits: given.bits };
      if (hasHostBits(given.ip, given.bits))
        words.warn(
          given.token,
          'the address has bits behind the prefix, so no frame ever matches',
          'zeros there, or /128',
        );
      return { kind: v6, ip: given.ip, bits: given.bits };
    },
    write: (rule: KnownRule): string | null => {
      const bits = valueOf(rule, 'bits') as number;
      const ip = valueOf(rule, 'ip') as number | Uint8Array;
      if (bits > (typeof ip === 'number' ? 32 : 128)) return null;
      return `${typeof ip === 'number' ? formatIpv4(ip) : formatIpv6(ip)}/${bits}`;
    },
  };
}

function tag(
  word: string,
  kind:
    | 'MATCH_TAGS_DIFFERENCE'
    | 'MATCH_TAGS_BITWISE_AND'
    | 'MATCH_TAGS_BITWISE_OR'
    | 'MATCH_TAGS_BITWISE_XOR'
    | 'MATCH_TAGS_EQUAL'
    | 'MATCH_TAG_SENDER'
    | 'MATCH_TAG_RECEIVER',
): ConditionWord {
  return {
    word,
    takes: '<tag> <value>',
    kinds: [kind],
    read: (words: WordReader): BareCondition => {
      const named: NamedTag = words.tag();
      return { kind, tag: named.id, value: words.tagValue(named) };
    },
    write: (rule: KnownRule, tags: TagNames): string => {
      const id = valueOf(rule, 'tag') as number;
      return `${tags.get(id) ?? id} ${String(valueOf(rule, 'value'))}`;
    },
  };
}

/** As few digits as tell a probability from the next one; 11 do always. */
function probabilityText(probability: number): string {
  const share = probability / u32Max;
  let digits = 1;
  while (Math.round(Number(share.toFixed(digits)) * u32Max) !== probability) digits++;
  return share.toFixed(digits);
}

/** Null for a range that runs backwards: nothing is in it, and the language refuses it. */
function rangeText(start: number, end: number): string | null {
  if (start > end) return null;
  return start === end ? String(start) : `${start}-${end}`;
}

function hasHostBits(ip: Uint8Array, bits: number): boolean {
  const masked = ip.map((byte, i) => byte & (0xff << Math.min(Math.max(8 * (i + 1) - bits, 0), 8)));
  return !isInIpv6Prefix(ip, masked, 128);
}

function valueOf(rule: KnownRule, field: string): unknown {
  return (rule as unknown as Readonly<Record<string, unknown>>)[field];
}
