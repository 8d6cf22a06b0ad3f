/**
 * PATH_NEGOTIATION_REQUEST (0x16): how useful a bonded peer finds the path it arrives on (vl1 3.15). Dropped without
 * effect where there is no bond.
 *
 *     utility 2, signed
 */
import type { VerbCodec } from './verb.ts';

/** A wish for a path. */
export interface PathNegotiationRequest {
  /** −32,768 to 32,767; more is better. */
  readonly utility: number;
}

/** PATH_NEGOTIATION_REQUEST's codec. */
export const pathNegotiationRequest: VerbCodec<PathNegotiationRequest> = {
  name: 'PATH_NEGOTIATION_REQUEST',
  verb: 0x16,
  dropReasons: ['truncated'],
  layout: [{ name: 'utility', size: 2, note: 'signed' }],
  read: (reader) => ({ utility: (reader.u16() << 16) >> 16 }),
  write(writer, { utility }) {
    writer.u16(utility & 0xffff);
  },
  describe: ({ utility }) => `utility ${utility}`,
  toJson: ({ utility }) => ({ utility }),
};
