/** Networks as files: of an Overspan daemon on a machine in memory, made again there and on an official service (a fake of it). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CapturedNode } from '../../test/api/captured-node.ts';
import { OfficialController } from '../../test/api/official-controller.ts';
import { virtualTime } from '../../test/api/virtual-time.ts';
import { OverspanBackend, ZeroTierOneBackend } from '../api/backend/index.ts';
import { ApiClient } from '../api/client.ts';
import { ClientV1 } from '../api/client-v1.ts';
import { networkFile, type NetworkFile } from '../api/schema/network-file.ts';
import { parseAddress, parseNetworkId } from '../base/ids.ts';
import { Secret } from '../base/secret.ts';
import { MemoryNetwork } from '../io/udp/index.ts';
import { exportNetwork, importNetwork } from './network-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'overspan-file-'));
const node = new CapturedNode(new MemoryNetwork(), 'R', directory);
const [alice, bob] = ['45ad10e047', 'bfb8eb1884'];
let overspan: OverspanBackend;

beforeAll(async () => {
  await node.start();
  const { origin, token } = node;
  overspan = new OverspanBackend(new ClientV1({ origin, token: new Secret(token) }));
});
afterAll(async () => {
  await node.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** A network with one member inside and one that is banned, as a file. */
async function fileOf(isPrivate: boolean): Promise<NetworkFile> {
  const id = parseNetworkId((await overspan.createNetwork({ name: 'lab', isPrivate })).id)!;
  await overspan.authorize(id, [parseAddress(alice)!], () => undefined);
  await overspan.ban(id, [parseAddress(bob)!], () => undefined);
  return networkFile.parse(JSON.parse(JSON.stringify(await exportNetwork(overspan, id))));
}

function officialService(): ZeroTierOneBackend {
  const { fetch, token } = new OfficialController();
  const origin = 'http://127.0.0.1:9993';
  const client = new ApiClient({ origin, token: new Secret(token), fetch });
  return new ZeroTierOneBackend(client, virtualTime());
}

describe('a member that is banned', () => {
  const withMembers = { withMembers: true };

  it('is so in the network that is made of the file, and nobody else is', async () => {
    const id = await importNetwork(overspan, await fileOf(false), withMembers);
    expect(await overspan.members(id)).toMatchObject([
      { address: alice, isAuthorized: true, isBanned: false },
      { address: bob, isAuthorized: false, isBanned: true },
    ]);
  });

  it('is kept out where there are no bans: not let in on a private network, and no public one is made', async () => {
    const official = officialService();
    const id = await importNetwork(official, await fileOf(true), withMembers);
    expect(await official.members(id)).toMatchObject([
      { address: alice, isAuthorized: true },
      { address: bob, isAuthorized: false },
    ]);
    const publicNetwork = importNetwork(official, await fileOf(false), withMembers);
    await expect(publicNetwork).rejects.toMatchObject({ code: 'SERVICE_LACKS' });
    expect(await official.networks()).toHaveLength(1);
  });
});
