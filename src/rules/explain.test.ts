import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { anyRule } from '../../test/synthetic/any-rule.ts';
import type { Address, Mac, NetworkId } from '../base/ids.ts';
import { compileRules } from '../core/vl2/rules/compiled-rules.ts';
import { filterInbound, filterOutbound, FilterOutcome } from '../core/vl2/rules/filter.ts';
import { NetworkRules } from '../core/vl2/rules/network-rules.ts';
import { noTag, type RemoteSide, type RuleFrame } from '../core/vl2/rules/rule-frame.ts';
import type { Capability } from '../wire/credentials/capability.ts';
import {
  ipv4Thing,
  ipv6Thing,
  macThing,
  type CertificateOfOwnership,
} from '../wire/credentials/certificate-of-ownership.ts';
import type { Tag } from '../wire/credentials/tag.ts';
import { isMulticast } from '../wire/mac.ts';
import type { Rule } from '../wire/rules/rule.ts';
import { compile } from './compile.ts';
import type { CompiledSource } from './compiled.ts';
import type { DescribedMember, DescribedPacket } from './described-packet.ts';
import { explanationLines } from './explain-text.ts';
import { decidingRule, explain, judge, type ExplainedSide, type Explanation } from './explain.ts';
import { parsePacket } from './packet-words.ts';

function compiled(source: string): CompiledSource {
  const result = compile(source);
  if (result.kind === 'problems') throw new Error(JSON.stringify(result.problems));
  return result.compiled;
}

function packetOf(words: string, source: CompiledSource): DescribedPacket {
  const result = parsePacket(words, source);
  if (result.kind === 'problems') throw new Error(JSON.stringify(result.problems));
  return result.packet;
}

function explained(source: string, words: string): Explanation {
  const rules = compiled(source);
  return explain(rules, packetOf(words, rules));
}

/** `side: verdict index` of the rule that decided. */
function decisions({ sides }: Explanation): string[] {
  return sides.map((side) => {
    const decided = decidingRule(side);
    const by =
      decided === null
        ? 'nothing'
        : `${decided.list.capability ?? 'network'} ${decided.rule.index}`;
    return `${side.side} ${side.verdict} ${by}`;
  });
}

describe('an explanation', () => {
  const office = `
    tag department id 1 enum 1 sales enum 2 support default sales;
    cap admin id 9 accept dport 22; ;
    cap web id 3 accept dport 80; drop; ;
    drop not ethertype ipv4 and not ethertype arp;
    accept tdiff department 0;
    break chr tcp_syn and not chr tcp_ack;
    accept;`;

  it('names the rule that decided on each side', () => {
    expect(decisions(explained(office, 'from member to member ethertype ipv6'))).toEqual([
      'sender drop network 2',
      'receiver drop network 2',
    ]);
    expect(decisions(explained(office, 'from member to member dport 9 ipprotocol tcp'))).toEqual([
      'sender accept network 4',
      'receiver accept network 4',
    ]);
  });

  it('names the capability that accepted, and those that were asked before', () => {
    const words =
      'from member with cap web and cap admin to member with tag department support ipprotocol tcp dport 22';
    const explanation = explained(office, words);
    expect(explanation.verdict).toBe('accept');
    expect(decisions(explanation)).toEqual(['sender accept admin 1', 'receiver accept admin 1']);
    expect(
      explanation.sides[0]?.lists.map(({ capability, result }) => [capability, result]),
    ).toEqual([
      [null, 'no-match'],
      ['web', 'drop'],
      ['admin', 'accept'],
    ]);
    const without = explained(office, words.replace(' and cap admin', ''));
    expect(decisions(without)).toEqual(['sender drop network 7', 'receiver drop network 7']);
  });

  it('says which conditions were true, false, not asked and not applicable', () => {
    const { sides } = explained(
      `tag role id 1; drop ethertype arp and dport 1 or not icmp 8 -1 or tseq role 1; accept;`,
      'from member to member ipprotocol udp dport 1',
    );
    expect(sides[0]?.lists[0]?.rules.map(({ text, answer }) => [text, answer])).toEqual([
      ['ethertype arp', 'false'],
      ['dport 1', 'not-asked'],
      ['or not icmp 8 -1', 'not-applicable'],
      ['or tseq role 1', 'not-applicable'],
      ['drop', null],
      ['accept', null],
    ]);
  });

  it('tells who gets a copy, and that a redirected packet does not arrive', () => {
    const tee = explained(
      'tee 10 deadbeef11; watch -1 deadbeef22; accept;',
      'from member to member',
    );
    expect(tee.sides.map(({ forwards }) => forwards)).toEqual([
      [{ action: 'watch', to: 'deadbeef22', length: 28 }],
      [{ action: 'watch', to: 'deadbeef22', length: 28 }],
    ]);
    const redirect = explained('redirect deadbeef11; accept;', 'from member to member');
    expect(redirect.verdict).toBe('drop');
    expect(redirect.sides[0]?.forwards[0]?.action).toBe('redirect');
    expect(explained('redirect deadbeef11; accept;', 'from deadbeef11 to member').verdict).toBe(
      'accept',
    );
  });

  it('asks the sender twice of what goes to a group', () => {
    const source = 'tag role id 1 default 0; accept treq role 0; ';
    const group = explained(source, 'from member to member chr multicast');
    expect(decisions(group)).toEqual([
      'sender-to-group accept network 1',
      'sender accept network 1',
      'receiver accept network 1',
    ]);
    expect(group.sides[0]?.lists[0]?.rules[0]?.answer).toBe('left-open');
    expect(explained('accept ztdest 89e92ceee5;', 'from member to 89e92ceee5').verdict).toBe(
      'accept',
    );
    expect(
      explained('accept ztdest 89e92ceee5;', 'from member to 89e92ceee5 chr broadcast').verdict,
    ).toBe('drop');
  });

  it('points at lines of the source, through macros', () => {
    const source = 'macro web($p)\n  accept ipprotocol tcp\n  dport $p;\n;\n\ninclude web(80)\n';
    const explanation = explained(source, 'from member to member ipprotocol tcp dport 80');
    expect(explanationLines(explanation, { isLong: true })).toEqual([
      'accept',
      '  sender: accept, by rule 2 (line 2, included in line 6): accept',
      '    rules of the network:',
      '     0  line 2       ipprotocol tcp: true',
      '     1  line 3       dport 80: true',
      '     2  line 2     accept  ← decides',
      '  receiver: accept, by rule 2 (line 2, included in line 6): accept',
      '    rules of the network:',
      '     0  line 2       ipprotocol tcp: true',
      '     1  line 3       dport 80: true',
      '     2  line 2     accept  ← decides',
    ]);
  });

  it('says so where no rule decides', () => {
    expect(explanationLines(explained('', 'from member to member'), { isLong: false })).toEqual([
      'drop',
      '  sender: drop, as no rule accepts it',
      '  receiver: drop, as no rule accepts it',
    ]);
  });
});

