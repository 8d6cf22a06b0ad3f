/**
 * What a controller keeps of a network: plain values that can be stored and shown. IP addresses are text.
 *
 * Source: management 2.1 for the settings and what they are without any.
 */
import type { Address, NetworkId } from '../base/ids.ts';
import type { Rules } from '../wire/rules/rules.ts';

/** What a person sets. */
export interface NetworkSettings {
  /** At most 127 characters of Latin-1. */
  readonly name: string;
  /** For people, ours alone: at most 4,096 characters; members are not told. */
  readonly description: string;
  /** Members must be authorised; else everybody who asks is. */
  readonly isPrivate: boolean;
  readonly hasBroadcast: boolean;
  /** Brought within 1,280 to 10,000. */
  readonly mtu: number;
  /** To how many members a multicast goes; 0: there is none. */
  readonly multicastLimit: number;
  /** Give each member an IPv4 address of a pool. */
  readonly assignsIpv4: boolean;
  /** Give each member an IPv6 address of a pool. */
  readonly assignsIpv6: boolean;
  /** Give each member the IPv6 address fd…/88 that follows from its own. */
  readonly assignsRfc4193: boolean;
  /** Give each member the IPv6 address fc…/40 that follows from its own. */
  readonly assigns6plane: boolean;
  readonly routes: readonly RouteSetting[];
  readonly pools: readonly PoolSetting[];
  readonly dns: DnsSetting;
  /** At most 1,024; of an empty list nothing passes that no capability accepts. */
  readonly rules: Rules;
  /** What somebody wrote and the rules, tags and capabilities were compiled from; empty: they were set otherwise. */
  readonly rulesSource: string;
  /** At most 128, each id once. */
  readonly capabilities: readonly CapabilitySetting[];
  /** At most 128, each id once. */
  readonly tags: readonly TagSetting[];
  /** Words that let who brings one join. */
  readonly joinTokens: readonly JoinToken[];
  /** How long certificates of membership agree, ms; brought within 300,000 to 7,200,000. */
  readonly membershipWindowMs: number;
  /** Where members report what they do with frames; null: nowhere. */
  readonly traceTarget: Address | null;
  /** How much they report: 0 normal, 10 verbose, 15 rules, 20 debug, 30 insane (vl2 6.6). */
  readonly traceLevel: number;
}

/** A route that members get. */
export interface RouteSetting {
  /** `10.1.0.0/16` */
  readonly target: string;
  /** An address in the network; null: on the link. */
  readonly via: string | null;
}

/** Addresses to give to members. */
export interface PoolSetting {
  readonly first: string;
  /** Of the same family, not below the first. Of IPv4 the last one itself is not given, as by the reference. */
  readonly last: string;
}

/** Name servers for a domain. */
export interface DnsSetting {
  /** Empty: none. At most 127 characters. */
  readonly domain: string;
  /** At most 4. */
  readonly servers: readonly string[];
}

/** A capability of the network; members have it by its id. */
export interface CapabilitySetting {
  /** 32 bits. */
  readonly id: number;
  /** Members get it when they first ask. */
  readonly isDefault: boolean;
  /** At most 64. */
  readonly rules: Rules;
}

/** A tag of the network. */
export interface TagSetting {
  /** 32 bits. */
  readonly id: number;
  /** What members have that were given no other value; null: they lack it. */
  readonly default: number | null;
}

/** A word that lets a node join. */
export interface JoinToken {
  readonly token: string;
  /** Since the Unix epoch, ms; 0: it does not expire. */
  readonly expiresAtMs: number;
}

/** A network. */
export interface NetworkRecord {
  readonly networkId: NetworkId;
  readonly settings: NetworkSettings;
  /** 1 at first, one more with each change of the settings. */
  readonly revision: number;
  /** Since the Unix epoch, ms. */
  readonly createdAtMs: number;
  /** Everything that is issued is newer than this, so that nothing of before a revocation counts, ms, as in packets. */
  readonly issuedAfterMs: number;
  /** Members that were shut out lately, from the first one on: whoever comes back is told of them. */
  readonly shutOut: readonly ShutOut[];
}

/** A member that was shut out. */
export interface ShutOut {
  readonly address: Address;
  /** What was issued to it until then is worth nothing, ms, as in packets. */
  readonly thresholdMs: number;
}

/** Of a network that was made without any. */
export const defaultSettings: NetworkSettings = {
  name: '',
  description: '',
  isPrivate: true,
  hasBroadcast: true,
  mtu: 2800,
  multicastLimit: 32,
  assignsIpv4: false,
  assignsIpv6: false,
  assignsRfc4193: false,
  assigns6plane: false,
  routes: [],
  pools: [],
  dns: { domain: '', servers: [] },
  rules: [{ kind: 'ACTION_ACCEPT', not: false, or: false }],
  rulesSource: '',
  capabilities: [],
  tags: [],
  joinTokens: [],
  membershipWindowMs: 1_800_000,
  traceTarget: null,
  traceLevel: 0,
};
