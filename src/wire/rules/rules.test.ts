import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../../test/conformance/codec.ts';
import { anyRule } from '../../../test/synthetic/any-rule.ts';
import { hex, loadVectors } from '../../../test/vectors/load.ts';
import { ByteReader, concatBytes, toHex } from '../../base/bytes.ts';
import { formatAddress, formatMac, formatU64 } from '../../base/ids.ts';
import { decode, encode, isDrop, type WireReader } from '../codec.ts';
import { formatIpv4, formatIpv6 } from '../ip-address.ts';
import { ruleSpecs } from './rule-table.ts';
import { describeRule, isAction, ruleId, type Rule } from './rule.ts';
import { capabilityRulesMax, networkRulesMax, readRules, rules, type Rules } from './rules.ts';

interface VectorRule {
  readonly name: string;
  readonly type: number;
  readonly not?: boolean;
  readonly or?: boolean;
  readonly [field: string]: unknown;
}
interface VectorCase {
  readonly name: string;
  readonly rules_wire: string;
  readonly rules: readonly VectorRule[] | null;
  readonly rules_parse?: string;
  readonly my_capabilities?: readonly { rules: string; rules_decoded: readonly VectorRule[] }[];
  readonly peer_capabilities?: readonly { rules: string; rules_decoded: readonly VectorRule[] }[];
}

const { cases } = loadVectors<{ cases: readonly VectorCase[] }>('rules.json');
const lists = cases.flatMap((at) => [
  {
    name: at.name,
    wire: at.rules_wire,
    decoded: at.rules,
    malformed: at.rules_parse !== undefined,
  },
  ...[...(at.my_capabilities ?? []), ...(at.peer_capabilities ?? [])].map((capability) => ({
    name: `${at.name}, capability`,
    wire: capability.rules,
    decoded: capability.rules_decoded,
    malformed: false,
  })),
]);

function decodeRules(bytes: Uint8Array): Rules {
  const list = decode(rules, bytes);
  if (isDrop(list)) throw new Error(list);
  return list;
}

/** A rule in the words of `rules.json`. */
function inVectorWords(rule: Rule): VectorRule {
  const type = ruleId(rule);
  const flags = { ...(rule.not ? { not: true } : {}), ...(rule.or ? { or: true } : {}) };
  if (rule.kind === 'UNKNOWN') return { name: 'unknown', type, ...flags };
  const name = rule.kind.replace(/^(ACTION|MATCH)_/, '').toLowerCase();
  if ('address' in rule) {
    const { flags: copyFlags, length } = rule;
    const address = formatAddress(rule.address);
    return { name, type, ...flags, address, flags: copyFlags, length };
  }
  if ('zt' in rule)
    return {
      name: name.replace('zerotier_address', 'zt'),
      type,
      ...flags,
      value: formatAddress(rule.zt),
    };
  if ('mac' in rule)
    return { name, type, ...flags, value: formatMac(rule.mac).replaceAll(':', '') };
  if ('ip' in rule) {
    const ip = typeof rule.ip === 'number' ? formatIpv4(rule.ip) : formatIpv6(rule.ip);
    return { name, type, ...flags, ip, bits: rule.bits };
  }
  if ('tag' in rule)
    return { name, type, ...flags, id: rule.tag.toString(16), value: rule.value.toString(16) };
  if (rule.kind === 'MATCH_CHARACTERISTICS')
    return { name, type, ...flags, value: formatU64(rule.mask) };
  if (rule.kind === 'MATCH_INTEGER_RANGE')
    return {
      name,
      type,
      ...flags,
      start: rule.start.toString(16),
      end: rule.end.toString(16),
      index: rule.index,
      format: rule.format.toString(16).padStart(2, '0'),
    };
  const numbers = Object.values(rule).filter((value) => typeof value === 'number');
  return { name, type, ...flags, ...(numbers.length > 0 ? { value: numbers } : {}) };
}

describeCodec(rules, {
  samples: ['one of each', 'integer'].map((name) => ({
    name,
    bytes: concatBytes(
      ...[...new Map(lists.flatMap((list) => firstOfEachKind(list.wire, list.malformed)))]
        .filter(([id]) => (id === 51) === (name === 'integer'))
        .map(([, bytes]) => bytes),
    ),
  })),
  arbitrary: fc.array(anyRule, { maxLength: 20 }),
});

