/** Settings of a network that gives no addresses, made up for tests. */
import type { NetworkV1 } from '../../../src/api/schema/v1.ts';

/** Name and settings; spread it over others. */
export const plainSettings: Omit<
  NetworkV1,
  'id' | 'revision' | 'createdAt' | 'memberCount' | 'memberCounts'
> = {
  name: 'lab',
  description: '',
  isPrivate: true,
  routes: [],
  pools: [],
  assignsIpv4: false,
  assignsIpv6: false,
  assignsRfc4193: false,
  assigns6plane: false,
  dns: { domain: '', servers: [] },
  multicastLimit: 32,
  hasBroadcast: true,
  mtu: 2_800,
};
