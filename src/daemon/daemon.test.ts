/** Whole daemons inside one process: their homes and APIs are real, the machine around them is in memory. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, describe, expect, it } from 'vitest';

import { testIdentity } from '../../test/vectors/identities.ts';
import { ApiClient } from '../api/client.ts';
import type { NetworkJson } from '../api/schema/network.ts';
import { ByteWriter } from '../base/bytes.ts';
import { formatAddress, formatU64, parseNetworkId, type Mac, type NetworkId } from '../base/ids.ts';
import { Secret } from '../base/secret.ts';
import { nodeProvider } from '../io/crypto/node-provider.ts';
import { MemoryInterfaces } from '../io/netif/index.ts';
import { MemoryMachine, type MemoryDevice } from '../io/tap/memory-tap.ts';
import { MemoryNetwork } from '../io/udp/index.ts';
import { makeWorld } from '../root/make-world.ts';
import { worldKeyOf } from '../root/world-key.ts';
import { encode } from '../wire/codec.ts';
import { ipEndpoint } from '../wire/inet-address.ts';
import { deviceName } from '../wire/network-id.ts';
import { world, type World } from '../wire/world.ts';
import { startDaemon, type Daemon } from './daemon.ts';
import { Home } from './home.ts';
import { lineLog } from './log.ts';

const directory = mkdtempSync(join(tmpdir(), 'overspan-daemon-'));
const running = new Set<Daemon>();
afterEach(async () => {
  await Promise.all([...running].map((daemon) => daemon.stop()));
  running.clear();
  rmSync(directory, { recursive: true, force: true });
});

const provider = nodeProvider();
const network = (): MemoryNetwork => new MemoryNetwork();
const rootIp = '10.77.0.1';
const port = 19_993;

function planetOf(index: number): World {
  const endpoint = ipEndpoint(rootIp, port);
  if (endpoint === null) throw new Error(rootIp);
  return makeWorld(provider, {
    kind: 'planet',
    id: 7n,
    wallMs: 1_795_363_862_212,
    roots: [{ identity: testIdentity(index).identity, endpoints: [endpoint] }],
    key: worldKeyOf(provider, new Uint8Array(64).fill(9)),
  });
}
const planet = planetOf(0);

/** A machine with a node, which is test identity `index`. */
class Machine {
  readonly home: Home;
  readonly machine = new MemoryMachine();
  readonly interfaces: MemoryInterfaces;
  readonly lines: string[] = [];
  readonly #index: number;
  readonly #net: MemoryNetwork;
  readonly #ip: string;
  daemon: Daemon | null = null;

