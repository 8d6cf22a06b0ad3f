/** What the routes of /api/v1 ask of a daemon: plain values in, plain JSON out. Commands resolve when they are kept. */
import type { Address, NetworkId } from '../../base/ids.ts';
import type {
  AuditEntryV1,
  AuditQueryV1,
  InviteRequestV1,
  InviteV1,
  MemberPatchV1,
  MembersCommandV1,
  MemberV1,
  NetworkPatchV1,
  NetworkV1,
  NewInviteV1,
  NewTokenV1,
  RulesShownV1,
  TokenRequestV1,
  TokenV1,
} from '../schema/v1.ts';

/** What a token may do. */
export type ScopeV1 = TokenV1['scopes'][number];

/** Who asks, and what that allows. */
export interface Caller {
  readonly kind: 'local' | 'token';
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly ScopeV1[];
}

/** Something that has happened, for who listens. */
export interface ApiEvent {
  /** Ascending, from 1 on, since the start. */
  readonly id: number;
  readonly at: number;
  readonly kind: 'network' | 'member' | 'invite' | 'joined' | 'path' | 'online' | 'trace';
  readonly data: Readonly<Record<string, unknown>>;
}

/** The management of a node's controller, in the name of a caller. Commands throw CONTROLLER_…, STORE_…, RULES_…. */
export interface ManagementService {
  networks(): readonly NetworkV1[];
  network(id: NetworkId): NetworkV1;
  createNetwork(patch: NetworkPatchV1): Promise<NetworkV1>;
  changeNetwork(id: NetworkId, patch: NetworkPatchV1): Promise<NetworkV1>;
  deleteNetwork(id: NetworkId): Promise<void>;
  rules(id: NetworkId): Promise<RulesShownV1>;
  setRules(id: NetworkId, source: string): Promise<RulesShownV1>;
  members(id: NetworkId): readonly MemberV1[];
  member(id: NetworkId, address: Address): MemberV1;
  changeMember(id: NetworkId, address: Address, patch: MemberPatchV1): Promise<MemberV1>;
  changeMembers(id: NetworkId, command: MembersCommandV1): Promise<readonly MemberV1[]>;
  deleteMember(id: NetworkId, address: Address): Promise<void>;
  invites(id: NetworkId): readonly InviteV1[];
  createInvite(id: NetworkId, request: InviteRequestV1): Promise<NewInviteV1>;
  revokeInvite(id: NetworkId, invite: string): Promise<void>;
  tokens(): readonly TokenV1[];
  createToken(request: TokenRequestV1): Promise<NewTokenV1>;
  revokeToken(id: string): Promise<void>;
  audit(query: AuditQueryV1): Promise<readonly AuditEntryV1[]>;
}

/** What serves /api/v1. */
export interface ApiV1Host {
  /** Who shows a text; null: nobody that is known. */
  callerOf(text: string): Caller | null;
  as(caller: Caller): ManagementService;
  /**
   * Gets events from now on, and those after a number that are still remembered. Null: too many listen.
   *
   * @returns what ends it
   */
  listen(after: number | null, onEvent: (event: ApiEvent) => void): (() => void) | null;
}
