import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeRule } from '../wire/rules/rule.ts';
import { compile, includesMax, testsMax } from './compile.ts';
import type { CompiledSource } from './compiled.ts';
import { conditionWords } from './conditions.ts';
import { rulesToJson } from './json.ts';
import { problemsMax } from './problem.ts';
import { sourceLengthMax } from './tokens.ts';

function compiled(source: string): CompiledSource {
  const result = compile(source);
  if (result.kind === 'problems') throw new Error(JSON.stringify(result.problems));
  return result.compiled;
}

function shown(source: string): string[] {
  return compiled(source).rules.map(describeRule);
}

/** `line:column message`, for each. */
function problems(source: string): string[] {
  const result = compile(source);
  if (result.kind === 'compiled') return [];
  return result.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('the documented language', () => {
  it('compiles the default rules of ZeroTier Central to the JSON that its documentation shows', () => {
    const { rules } = compiled(
      'drop not ethertype ipv4 and not ethertype arp and not ethertype ipv6; accept;',
    );
    expect(rulesToJson(rules)).toEqual([
      { etherType: 2048, not: true, or: false, type: 'MATCH_ETHERTYPE' },
      { etherType: 2054, not: true, or: false, type: 'MATCH_ETHERTYPE' },
      { etherType: 34525, not: true, or: false, type: 'MATCH_ETHERTYPE' },
      { type: 'ACTION_DROP' },
      { type: 'ACTION_ACCEPT' },
    ]);
  });

  it('puts conditions before their action, joined from left to right', () => {
    expect(shown('accept dport 139 or dport 445 and ipprotocol tcp and tdiff 100 0;')).toEqual([
      'IP_DEST_PORT_RANGE start=139 end=139',
      'or IP_DEST_PORT_RANGE start=445 end=445',
      'IP_PROTOCOL 6',
      'TAGS_DIFFERENCE tag=100 value=0',
      'ACCEPT',
    ]);
  });

  it('needs no "and", and knows comments anywhere', () => {
    expect(
      shown('# first\naccept#now\n  chr tcp_syn # SYN; not the end\n\tnot chr tcp_ack\n;'),
    ).toEqual([
      'CHARACTERISTICS 0000000000000002',
      'not CHARACTERISTICS 0000000000000010',
      'ACCEPT',
    ]);
  });

  it.each([
    ['ztsrc 89e92ceee5', 'SOURCE_ZEROTIER_ADDRESS 89e92ceee5'],
    ['ztdest 89E92CEEE5', 'DEST_ZEROTIER_ADDRESS 89e92ceee5'],
    ['vlan 100', 'VLAN_ID 100'],
    ['vlanpcp 7', 'VLAN_PCP 7'],
    ['vlandei 1', 'VLAN_DEI 1'],
    ['macsrc 02:00:00:00:00:ff', 'MAC_SOURCE 02:00:00:00:00:ff'],
    ['macdest 02-00-00-00-00-ff', 'MAC_DEST 02:00:00:00:00:ff'],
    ['ipsrc 10.0.0.0/8', 'IPV4_SOURCE ip=10.0.0.0 bits=8'],
    ['ipdest fd00::/8', 'IPV6_DEST ip=fd00:: bits=8'],
    ['iptos 0xfc 32-63', 'IP_TOS mask=252 start=32 end=63'],
    ['ipprotocol icmp6', 'IP_PROTOCOL 58'],
    ['ipprotocol 0x2f', 'IP_PROTOCOL 47'],
    ['ethertype wol', 'ETHERTYPE 0x0842'],
    ['ethertype 0x88cc', 'ETHERTYPE 0x88cc'],
    ['icmp 8 -1', 'ICMP icmpType=8 icmpCode=0 flags=0'],
    ['icmp 3 4', 'ICMP icmpType=3 icmpCode=4 flags=1'],
    ['sport 1024-65535', 'IP_SOURCE_PORT_RANGE start=1024 end=65535'],
    ['dport 22', 'IP_DEST_PORT_RANGE start=22 end=22'],
    ['chr inbound', 'CHARACTERISTICS 8000000000000000'],
    ['chr ipauth', 'CHARACTERISTICS 1000000000000000'],
    ['chr 0x3', 'CHARACTERISTICS 0000000000000003'],
    ['framesize 0-1500', 'FRAME_SIZE_RANGE start=0 end=1500'],
    ['random 1.0', 'RANDOM 4294967295'],
    ['random 0.5', 'RANDOM 2147483648'],
    ['tdiff role 0', 'TAGS_DIFFERENCE tag=7 value=0'],
    ['tand role 1', 'TAGS_BITWISE_AND tag=7 value=1'],
    ['tor 7 1', 'TAGS_BITWISE_OR tag=7 value=1'],
    ['txor role boss', 'TAGS_BITWISE_XOR tag=7 value=3'],
    ['teq role left', 'TAGS_EQUAL tag=7 value=16'],
    ['tseq role 2', 'TAG_SENDER tag=7 value=2'],
    ['treq role 2', 'TAG_RECEIVER tag=7 value=2'],
  ])('reads %s', (words, rule) => {
    expect(shown(`tag role id 7 enum 3 boss flag 4 left; accept ${words};`)).toEqual([
      rule,
      'ACCEPT',
    ]);
  });

  it('has a test of every condition above', () => {
    expect(conditionWords).toHaveLength(25);
  });

  it('reads every action', () => {
    expect(
      shown('drop; break; tee -1 deadbeef11; watch 128 deadbeef11; redirect deadbeef11; accept;'),
    ).toEqual([
      'DROP',
      'BREAK',
      'TEE address=deadbeef11 flags=0 length=65535',
      'WATCH address=deadbeef11 flags=0 length=128',
      'REDIRECT address=deadbeef11 flags=0 length=0',
      'ACCEPT',
    ]);
  });

  it('puts values for the variables of macros, also within words', () => {
    const source = `
      macro ports($from, $to) accept ipprotocol tcp and dport $from-$to; ;
      macro web include ports(80,80) include ports(443, 443) ;
      include web
      cap admin id 1 include ports(22,23) ;`;
    expect(shown(source)).toEqual([
      ...['IP_PROTOCOL 6', 'IP_DEST_PORT_RANGE start=80 end=80', 'ACCEPT'],
      ...['IP_PROTOCOL 6', 'IP_DEST_PORT_RANGE start=443 end=443', 'ACCEPT'],
    ]);
    expect(compiled(source).capabilities[0]?.rules).toHaveLength(3);
    // A rule of a macro stands in the macro, and says where that was included.
    expect(compiled(source).origins[4]).toEqual({
      line: 2,
      column: 57,
      includedAt: { line: 4, column: 7 },
    });
  });

  it('keeps names, defaults and values of tags and capabilities', () => {
    const { tags, tagsByName, capabilities, capabilitiesByName } = compiled(`
      tag classified id 2 enum 0 no enum 1 secret default no;
      tag clearance id 1 flag 0 staging flag 31 executive default executive;
      tag bare id 0xffffffff;
      cap superuser id 1000 accept; ;
      cap basic default id 1 accept dport 53; drop; ;`);
    expect(tags.map(({ id, name, default: value }) => [id, name, value])).toEqual([
      [1, 'clearance', 0x8000_0000],
      [2, 'classified', 0],
      [0xffff_ffff, 'bare', null],
    ]);
    expect(tagsByName.get('clearance')?.flags).toEqual(
      new Map([
        ['staging', 0],
        ['executive', 31],
      ]),
    );
    expect(capabilities.map(({ id, isDefault, rules }) => [id, isDefault, rules.length])).toEqual([
      [1, true, 3],
      [1000, false, 1],
    ]);
    expect([...capabilitiesByName.keys()]).toEqual(['superuser', 'basic']);
  });

  it('warns of IPv6 networks with bits behind their prefix, as nothing matches them', () => {
    const { warnings } = compiled(
      'accept ipsrc fd00::1/64 or ipsrc fd00::/64 or ipdest fd00::1/128;',
    );
    expect(warnings.map(({ line, column }) => [line, column])).toEqual([[1, 14]]);
  });
});

describe('a mistake', () => {
  it.each([
    ['dorp;', '1:1 "dorp" begins no statement'],
    ['accept', '1:7 the end is no condition'],
    ['accept\n  dport 99999;', '2:9 "99999" is not a port or ports'],
    ['accept dport 9-5;', '1:14 "9-5" runs backwards'],
    ['accept dport;', '1:13 ";" stands there'],
    ['accept ipprotocol tcpp;', '1:19 "tcpp" is not an IP protocol'],
    ['accept ipsrc 10.0.0.1;', '1:14 "10.0.0.1" is no IP network'],
    ['accept ipsrc 10.0.0.1/33;', '1:14 "10.0.0.1/33" is no IP network'],
    ['accept random 1.5;', '1:15 "1.5" is no probability'],
    ['accept chr syn;', '1:12 "syn" is not a characteristic'],
    ['accept chr 0x10000000000000000;', '1:12 "0x10000000000000000" is not a characteristic'],
    ['accept ztsrc 89e92cee;', '1:14 "89e92cee" is no address'],
    ['accept tseq role 1;', '1:13 there is no tag "role" above'],
    ['tag role id 1; accept tseq role boss;', '1:33 "boss" is not a value of the tag'],
    ['tag role enum 1 boss;', '1:5 tag role has no id'],
    ['tag drop id 1;', '1:5 "drop" is a word of the language'],
    ['tag a id 1; tag b id 1;', '1:22 tag a has this id already'],
    ['tag a id 1; tag a id 2;', '1:17 there is a tag a already'],
    ['tag a id 1 flag 32 x;', '1:17 "32" is not a bit'],
    ['cap a accept; ;', '1:5 capability a has no id'],
    ['cap a id 1 accept;', '1:19 the end stands there'],
    ['cap a id 1 tag b id 1; ;', '1:12 "tag" stands there'],
    ['macro a($x) accept dport $x; ; include a(1,2)', '1:40 macro a is given 2 values'],
    ['include a(1)', '1:9 there is no macro "a" above'],
    ['macro a accept;', '1:16 macro a does not end'],
    ['macro a($x,$x) accept; ;', '1:12 "$x" is no new variable'],
    ['macro a include a ; include a', '1:9 too many macros are included'],
    ['raw 25;', '1:1 these are no rules'],
    ['expect pass from member to member;', '1:8 "pass" stands there'],
    ['accept; ;', '1:9 ";" begins no statement'],
    ['\u001b[2Jdrop;', '1:1 "\\u{1b}[2Jdrop" begins no statement'],
  ])('in %j is told with its place', (source, told) => {
    expect(problems(source)).toEqual([told]);
  });

  it('does not hide the next one', () => {
    expect(
      problems(
        'drop not ethertype ipv4\naccept;\nbrak;\ncap a id 1\n accept dport x;\n accept vlan y;\n;',
      ),
    ).toEqual([
      '2:1 "accept" begins a statement: the one before it has no ";"',
      '3:1 "brak" begins no statement',
      '5:15 "x" is not a port or ports',
      '6:14 "y" is not a VLAN',
    ]);
    expect(problems('nothing; '.repeat(100))).toHaveLength(problemsMax);
  });

  it('says what could stand there', () => {
    const result = compile('accept ethertype ip4;');
    expect(result.kind === 'problems' && result.problems[0]?.expected).toBe(
      'an Ethernet type: ipv4, arp, ipv6, wol, rarp, atalk, aarp, ipx_a, ipx_b, or a number from 0 to 65535',
    );
  });
});

describe('limits', () => {
  it('are those of a network', () => {
    expect(problems('drop;'.repeat(1024))).toEqual([]);
    expect(problems('drop;'.repeat(1025))).toEqual(['1:5121 there are too many rules']);
    expect(problems(`cap a id 1 ${'drop;'.repeat(64)} ;`)).toEqual([]);
    expect(problems(`cap a id 1 ${'drop;'.repeat(65)} ; accept;`)).toEqual([
      '1:332 there are too many rules',
    ]);
    const tags = Array.from({ length: 129 }, (_, i) => `tag t${i} id ${i};`);
    expect(problems(tags.slice(1).join('\n'))).toEqual([]);
    expect(problems(tags.join('\n'))).toEqual(['129:5 there is one tag too many']);
  });

  it('are those of tests', () => {
    const test = 'expect drop from member to member;';
    expect(problems(test.repeat(testsMax))).toEqual([]);
    expect(problems(test.repeat(testsMax + 1))).toEqual(['1:8705 there are too many tests']);
  });

  it('end macros that grow without bound', () => {
    const doubling = ['macro m0 ;'];
    for (let i = 1; i < 40; i++) doubling.push(`macro m${i} include m${i - 1} include m${i - 1} ;`);
    expect(problems(`${doubling.join('\n')}\ninclude m39`)).toEqual([
      expect.stringMatching(/too many macros are included/),
    ]);
    expect(problems(`${doubling.slice(0, 11).join('\n')}\ninclude m10`)).toEqual([]);
    const wide = `macro a ; macro b ${'include a '.repeat(includesMax)} ; include b`;
    expect(problems(wide)).toHaveLength(1);
    const words = ['macro w0($a) accept dport $a; ;'];
    for (let i = 1; i < 15; i++) words.push(`macro w${i}($a) include w${i - 1}($a$a) ;`);
    expect(problems(`${words.join('\n')}\ninclude w14(1)`)).toEqual([
      expect.stringMatching(/a word has 512 characters/),
    ]);
  });

  it('end long sources and long words', () => {
    expect(problems(' '.repeat(sourceLengthMax))).toEqual([]);
    expect(problems(' '.repeat(sourceLengthMax + 1))).toHaveLength(1);
    expect(problems('x'.repeat(100_000))).toEqual(['1:1 a word has 100000 characters']);
  });
});

describe('any text', () => {
  const word = fc.constantFrom(
    ...[
      'drop',
      'accept',
      'tee',
      'watch',
      'redirect',
      'tag',
      'cap',
      'macro',
      'include',
      'expect',
      'raw',
    ],
    ...conditionWords.map((each) => each.word),
    ...[
      'and',
      'or',
      'not',
      'id',
      'default',
      'enum',
      'flag',
      'from',
      'to',
      'member',
      'with',
      'without',
    ],
    ...[
      ';',
      ';',
      ';',
      '(',
      ')',
      ',',
      '#',
      '\n',
      '$a',
      'a',
      'b',
      '1',
      '-1',
      '0x10',
      '1-2',
      'tcp',
      'ipv6',
    ],
    ...['10.0.0.0/8', 'fd00::/8', '89e92ceee5', 'aa:bb:cc:dd:ee:ff', 'tcp_syn', '0.5', '0100'],
  );

  it('is compiled or refused, and never thrown', () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(fc.oneof(fc.array(word, { maxLength: 60 }), fc.array(fc.string())), (words) => {
        const result = compile(words.join(' '));
        kinds.add(result.kind);
        if (result.kind === 'compiled') return;
        expect(result.problems.length).toBeGreaterThan(0);
        for (const { line, column } of result.problems)
          expect([line >= 1, column >= 1]).toEqual([true, true]);
      }),
      { numRuns: 3_000, seed: 1 },
    );
    expect(kinds.size).toBe(2);
  });
});
