/** How much of a service is looked at, and what is told of it, where it has more than is looked at once. */
import { describe, expect, it } from 'vitest';

import { formatU64, type NetworkId } from '../../base/ids.ts';
import { apiError } from '../errors.ts';
import type { Backend, MemberView, NetworkView } from './backend.ts';
import { differences, look, membersMax, networksMax, networksPerLook } from './look.ts';

const networkOf = (index: number): NetworkView => ({
  ...{ id: (index + 1).toString(16).padStart(16, '0'), name: '', description: null },
  ...{ isPrivate: true, hasBroadcast: true, mtu: 2800, multicastLimit: 32 },
  ...{ assignsIpv4: false, assignsIpv6: false, assignsRfc4193: false, assigns6plane: false },
  ...{ routes: [], pools: [], dns: { domain: '', servers: [] } },
  ...{ revision: 1, createdAt: null, memberCount: null },
});
const memberOf = (network: string, index: number): MemberView => ({
  ...{ network, address: index.toString(16).padStart(10, '0'), name: '', description: null },
  ...{ isAuthorized: true, isBanned: false, isActiveBridge: false, noAutoAssignIps: false },
  ...{ ipAssignments: [], tags: [], capabilities: [] },
  ...{ state: 'ok', why: '', software: null, heard: null },
  ...{ authorizedAt: null, deauthorizedAt: null, bannedAt: null },
});

/** A service of so many networks, each with so many members. */
class ManyNetworks {
  readonly asked: string[] = [];
  readonly backend: Backend;
  perNetwork: number;

  constructor(count: number, perNetwork: number) {
    this.perNetwork = perNetwork;
    const refuse = (): Promise<never> => Promise.reject(new Error('only looked at'));
    this.backend = {
      kind: 'central',
      networks: () => Promise.resolve(Array.from({ length: count }, (_, i) => networkOf(i))),
      members: (id: NetworkId) => {
        const network = formatU64(id);
        this.asked.push(network);
        return Promise.resolve(
          Array.from({ length: this.perNetwork }, (_, i) => memberOf(network, i)),
        );
      },
      ...{ network: refuse, createNetwork: refuse, changeNetwork: refuse, deleteNetwork: refuse },
      ...{ rules: refuse, setRules: refuse, member: refuse, changeMember: refuse },
      ...{ authorize: refuse, deauthorize: refuse, deleteMembers: refuse },
      ...{ ban: refuse, unban: refuse },
    };
  }
}

describe('a look at a service', () => {
  it('asks for the members of so many networks, and of the others the next times', async () => {
    const count = 2 * networksPerLook + 1;
    const many = new ManyNetworks(count, 1);
    const first = await look(many.backend, null, null);
    expect([first.networks.size, many.asked.length]).toEqual([count, networksPerLook]);
    const second = await look(many.backend, null, first);
    // Those that have their turn for the first time are no news.
    expect(differences(first, second)).toEqual([]);
    const third = await look(many.backend, null, second);
    expect(new Set(many.asked).size).toBe(count);
    expect(third.members.size).toBe(count);
    many.perNetwork = 2;
    const fourth = await look(many.backend, null, third);
    const told = differences(third, fourth);
    expect(told).toHaveLength(networksPerLook);
    expect(told[0]).toMatchObject({ kind: 'member', data: { address: '0000000001' } });
  });

  it('keeps so many networks, and so many members', async () => {
    const wide = new ManyNetworks(networksMax + 1, 0);
    expect((await look(wide.backend, null, null)).networks.size).toBe(networksMax);
    const deep = new ManyNetworks(3, membersMax / 2);
    const { members } = await look(deep.backend, null, null);
    expect([...members.values()].map((each) => each.size)).toEqual([
      membersMax / 2,
      membersMax / 2,
    ]);
  });

  it('passes over networks that this account may not look into, and fails for what else is wrong', async () => {
    const { backend } = new ManyNetworks(1, 1);
    const refusing = (code: 'CENTRAL_FORBIDDEN' | 'CENTRAL_BUSY'): Backend => ({
      ...backend,
      members: () => Promise.reject(apiError(code, 'no', { remedy: 'none' })),
    });
    expect((await look(refusing('CENTRAL_FORBIDDEN'), null, null)).members.size).toBe(0);
    const busy = look(refusing('CENTRAL_BUSY'), null, null);
    await expect(busy).rejects.toMatchObject({ code: 'CENTRAL_BUSY' });
  });
});
