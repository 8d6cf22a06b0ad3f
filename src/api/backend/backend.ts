/**
 * What a service that owns networks can be asked, whichever make it is: Overspan's, an official controller, or ZeroTier Central.
 * Settings have the names of /api/v1; what a service does not tell is null, and its states of members say no more than it knows.
 */
import type { Clock } from '../../base/clock.ts';
import type { Address, NetworkId } from '../../base/ids.ts';
import type { MemberPatchV1, MemberStateV1, NetworkPatchV1 } from '../schema/v1.ts';

/** The makes. */
export const backendKinds = ['overspan', 'zerotier-one', 'central'] as const;

/** One of them. */
export type BackendKind = (typeof backendKinds)[number];

/** How a make is called in a sentence. */
export const backendNames: Readonly<Record<BackendKind, string>> = {
  overspan: 'Overspan',
  'zerotier-one': 'the official service',
  central: 'ZeroTier Central',
};

/** A network as every service has it. */
export interface NetworkView {
  /** 16 digits. */
  readonly id: string;
  readonly name: string;
  /** Null: the service keeps none. */
  readonly description: string | null;
  readonly isPrivate: boolean;
  readonly hasBroadcast: boolean;
  readonly mtu: number;
  readonly multicastLimit: number;
  readonly assignsIpv4: boolean;
  readonly assignsIpv6: boolean;
  readonly assignsRfc4193: boolean;
  readonly assigns6plane: boolean;
  readonly routes: readonly { readonly target: string; readonly via: string | null }[];
  readonly pools: readonly { readonly first: string; readonly last: string }[];
  readonly dns: { readonly domain: string; readonly servers: readonly string[] };
  /** Null: not told. */
  readonly revision: number | null;
  readonly createdAt: number | null;
  /** Members and those who have only asked; null: not told. */
  readonly memberCount: number | null;
}

/** Who heard a member: nobody else vouches for the time. */
export type HeardBy = 'controller' | "controller's node" | 'ZeroTier Central';

/** A member as every service has it. */
export interface MemberView {
  readonly network: string;
  /** 10 digits. */
  readonly address: string;
  readonly name: string;
  /** Null: the service keeps none. */
  readonly description: string | null;
  readonly isAuthorized: boolean;
  /** Nothing but a person lets it in; false where the service knows no bans. */
  readonly isBanned: boolean;
  readonly isActiveBridge: boolean;
  readonly noAutoAssignIps: boolean;
  readonly ipAssignments: readonly string[];
  readonly tags: readonly { readonly id: number; readonly value: number }[];
  readonly capabilities: readonly number[];
  /** `unknown` where the service does not tell enough for any other. */
  readonly state: MemberStateV1;
  /** What the state rests on, in a sentence. */
  readonly why: string;
  /** What it runs, as it says; null: not known. */
  readonly software: {
    readonly version: string;
    readonly platform: string | null;
    /** Null: the service cannot tell. */
    readonly isOverspan: boolean | null;
  } | null;
  /** When it was heard last, and by whom; null: never, or not told. */
  readonly heard: { readonly at: number; readonly by: HeardBy } | null;
  readonly authorizedAt: number | null;
  readonly deauthorizedAt: number | null;
  readonly bannedAt: number | null;
}

/** The rules of a network, in the forms that services take. */
export interface RulesText {
  /** In the rules language, as somebody wrote them; null: the service keeps none. */
  readonly source: string | null;
  /** `rules`, `capabilities`, `tags` as a controller has them (management.md 2.1); null: the service shows none. */
  readonly json: Readonly<Record<string, unknown>> | null;
}

/** What a backend is given beside its client. */
export interface BackendSurroundings {
  readonly clock: Clock;
  /** Resolves after so long, ms; rejects where what is under way was stopped. */
  readonly wait: (ms: number) => Promise<void>;
  /** Tells a person what is being waited for. */
  readonly say: (line: string) => void;
}

/** Takes each member when it is changed: what was done is known also where the rest was stopped. */
export type OnMember = (member: MemberView) => void;

/**
 * The commands. Each throws what is wrong with reaching the service, and NETWORK_NOT_OWNED, MEMBER_UNKNOWN, or
 * SERVICE_LACKS where the make has no such thing.
 */
export interface Backend {
  readonly kind: BackendKind;
  networks(): Promise<NetworkView[]>;
  network(id: NetworkId): Promise<NetworkView>;
  createNetwork(change: NetworkPatchV1): Promise<NetworkView>;
  changeNetwork(id: NetworkId, change: NetworkPatchV1): Promise<NetworkView>;
  /** Its members are shut out. */
  deleteNetwork(id: NetworkId): Promise<void>;
  rules(id: NetworkId): Promise<RulesText & { readonly isWritten: boolean }>;
  /** Takes the form that it can: one of both must be of use to it. */
  setRules(id: NetworkId, rules: RulesText): Promise<void>;
  members(id: NetworkId): Promise<MemberView[]>;
  member(id: NetworkId, address: Address): Promise<MemberView>;
  /** Also of who has not asked yet. */
  changeMember(id: NetworkId, address: Address, change: MemberPatchV1): Promise<MemberView>;
  /** Lets members in, also before they ask. */
  authorize(id: NetworkId, addresses: readonly Address[], onMember: OnMember): Promise<void>;
  /** Shuts members out, all of whom must be known, with one word where the service has it. */
  deauthorize(id: NetworkId, addresses: readonly Address[], onMember: OnMember): Promise<void>;
  /** Shuts nodes out for good, also before they ask. */
  ban(id: NetworkId, addresses: readonly Address[], onMember: OnMember): Promise<void>;
  /** Lifts the bans of members, all of whom must be known; that lets nobody in. */
  unban(id: NetworkId, addresses: readonly Address[], onMember: OnMember): Promise<void>;
  /** Shuts members out and forgets them, a ban too, all of whom must be known; one is seen again when it asks again. */
  deleteMembers(
    id: NetworkId,
    addresses: readonly Address[],
    onDeleted: (address: Address) => void,
  ): Promise<void>;
}
