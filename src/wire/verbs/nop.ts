/**
 * NOP (0x00): nothing. Whatever it carries is ignored, and kept as trailing bytes (vl1 3.4).
 */
import type { VerbCodec } from './verb.ts';

/** It has no fields. */
export type Nop = Readonly<Record<string, never>>;

/** NOP's codec. */
export const nop: VerbCodec<Nop> = {
  name: 'NOP',
  verb: 0x00,
  dropReasons: [],
  layout: [],
  read: () => ({}),
  write: () => undefined,
  describe: () => '',
  toJson: () => ({}),
};
