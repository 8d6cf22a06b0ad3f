import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { anyRule } from '../../test/synthetic/any-rule.ts';
import { capturedCommands } from '../../test/vectors/captured-commands.ts';
import { loadVectors } from '../../test/vectors/load.ts';
import { describeRule, isAction, type Rule } from '../wire/rules/rule.ts';
import { networkRulesMax } from '../wire/rules/rules.ts';
import { rulesFromJson, rulesToJson } from './json.ts';

/** Every `rules` anywhere in a value. */
function ruleLists(value: unknown): unknown[] {
  if (Array.isArray(value)) return (value as unknown[]).flatMap(ruleLists);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value as Record<string, unknown>).flatMap(([key, each]) => [
    ...(key === 'rules' ? [each] : []),
    ...ruleLists(each),
  ]);
}

function one(json: object): string {
  const { rules, problems } = rulesFromJson([json]);
  return rules[0] === undefined ? (problems[0]?.message ?? '') : describeRule(rules[0]);
}

describe('rules of real controllers', () => {
  const stored = ruleLists(loadVectors('captures/home/controller.d/network/283c5bc4bcc3c8a8.json'));

  it('are written as the official controller writes them, byte for byte', () => {
    expect(stored).toHaveLength(2);
    for (const list of stored) {
      const { rules, problems } = rulesFromJson(list);
      expect(problems).toEqual([]);
      expect(JSON.stringify(rulesToJson(rules))).toBe(JSON.stringify(list));
    }
  });

  it('are read as they are sent to it, and it stores what we read', () => {
    const sent = capturedCommands().flatMap(({ body }) => ruleLists(body));
    expect(sent).toHaveLength(2);
    expect(sent.map((list) => rulesToJson(rulesFromJson(list).rules))).toEqual(
      expect.arrayContaining(stored as object[]),
    );
  });
});

describe('any rules', () => {
  /** What the JSON has no place for. */
  const expressible = anyRule.filter(
    (rule: Rule) =>
      rule.kind !== 'UNKNOWN' &&
      !(rule.kind === 'ACTION_REDIRECT' && rule.length !== 0) &&
      !(isAction(rule) && (rule.not || rule.or)) &&
      !('bits' in rule && rule.bits > (typeof rule.ip === 'number' ? 32 : 128)) &&
      !(
        rule.kind === 'MATCH_ICMP' &&
        (rule.flags > 1 || (rule.flags === 0 && rule.icmpCode > 0))
      ) &&
      !(rule.kind === 'MATCH_INTEGER_RANGE' && (rule.format & 0x40) !== 0),
  );

  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(expressible, { maxLength: 20 }), (rules) => {
        const json: unknown = JSON.parse(JSON.stringify(rulesToJson(rules)));
        expect(rulesFromJson(json)).toEqual({ rules, problems: [] });
      }),
      { seed: 3 },
    );
  });

  it('have their keys in the order of the official service', () => {
    fc.assert(
      fc.property(expressible, (rule) => {
        const keys = Object.keys(rulesToJson([rule])[0] ?? {});
        expect(keys).toEqual([...keys].sort());
      }),
      { seed: 4 },
    );
  });
});

