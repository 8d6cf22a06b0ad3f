/** GET /moon: the moons that a node follows. Source: management.md 1.6. */
import { z } from 'zod';

/** One; of a moon that is looked for only the id is known. */
export interface MoonJson {
  /** 16 hexadecimal digits. */
  readonly id: string;
  readonly roots: readonly {
    readonly identity: string;
    readonly stableEndpoints: readonly string[];
  }[];
  /** Hexadecimal. */
  readonly signature: string | null;
  readonly timestamp: number;
  /** The key, hexadecimal. */
  readonly updatesMustBeSignedBy: string | null;
  readonly waiting: boolean;
}

/** What clients rely on. */
export const moonSchema: z.ZodType<MoonJson> = z.looseObject({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  roots: z.array(z.looseObject({ identity: z.string(), stableEndpoints: z.array(z.string()) })),
  signature: z.string().nullable(),
  timestamp: z.number(),
  updatesMustBeSignedBy: z.string().nullable(),
  waiting: z.boolean(),
});