  constructor(net: MemoryNetwork, index: number) {
    this.#net = net;
    this.#index = index;
    this.#ip = `10.77.0.${index + 1}`;
    this.home = new Home(join(directory, `home-${index}`));
    this.interfaces = new MemoryInterfaces([{ device: 'eth0', family: 'ipv4', ip: this.#ip }]);
    this.#udp = net.host([this.#ip, `10.78.0.${index + 1}`]);
  }

  readonly #udp;

  get address(): string {
    return formatAddress(testIdentity(this.#index).identity.address);
  }

  async start(options: { withController?: boolean; fallbackPlanet?: World | null } = {}) {
    if ((await this.home.identity(provider)) === null)
      await this.home.keepIdentity(testIdentity(this.#index));
    this.daemon = await startDaemon({
      home: this.home.directory,
      port: 0,
      fallbackPlanet: planet,
      log: lineLog({
        clock: { nowNs: () => 0, wallMs: () => 0 },
        write: (line) => this.lines.push(line),
      }),
      ...options,
      edge: {
        // All nodes have the port of the root, whatever that of their API is.
        openUdp: (udp) => this.#udp({ ...udp, local: { ...udp.local, port } }),
        openTap: this.machine.openTap,
        openDevice: this.interfaces.openDevice,
        watchAddresses: (watch) => this.interfaces.watchAddresses(watch),
      },
    });
    running.add(this.daemon);
    return this;
  }

  async stop(): Promise<void> {
    await this.daemon?.stop();
  }

  get client(): ApiClient {
    const token = readFileSync(this.home.path('authtoken.secret'), 'latin1');
    const apiPort = readFileSync(this.home.path('zerotier-one.port'), 'latin1');
    return new ApiClient({ origin: `http://127.0.0.1:${apiPort}`, token: new Secret(token) });
  }

  /** Its device in a network, as soon as that is there. */
  async deviceOf(id: NetworkId): Promise<MemoryDevice> {
    const { portDeviceName } = await this.network(id, ({ status }) => status === 'OK');
    const device = this.machine.device(portDeviceName);
    if (device === undefined) throw new Error(`there is no ${portDeviceName}`);
    return device;
  }

  /** Looks until the network is as it is wanted to be. */
  async network(id: NetworkId, isSo: (json: NetworkJson) => boolean): Promise<NetworkJson> {
    return until(async () => {
      const json = await this.client.network(id);
      return json !== null && isSo(json) ? json : null;
    });
  }
}

/** A frame of an experimental type. */
function frameOf(to: Mac, from: Mac): Uint8Array {
  const writer = new ByteWriter(new Uint8Array(60));
  writer.u48(to);
  writer.u48(from);
  writer.u16(0x88b5);
  return writer.bytes;
}

async function until<T>(find: () => Promise<T | null>): Promise<T> {
  for (let turn = 0; turn < 400; turn++) {
    const found = await find();
    if (found !== null) return found;
    await delay(5);
  }
  throw new Error('never');
}

/** A root with a controller, one member of a public network, and the network. @param before - joining */
async function joined(
  before: (a: Machine, id: NetworkId) => void = () => undefined,
): Promise<{ root: Machine; a: Machine; id: NetworkId; net: MemoryNetwork }> {
  const net = network();
  const root = await new Machine(net, 0).start({ withController: true });
  const a = await new Machine(net, 1).start();
  const made = await root.client.createNetwork({
    private: false,
    routes: [{ target: '10.1.0.0/24' }],
    ipAssignmentPools: [{ ipRangeStart: '10.1.0.1', ipRangeEnd: '10.1.0.99' }],
    v4AssignMode: { zt: true },
  });
  const id = parseNetworkId(made.id);
  if (id === null) throw new Error(made.id);
  before(a, id);
  await a.client.join(id);
  await a.network(id, ({ status }) => status === 'OK');
  return { root, a, id, net };
}

describe('a daemon', () => {
  it('joins a network of another one, and sets its device up', async () => {
    const { root, a, id } = await joined();
    const { portDeviceName, assignedAddresses, lastRequestTime } = await a.network(id, () => true);
    expect(portDeviceName).toMatch(/^zt\w{8}$/);
    expect(assignedAddresses).toEqual([expect.stringMatching(/^10\.1\.0\.\d+\/24$/)]);
    expect(lastRequestTime).toBeGreaterThan(0);
    const state = a.interfaces.states.get(portDeviceName);
    expect(state?.addresses.map(({ ip, bits }) => `${ip}/${bits}`)).toEqual(assignedAddresses);
    const members = await root.client.members(id);
    expect(members?.map((member) => [member.id, member.authorized])).toEqual([[a.address, true]]);
    expect((await a.client.peers()).map(({ role }) => role)).toEqual(['PLANET']);
    expect(await a.client.leave(id)).toBe(true);
    expect(a.machine.device(portDeviceName)).toBeUndefined();
    expect(a.interfaces.states.has(portDeviceName)).toBe(false);
  });

  it('remembers the network, and is in it at once when it starts again, also without a root', async () => {
    const { root, a, id } = await joined();
    const { assignedAddresses } = await a.network(id, () => true);
    await a.stop();
    await root.stop();
    expect(existsSync(a.home.path('zerotier-one.pid'))).toBe(false);
    await a.start();
    const again = await a.client.network(id);
    expect(again).toMatchObject({ status: 'OK', assignedAddresses });
  });

  it('reaches whom it has met before when it starts again, without a root and without a question', async () => {
    const { root, a, id, net } = await joined();
    const b = await new Machine(net, 2).start();
    await b.client.join(id);
    const [atA, atB] = [await a.deviceOf(id), await b.deviceOf(id)];
    const got: Uint8Array[] = [];
    atB.onFrame = (frame) => got.push(frame);
    const frame = frameOf(atB.mac, atA.mac);
    await until(async () => {
      atA.send(frame);
      const peers = await a.client.peers();
      const isDirect = peers.some(
        ({ address, paths }) => address === b.address && paths.length > 0,
      );
      return isDirect && got.length > 0 ? true : null;
    });
    await a.stop();
    await root.stop();
    const files = [root, b].map(({ address }) => a.home.path('peers.d', `${address}.peer`));
    expect(files.map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
    writeFileSync(a.home.path('peers.d', 'ffffffffff.peer'), 'damaged');
    await a.start();
    got.length = 0;
    const again = await a.deviceOf(id);
    await until(() => {
      again.send(frame);
      return Promise.resolve(got.length > 0 ? true : null);
    });
    expect(got[0]).toEqual(frame);
    expect((await a.client.status()).online).toBe(false);
    const peers = await a.client.peers();
    expect(peers.find(({ address }) => address === b.address)?.paths).toMatchObject([
      { address: `10.77.0.3/${port}`, active: true },
    ]);
    expect(a.lines.filter((line) => line.includes('passed over'))).toEqual([
      expect.stringContaining('count=1 first=ffffffffff.peer'),
    ]);
    expect(existsSync(a.home.path('peers.d', 'ffffffffff.peer'))).toBe(true);
  });

  it('makes its device again when somebody deletes it', async () => {
    const { a, id } = await joined();
    const { portDeviceName, assignedAddresses } = await a.network(id, () => true);
    a.machine.device(portDeviceName)?.delete();
    expect(a.machine.device(portDeviceName)).toBeDefined();
    expect(await a.client.network(id)).toMatchObject({ assignedAddresses, portDeviceName });
    expect(a.lines.some((line) => line.includes('somebody removed the device'))).toBe(true);
  });

  it('takes another name where that of its device is taken', async () => {
    const { a, id } = await joined((machine, networkId) => {
      const options = { networkId, mac: 2 as Mac, mtu: 1500, onFrames: () => undefined };
      machine.machine.openTap({ ...options, name: deviceName(networkId) });
    });
    const { portDeviceName } = await a.network(id, () => true);
    expect(portDeviceName).toBe(deviceName(id, 1));
  });

  it('listens on the addresses of its machine as they come and go, not on those of its devices', async () => {
    const { a, id } = await joined();
    const { portDeviceName, assignedAddresses } = await a.network(id, () => true);
    const [ip = ''] = assignedAddresses[0]?.split('/') ?? [];
    a.interfaces.setAddresses([
      { device: 'eth0', family: 'ipv4', ip: '10.78.0.2' },
      { device: portDeviceName, family: 'ipv4', ip },
    ]);
    const listening = await until(async () => {
      const { listeningOn = [] } = (await a.client.status()).config.settings;
      return listeningOn.includes(`10.78.0.2/${port}`) ? listeningOn : null;
    });
    expect(listening).toEqual([`10.78.0.2/${port}`]);
    await until(async () => ((await a.client.status()).online ? true : null));
  });

  it('applies no more of a network than its operator allows', async () => {
    const { a, id } = await joined((machine, networkId) => {
      mkdirSync(machine.home.path('networks.d'));
      const file = machine.home.path('networks.d', `${formatU64(networkId)}.local.conf`);
      writeFileSync(file, 'allowManaged=0\n');
    });
    const { portDeviceName, assignedAddresses, allowManaged } = await a.network(id, () => true);
    expect(allowManaged).toBe(false);
    expect(assignedAddresses).toHaveLength(1);
    expect(a.interfaces.states.get(portDeviceName)?.addresses).toEqual([]);
  });

  it('applies what is allowed over the API at once, and keeps it', async () => {
    const { a, id } = await joined();
    const { portDeviceName } = await a.network(id, () => true);
    const addresses = (): number | undefined =>
      a.interfaces.states.get(portDeviceName)?.addresses.length;
    const set = async (body: unknown): Promise<Record<string, unknown>> => {
      const apiPort = readFileSync(a.home.path('zerotier-one.port'), 'latin1');
      const token = readFileSync(a.home.path('authtoken.secret'), 'latin1');
      const url = `http://127.0.0.1:${apiPort}/network/${formatU64(id)}`;
      const init = { method: 'POST', headers: { 'X-ZT1-Auth': token } };
      const response = await fetch(url, { ...init, body: JSON.stringify(body) });
      return (await response.json()) as Record<string, unknown>;
    };
    const file = (): string =>
      readFileSync(a.home.path('networks.d', `${formatU64(id)}.local.conf`), 'latin1');
    expect(addresses()).toBe(1);
    expect(await set({ allowManaged: false, allowDNS: true })).toMatchObject({
      allowManaged: false,
    });
    expect(addresses()).toBe(0);
    expect(file()).toBe('allowManaged=0\nallowGlobal=0\nallowDefault=0\nallowDNS=1\n');
    // Neither a text nor a number is true or false.
    await set({ allowManaged: 'true', allowDNS: 0 });
    expect(addresses()).toBe(0);
    await set({ allowManaged: true });
    expect(addresses()).toBe(1);
    const elsewhere = await set({ allowManaged: ['192.168.0.0/16'] });
    expect(elsewhere).toMatchObject({ allowManaged: true, allowManagedIn: ['192.168.0.0/16'] });
    expect(addresses()).toBe(0);
    // What was shown is sent back whole: the restriction stays.
    expect(await set(elsewhere)).toMatchObject({ allowManagedIn: ['192.168.0.0/16'] });
    expect(addresses()).toBe(0);
    expect(await set({ allowManaged: ['nonsense'] })).toMatchObject({ code: 'API_BODY_INVALID' });
    await set({ allowManaged: false });
    expect(await set({ allowManaged: true })).not.toHaveProperty('allowManagedIn');
    expect(addresses()).toBe(1);
  });
});

describe('the planet of a daemon', () => {
  const start = (home: Home, options: { planetFile?: string; fallbackPlanet?: World | null }) =>
    startDaemon({
      home: home.directory,
      port: 0,
      fallbackPlanet: null,
      log: lineLog({ clock: { nowNs: () => 0, wallMs: () => 0 }, write: () => undefined }),
      ...options,
      edge: new (class {
        readonly interfaces = new MemoryInterfaces();
        readonly machine = new MemoryMachine();
        openUdp = new MemoryNetwork().host([]);
        openTap = this.machine.openTap;
        openDevice = this.interfaces.openDevice;
        watchAddresses = this.interfaces.watchAddresses.bind(this.interfaces);
      })(),
    });

  it('is the one that was given, which the home then keeps', async () => {
    const home = new Home(join(directory, 'kept'));
    await home.keepIdentity(testIdentity(5));
    await expect(start(home, {})).rejects.toMatchObject({ code: 'PLANET_INVALID' });
    const planetFile = home.path('given');
    writeFileSync(planetFile, encode(world, planet));
    await (await start(home, { planetFile })).stop();
    expect(await home.planet()).toEqual(planet);
    await (await start(home, {})).stop();
    const other = planetOf(3);
    writeFileSync(planetFile, encode(world, other));
    await (await start(home, { planetFile })).stop();
    expect(await home.planet()).toEqual(other);
  });

  it('is one of the home before the public one', async () => {
    const home = new Home(join(directory, 'public'));
    await home.keepIdentity(testIdentity(6));
    // Without any address there is nowhere to send to, whatever the planet.
    await (await start(home, { fallbackPlanet: planet })).stop();
    expect(await home.planet()).toBeNull();
  });
});
