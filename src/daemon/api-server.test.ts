/** The local API over HTTP, with the client that the commands use. */
import { request as httpRequest } from 'node:http';

import { afterEach, describe, expect, it } from 'vitest';

import { ApiClient } from '../api/client.ts';
import type { MemberJson, OwnedNetworkJson } from '../api/schema/controller.ts';
import type { NetworkJson } from '../api/schema/network.ts';
import type { ControllerService, NodeService } from '../api/service.ts';
import { formatU64, type Address, type NetworkId } from '../base/ids.ts';
import { Secret } from '../base/secret.ts';
import { ApiServer, bodyBytesMax } from './api-server.ts';
import { lineLog } from './log.ts';

const token = new Secret('0123456789abcdefghijklmn');
const network = 0x8056c2e21c000001n as NetworkId;
const member = 0x1a2b3c4d5e as Address;
const address = '8056c2e21c';
const log = lineLog({ clock: { nowNs: () => 0, wallMs: () => 0 }, write: () => undefined });

const servers: ApiServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A service in memory: one node, and the networks of its controller. */
function memoryService(withController: boolean): NodeService {
  const joined = new Map<NetworkId, NetworkJson>();
  const owned = new Map<NetworkId, OwnedNetworkJson>();
  const members = new Map<string, MemberJson>();
  const controller: ControllerService = {
    networks: () => [...owned.keys()],
    network: (id) => owned.get(id) ?? null,
    createNetwork: (change) => controller.changeNetwork(network, change),
    changeNetwork: (id, { name = '', private: isPrivate = true }) => {
      const made = { id: formatU64(id), name, private: isPrivate, revision: 1, routes: [] };
      owned.set(id, made);
      return Promise.resolve(made);
    },
    deleteNetwork: (id) => {
      const gone = owned.get(id) ?? null;
      owned.delete(id);
      return Promise.resolve(gone);
    },
    members: (id) => (owned.has(id) ? [...members.values()] : null),
    member: (_id, which) => members.get(which.toString(16)) ?? null,
    changeMember: (id, which, { authorized = false }) => {
      if (!owned.has(id)) return Promise.resolve(null);
      const name = which.toString(16);
      const made = { id: name, authorized, ipAssignments: [], revision: 2 };
      members.set(name, made);
      return Promise.resolve(made);
    },
  };
  return {
    status: () => ({
      address,
      clock: 1,
      config: { settings: { primaryPort: 9993 } },
      online: true,
      planetWorldId: 1,
      planetWorldTimestamp: 2,
      publicIdentity: '',
      version: '0',
    }),
    networks: () => [...joined.values()],
    network: (id) => joined.get(id) ?? null,
    join: (id) => {
      const made: NetworkJson = {
        id: formatU64(id),
        nwid: formatU64(id),
        name: '',
        mac: '',
        mtu: 2800,
        status: 'REQUESTING_CONFIGURATION',
        type: 'PRIVATE',
        assignedAddresses: [],
        portDeviceName: '',
        bridge: false,
        broadcastEnabled: false,
        netconfRevision: 0,
        routes: [],
      };
      joined.set(id, made);
      return made;
    },
    leave: (id) => joined.delete(id),
    peers: () => [{ address, latency: -1, paths: [], role: 'PLANET', version: '1.2.3' }],
    controller: withController ? controller : null,
  };
}

async function serve(
  options: { controller?: boolean; token?: Secret<string> } = {},
): Promise<{ origin: string; client: ApiClient }> {
  const service = memoryService(options.controller ?? true);
  const server = await ApiServer.listen({ token, port: 0, log });
  if (server === null) throw new Error('no port');
  server.serve(service);
  servers.push(server);
  const origin = `http://127.0.0.1:${server.port}`;
  return { origin, client: new ApiClient({ origin, token: options.token ?? token }) };
}