/** The same packet put to the engine as a node does it: configuration, credentials, frame. */
function engineVerdict(
  source: CompiledSource,
  packet: DescribedPacket,
  side: ExplainedSide['side'],
): string {
  const isInbound = side === 'receiver';
  const { sender, receiver, payload } = packet;
  const owned = ownedThings(packet);
  const own = isInbound ? receiver : sender;
  const held = source.capabilities.filter(({ id }) => own.capabilities.has(id)).reverse();
  const rules = new NetworkRules(
    {
      networkId: 1n as NetworkId,
      issuedTo: own.address,
      flags: 0n,
      rules: source.rules,
      capabilities: held.map(
        (each) => ({ id: each.id, rules: each.rules }) as unknown as Capability,
      ),
      tags: [...own.tags].map(([id, value]) => ({ id, value }) as unknown as Tag),
      ownerships: isInbound ? [] : [{ things: owned } as unknown as CertificateOfOwnership],
      staticIps: [],
    },
    () => packet.randomU32,
  );
  const remoteRules = new NetworkRules(
    {
      networkId: 1n as NetworkId,
      issuedTo: sender.address,
      flags: 0n,
      rules: [],
      capabilities: [],
      tags: [],
      ownerships: isInbound ? [{ things: owned } as unknown as CertificateOfOwnership] : [],
      staticIps: [],
    },
    () => 0,
  );
  const other = isInbound ? sender : receiver;
  const remote: RemoteSide = {
    tag: (id) => other.tags.get(id) ?? noTag,
    ownsIp: (type, bytes, start) => remoteRules.ownsIp(type, bytes, start),
    ownsMac: (mac) => remoteRules.ownsMac(mac),
    capabilities: source.capabilities
      .filter(({ id }) => sender.capabilities.has(id))
      .map((each) => compileRules(each.rules, false)),
  };
  const isNobody = side === 'sender-to-group';
  const frame: RuleFrame = {
    isInbound,
    source: sender.address,
    destination: isNobody ? (0 as Address) : receiver.address,
    sourceMac: packet.sourceMac,
    destinationMac: packet.destinationMac,
    vlanId: packet.vlanId,
    etherType: packet.etherType,
    bytes: payload,
    start: 0,
    end: payload.length,
    remote: isNobody ? null : remote,
  };
  const outcome = new FilterOutcome();
  if (isInbound) return filterInbound(rules, frame, outcome);
  const noTee = side === 'sender' && isMulticast(packet.destinationMac);
  return filterOutbound(rules, frame, outcome, { noTee });
}

function ownedThings({ payload, etherType, sourceMac, ...packet }: DescribedPacket) {
  const view = new DataView(payload.buffer, payload.byteOffset);
  return [
    ...(packet.isMacAuthenticated ? [macThing(sourceMac)] : []),
    ...(packet.isIpAuthenticated && etherType === 0x0800 ? [ipv4Thing(view.getUint32(12))] : []),
    ...(packet.isIpAuthenticated && etherType === 0x0806 ? [ipv4Thing(view.getUint32(14))] : []),
    ...(packet.isIpAuthenticated && etherType === 0x86dd ? [ipv6Thing(payload.slice(8, 24))] : []),
  ];
}

