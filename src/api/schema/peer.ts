/** GET /peer: the nodes that a node knows. Source: management.md 1.5. */
import { z } from 'zod';

const pathSchema = z.looseObject({
  active: z.boolean(),
  address: z.string(),
  expired: z.boolean(),
  lastReceive: z.number(),
  lastSend: z.number(),
  preferred: z.boolean(),
});

/** What clients rely on. */
export const peerSchema = z.looseObject({
  address: z.string().regex(/^[0-9a-f]{10}$/),
  /** Milliseconds; −1: unknown. */
  latency: z.number(),
  paths: z.array(pathSchema),
  role: z.enum(['LEAF', 'MOON', 'PLANET']),
  /** `-1.-1.-1`: unknown. */
  version: z.string(),
});

/** The object. */
export type PeerJson = z.infer<typeof peerSchema>;
