/** What /api/v1 takes and gives of a node itself. Times are ms since the Unix epoch; what is not known is null, never 0. */
import { z } from 'zod';

import { address, atMs, networkId } from './v1.ts';

/** How far a network that was joined has come; see `docs/api.md`. */
export const joinStatuses = [
  'requesting-configuration',
  'ok',
  'access-denied',
  'not-found',
  'port-error',
  'client-too-old',
  'authentication-required',
] as const;

const endpoint = z.string().describe('192.0.2.1/9993');

/** A node. */
export const nodeV1 = z.strictObject({
  address,
  identity: z.string().describe('the public one'),
  version: z.string(),
  isOnline: z.boolean(),
  port: z.int().describe('UDP, and TCP of the local API'),
  planet: z.strictObject({ id: networkId.nullable(), timestamp: atMs.nullable() }),
  listeningOn: z.array(endpoint).nullable(),
  seenAt: z.array(endpoint).nullable().describe('its addresses as others see them'),
  drops: z
    .record(z.string(), z.number())
    .nullable()
    .describe('packets that nothing was done with, by reason'),
  hasController: z.boolean(),
  home: z.string().nullable().describe('its home directory'),
  networkCount: z.int().describe('networks that it has joined'),
  peerCount: z.int().describe('nodes that it knows'),
});

/** A node that the node knows. */
export const peerV1 = z.strictObject({
  address,
  role: z.enum(['leaf', 'root', 'moon']),
  version: z.string().nullable(),
  latencyMs: z.number().nullable(),
  isDirect: z.boolean().describe('false: packets go over a root'),
  paths: z.array(
    z.strictObject({
      endpoint,
      isPreferred: z.boolean(),
      isActive: z.boolean(),
      lastReceivedAt: atMs.nullable(),
      lastSentAt: atMs.nullable(),
    }),
  ),
});

const prefixes = z.array(z.string().describe('10.0.0.0/8')).min(1).max(64);

/** What the operator allows a network to do to this machine: a change of it. */
export const permissionsPatchV1 = z
  .strictObject({
    managed: z
      .union([z.boolean(), prefixes])
      .describe('addresses and routes; a list: only inside these networks'),
    global: z.boolean().describe('also addresses of the internet'),
    default: z.boolean().describe('also a default route'),
    dns: z.boolean(),
  })
  .partial();

/** A network that the node has joined. */
export const joinedV1 = z.strictObject({
  id: networkId,
  name: z.string().nullable().describe("somebody else's text; null: no configuration came yet"),
  status: z.enum(joinStatuses),
  why: z.string().describe('what it waits for, in a sentence'),
  device: z.string().nullable(),
  mac: z.string().nullable(),
  mtu: z.int().nullable(),
  addresses: z.array(z.string().describe('10.1.0.7/16')),
  routes: z.array(z.strictObject({ target: z.string(), via: z.string().nullable() })),
  dns: z.strictObject({ domain: z.string(), servers: z.array(z.string()) }).nullable(),
  permissions: z.strictObject({
    managed: z.union([z.boolean(), z.array(z.string())]).nullable(),
    global: z.boolean().nullable(),
    default: z.boolean().nullable(),
    dns: z.boolean().nullable(),
  }),
  askedAt: atMs.nullable().describe('when the controller was asked last'),
  type: z.enum(['private', 'public']).nullable(),
  isBridge: z.boolean().nullable().describe('whether it may bridge'),
});

/** A network that is to be joined. */
export const joinRequestV1 = z.strictObject({
  network: z.string().max(64).describe('16 digits, or an invitation as `overspan join` takes it'),
  permissions: permissionsPatchV1.optional(),
});

/** A change of a network that was joined. */
export const joinedPatchV1 = z.strictObject({ permissions: permissionsPatchV1 });

/** A moon that is followed. */
export const moonV1 = z.strictObject({
  id: networkId,
  isWaiting: z.boolean().describe('true: it is looked for'),
  timestamp: atMs.nullable(),
  roots: z.array(z.strictObject({ identity: z.string(), endpoints: z.array(endpoint) })),
});

/** A moon that is to be followed. */
export const moonRequestV1 = z.strictObject({
  id: z
    .string()
    .regex(/^([0-9a-f]{10}|[0-9a-f]{16})$/i)
    .describe('10 digits, or 16 with zeros before them'),
  seed: address.optional().describe('a root of it; default: the node that its id names'),
});

/** What `local.conf` holds, or a change of its `settings`. */
export const settingsV1 = z.record(z.string(), z.unknown());

/** A line of the log. */
export const logLineV1 = z.strictObject({
  at: atMs,
  level: z.enum(['debug', 'info', 'warn', 'error']),
  message: z.string(),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

/** Which lines. */
export const logQueryV1 = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});

/** A range of addresses for a new network. */
export const freeRangeV1 = z.strictObject({
  target: z.string().describe('10.147.17.0/24'),
  pool: z.strictObject({ first: z.string(), last: z.string() }),
});

export type NodeV1 = z.infer<typeof nodeV1>;
export type PeerV1 = z.infer<typeof peerV1>;
export type PermissionsPatchV1 = z.infer<typeof permissionsPatchV1>;
export type JoinStatusV1 = (typeof joinStatuses)[number];
export type JoinedV1 = z.infer<typeof joinedV1>;
export type JoinRequestV1 = z.infer<typeof joinRequestV1>;
export type MoonV1 = z.infer<typeof moonV1>;
export type MoonRequestV1 = z.infer<typeof moonRequestV1>;
export type SettingsV1 = z.infer<typeof settingsV1>;
export type LogLineV1 = z.infer<typeof logLineV1>;
export type FreeRangeV1 = z.infer<typeof freeRangeV1>;
