/** The local API over HTTP, with the client that the commands use. */
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import { ApiClient } from '../api/client.ts';
import type { MemberJson, OwnedNetworkJson } from '../api/schema/controller.ts';
import type { NetworkJson } from '../api/schema/network.ts';
import type { ControllerService, NodeService } from '../api/service.ts';
import { formatU64, type Address, type NetworkId } from '../base/ids.ts';
import { Secret } from '../base/secret.ts';
import { sortedJson } from '../api/routes/index.ts';
import { bodyBytesMax } from '../http/body.ts';
import { ApiServer } from './api-server.ts';
import { lineLog } from './log.ts';

const token = new Secret('0123456789abcdefghijklmn');
const metricsToken = new Secret('mnopqrstuvwxyz0123456789');
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
    deleteMember: (_id, which) => {
      const gone = members.get(which.toString(16)) ?? null;
      members.delete(which.toString(16));
      return Promise.resolve(gone);
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
      return Promise.resolve(made);
    },
    leave: (id) => joined.delete(id),
    peers: () => [{ address, latency: -1, paths: [], role: 'PLANET', version: '1.2.3' }],
    moons: () => [],
    wantedMoons: () => [],
    orbit: () => {
      throw new Error('not here');
    },
    deorbit: () => false,
    config: () => ({}),
    setConfig: () => Promise.resolve(),
    metrics: () => 'figures 1\n',
    controller: withController ? controller : null,
  };
}

async function serve(
  options: { controller?: boolean; token?: Secret<string>; allowsTokenInUrl?: boolean } = {},
): Promise<{ origin: string; client: ApiClient }> {
  const service = memoryService(options.controller ?? true);
  const { allowsTokenInUrl = false } = options;
  const server = await ApiServer.listen({
    ...{ token, metricsToken, port: 0, log },
    allowsTokenInUrl: () => allowsTokenInUrl,
  });
  if (server === null) throw new Error('no port');
  server.serve(service);
  servers.push(server);
  const origin = `http://127.0.0.1:${server.port}`;
  return { origin, client: new ApiClient({ origin, token: options.token ?? token }) };
}

