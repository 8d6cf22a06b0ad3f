/** What /api/v1 takes and gives. Times are ms since the Unix epoch; what is not known is null, never 0. */
import { z } from 'zod';

/** 16 digits. */
export const networkId = z.string().regex(/^[0-9a-f]{16}$/);
/** 10 digits. */
export const address = z.string().regex(/^[0-9a-f]{10}$/);
/** Since the Unix epoch, ms. */
export const atMs = z.number();
const u32 = z.int().min(0).max(0xffff_ffff);

/** States of a member, in words; see `docs/api.md`. */
export const memberStates = [
  'ok',
  'relayed',
  'waiting',
  'denied',
  'never-configured',
  'silent',
  'unknown',
] as const;

const routes = z.array(
  z.strictObject({
    target: z.string().describe('10.1.0.0/16'),
    via: z.string().nullable().describe('an address in the network; null: on the link'),
  }),
);
const pools = z.array(
  z.strictObject({ first: z.string(), last: z.string().describe('of IPv4 not given itself') }),
);
const dns = z.strictObject({ domain: z.string(), servers: z.array(z.string()).max(4) });

const networkSettings = {
  name: z.string().max(127),
  description: z.string().max(4096),
  isPrivate: z.boolean().describe('members must be authorised'),
  hasBroadcast: z.boolean(),
  mtu: z.int().min(1280).max(10_000),
  multicastLimit: u32.describe('to how many members a multicast goes; 0: none'),
  assignsIpv4: z.boolean().describe('an IPv4 address out of a pool for each member'),
  assignsIpv6: z.boolean(),
  assignsRfc4193: z.boolean(),
  assigns6plane: z.boolean(),
  routes: routes.max(128),
  pools: pools.max(128),
  dns,
};

/** A change of a network: what is named is set, what is not stays. */
export const networkPatchV1 = z.strictObject(networkSettings).partial();

/** A network. What another make of service does not tell is null. */
export const networkV1 = z.strictObject({
  id: networkId,
  revision: z.int().nullable(),
  createdAt: atMs.nullable(),
  ...networkSettings,
  description: networkSettings.description.nullable(),
  memberCount: z.int().nullable().describe('with those who have only asked'),
  memberCounts: z.record(z.enum(memberStates), z.int()).nullable().describe('the same by state'),
});

/** The rules of a network, as somebody wrote them. */
export const rulesV1 = z.strictObject({
  source: z.string().max(262_144).describe('in the rules language, with its tests'),
});

/** The rules, and what else is known of them. */
export const rulesShownV1 = z.strictObject({
  source: z.string(),
  isWritten: z.boolean().describe('false: nobody wrote it; it was made of the rules'),
  ruleCount: z.int(),
  testCount: z.int(),
});

const memberSettings = {
  name: z.string().max(127),
  description: z.string().max(4096),
  isAuthorized: z.boolean(),
  isBanned: z.boolean().describe('nothing but a person lets it in'),
  isActiveBridge: z.boolean(),
  noAutoAssignIps: z.boolean(),
  ipAssignments: z.array(z.string()).max(128),
  tags: z.array(z.strictObject({ id: u32, value: u32 })).max(128),
  capabilities: z.array(u32).max(128),
};

/** A change of a member. */
export const memberPatchV1 = z.strictObject(memberSettings).partial();

const software = z.strictObject({
  version: z.string().describe('1.14.1'),
  protocol: z.int().nullable(),
  platform: z.string().nullable().describe('linux/x86_64, as it says'),
  isOverspan: z.boolean().nullable(),
});

/** A member, or who has asked to be one. What another make of service does not tell is null. */
export const memberV1 = z.strictObject({
  network: networkId,
  address,
  revision: z.int().nullable(),
  state: z.enum(memberStates),
  why: z.string().describe('what the state rests on, in a sentence'),
  ...memberSettings,
  description: memberSettings.description.nullable(),
  identity: z.string().nullable(),
  createdAt: atMs.nullable(),
  authorizedAt: atMs.nullable(),
  authorizedBy: z.enum(['command', 'public', 'token']).nullable(),
  deauthorizedAt: atMs.nullable(),
  bannedAt: atMs.nullable(),
  heard: z
    .strictObject({
      source: z.enum(['controller', 'ZeroTier Central']),
      askedAt: atMs
        .nullable()
        .describe(
          'when it last asked for its configuration; of ZeroTier Central: when that saw it',
        ),
      configuredAt: atMs.nullable().describe('when it was last sent one'),
      lostConfigs: z
        .int()
        .nullable()
        .describe('configurations in a row that it was sent and, asking again, does not hold'),
      software: software.nullable(),
    })
    .describe('what the controller itself heard of it since it was started'),
  path: z
    .strictObject({
      source: z.literal('own node'),
      kind: z.enum(['direct', 'relayed', 'unknown']),
      endpoint: z.string().nullable(),
      latencyMs: z.number().nullable(),
      heardAt: atMs.nullable(),
      clockSkewMs: z
        .number()
        .nullable()
        .describe('how far its clock is ahead of that of the node, by its last HELLO'),
      planet: z
        .enum(['same', 'older', 'newer', 'other', 'unknown'])
        .describe('the planet that it named in its last HELLO, beside that of the node'),
    })
    .describe('how the node of the controller reaches it: no statement about other members'),
  reports: z
    .array(
      z.strictObject({
        source: z.literal('member'),
        by: address,
        at: atMs.describe('when it said so'),
        kind: z.enum(['direct', 'relayed']),
        latencyMs: z.number().nullable(),
        heardAt: atMs.nullable().describe('when it heard the node of the member last'),
      }),
    )
    .describe(
      'what other members say of it, each its own word, the latest first; Overspan members alone say any',
    ),
  revocation: z
    .strictObject({
      sentAt: atMs.nullable(),
      confirmed: z.array(address),
      waiting: z.array(address),
    })
    .nullable()
    .describe('which Overspan members know that it was shut out; null: nothing is remembered'),
});

