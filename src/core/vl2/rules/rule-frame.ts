/**
 * What rules are asked about: one frame, and what is known of the two members between whom it goes.
 *
 * Source: vl2 7.2. A {@link RuleFrame} is made once and filled for each frame; nothing here is kept by the rules. The form
 * of compiled rules stands here too, as capabilities are part of what is known of a member.
 */
import type { Address, Mac } from '../../../base/ids.ts';

/** A frame on its way, by reference into the buffer that holds it. */
export interface RuleFrame {
  /** From another member to me; else from me. */
  isInbound: boolean;
  source: Address;
  /** 0: none yet, as for a multicast before its recipients are known. */
  destination: Address;
  sourceMac: Mac;
  destinationMac: Mac;
  /** Always 0 in networks of today. */
  vlanId: number;
  etherType: number;
  /** Holds what follows the Ethernet header in [start, end). */
  bytes: Uint8Array;
  start: number;
  end: number;
  /** The other side: who sent it, or who is to get it; null where nobody in particular, or nothing is known. */
  remote: RemoteSide | null;
}

/** Kinds of IP addresses that a certificate of ownership can name, as on the wire. */
export const ownedIpTypes = { ipv4: 2, ipv6: 3 } as const;
/** One of {@link ownedIpTypes}. */
export type OwnedIpType = (typeof ownedIpTypes)[keyof typeof ownedIpTypes];

/** What {@link RuleSide.tag} says where there is no such tag. */
export const noTag = -1;

/** What rules ask of a member's credentials. Called for each frame: allocates nothing. */
export interface RuleSide {
  /** The value of a tag that counts now, or {@link noTag}. */
  tag(id: number): number;
  /** Whether a certificate that counts now names an IP address. @param bytes - holds it from `start` on */
  ownsIp(type: OwnedIpType, bytes: Uint8Array, start: number): boolean;
  /** Whether a certificate that counts now names an Ethernet address. */
  ownsMac(mac: Mac): boolean;
}

/** The other side. */
export interface RemoteSide extends RuleSide {
  /** The rules of its capabilities that count now, by ascending id. */
  readonly capabilities: readonly CompiledRules[];
}

/** My side. */
export interface OwnSide extends RuleSide {
  readonly self: Address;
  /** With NDP emulation: the prefixes of members' IPv6 addresses (vl2 1.4) of which I hold an address. */
  readonly emulatedPrefixes: readonly Ipv6Prefix[];
  /** 32 random bits, for MATCH_RANDOM. */
  randomU32(): number;
}

/** An IPv6 prefix. */
export interface Ipv6Prefix {
  /** 16 bytes. */
  readonly bytes: Uint8Array;
  readonly bits: number;
}

/** What an evaluation has found out so far, as far as conditions look at it or change it. */
export interface EvaluationState {
  /** I am where a copy goes to: if the frame is accepted, then whatever its addresses. */
  isSuper: boolean;
  /** The next DROP is passed over: a condition was taken for true because a tag is not known here. */
  skipsDrop: boolean;
  /** What was read of the frame, so that a list with many ports reads them once; {@link unread} before. */
  protocol: number;
  sourcePort: number;
  destinationPort: number;
}

/** Not asked for yet. The header readers give −2 and above. */
export const unread = -3;

/** What a condition gives: see `matchResults`. */
export type MatchResult = 0 | 1 | 2 | 3;

/** A condition, ready to be asked for each frame. */
export type Match = (frame: RuleFrame, own: OwnSide, state: EvaluationState) => MatchResult;

/** One rule, ready to be run. */
export interface Step {
  /** Of `stepKinds`. */
  readonly kind: number;
  readonly isNot: boolean;
  readonly isOr: boolean;
  readonly match: Match;
  /** Where TEE, WATCH and REDIRECT send to. */
  readonly address: Address;
  /** How much TEE and WATCH send at most; 0: everything. */
  readonly length: number;
}

/** Rules, in order. Made by `compileRules`. */
export type CompiledRules = readonly Step[];
