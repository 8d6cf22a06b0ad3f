/**
 * What a controller keeps of a member of a network: plain values that can be stored and shown.
 *
 * Source: management 2.2.
 */
import type { Address, NetworkId } from '../base/ids.ts';
import type { Identity } from '../wire/identity.ts';
import { sameValue } from './same-value.ts';

/** What a person sets. */
export interface MemberSettings {
  readonly name: string;
  /** For people, ours alone: at most 4,096 characters. */
  readonly description: string;
  /** It may speak for hosts behind it. */
  readonly isActiveBridge: boolean;
  /** It gets the addresses of {@link ipAssignments} and no others. */
  readonly noAutoAssignIps: boolean;
  /** IP addresses without prefix; those given out of pools are among them. */
  readonly ipAssignments: readonly string[];
  /** Values of tags, each id once; those that a person set by ascending id, then what the network gave. */
  readonly tags: readonly MemberTag[];
  /** Ids of the network's capabilities, ascending. */
  readonly capabilities: readonly number[];
  /** Where it reports what it does with frames, in place of what the network says; null: what the network says. */
  readonly traceTarget: Address | null;
  readonly traceLevel: number;
  /** Until when it has signed on, ms; kept, and without meaning here: nobody has to sign on. */
  readonly authenticationExpiryMs: number;
}

/** The value of a tag, both 32 bits. */
export interface MemberTag {
  readonly id: number;
  readonly value: number;
}

/** Why a member is authorised. */
export type Authorization = 'command' | 'public' | 'token';

/**
 * A change of what a person sets; `isAuthorized`: whether it may be in the network, which also happens otherwise; `isBanned`:
 * whether nothing but a person lets it in.
 */
export type MemberChanges = Partial<MemberSettings> & {
  readonly isAuthorized?: boolean;
  readonly isBanned?: boolean;
};

/** A member, or who has asked to be one. */
export interface MemberRecord extends MemberSettings {
  readonly networkId: NetworkId;
  readonly address: Address;
  /** Null until it first asks; another identity of the same address is refused from then on. */
  readonly identity: Identity | null;
  /** Null: it may not. */
  readonly authorization: Authorization | null;
  /** Why it was authorised last; null: it never was. */
  readonly lastAuthorization: Authorization | null;
  /** The token that let it in last; null: it was not a token. */
  readonly lastCredential: string | null;
  /** 1 at first, one more with each change of anything here. */
  readonly revision: number;
  /** Since the Unix epoch, ms; 0: never. */
  readonly authorizedAtMs: number;
  readonly deauthorizedAtMs: number;
  /** While it is not 0 it is never authorised: not by a public network, an invitation or a token. */
  readonly bannedAtMs: number;
  readonly createdAtMs: number;
  /** What it runs, as it says; null until it first asks while authorised. */
  readonly software: Software | null;
}

/** Of a node. */
export interface Software {
  readonly protocolVersion: number;
  readonly majorVersion: number;
  readonly minorVersion: number;
  readonly revision: number;
}

/** Who has not asked yet; its revision is counted when it is saved. */
export function newMember(networkId: NetworkId, address: Address, nowMs: number): MemberRecord {
  return {
    networkId,
    address,
    name: '',
    description: '',
    identity: null,
    authorization: null,
    lastAuthorization: null,
    lastCredential: null,
    revision: 0,
    authorizedAtMs: 0,
    deauthorizedAtMs: 0,
    bannedAtMs: 0,
    createdAtMs: nowMs,
    isActiveBridge: false,
    noAutoAssignIps: false,
    ipAssignments: [],
    tags: [],
    capabilities: [],
    traceTarget: null,
    traceLevel: 0,
    authenticationExpiryMs: 0,
    software: null,
  };
}

/** Whether nothing is kept of a node: it has never asked, was never let in, and nobody has set anything. */
export function isBlank(member: MemberRecord): boolean {
  const { networkId, address, createdAtMs, revision } = member;
  return sameValue(member, { ...newMember(networkId, address, createdAtMs), revision });
}
