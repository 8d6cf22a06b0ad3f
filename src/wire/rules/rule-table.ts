/**
 * Every rule of the rules engine: its number on the wire and the fields it holds, in order. The one place to add a rule.
 *
 * Source: vl2 7.1. Numbers up to 15 are actions. The names of rules and fields are those of the controller's JSON
 * (management 2.3), but for `tag` (there `id`) and an IP prefix (there one text).
 */
import type { FieldKind } from './rule-fields.ts';

/** The table. */
export const ruleTable = {
  ACTION_DROP: { id: 0, fields: {} },
  ACTION_ACCEPT: { id: 1, fields: {} },
  ACTION_TEE: { id: 2, fields: { address: 'address64', flags: 'u32', length: 'u16' } },
  ACTION_WATCH: { id: 3, fields: { address: 'address64', flags: 'u32', length: 'u16' } },
  ACTION_REDIRECT: { id: 4, fields: { address: 'address64', flags: 'u32', length: 'u16' } },
  ACTION_BREAK: { id: 5, fields: {} },
  // 1.14.1 does not put the bucket on the wire.
  ACTION_PRIORITY: { id: 6, fields: {} },
  MATCH_SOURCE_ZEROTIER_ADDRESS: { id: 24, fields: { zt: 'address' } },
  MATCH_DEST_ZEROTIER_ADDRESS: { id: 25, fields: { zt: 'address' } },
  MATCH_VLAN_ID: { id: 26, fields: { vlanId: 'u16' } },
  MATCH_VLAN_PCP: { id: 27, fields: { vlanPcp: 'u8' } },
  MATCH_VLAN_DEI: { id: 28, fields: { vlanDei: 'u8' } },
  MATCH_MAC_SOURCE: { id: 29, fields: { mac: 'mac' } },
  MATCH_MAC_DEST: { id: 30, fields: { mac: 'mac' } },
  MATCH_IPV4_SOURCE: { id: 31, fields: { ip: 'ipv4', bits: 'u8' } },
  MATCH_IPV4_DEST: { id: 32, fields: { ip: 'ipv4', bits: 'u8' } },
  MATCH_IPV6_SOURCE: { id: 33, fields: { ip: 'ipv6', bits: 'u8' } },
  MATCH_IPV6_DEST: { id: 34, fields: { ip: 'ipv6', bits: 'u8' } },
  MATCH_IP_TOS: { id: 35, fields: { mask: 'u8', start: 'u8', end: 'u8' } },
  MATCH_IP_PROTOCOL: { id: 36, fields: { ipProtocol: 'u8' } },
  MATCH_ETHERTYPE: { id: 37, fields: { etherType: 'hex16' } },
  // Flag 1: the code is compared too.
  MATCH_ICMP: { id: 38, fields: { icmpType: 'u8', icmpCode: 'u8', flags: 'u8' } },
  MATCH_IP_SOURCE_PORT_RANGE: { id: 39, fields: { start: 'u16', end: 'u16' } },
  MATCH_IP_DEST_PORT_RANGE: { id: 40, fields: { start: 'u16', end: 'u16' } },
  MATCH_CHARACTERISTICS: { id: 41, fields: { mask: 'u64' } },
  MATCH_FRAME_SIZE_RANGE: { id: 42, fields: { start: 'u16', end: 'u16' } },
  MATCH_RANDOM: { id: 43, fields: { probability: 'u32' } },
  MATCH_TAGS_DIFFERENCE: { id: 44, fields: { tag: 'u32', value: 'u32' } },
  MATCH_TAGS_BITWISE_AND: { id: 45, fields: { tag: 'u32', value: 'u32' } },
  MATCH_TAGS_BITWISE_OR: { id: 46, fields: { tag: 'u32', value: 'u32' } },
  MATCH_TAGS_BITWISE_XOR: { id: 47, fields: { tag: 'u32', value: 'u32' } },
  MATCH_TAGS_EQUAL: { id: 48, fields: { tag: 'u32', value: 'u32' } },
  MATCH_TAG_SENDER: { id: 49, fields: { tag: 'u32', value: 'u32' } },
  MATCH_TAG_RECEIVER: { id: 50, fields: { tag: 'u32', value: 'u32' } },
  // Format: 0x80 little endian, the lower six bits the number of bits less one.
  MATCH_INTEGER_RANGE: {
    id: 51,
    fields: { start: 'u64', end: 'u64', index: 'u16', format: 'u8' },
  },
} as const;

/** The name of a rule that is known. */
export type RuleKind = keyof typeof ruleTable;

/** What the table says of one rule. */
export interface RuleSpec {
  /** 0–63; below 16 an action. */
  readonly id: number;
  /** The field's parts in the order of the wire. */
  readonly fields: Readonly<Record<string, FieldKind>>;
}

/** The table as a list. */
export const ruleSpecs: readonly (RuleSpec & { readonly kind: RuleKind })[] = Object.entries(
  ruleTable as Readonly<Record<RuleKind, RuleSpec>>,
).map(([kind, spec]) => ({ kind: kind as RuleKind, ...spec }));
