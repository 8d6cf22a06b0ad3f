/**
 * NETWORK_CONFIG (0x0c): a piece of a configuration that a controller sends unasked, or a member passes on (vl2 6.3).
 * The payload is described in `network-config/config-chunk.ts`. It is acknowledged by an OK that names ECHO: see
 * `echo.ts`.
 */
import { configChunk, type ConfigChunk } from '../network-config/config-chunk.ts';
import type { VerbCodec } from './verb.ts';

/** NETWORK_CONFIG's codec. */
export const networkConfig: VerbCodec<ConfigChunk> = {
  ...configChunk,
  name: 'NETWORK_CONFIG',
  verb: 0x0c,
  dropReasons: ['truncated'],
};
