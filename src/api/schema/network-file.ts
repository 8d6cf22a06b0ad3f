/** A network as `overspan network export` writes it: of any make of service, for any other. */
import { z } from 'zod';

import { memberPatchV1, networkPatchV1 } from './v1.ts';

/** Version 1. */
export const networkFile = z.strictObject({
  format: z.literal('overspan-network'),
  version: z.literal(1),
  from: z.strictObject({
    service: z.string().describe('the make: overspan, zerotier-one, central'),
    network: z.string().describe('its id there; an imported network gets another one'),
  }),
  settings: networkPatchV1,
  rules: z.strictObject({
    source: z.string().nullable().describe('in the rules language; null: the service keeps none'),
    json: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('rules, capabilities and tags of a controller; null: the service shows none'),
  }),
  members: z.array(
    z.strictObject({
      address: z.string().regex(/^[0-9a-f]{10}$/),
      settings: memberPatchV1,
    }),
  ),
});

/** The object. */
export type NetworkFile = z.infer<typeof networkFile>;
