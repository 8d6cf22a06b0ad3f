/** GET /network: the networks that a node has joined. Source: management.md 1.4. */
import { z } from 'zod';

/** How far a network has come. */
export const networkStatusSchema = z.enum([
  'REQUESTING_CONFIGURATION',
  'OK',
  'ACCESS_DENIED',
  'NOT_FOUND',
  'PORT_ERROR',
  'CLIENT_TOO_OLD',
  'AUTHENTICATION_REQUIRED',
]);

/** One of the names. */
export type NetworkStatusJson = z.infer<typeof networkStatusSchema>;

/** What clients rely on. */
export const networkSchema = z.looseObject({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  /** Ours alone: the networks that `allowManaged` is restricted to; absent where it is not. */
  allowManagedIn: z.array(z.string()).optional(),
  nwid: z.string(),
  name: z.string(),
  mac: z.string(),
  mtu: z.number(),
  status: networkStatusSchema,
  type: z.enum(['PRIVATE', 'PUBLIC']),
  assignedAddresses: z.array(z.string()),
  portDeviceName: z.string(),
  bridge: z.boolean(),
  broadcastEnabled: z.boolean(),
  /** What the controller says; nobody applies it on Linux. */
  dns: z.looseObject({ domain: z.string(), servers: z.array(z.string()) }).optional(),
  netconfRevision: z.number(),
  routes: z.array(z.looseObject({ target: z.string(), via: z.string().nullable() })),
  /** Ours alone: when the controller was asked last, by the node's clock; absent where never, or not told. */
  lastRequestTime: z.number().optional(),
});

/** The object. */
export type NetworkJson = z.infer<typeof networkSchema>;

/** What the operator allows a network to do to this machine; what is not there stays. */
export interface PermissionsChange {
  /**
   * A list: only inside these networks. `true` leaves a list that is there as it is: programs send back what they were
   * shown; `false` forgets it.
   */
  readonly allowManaged?: boolean | readonly string[];
  readonly allowGlobal?: boolean;
  readonly allowDefault?: boolean;
  readonly allowDNS?: boolean;
}