function firstOfEachKind(wire: string, malformed: boolean): [number, Uint8Array][] {
  if (malformed) return [];
  return decodeRules(hex(wire)).map((rule) => [ruleId(rule), encode(rules, [rule])]);
}

describe('the lists of rules.json', () => {
  it('read as an independent decoder read them and are written back byte for byte', () => {
    expect(lists.length).toBeGreaterThan(500);
    for (const { name, wire, decoded, malformed } of lists) {
      if (malformed) continue;
      const list = decodeRules(hex(wire));
      expect(toHex(encode(rules, list)), name).toBe(wire);
      if (decoded !== null) expect(list.map(inVectorWords), name).toEqual(decoded);
    }
  });

  it('hold every rule of the table but none that is left out', () => {
    const seen = new Set(
      lists.flatMap(({ wire, malformed }) =>
        malformed ? [] : decodeRules(hex(wire)).map(({ kind }) => kind),
      ),
    );
    expect([...seen].sort()).toEqual([...ruleSpecs.map(({ kind }) => kind), 'UNKNOWN'].sort());
  });

  it('that end inside a rule are refused', () => {
    const malformed = lists.filter((list) => list.malformed);
    expect(malformed).toHaveLength(1);
    for (const { wire } of malformed) expect(decode(rules, hex(wire))).toBe('bad-rule');
    expect(decode(rules, hex('010025'))).toBe('bad-rule');
  });
});

describe('a field of another length than its rule has', () => {
  it('is kept where it is longer, and the value is its beginning', () => {
    const list = decodeRules(hex('25040800ffff0100'));
    expect(list.map(describeRule)).toEqual(['ETHERTYPE 0x0800', 'ACCEPT']);
    expect(toHex(encode(rules, list))).toBe('25040800ffff0100');
  });

  it('reads into the next rule where it is shorter, which starts early', () => {
    const list = decodeRules(hex('250001000100'));
    expect(list.map(describeRule)).toEqual(['ETHERTYPE 0x0100', 'ACCEPT', 'ACCEPT']);
    expect(toHex(encode(rules, list))).toBe('250001000100');
  });

  it('is refused where the value would lie beyond the end', () => {
    expect(decode(rules, hex('01002500'))).toBe('bad-rule');
    expect(decode(rules, hex('0100250108'))).toBe('bad-rule');
  });

  it('keeps what is above the address in the 64 bits of a TEE', () => {
    const wire = '020eabcdef7c02438de9000000000000';
    const [rule] = decodeRules(hex(wire));
    expect(rule).toMatchObject({ kind: 'ACTION_TEE', address: 0x7c02438de9 });
    expect(toHex(encode(rules, [rule!]))).toBe(wire);
  });
});

describe('how rules are shown', () => {
  it('is readable', () => {
    const shown = decodeRules(
      hex('a5020800a5020806650286dd28040016001631050a90002318' + '00000100'),
    );
    expect(rules.describe(shown.slice(0, 2))).toBe(
      '2 rules: not ETHERTYPE 0x0800, not ETHERTYPE 0x0806',
    );
    expect(describeRule(shown[2]!)).toBe('or ETHERTYPE 0x86dd');
    expect(describeRule(shown[3]!)).toBe('IP_DEST_PORT_RANGE start=22 end=22');
    expect(isAction(shown.at(-1)!)).toBe(true);
    expect(rules.toJson(shown.slice(0, 1))).toEqual([
      { type: 'MATCH_ETHERTYPE', not: true, etherType: 0x0800 },
    ]);
  });
});

describe('limits', () => {
  const drops = (count: number): Uint8Array => new Uint8Array(2 * count);

  it('are met by rules without end', () => {
    expect(decodeRules(drops(networkRulesMax))).toHaveLength(1024);
    expect(decode(rules, drops(networkRulesMax + 1))).toBe('bad-rule');
    expect(decode(rules, drops(1_000_000))).toBe('bad-rule');
  });

  it('are met by a count that no capability may have', () => {
    const reader: WireReader = new ByteReader(drops(100));
    expect(readRules(reader, 64, capabilityRulesMax)).toHaveLength(64);
    expect(reader.failure).toBeNull();
    expect(readRules(reader, 65, capabilityRulesMax)).toHaveLength(0);
    expect(reader.failure).toBe('bad-rule');
  });
});
