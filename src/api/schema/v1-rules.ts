/** Rules that are tried over /api/v1, with nothing saved. */
import { z } from 'zod';

import { rulesV1 } from './v1.ts';

/** Where something is wrong in a source. */
const problem = z.strictObject({
  line: z.int(),
  column: z.int().describe('from 1, in UTF-16 units'),
  message: z.string(),
});

/** How a source does. */
export const rulesCheckV1 = z.strictObject({
  ok: z.boolean().describe('whether it would be saved'),
  problems: z.array(problem),
  warnings: z.array(problem).describe('what is allowed and hardly meant'),
  tests: z.array(
    z.strictObject({
      line: z.int(),
      text: z.string().describe('as it is written, in one line'),
      passed: z.boolean(),
      got: z.enum(['accept', 'drop']).describe('what becomes of the packet'),
    }),
  ),
  ruleCount: z.int().nullable().describe('of the network, without those of capabilities'),
  summary: z.string(),
});

/** A packet that is tried. */
export const rulesExplainV1 = z.strictObject({
  source: rulesV1.shape.source.optional().describe('default: the rules of the network'),
  packet: z.string().max(1_024).describe('from member to member ipprotocol tcp dport 22'),
});

/** What becomes of it. */
export const rulesExplainedV1 = z.strictObject({
  verdict: z.enum(['accept', 'drop']),
  lines: z.array(z.string()).describe('which rule decided, side by side'),
  details: z.array(z.string()).describe('the same, with every rule on the way'),
});

export type RulesCheckV1 = z.infer<typeof rulesCheckV1>;
export type RulesExplainV1 = z.infer<typeof rulesExplainV1>;
export type RulesExplainedV1 = z.infer<typeof rulesExplainedV1>;
