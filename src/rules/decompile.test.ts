import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { anyRule } from '../../test/synthetic/any-rule.ts';
import { hex } from '../../test/vectors/load.ts';
import { decode, isDrop } from '../wire/codec.ts';
import type { Rule } from '../wire/rules/rule.ts';
import { rules as rulesCodec, type Rules } from '../wire/rules/rules.ts';
import { compile } from './compile.ts';
import type { CompiledSource } from './compiled.ts';
import { decompile } from './decompile.ts';
import { ruleSetFromJson, ruleSetToJson, type RuleSet } from './rule-set.ts';

function compiled(source: string): CompiledSource {
  const result = compile(source);
  if (result.kind === 'problems') throw new Error(JSON.stringify([source, result.problems]));
  return result.compiled;
}

function wire(bytes: string): Rules {
  const list = decode(rulesCodec, hex(bytes));
  if (isDrop(list)) throw new Error(list);
  return list;
}

const none = { capabilities: [], tags: [] };
const id = fc.constantFrom(0, 1, 2, 1000, 0xffff_ffff);
const name = fc.constantFrom('sales', 'drop', 'a b', '1st', '', 'sales', 'x.y-z', '__proto__');
const value = fc.nat(0xffff_ffff);

const anyRuleSet: fc.Arbitrary<RuleSet> = fc.record({
  rules: fc.array(anyRule, { maxLength: 30 }),
  capabilities: fc.uniqueArray(
    fc.record({ id, isDefault: fc.boolean(), rules: fc.array(anyRule, { maxLength: 10 }), name }),
    { selector: (each) => each.id },
  ),
  tags: fc.uniqueArray(fc.record({ id, default: fc.option(value), name }), {
    selector: (each) => each.id,
  }),
});

/** What rules are, apart from where they stand. */
function meaning({ rules, capabilities, tags }: RuleSet): unknown {
  const byId = (a: { id: number }, b: { id: number }): number => a.id - b.id;
  return {
    rules,
    capabilities: capabilities
      .map((each) => ({ id: each.id, isDefault: each.isDefault, rules: each.rules }))
      .sort(byId),
    tags: tags.map((tag) => ({ id: tag.id, default: tag.default })).sort(byId),
  };
}

describe('decompiled rules', () => {
  it('compile to the same rules again, whatever they are', () => {
    let raws = 0;
    fc.assert(
      fc.property(anyRuleSet, (set) => {
        const source = decompile(set);
        if (source.includes('raw\n')) raws++;
        expect(meaning(compiled(source))).toEqual(meaning(set));
      }),
      { numRuns: 200, seed: 6 },
    );
    expect(raws).toBeGreaterThan(10);
  });

  it('are the same source when that is compiled and decompiled', () => {
    fc.assert(
      fc.property(anyRuleSet, (set) => {
        const source = decompile(compiled(decompile(set)));
        expect(decompile(compiled(source))).toBe(source);
      }),
      { numRuns: 50, seed: 7 },
    );
  });

  it('need no raw bytes for what the language can say', () => {
    const sayable = anyRule.filter((rule: Rule) => {
      if (rule.kind === 'UNKNOWN' || rule.kind === 'MATCH_INTEGER_RANGE') return false;
      if (rule.kind.startsWith('ACTION')) return false;
      if ('bits' in rule) return rule.bits <= (typeof rule.ip === 'number' ? 32 : 128);
      if (rule.kind === 'MATCH_ICMP')
        return rule.flags === 1 || (rule.flags === 0 && rule.icmpCode === 0);
      return !('start' in rule) || rule.start <= rule.end;
    });
    const accept: Rule = { kind: 'ACTION_ACCEPT', not: false, or: false };
    const kinds = new Set<string>();
    fc.assert(
      fc.property(sayable, (rule) => {
        kinds.add(rule.kind);
        const source = decompile({ ...none, rules: [rule, accept] });
        expect(source).not.toContain('raw');
        expect(compiled(source).rules).toEqual([rule, accept]);
      }),
      { numRuns: 1_000, seed: 8 },
    );
    expect(kinds.size).toBe(27);
  });

  it('look like the examples of the documentation', () => {
    const source = `tag department
  id 1000
  enum 100 sales
  flag 31 boss
  default 100
;

cap superuser
  id 1000
  default
  accept;
;

drop
  not ethertype ipv4
  and not ethertype arp
  or not chr ipauth
;
accept
  dport 139
  or dport 445-446
  and ipprotocol tcp
  and tdiff department 0
;
tee -1 deadbeef11
  random 0.1
;
accept;
`;
    expect(decompile(compiled(source))).toBe(source);
  });

  it('come as raw bytes with a comment where there are no words', () => {
    const source = decompile({ ...none, rules: wire('25020800' + '0600' + '0100') });
    expect(source).toBe(`# ETHERTYPE 0x0800
# PRIORITY
raw
  250208000600
;
accept;
`);
  });

  it('keep fields that are longer or shorter than they should be', () => {
    for (const bytes of [
      '25040800ffff0100',
      '250001000100',
      '25020800' + '0000' + '250001000100',
    ]) {
      const rules = wire(bytes);
      expect(compiled(decompile({ ...none, rules })).rules).toEqual(rules);
    }
  });
});

