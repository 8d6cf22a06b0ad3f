/** An official service behind the interface, against a fake of its API: see `test/api/official-controller.ts`. */
import { beforeEach, describe, expect, it } from 'vitest';

import { OfficialController } from '../../../test/api/official-controller.ts';
import { virtualTime, type VirtualTime } from '../../../test/api/virtual-time.ts';
import { backendSuite } from '../../../test/conformance/backend.ts';
import { parseAddress, parseNetworkId, type NetworkId } from '../../base/ids.ts';
import { Secret } from '../../base/secret.ts';
import { ApiClient } from '../client.ts';
import { ZeroTierOneBackend } from './zerotier-one.ts';

let official: OfficialController;
let time: VirtualTime;
let service: ZeroTierOneBackend;
const addresses = ['45ad10e047', 'bfb8eb1884', '89e92ceee5'].map((text) => parseAddress(text)!);
const [alice] = addresses;

beforeEach(() => {
  official = new OfficialController();
  time = virtualTime();
  const { fetch, token } = official;
  const client = new ApiClient({
    origin: 'http://127.0.0.1:9993',
    token: new Secret(token),
    fetch,
  });
  service = new ZeroTierOneBackend(client, time);
});

async function network(): Promise<NetworkId> {
  return parseNetworkId((await service.createNetwork({ name: 'x' })).id)!;
}

describe('the official service', () => {
  backendSuite(() => service);

  it('shows all members at once, or one by one where it is an older one', async () => {
    const id = await network();
    await service.authorize(id, addresses, () => undefined);
    official.requests.length = 0;
    const members = await service.members(id);
    expect(members.map(({ address }) => address)).toEqual([
      '45ad10e047',
      '89e92ceee5',
      'bfb8eb1884',
    ]);
    expect(official.requests).toHaveLength(2);
    official.isOld = true;
    expect(await service.members(id)).toEqual(members);
  });

  it('shuts out one member each 1.2 s, and says so before', async () => {
    const id = await network();
    await service.authorize(id, addresses, () => undefined);
    const changed: string[] = [];
    await service.deauthorize(id, addresses, ({ address }) => changed.push(address));
    expect(changed).toHaveLength(3);
    expect(time.waits).toEqual([1_200, 1_200]);
    expect(time.said).toEqual([expect.stringMatching(/3 members, one each 1\.2 s \(about 3 s\)/)]);
  });

  it('waits for nobody who is out already, and does not for one', async () => {
    const id = await network();
    await service.authorize(id, addresses.slice(0, 1), () => undefined);
    official.asks(id.toString(16), 'bfb8eb1884');
    await service.deauthorize(id, addresses.slice(0, 2), () => undefined);
    expect([time.waits, time.said]).toEqual([[], []]);
  });

  it('shuts the members of a network out before it deletes it: of revocations at once the first counts', async () => {
    const id = await network();
    await service.authorize(id, addresses, () => undefined);
    await service.deleteNetwork(id);
    expect(time.waits).toEqual([1_200, 1_200]);
    const posts = official.requests.filter((each) => /^POST .*\/member\//.test(each));
    expect(posts).toHaveLength(6);
    expect(official.requests.at(-1)).toMatch(/^DELETE/);
  });

  it('tells of an authorised member what its own node hears, as that and no more', async () => {
    const id = await network();
    const text = id.toString(16);
    official.asks(text, '45ad10e047');
    expect(await service.member(id, alice!)).toMatchObject({ state: 'waiting', heard: null });
    await service.authorize(id, [alice!], () => undefined);
    const known = await service.member(id, alice!);
    expect(known).toMatchObject({ state: 'never-configured', software: null });
    official.asks(text, '45ad10e047');
    const path = { active: true, expired: false, preferred: true, lastSend: 1 };
    official.peers.push({
      address: '45ad10e047',
      latency: 1,
      role: 'LEAF',
      version: '1.14.1',
      paths: [{ ...path, address: '10.77.0.2/9994', lastReceive: 1_795_363_899_000 }],
    });
    expect(await service.member(id, alice!)).toMatchObject({
      state: 'unknown',
      why: expect.stringContaining('does not tell when a member asked') as unknown,
      heard: { at: 1_795_363_899_000, by: "controller's node" },
      software: { version: '1.14.1', platform: null, isOverspan: null },
    });
  });

  it('keeps the level of remote traces, which a change that does not name it sets to 0', async () => {
    const id = await network();
    const text = id.toString(16);
    official.networks.get(text)!['remoteTraceLevel'] = 2;
    await service.changeNetwork(id, { name: 'y' });
    expect(official.networks.get(text)!['remoteTraceLevel']).toBe(2);
    await service.authorize(id, [alice!], () => undefined);
    official.members.get(text)!.get('45ad10e047')!['remoteTraceLevel'] = 3;
    await service.changeMember(id, alice!, { name: 'a' });
    expect(official.members.get(text)!.get('45ad10e047')!['remoteTraceLevel']).toBe(3);
  });

  it('says what it has not: descriptions, and networks where there is no controller', async () => {
    const id = await network();
    const described = service.changeNetwork(id, { description: 'x' });
    await expect(described).rejects.toMatchObject({ code: 'SERVICE_LACKS' });
    official.hasController = false;
    const without = service.networks();
    await expect(without).rejects.toMatchObject({ code: 'CONTROLLER_NOT_RUNNING' });
    await expect(service.network(id)).rejects.toMatchObject({ code: 'CONTROLLER_NOT_RUNNING' });
  });

  it('names the record that is in a form that is none', async () => {
    const id = await network();
    const text = id.toString(16);
    await service.authorize(id, [alice!], () => undefined);
    official.members.get(text)!.get('45ad10e047')!['capabilities'] = ['1'];
    const why = expect.stringMatching(/the record of 45ad10e047: .*expected number/) as unknown;
    await expect(service.members(id)).rejects.toMatchObject({ code: 'API_FAILED', message: why });
    official.networks.get(text)!['mtu'] = '2800';
    for (const work of [service.networks(), service.changeNetwork(id, { name: 'y' })])
      await expect(work).rejects.toMatchObject({ code: 'API_FAILED' });
  });
});
