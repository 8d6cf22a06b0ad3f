import { describe, expect, it } from 'vitest';

import type { NetworkId } from '../../base/ids.ts';
import type { Address } from '../../base/ids.ts';
import { parseInetAddress, type InetAddress } from '../../wire/inet-address.ts';
import { specialistRoles } from '../../wire/network-config/config-parts.ts';
import {
  emptyNetworkConfig,
  type NetworkConfig,
} from '../../wire/network-config/network-config.ts';
import { factsOf, multicastLimitMax } from './network-facts.ts';
import { effectiveMtu, sameTapState, tapStateOf } from './tap-state.ts';

const ip = (text: string): InetAddress => parseInetAddress(text)!;
const config: NetworkConfig = {
  ...emptyNetworkConfig,
  networkId: 0x283c5bc4bcc3c8a8n as NetworkId,
  issuedTo: 0xbfb8eb1884 as Address,
  mtu: 2_800,
  staticIps: [ip('10.144.0.35/24')],
};

describe('the state of a tap', () => {
  it('has an MTU within bounds', () => {
    expect([0, 1, 1_280, 1_500, 10_000, 65_535].map(effectiveMtu)).toEqual([
      2_800, 1_280, 1_280, 1_500, 10_000, 10_000,
    ]);
  });

  it('leaves out addresses and routes that cannot be: no address, or a prefix that is too long', () => {
    const tap = tapStateOf({
      ...config,
      staticIps: [ip('10.0.0.1/33'), { kind: 'nil' }, ip('10.0.0.2/32'), ip('fd00::1/129')],
      routes: [
        { target: { kind: 'nil' }, via: { kind: 'nil' }, flags: 0, metric: 0 },
        { target: ip('0.0.0.0/0'), via: ip('10.0.0.9/0'), flags: 0, metric: 7 },
      ],
    });
    expect(tap.addresses).toEqual([{ ip: '10.0.0.2', bits: 32 }]);
    expect(tap.routes).toEqual([
      { target: { ip: '0.0.0.0', bits: 0 }, via: '10.0.0.9', metric: 7 },
    ]);
  });

  it('is the same after a refresh that changes only what is not the tap’s', () => {
    const tap = tapStateOf(config);
    expect(sameTapState(tap, tapStateOf({ ...config, timestamp: 2n, revision: 9n }))).toBe(true);
    for (const changes of [
      { mtu: 1_500 },
      { staticIps: [ip('10.144.0.36/24')] },
      { dns: { domain: 'lab', servers: [] } },
    ])
      expect(sameTapState(tap, tapStateOf({ ...config, ...changes }))).toBe(false);
  });
});

describe('the facts of a configuration', () => {
  it('tell what we are from what others are', () => {
    const { activeBridge, anchor, multicastReplicator } = specialistRoles;
    const facts = factsOf({
      ...config,
      multicastLimit: 1_000_000,
      specialists: [
        { address: config.issuedTo, roles: activeBridge | multicastReplicator },
        { address: 1 as Address, roles: activeBridge },
        { address: 2 as Address, roles: anchor },
        { address: 3 as Address, roles: multicastReplicator | anchor },
      ],
    });
    expect(facts).toMatchObject({
      isActiveBridge: true,
      isReplicator: true,
      activeBridges: [1],
      anchors: [2, 3],
      replicators: [3],
      multicastLimit: multicastLimitMax,
    });
  });
});