describe('a network as JSON', () => {
  const source = `
    tag department id 1000 enum 100 sales default 100;
    cap web id 5 accept ipprotocol tcp and dport 80; ;
    break chr tcp_syn and tseq department sales; accept;`;

  it('is what a controller takes, with the names of ZeroTier Central', () => {
    expect(ruleSetToJson(compiled(source))).toEqual({
      capabilities: [
        {
          default: false,
          id: 5,
          rules: [
            { ipProtocol: 6, not: false, or: false, type: 'MATCH_IP_PROTOCOL' },
            { end: 80, not: false, or: false, start: 80, type: 'MATCH_IP_DEST_PORT_RANGE' },
            { type: 'ACTION_ACCEPT' },
          ],
        },
      ],
      capabilitiesByName: { web: 5 },
      rules: [
        { mask: '0000000000000002', not: false, or: false, type: 'MATCH_CHARACTERISTICS' },
        { id: 1000, not: false, or: false, type: 'MATCH_TAG_SENDER', value: 100 },
        { type: 'ACTION_BREAK' },
        { type: 'ACTION_ACCEPT' },
      ],
      tags: [{ default: 100, id: 1000 }],
      tagsByName: { department: { default: 100, enums: { sales: 100 }, flags: {}, id: 1000 } },
    });
  });

  it('is read back with its names, also where it is of ZeroTier Central', () => {
    const { capabilitiesByName, tagsByName, ...config } = ruleSetToJson(compiled(source));
    const central = { config, capabilitiesByName, tagsByName };
    for (const json of [central, { ...config, capabilitiesByName, tagsByName }]) {
      const { ruleSet, problems } = ruleSetFromJson(json);
      expect(problems).toEqual([]);
      expect(decompile(ruleSet)).toBe(decompile(compiled(source)));
    }
    expect(decompile(ruleSetFromJson(config).ruleSet)).toContain('tseq tag_1000 100');
    expect(decompile(ruleSetFromJson(config['rules']).ruleSet)).toContain('tseq 1000 100');
  });

  it('that holds something else is told where', () => {
    const json = {
      rules: [{ type: 'ACTION_DROP' }, { type: 'MATCH_MOON' }],
      capabilities: [{ id: -1 }, { id: 1, rules: 5 }],
      tags: [{ id: 1, default: 'x' }],
    };
    expect(ruleSetFromJson(json).problems).toEqual([
      'rules[1]: there is no rule "MATCH_MOON"',
      'capabilities[0]: id must be 0 to 4294967295',
      'capabilities[1].rules: rules must be an array',
      'tags[0]: id and default must be 0 to 4294967295',
    ]);
    expect(ruleSetFromJson('x').problems).toEqual(['rules: rules must be an array']);
  });
});
