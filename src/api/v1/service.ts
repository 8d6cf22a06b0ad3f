/** What the routes of /api/v1 ask of a daemon: plain values in, plain JSON out. Commands resolve when they are kept. */
import type { Address, NetworkId } from '../../base/ids.ts';
import type { RulesCheckV1, RulesExplainedV1, RulesExplainV1 } from '../schema/v1-rules.ts';
import type {
  AuditEntryV1,
  AuditQueryV1,
  InviteRequestV1,
  InvitationV1,
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
import type { Answered, NodeManagement } from './node-management.ts';

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

/**
 * The management of networks, and of the node beside them, in the name of a caller. Throws CONTROLLER_…, STORE_…, RULES_…, and
 * what {@link NodeManagement} says; of another make of service, what its client throws.
 */
export interface ManagementService {
  readonly node: NodeManagement;
  networks(): Answered<readonly NetworkV1[]>;
  network(id: NetworkId): Answered<NetworkV1>;
  createNetwork(patch: NetworkPatchV1): Answered<NetworkV1>;
  changeNetwork(id: NetworkId, patch: NetworkPatchV1): Answered<NetworkV1>;
  deleteNetwork(id: NetworkId): Answered<void>;
  rules(id: NetworkId): Answered<RulesShownV1>;
  setRules(id: NetworkId, source: string): Answered<RulesShownV1>;
  /** Saves nothing. */
  checkRules(id: NetworkId, source: string): Answered<RulesCheckV1>;
  /** Saves nothing. */
  explainRules(id: NetworkId, request: RulesExplainV1): Answered<RulesExplainedV1>;
  members(id: NetworkId): Answered<readonly MemberV1[]>;
  member(id: NetworkId, address: Address): Answered<MemberV1>;
  changeMember(id: NetworkId, address: Address, patch: MemberPatchV1): Answered<MemberV1>;
  changeMembers(id: NetworkId, command: MembersCommandV1): Answered<readonly MemberV1[]>;
  deleteMember(id: NetworkId, address: Address): Answered<void>;
  invites(id: NetworkId): Answered<readonly InviteV1[]>;
  createInvite(id: NetworkId, request: InviteRequestV1): Answered<NewInviteV1>;
  revokeInvite(id: NetworkId, invite: string): Answered<void>;
  /** @param token - of the invitation. Throws CONTROLLER_INVITE_UNKNOWN */
  invitation(id: NetworkId, token: string): Answered<InvitationV1>;
  tokens(): Answered<readonly TokenV1[]>;
  createToken(request: TokenRequestV1): Answered<NewTokenV1>;
  revokeToken(id: string): Answered<void>;
  audit(query: AuditQueryV1): Answered<readonly AuditEntryV1[]>;
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