const addresses = z.array(address).max(65_536).optional();

/** Members that are let in, put out or deleted with one word: bans are lifted first and made last, then it is deleted. */
export const membersCommandV1 = z.strictObject({
  authorize: addresses,
  deauthorize: addresses,
  ban: addresses.describe('put out for good, also before they ask'),
  unban: addresses.describe('no longer banned, and not let in by that'),
  delete: addresses.describe('put out and forgotten, a ban too; who is not there is passed over'),
});

/** An invitation that is wanted. */
export const inviteRequestV1 = z.strictObject({
  note: z.string().max(127).default(''),
  expiresInMs: z.number().positive().nullable().default(86_400_000).describe('null: never'),
  uses: u32.min(1).nullable().default(1).describe('null: any number'),
});

/** An invitation; its token is not kept. */
export const inviteV1 = z.strictObject({
  id: z.string(),
  network: networkId,
  note: z.string(),
  createdAt: atMs,
  expiresAt: atMs.nullable(),
  usesLeft: z.int().nullable(),
  isOpen: z.boolean(),
});

/** A new invitation, with what to hand on: `overspan join INVITATION`. */
export const newInviteV1 = inviteV1.extend({ invitation: z.string() });

/** An invitation that somebody shows: what was handed on, whole. */
export const shownInvitationV1 = z.strictObject({ invitation: z.string().max(64) });

/** What whoever holds an invitation may know of it. */
export const invitationV1 = z.strictObject({
  network: networkId,
  name: z.string().describe('of the network'),
  isOpen: z.boolean().describe('it lets somebody in now'),
  expiresAt: atMs.nullable(),
  members: z
    .array(z.strictObject({ address, state: z.enum(memberStates), authorizedAt: atMs.nullable() }))
    .max(100)
    .describe('who came by it, the last first; of one that lets nobody in, within the last hour'),
});

/** What a token may do. */
export const scopesV1 = z.array(z.enum(['read', 'members', 'networks', 'node', 'admin'])).min(1);

/** An API token that is wanted. */
export const tokenRequestV1 = z.strictObject({
  name: z.string().max(127),
  scopes: scopesV1,
  expiresInMs: z.number().positive().nullable().default(null).describe('null: never'),
});

/** An API token; itself it is not kept. */
export const tokenV1 = z.strictObject({
  id: z.string(),
  name: z.string(),
  scopes: scopesV1,
  createdAt: atMs,
  expiresAt: atMs.nullable(),
});

/** A new one. */
export const newTokenV1 = tokenV1.extend({ token: z.string() });

/** A line of the audit log. */
export const auditEntryV1 = z.strictObject({
  id: z.string(),
  at: atMs,
  actor: z.strictObject({
    kind: z.enum(['local', 'token']),
    id: z.string(),
    name: z.string(),
  }),
  action: z.string(),
  network: networkId.nullable(),
  subject: z.string().nullable(),
  change: z.unknown(),
});

/** Which lines. */
export const auditQueryV1 = z.strictObject({
  network: networkId.optional(),
  subject: address.optional().describe('lines that name this node'),
  before: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

/** What went wrong (RFC 9457), with our code and the remedy. */
export const problemV1 = z.strictObject({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  remedy: z.string(),
});

export type NetworkV1 = z.infer<typeof networkV1>;
export type NetworkPatchV1 = z.infer<typeof networkPatchV1>;
export type RulesShownV1 = z.infer<typeof rulesShownV1>;
export type MemberV1 = z.infer<typeof memberV1>;
export type MemberReportV1 = MemberV1['reports'][number];
export type MemberPatchV1 = z.infer<typeof memberPatchV1>;
export type MembersCommandV1 = z.infer<typeof membersCommandV1>;
export type MemberStateV1 = (typeof memberStates)[number];
export type InviteRequestV1 = z.infer<typeof inviteRequestV1>;
export type InviteV1 = z.infer<typeof inviteV1>;
export type InvitationV1 = z.infer<typeof invitationV1>;
export type NewInviteV1 = z.infer<typeof newInviteV1>;
export type TokenRequestV1 = z.infer<typeof tokenRequestV1>;
export type TokenV1 = z.infer<typeof tokenV1>;
export type NewTokenV1 = z.infer<typeof newTokenV1>;
export type AuditEntryV1 = z.infer<typeof auditEntryV1>;
export type AuditQueryV1 = z.infer<typeof auditQueryV1>;
export type ProblemV1 = z.infer<typeof problemV1>;