describe('explanation and engine', () => {
  const me = 0x11_1111_1111 as Address;
  const peer = 0x22_2222_2222 as Address;
  /** Values that meet those of the packets. */
  const meeting: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    zt: fc.constantFrom(me, peer, 0 as Address),
    address: fc.constantFrom(me, peer, 0x33_3333_3333 as Address),
    tag: fc.constantFrom(1, 2, 3),
    value: fc.constantFrom(0, 1, 3),
    etherType: fc.constantFrom(0x0800, 0x86dd, 0x0806),
    ipProtocol: fc.constantFrom(6, 17, 1, 58),
    mask: fc.constantFrom(1n << 63n, 1n << 62n, 1n << 60n, 1n << 59n, 2n, 0x10n),
    icmpType: fc.constantFrom(8, 128),
  };
  const rule: fc.Arbitrary<Rule> = anyRule.chain((each) => {
    const names = Object.keys(each).filter(
      (name) => name in meeting && !(name === 'mask' && each.kind === 'MATCH_IP_TOS'),
    );
    return fc
      .record(
        Object.fromEntries(names.map((name) => [name, meeting[name] as fc.Arbitrary<unknown>])),
      )
      .map((values) => ({ ...each, ...values }));
  });
  const placed = (max: number): fc.Arbitrary<Pick<CompiledSource, 'rules' | 'origins'>> =>
    fc.array(rule, { maxLength: max }).map((rules) => ({
      rules,
      origins: rules.map((_, i) => ({ line: i + 1, column: 1, includedAt: null })),
    }));
  const source: fc.Arbitrary<CompiledSource> = fc
    .tuple(placed(12), fc.array(placed(5), { maxLength: 3 }))
    .map(([base, capabilities]) => ({
      ...base,
      capabilities: capabilities.map((each, i) => ({
        ...each,
        id: i + 1,
        name: `c${i + 1}`,
        isDefault: false,
      })),
      tags: [],
      capabilitiesByName: new Map(),
      tagsByName: new Map(),
      tests: [],
      warnings: [],
    }));
  const member = (address: Address): fc.Arbitrary<DescribedMember> =>
    fc
      .tuple(fc.subarray([1, 2, 3]), fc.subarray([1, 2, 3]), fc.constantFrom(0, 1, 3))
      .map(([tags, capabilities, value]) => ({
        address,
        name: 'member',
        tags: new Map(tags.map((id) => [id, value])),
        capabilities: new Set(capabilities),
      }));
  const words = fc.constantFrom(
    ...[
      'ethertype ipv4',
      'ethertype arp',
      'ethertype ipv6',
      'ethertype 0x1234',
      'icmp 8',
      'not chr ipauth',
    ],
    ...[
      'ipprotocol tcp dport 22',
      'ipprotocol tcp chr tcp_ack',
      'ipprotocol udp',
      'ipprotocol icmp6 icmp 128',
      'ipprotocol icmp6 icmp 136',
      'ipsrc fd00::1 icmp 135 not chr ipauth',
    ],
    ...[
      'chr multicast',
      'chr broadcast ethertype arp',
      'chr macauth',
      'framesize 100',
      'vlan 3',
      'random 0.1',
    ],
  );

  it('agree on every side of any packet under any rules', () => {
    const verdicts = new Set<string>();
    const deciders = new Set<string>();
    fc.assert(
      fc.property(source, words, member(me), member(peer), (rules, described, sender, receiver) => {
        const packet = {
          ...packetOf(`from member to member ${described}`, rules),
          sender,
          receiver,
        };
        const explanation = explain(rules, packet);
        expect(judge(rules)(packet)).toBe(explanation.verdict);
        for (const each of explanation.sides) {
          expect(each.verdict).toBe(engineVerdict(rules, packet, each.side));
          verdicts.add(each.verdict);
          deciders.add(decidingRule(each)?.list.capability ?? 'network');
          for (const list of each.lists) expectConsistent(list);
        }
      }),
      { numRuns: 1_500, seed: 9 },
    );
    expect([...verdicts].sort()).toEqual(['accept', 'drop', 'super-accept']);
    expect([...deciders].sort()).toEqual(['c1', 'c2', 'c3', 'network']);
  });

  /** The conditions before the rule that decided come to true, by the answers that are shown. */
  function expectConsistent({ rules, deciding }: ExplainedSide['lists'][number]): void {
    if (deciding === null) return;
    let isSet = true;
    for (const each of rules.slice(0, -1)) {
      if (each.isAction) {
        isSet = true;
        continue;
      }
      const holds = each.answer === 'true' || each.answer === 'left-open';
      isSet = each.text.startsWith('or ') ? isSet || holds : isSet && holds;
    }
    expect(isSet).toBe(true);
    expect(rules.at(-1)).toBe(deciding);
  }
});

it('macs of members follow from their addresses', () => {
  const rules = compiled('');
  const { sourceMac, destinationMac } = packetOf('from 89e92ceee5 to member', rules);
  const macs: Mac[] = [sourceMac, destinationMac];
  expect(new Set(macs).size).toBe(2);
  expect(macs.some(isMulticast)).toBe(false);
});