describe('JSON of others', () => {
  it('is read as loosely as the official service reads it', () => {
    expect(one({ type: 'MATCH_ETHERTYPE', etherType: '2048', not: 1, or: 'true' })).toBe(
      'or not ETHERTYPE 0x0800',
    );
    expect(one({ type: 'MATCH_ETHERTYPE', etherType: true, not: 'no', or: 0 })).toBe(
      'ETHERTYPE 0x0001',
    );
    expect(one({ type: 'MATCH_CHARACTERISTICS', mask: 2 })).toBe(
      'CHARACTERISTICS 0000000000000002',
    );
    expect(one({ type: 'MATCH_CHARACTERISTICS', mask: '8000000000000000' })).toBe(
      'CHARACTERISTICS 8000000000000000',
    );
    expect(one({ type: 'MATCH_ICMP', icmpType: 8 })).toBe('ICMP icmpType=8 icmpCode=0 flags=0');
    expect(one({ type: 'MATCH_ICMP', icmpType: 8, icmpCode: null })).toBe(
      'ICMP icmpType=8 icmpCode=0 flags=0',
    );
    expect(one({ type: 'ACTION_TEE', address: 'deadbeef11', length: 64 })).toBe(
      'TEE address=deadbeef11 flags=0 length=64',
    );
    expect(one({ type: 'ACTION_DROP', not: true, or: true })).toBe('DROP');
  });

  it('keeps what the official controller loses', () => {
    expect(
      one({ type: 'INTEGER_RANGE', start: '1', end: '02', idx: 0, little: false, bits: 8 }),
    ).toBe('INTEGER_RANGE start=0000000000000001 end=0000000000000002 index=0 format=7');
    expect(one({ type: 'ACTION_PRIORITY' })).toBe('PRIORITY');
  });

  it.each([
    [7, 'a rule must be an object'],
    [{}, 'a rule must have a "type"'],
    [{ type: 'MATCH_MOON' }, 'there is no rule "MATCH_MOON"'],
    [{ type: 'constructor' }, 'there is no rule "constructor"'],
    [{ type: 'MATCH_ETHERTYPE' }, 'MATCH_ETHERTYPE: etherType must be 0 to 65535'],
    [
      { type: 'MATCH_ETHERTYPE', etherType: 65536 },
      'MATCH_ETHERTYPE: etherType must be 0 to 65535',
    ],
    [{ type: 'MATCH_TAGS_EQUAL', id: 1 }, 'MATCH_TAGS_EQUAL: value must be 0 to 4294967295'],
    [{ type: 'MATCH_TAGS_EQUAL', value: 1 }, 'MATCH_TAGS_EQUAL: id must be 0 to 4294967295'],
    [
      { type: 'MATCH_IPV4_SOURCE', ip: '10.0.0.1' },
      'MATCH_IPV4_SOURCE: ip must be an address and, behind a "/", 0 to 32',
    ],
    [
      { type: 'MATCH_IPV6_DEST', ip: '::/129' },
      'MATCH_IPV6_DEST: ip must be an address and, behind a "/", 0 to 128',
    ],
    [{ type: 'ACTION_TEE' }, 'ACTION_TEE: address must be 10 hexadecimal digits'],
    [{ type: 'MATCH_MAC_DEST', mac: 5 }, 'MATCH_MAC_DEST: mac must be aa:bb:cc:dd:ee:ff'],
    [
      { type: 'MATCH_CHARACTERISTICS', mask: 'x' },
      'MATCH_CHARACTERISTICS: mask must be 16 hexadecimal digits, or a number',
    ],
    [{ type: 'MATCH_ICMP', icmpCode: 1 }, 'MATCH_ICMP: icmpType must be 0 to 255'],
  ])('is refused where it says no rule: %j', (json, message) => {
    const { rules, problems } = rulesFromJson([
      { type: 'ACTION_DROP' },
      json,
      { type: 'ACTION_ACCEPT' },
    ]);
    expect(problems).toEqual([{ index: 1, message }]);
    expect(rules).toHaveLength(2);
  });

  it('is no list, or one that is too long', () => {
    expect(rulesFromJson({}).problems).toEqual([{ index: -1, message: 'rules must be an array' }]);
    const drops = Array.from({ length: networkRulesMax + 1 }, () => ({ type: 'ACTION_DROP' }));
    expect(rulesFromJson(drops.slice(1)).problems).toEqual([]);
    expect(rulesFromJson(drops).problems).toEqual([
      { index: -1, message: 'there may be at most 1024 rules' },
    ]);
  });

  it('of any kind is never thrown', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        rulesFromJson(value);
        rulesFromJson([value]);
      }),
      { seed: 5 },
    );
  });
});
