/** The node of an official service, over its local API, where /api/v1 asks for one. */
import type { ApiClient } from '../client.ts';
import type { NodeSource } from '../v1/node-management.ts';
import { serviceLacks } from './problems.ts';

/** See the head of this file. */
export function clientNode(client: ApiClient): NodeSource {
  return {
    status: () => client.status(),
    networks: () => client.networks(),
    network: (id) => client.network(id),
    join: (id, permissions, token) => {
      if (token !== null)
        throw serviceLacks(
          'zerotier-one',
          'joins by no invitation',
          'join by the 16 digits before its dash, and have this node authorised there',
        );
      if (Array.isArray(permissions.allowManaged))
        throw serviceLacks(
          'zerotier-one',
          'takes no list of networks for what is managed',
          'allow it or do not; a list can be written into networks.d/ID.local.conf of its home',
        );
      return client.join(id, null, permissions);
    },
    leave: (id) => client.leave(id),
    peers: () => client.peers(),
    moons: () => client.moons(),
    wantedMoons: () => [],
    orbit: (id, seed) => client.orbit(id, seed),
    deorbit: (id) => client.deorbit(id),
    config: () => client.config(),
    setConfig: (settings) => client.setConfig(settings),
  };
}
