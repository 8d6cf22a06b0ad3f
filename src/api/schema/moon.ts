/** GET /moon: the moons that a node follows. Source: management.md 1.6. */

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