/** The status of a GET with these headers, also of names and repetitions that `fetch` does not send. */
function rawStatus(
  origin: string,
  path: string,
  headers: readonly (readonly [string, string])[],
): Promise<number | undefined> {
  const { port } = new URL(origin);
  const named = headers.some(([name]) => name === 'Host');
  const flat = [...(named ? [] : [['Host', `127.0.0.1:${port}`] as const]), ...headers].flat();
  return new Promise((resolve, reject) => {
    httpRequest({ port, host: '127.0.0.1', path, headers: flat }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
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
    for (const path of [
      '/status',
      '/nothing',
      '/network',
      '/controller',
      '/health/x',
      '/sso',
      '/app/',
    ])
      expect((await fetch(`${origin}${path}`)).status, path).toBe(401);
    const health = await fetch(`${origin}/health`);
    expect([health.status, await health.json()]).toEqual([
      200,
      { clock: 1, online: true, version: '0' },
    ]);
  });

  it('takes the token in a header or as a bearer, and the first that is there decides', async () => {
    const { origin } = await serve();
    const ask = async (path: string, headers: Record<string, string>): Promise<number> =>
      (await fetch(`${origin}${path}`, { headers })).status;
    const right = token.reveal();
    expect(await ask('/status', { 'X-ZT1-Auth': right })).toBe(200);
    expect(await ask('/status', { Authorization: `bEARER ${right}` })).toBe(200);
    expect(await ask('/status', { 'X-ZT1-Auth': 'wrong', Authorization: `Bearer ${right}` })).toBe(
      401,
    );
    expect(await ask('/nothing', { 'X-ZT1-Auth': right })).toBe(404);
  });

  it('takes no token from the URL, and answers no JSONP, unless the operator allows it', async () => {
    const right = token.reveal();
    for (const allowsTokenInUrl of [false, true]) {
      const { origin } = await serve({ allowsTokenInUrl });
      const inUrl = await fetch(`${origin}/status?auth=${right}`);
      expect(inUrl.status).toBe(allowsTokenInUrl ? 200 : 401);
      const wrapped = await fetch(`${origin}/health?jsonp=cb`);
      expect(wrapped.headers.get('content-type')).toBe(
        allowsTokenInUrl ? 'application/javascript' : 'application/json',
      );
      expect((await wrapped.text()).startsWith('cb({')).toBe(allowsTokenInUrl);
      // The header decides where it is there.
      const headers = { 'X-ZT1-Auth': 'wrong' };
      expect((await fetch(`${origin}/status?auth=${right}`, { headers })).status).toBe(401);
    }
  });

  it('lets nobody in with a token that is nearly right', async () => {
    const { origin } = await serve({ allowsTokenInUrl: true });
    const right = token.reveal();
    const wrong = [
      '',
      ' ',
      right.slice(0, -1),
      right.slice(1),
      `${right}x`,
      right.toUpperCase(),
      `${right},${right}`,
      `"${right}"`,
      '*',
      'null',
      'undefined',
      metricsToken.reveal(),
      'x'.repeat(8_000),
    ];
    for (const each of wrong)
      for (const [path, headers] of [
        ['/status', [['X-ZT1-Auth', each]]],
        ['/status', [['Authorization', each]]],
        ['/status', [['Authorization', `Basic ${each}`]]],
        ['/status', [['Authorization', `Bearer ${each}`]]],
        ['/status', [['X-ZT1-Auth-Token', right]]],
        [`/status?auth=${encodeURIComponent(each)}`, []],
        [`/status?auth=${encodeURIComponent(each)}&auth=${right}`, []],
        [`/status?AUTH=${right}`, []],
        ['/status', [['Cookie', `auth=${right}`]]],
      ] as const)
        expect(await rawStatus(origin, path, headers), `${path} ${String(headers)}`).toBe(401);
    // The same header twice is one value to Node, and none that is right.
    const twice = [
      ['X-ZT1-Auth', right],
      ['X-ZT1-Auth', right],
    ] as const;
    expect(await rawStatus(origin, '/status', twice)).toBe(401);
    expect(await rawStatus(origin, '/status', [['x-zt1-auth', right]])).toBe(200);
  });

  it('shows figures to their own token, and nothing else', async () => {
    const { origin } = await serve();
    const ask = (path: string, text: string): Promise<number | undefined> =>
      rawStatus(origin, path, [['X-ZT1-Auth', text]]);
    for (const each of [token, metricsToken])
      expect(await ask('/metrics', each.reveal())).toBe(200);
    for (const path of ['/status', '/network', '/metrics/x', '/controller', '/config'])
      expect(await ask(path, metricsToken.reveal()), path).toBe(401);
    expect(await ask('/metrics', 'wrong')).toBe(401);
    const headers = { Authorization: `Bearer ${metricsToken.reveal()}` };
    const answer = await fetch(`${origin}/metrics`, { headers });
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual([
      'text/plain',
      'figures 1\n',
    ]);
  });

  it('answers nothing that a page of another origin asks', async () => {
    const { origin } = await serve();
    const port = new URL(origin).port;
    const right = ['X-ZT1-Auth', token.reveal()] as const;
    const ask = (...headers: readonly (readonly [string, string])[]): Promise<number | undefined> =>
      rawStatus(origin, '/status', [right, ...headers]);
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      'localhost.evil.example',
      '127.0.0.1.',
    ])
      expect(await ask(['Host', host]), host).toBe(403);
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, 'LOCALHOST'])
      expect(await ask(['Host', host]), host).toBe(200);
    for (const other of [
      'http://evil.example',
      'null',
      'http://127.0.0.1:1',
      `https://127.0.0.1:${port}`,
    ])
      expect(await ask(['Origin', other]), other).toBe(403);
    expect(await ask(['Origin', origin])).toBe(200);
    for (const site of ['cross-site', 'same-site', 'x'])
      expect(await ask(['Sec-Fetch-Site', site]), site).toBe(403);
    for (const site of ['same-origin', 'none'])
      expect(await ask(['Sec-Fetch-Site', site]), site).toBe(200);
    // Also for what needs no token, so that a page cannot even see that a node is here.
    expect(await rawStatus(origin, '/health', [['Origin', 'http://evil.example']])).toBe(403);
  });

  it('answers a request without Host, as zerotier-cli sends it', async () => {
    const { origin } = await serve();
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    socket.end(`GET /health HTTP/1.1\r\nX-ZT1-Auth: ${token.reveal()}\r\n\r\n`);
    let said = '';
    for await (const chunk of socket as AsyncIterable<Uint8Array>)
      said += new TextDecoder().decode(chunk);
    expect(said).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('listens on 127.0.0.1 alone', async () => {
    const { origin } = await serve();
    const port = new URL(origin).port;
    await expect(fetch(`http://127.0.0.2:${port}/health`)).rejects.toThrow();
    await expect(fetch(`http://[::1]:${port}/health`)).rejects.toThrow();
  });

  it('writes the keys of objects in byte order', async () => {
    const { origin } = await serve();
    const headers = { 'X-ZT1-Auth': token.reveal() };
    const text = await (await fetch(`${origin}/peer`, { headers })).text();
    expect(text).toBe(
      '[{"address":"8056c2e21c","latency":-1,"paths":[],"role":"PLANET","version":"1.2.3"}]',
    );
  });

  it('writes addresses that look like numbers among the others, in byte order', () => {
    const members = { '1234567890': 1, '0a00000000': 2, '6plane': 3, zt: undefined };
    expect(sortedJson(members)).toBe('{"0a00000000":2,"1234567890":1,"6plane":3}');
  });

  it('refuses a body that is too long, and names that are not loopback', async () => {
    const { origin } = await serve();
    const headers = { 'X-ZT1-Auth': token.reveal() };
    const post = async (body: string): Promise<number> =>
      (await fetch(`${origin}/controller/network`, { method: 'POST', headers, body })).status;
    expect(await post(' '.repeat(bodyBytesMax + 1))).toBe(413);
    expect(await post('{"mtu":"x"}')).toBe(400);
    expect(await post('no JSON')).toBe(500);
    expect(await post('{}')).toBe(200);
    expect(await rawStatus(origin, '/status', [['Host', 'evil.example']])).toBe(403);
  });

  it('takes PUT for POST, and no other method', async () => {
    const { origin } = await serve();
    const headers = { 'X-ZT1-Auth': token.reveal() };
    const ask = async (method: string): Promise<number> =>
      (await fetch(`${origin}/network/${formatU64(network)}`, { method, headers })).status;
    expect(await ask('PUT')).toBe(200);
    for (const method of ['PATCH', 'OPTIONS', 'HEAD']) expect(await ask(method), method).toBe(404);
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
