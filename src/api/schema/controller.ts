/** The networks that a controller owns, and their members. Source: management.md 2.1, 2.2. */
import { z } from 'zod';

/** What clients rely on. */
export const ownedNetworkSchema = z.looseObject({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  name: z.string(),
  private: z.boolean(),
  revision: z.number(),
  routes: z.array(z.looseObject({ target: z.string(), via: z.string().nullable() })),
});

/** The object. */
export type OwnedNetworkJson = z.infer<typeof ownedNetworkSchema>;

/** What clients rely on. */
export const memberSchema = z.looseObject({
  id: z.string().regex(/^[0-9a-f]{10}$/),
  authorized: z.boolean(),
  ipAssignments: z.array(z.string()),
  revision: z.number(),
});

/** The object. */
export type MemberJson = z.infer<typeof memberSchema>;

const flag = z.boolean().optional();

/** What may be set of a network here; the full set comes with the full API. */
export const networkChangeSchema = z.object({
  name: z.string().max(127).optional(),
  private: flag,
  enableBroadcast: flag,
  mtu: z.int().min(1280).max(10_000).optional(),
  multicastLimit: z.int().min(0).max(0xffff_ffff).optional(),
  v4AssignMode: z.object({ zt: flag }).optional(),
  v6AssignMode: z.object({ '6plane': flag, rfc4193: flag }).optional(),
  routes: z
    .array(z.object({ target: z.string(), via: z.string().nullable().optional() }))
    .max(128)
    .optional(),
  ipAssignmentPools: z
    .array(z.object({ ipRangeStart: z.string(), ipRangeEnd: z.string() }))
    .max(64)
    .optional(),
});

/** The change. */
export type NetworkChange = z.infer<typeof networkChangeSchema>;

/** What may be set of a member here. */
export const memberChangeSchema = z.object({
  authorized: flag,
  activeBridge: flag,
  noAutoAssignIps: flag,
  ipAssignments: z.array(z.string()).max(32).optional(),
});

/** The change. */
export type MemberChange = z.infer<typeof memberChangeSchema>;