describe('the local API', () => {
  it('joins and leaves networks, and says who is there', async () => {
    const { client } = await serve();
    expect((await client.status()).address).toBe(address);
    expect(await client.network(network)).toBeNull();
    expect((await client.join(network)).status).toBe('REQUESTING_CONFIGURATION');
    expect(await client.networks()).toHaveLength(1);
    expect((await client.network(network))?.id).toBe(formatU64(network));
    expect([await client.leave(network), await client.leave(network)]).toEqual([true, false]);
    expect((await client.peers()).map(({ role }) => role)).toEqual(['PLANET']);
  });

  it('makes networks and lets members in', async () => {
    const { client } = await serve();
    const made = await client.createNetwork({ name: 'lab' });
    expect(made).toMatchObject({ id: formatU64(network), name: 'lab' });
    expect(await client.ownedNetworks()).toEqual([made]);
    expect(await client.member(network, member)).toBeNull();
    expect(await client.changeMember(network, member, { authorized: true })).toMatchObject({
      authorized: true,
    });
    expect(await client.members(network)).toHaveLength(1);
    const other = (network + 1n) as NetworkId;
    expect(await client.members(other)).toBeNull();
    expect(await client.changeMember(other, member, { authorized: true })).toBeNull();
  });

  it('of a daemon without a controller owns nothing', async () => {
    const { client } = await serve({ controller: false });
    expect(await client.ownedNetworks()).toBeNull();
    await expect(client.createNetwork({})).rejects.toMatchObject({
      code: 'CONTROLLER_NOT_RUNNING',
    });
  });

  it('is closed to who has not the token, also where there is nothing', async () => {
    const { client, origin } = await serve({ token: new Secret('0123456789abcdefghijklmX') });
    await expect(client.status()).rejects.toMatchObject({ code: 'API_TOKEN_REFUSED' });
    for (const path of ['/status', '/nothing', '/network', '/controller', '/health/x'])
      expect((await fetch(`${origin}${path}`)).status, path).toBe(401);
    const health = await fetch(`${origin}/health`);
    expect([health.status, await health.json()]).toEqual([
      200,
      { clock: 1, online: true, version: '0' },
    ]);
  });

  it('takes the token as the official service does, and the first that is there decides', async () => {
    const { origin } = await serve();
    const ask = async (path: string, headers: Record<string, string>): Promise<number> =>
      (await fetch(`${origin}${path}`, { headers })).status;
    const right = token.reveal();
    expect(await ask('/status', { 'X-ZT1-Auth': right })).toBe(200);
    expect(await ask(`/status?auth=${right}`, {})).toBe(200);
    expect(await ask('/status', { Authorization: `bEARER ${right}` })).toBe(200);
    expect(await ask(`/status?auth=${right}`, { 'X-ZT1-Auth': 'wrong' })).toBe(401);
    expect(await ask('/nothing', { 'X-ZT1-Auth': right })).toBe(404);
  });

  it('writes the keys of objects in byte order', async () => {
    const { origin } = await serve();
    const headers = { 'X-ZT1-Auth': token.reveal() };
    const text = await (await fetch(`${origin}/peer`, { headers })).text();
    expect(text).toBe(
      '[{"address":"8056c2e21c","latency":-1,"paths":[],"role":"PLANET","version":"1.2.3"}]',
    );
  });

  it('refuses a body that is too long, values that are wrong, and names that are not loopback', async () => {
    const { origin } = await serve();
    const headers = { 'X-ZT1-Auth': token.reveal() };
    const post = async (body: string): Promise<number> =>
      (await fetch(`${origin}/controller/network`, { method: 'POST', headers, body })).status;
    expect(await post(' '.repeat(bodyBytesMax + 1))).toBe(413);
    expect(await post('{"mtu":"x"}')).toBe(400);
    expect(await post('no JSON')).toBe(400);
    expect(await post('{}')).toBe(200);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const options = { headers: { ...headers, Host: 'evil.example' } };
      httpRequest(`${origin}/status`, options, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });

  it('says that nothing listens there any more', async () => {
    const { client } = await serve();
    await servers.splice(0)[0]?.close();
    await expect(client.status()).rejects.toMatchObject({ code: 'DAEMON_NOT_RUNNING' });
  });

  it('leaves a port to who has it', async () => {
    const { origin } = await serve();
    const port = Number(new URL(origin).port);
    expect(await ApiServer.listen({ token, port, log })).toBeNull();
  });
});
