/**
 * NETWORK_CONFIG_REQUEST (0x0b): a member asks its network's controller for its configuration (vl2 6.2). Answered by
 * one OK for each piece of it, or an ERROR. The payload is described in `network-config/config-request.ts`.
 */
import { configRequest, type ConfigRequest } from '../network-config/config-request.ts';
import type { VerbCodec } from './verb.ts';

/** NETWORK_CONFIG_REQUEST's codec. */
export const networkConfigRequest: VerbCodec<ConfigRequest> = {
  ...configRequest,
  name: 'NETWORK_CONFIG_REQUEST',
  verb: 0x0b,
  dropReasons: ['truncated', 'bad-dictionary'],
};
