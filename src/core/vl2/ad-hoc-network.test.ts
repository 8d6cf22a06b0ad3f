import { describe, expect, it } from 'vitest';

import { at, inbound, TwinVl1 } from '../../../test/twins/vl1.ts';
import { testIdentity } from '../../../test/vectors/identities.ts';
import { formatMac, parseAddress, parseNetworkId, type NetworkId } from '../../base/ids.ts';
import { formatInetAddress } from '../../wire/inet-address.ts';
import { macOf } from '../../wire/mac.ts';
import { networkTypes } from '../../wire/network-config/network-config.ts';
import { adHocIpv4Id, adHocPortsId } from '../../wire/network-id.ts';
import { describeRule } from '../../wire/rules/rule.ts';
import { FrameQueue } from '../queues.ts';
import { adHocConfig } from './ad-hoc-network.ts';
import { Networks } from './networks.ts';

const a = parseAddress('45ad10e047')!;

describe('the configuration of an ad hoc network', () => {
  it('of ports is that of the real A (captures, listnetworks)', () => {
    const id = parseNetworkId('ff00160016000000')!;
    const config = adHocConfig(id, a, 1_795_363_892_031)!;
    expect(config.name).toBe('adhoc-0016-0016');
    expect(formatMac(macOf(a, id))).toBe('02:45:ad:06:e0:51');
    expect(config.staticIps.map(formatInetAddress)).toEqual(['fce9:16:45:ad10:e047::1/40']);
    expect(config).toMatchObject({
      type: networkTypes.public,
      mtu: 2800,
      multicastLimit: 0,
      flags: 4n,
      revision: 1n,
      timestamp: 1_795_363_892_031n,
    });
  });

  it('of ports has the rules of vl2.md 1.1', () => {
    const config = adHocConfig(adHocPortsId(80, 443), a, 0)!;
    expect(config.rules.map(describeRule)).toEqual([
      'not ETHERTYPE 0x86dd',
      'DROP',
      'IP_PROTOCOL 58',
      'ACCEPT',
      'IP_PROTOCOL 17',
      'or IP_PROTOCOL 6',
      'IP_DEST_PORT_RANGE start=80 end=443',
      'ACCEPT',
      'not CHARACTERISTICS 0000000000000002',
      'ACCEPT',
      'CHARACTERISTICS 0000000000000002',
      'CHARACTERISTICS 0000000000000010',
      'ACCEPT',
      'DROP',
    ]);
  });

  it('of an IPv4 network has an address of our own in it, and names its hub', () => {
    const config = adHocConfig(adHocIpv4Id(10, parseAddress('bfb8eb1884')), a, 0)!;
    expect(config.name).toBe('adhoc-10.0.0.0');
    expect(config.staticIps.map(formatInetAddress)[1]).toBe('10.16.224.71/8');
    expect(config.specialists).toEqual([{ address: 0xbfb8eb1884, roles: 0 }]);
    expect(config.rules.map(describeRule)).toEqual(['ACCEPT']);
    expect(adHocConfig(adHocIpv4Id(10, null), a, 0)!.specialists).toEqual([]);
  });

  it('does not exist for other numbers', () => {
    for (const id of ['ff00170016000000', 'ff0a000000000002', '283c5bc4bcc3c8a8'])
      expect(adHocConfig(parseNetworkId(id)!, a, 0)).toBeNull();
  });
});

describe('joining an ad hoc network', () => {
  function join(id: NetworkId): { vl1: TwinVl1; networks: Networks; frames: FrameQueue } {
    const vl1 = new TwinVl1(testIdentity(0));
    const frames = new FrameQueue(4_096, 8);
    const networks = new Networks({ vl1, frames });
    networks.join(at(0), id);
    return { vl1, networks, frames };
  }

  it('asks nobody and is ready at once; nothing is written to the disk', () => {
    const { vl1, networks } = join(adHocPortsId(22, 22));
    expect(networks.views(at(0))[0]).toMatchObject({ status: 'ok', controller: null });
    expect(vl1.takeEvents().map(({ kind }) => kind)).toEqual(['tap', 'network']);
    expect(vl1.takeSent()).toEqual([]);
  });

  it('is impossible where the last port is below the first, and waits for ever where nothing is defined', () => {
    const impossible = join(parseNetworkId('ff00170016000000')!);
    expect(impossible.networks.views(at(0))[0]!.status).toBe('not-found');
    const undefinedOne = join(parseNetworkId('ff0a000000000002')!);
    expect(undefinedOne.networks.views(at(0))[0]!.status).toBe('requesting');
    undefinedOne.networks.handleTimeout(at(100_000));
    expect(undefinedOne.vl1.takeSent()).toEqual([]);
  });

  it('lets everybody in, within its rules', () => {
    const id = adHocIpv4Id(10, null);
    const { networks, frames } = join(id);
    const payload = new Uint8Array(10 + 28);
    new DataView(payload.buffer).setBigUint64(0, id);
    new DataView(payload.buffer).setUint16(8, 0x0800);
    const from = testIdentity(1).identity;
    expect(networks.handlePacket(at(1), inbound(from, 0x06, payload))).toBe('trusted');
    expect(frames.count).toBe(1);
  });
});
