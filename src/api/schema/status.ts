/** GET /status: who a node is and whether it is online. Source: management.md 1.1. */
import { z } from 'zod';

/** What clients rely on; the official service and ours say more. */
export const statusSchema = z.looseObject({
  address: z.string().regex(/^[0-9a-f]{10}$/),
  clock: z.number(),
  config: z.looseObject({
    settings: z.looseObject({
      listeningOn: z.array(z.string()).optional(),
      primaryPort: z.number(),
      surfaceAddresses: z.array(z.string()).optional(),
    }),
  }),
  online: z.boolean(),
  planetWorldId: z.number(),
  planetWorldTimestamp: z.number(),
  publicIdentity: z.string(),
  version: z.string(),
});

/** The object. */
export type StatusJson = z.infer<typeof statusSchema>;
