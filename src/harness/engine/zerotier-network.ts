/**
 * A ZeroTier network of one's own on two hosts, by nodes of either make: what `overspan` and `zerotier-one` have in
 * common.
 *
 * ```
 * host a   root of a planet made here, controller, member      10.77.0.1, UDP and (loopback) TCP of `port`
 * host b   member                                              10.77.0.2
 * ```
 *
 * Only what a user has is used: `overspan root init` for the planet and the identities, a home directory for each node,
 * the local API. Settings are those of either program by default (network: MTU 2800, IPv4 alone, rules "accept") but for
 * what would look for the world outside, and the underlay: the nodes use no address but their host's on it, so that no
 * overlay runs over another of the same lab. No node ever runs with another planet than the one made here.
 */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ApiClient } from '../../api/client.ts';
import { assert, errorCode } from '../../base/errors.ts';
import {
  formatAddress,
  formatU64,
  parseAddress,
  parseNetworkId,
  type Address,
  type NetworkId,
} from '../../base/ids.ts';
import { systemClock } from '../../sys/clock.ts';
import { runCommand } from '../../sys/command.ts';
import type { Daemon } from '../lab/daemon.ts';
import type { LabHost } from '../lab/host.ts';
import { pinCongestionControl, routedThrough } from '../lab/link.ts';
import { daemonCost } from './cost.ts';
import type { EngineContext, OverlayNetwork } from './engine.ts';
import { askUntilAnswered, secondsText } from './first-answer.ts';
import { apiOf, withLocalApi } from './local-api.ts';
import { overspanProgram } from './overspan-program.ts';
import { interrupted, untilReachable, untilReady, type WaitOptions } from './ready.ts';
import { tunnelPath } from './tunnel-path.ts';

/** A program that is a node. */
export interface NodeProgram {
  /** Of the engine. */
  readonly name: string;
  /** UDP and API. Each program has one of its own: a lab may have all of them at once. */
  readonly port: number;
  /** The command line of a node with this home. */
  argv(home: string): readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

interface NodeHome {
  readonly host: LabHost;
  readonly home: string;
  readonly address: Address;
}

interface Node extends NodeHome {
  readonly daemon: Daemon;
}

/** Starts the nodes and makes the network. */
export async function zerotierNetwork(
  context: EngineContext,
  program: NodeProgram,
): Promise<OverlayNetwork> {
  const homes = await makeHomes(context, program);
  const nodes: Node[] = [];
  for (const home of homes) {
    const daemon = await context.start({
      host: home.host,
      name: program.name,
      argv: program.argv(home.home),
      ...(program.environment === undefined ? {} : { environment: program.environment }),
    });
    nodes.push({ ...home, daemon });
  }
  const running = new RunningNetwork(context, nodes);
  await running.create();
  return running;
}

/** Planet, identities and homes, before any node runs. The first host is the root. */
async function makeHomes(
  { hosts, directory, signal }: EngineContext,
  { port }: NodeProgram,
): Promise<NodeHome[]> {
  const place = await directory();
  const planet = join(place, 'planet');
  const homes = hosts.map((host) => ({ host, home: join(place, host.name) }));
  for (const { home } of homes) await mkdir(home, { mode: 0o700 });
  const [root, ...others] = homes;
  assert(root !== undefined, 'a lab has hosts');
  const overspan = (...words: readonly string[]): Promise<unknown> =>
    runCommand([...overspanProgram(), ...words], { signal, timeoutMs: 60_000 });
  // Each identity takes about a second.
  await Promise.all([
    overspan(
      ...['root', 'init', `${root.host.underlayAddress}/${port}`],
      ...['--home', root.home, '--out', planet],
    ),
    ...others.map(({ home }) =>
      overspan('wire', 'identity', 'new', '--out', join(home, 'identity.secret')),
    ),
  ]);
  return Promise.all(
    homes.map(async ({ host, home }) => {
      const secret = await readFile(join(home, 'identity.secret'), 'latin1');
      const address = parseAddress(secret.slice(0, 10));
      assert(address !== null, 'the text of an identity begins with its address');
      // The official node takes both files or makes an identity of its own.
      await writeFile(join(home, 'identity.public'), secret.split(':').slice(0, 3).join(':'));
      await copyFile(planet, join(home, 'planet'));
      const settings = { ...quietSettings, primaryPort: port, bind: [host.underlayAddress] };
      await writeFile(join(home, 'local.conf'), JSON.stringify({ settings }));
      return { host, home, address };
    }),
  );
}

/** How long is watched for the first answer; whether there is one is asked again afterwards. */
const firstAnswerMsMax = 20_000;

/** No second port, no port mapping, no relay over TCP, no updates. */
const quietSettings = {
  portMappingEnabled: false,
  allowSecondaryPort: false,
  allowTcpFallbackRelay: false,
  softwareUpdate: 'disable',
};

class RunningNetwork implements OverlayNetwork {
  readonly #context: EngineContext;
  readonly #nodes: readonly Node[];
  #id: NetworkId | null = null;
  /** By the name of the host: the device of its membership. */
  readonly #devices = new Map<string, string>();

  constructor(context: EngineContext, nodes: readonly Node[]) {
    this.#context = context;
    this.#nodes = nodes;
  }

  /** Makes the network on the first node, and has all of them ask to join it. */
  async create(): Promise<void> {
    const [controller] = this.#nodes;
    assert(controller !== undefined, 'the first node is the controller');
    const { subnet, tell } = this.#context;
    const id = await this.#withApi(controller, async (client) => {
      const network = await client.createNetwork({
        name: 'lab',
        private: true,
        routes: [{ target: subnet.cidr, via: null }],
      });
      const id = parseNetworkId(network.id);
      assert(id !== null, 'a network has an id');
      return id;
    });
    this.#id = id;
    tell(`network ${formatU64(id)} "lab", private, made on host ${controller.host.name}`);
    for (const node of this.#nodes) await this.#withApi(node, (client) => client.join(id));
    await this.#withApi(controller, async (client) => {
      for (const { host, address } of this.#nodes)
        await untilReady(this.#waiting(`host ${host.name} to ask to join`), () =>
          client.member(id, address),
        );
    });
    const names = this.#nodes.map(
      ({ host, address }) => `${formatAddress(address)} (${host.name})`,
    );
    tell(`members that wait to be authorised: ${names.join(', ')}`);
  }

  /** Lets the node of a host in. With the last one it takes until its first packet to another is answered. */
  async join(host: LabHost): ReturnType<OverlayNetwork['join']> {
    const { subnet } = this.#context;
    const node = this.#nodeOf(host);
    const id = this.#id;
    assert(id !== null, 'the network is made before it is joined');
    const address = subnet.addressOf(host);
    await this.#authorize(node, id);
    const membership = await this.#withApi(node, async (client) => {
      return untilReady(this.#waiting(`the network on host ${host.name}`), async () => {
        const network = await client.network(id);
        if (network?.status !== 'OK' || network.portDeviceName === '') return null;
        const isThere = (await routedThrough(host, subnet.cidr)) === network.portDeviceName;
        return isThere ? { interface: network.portDeviceName, mtuBytes: network.mtu } : null;
      });
    });
    this.#devices.set(host.name, membership.interface);
    await pinCongestionControl(host, membership.interface, address, subnet.prefixLength);
    if (this.#devices.size === this.#nodes.length) await this.#untilReachable(host);
    return { address, ...membership };
  }

  async #authorize({ host, address }: Node, id: NetworkId): Promise<void> {
    const { subnet, tell } = this.#context;
    const [controller] = this.#nodes;
    assert(controller !== undefined, 'the first node is the controller');
    const ip = subnet.addressOf(host);
    const others = this.#nodes.filter((each) => this.#devices.has(each.host.name));
    const other = others.length === this.#nodes.length - 1 ? others[0] : undefined;
    const asking =
      other === undefined ? null : await askUntilAnswered(host, subnet.addressOf(other.host));
    try {
      const atNs = await this.#withApi(controller, async (client) => {
        const startNs = systemClock.nowNs();
        await client.changeMember(id, address, {
          authorized: true,
          noAutoAssignIps: true,
          ipAssignments: [ip],
        });
        return startNs;
      });
      const answerNs = (await asking?.within(firstAnswerMsMax)) ?? null;
      const took = answerNs === null ? '' : ` after ${secondsText(answerNs - atNs)}`;
      const first = took === '' ? '' : `; first answer from host ${other?.host.name ?? ''}${took}`;
      tell(`authorised ${formatAddress(address)} as ${ip}${first}`);
    } finally {
      await asking?.close();
    }
  }

  address(host: LabHost): string {
    return this.#context.subnet.addressOf(host);
  }

  async path(from: LabHost, to: LabHost): ReturnType<OverlayNetwork['path']> {
    const other = this.#nodeOf(to);
    const endpoint = await this.#withApi(this.#nodeOf(from), (client) =>
      untilReady(this.#waiting(`a direct path from host ${from.name} to ${to.name}`), () =>
        directPath(client, other.address),
      ),
    );
    return tunnelPath(from, { encapsulation: 'zerotier', address: this.address(to), endpoint });
  }

  cost(host: LabHost): ReturnType<OverlayNetwork['cost']> {
    const device = this.#devices.get(host.name);
    assert(device !== undefined, 'a host has joined before its cost is asked for');
    return daemonCost(host, device, this.#daemons);
  }

  down(): Promise<void> {
    return this.#context.undo();
  }

  get #daemons(): Daemon[] {
    return this.#nodes.map(({ daemon }) => daemon);
  }

  #nodeOf(host: LabHost): Node {
    const node = this.#nodes.find((each) => each.host.name === host.name);
    assert(node !== undefined, 'a host is one of the lab');
    return node;
  }

  #waiting(what: string): WaitOptions {
    return { what, daemons: this.#daemons, signal: this.#context.signal };
  }

  async #withApi<T>(node: Node, body: (client: ApiClient) => Promise<T>): Promise<T> {
    const { host, home } = node;
    const { signal } = this.#context;
    const waiting = this.#waiting(`the API of the node on host ${host.name}`);
    const api = await untilReady(waiting, () => apiOf(home));
    try {
      return await withLocalApi(host, api, signal, async (client) => {
        // The files may be there before the API listens.
        await untilReady(waiting, async () => {
          try {
            return await client.status();
          } catch (error) {
            if (errorCode(error) !== 'DAEMON_NOT_RUNNING') throw error;
            return null;
          }
        });
        return body(client);
      });
    } catch (error) {
      // A request that is stopped fails with the reason of the signal, which says nothing of what was stopped.
      throw signal?.aborted === true ? interrupted(waiting.what) : error;
    }
  }

  /** The first broadcast (of ARP) goes nowhere until the members know of each other. */
  async #untilReachable(from: LabHost): Promise<void> {
    for (const { host } of this.#nodes)
      if (host.name !== from.name)
        await untilReachable(
          from,
          this.address(host),
          this.#waiting(`host ${host.name} to be reached from ${from.name}`),
        );
  }
}

async function directPath(
  client: ApiClient,
  address: Address,
): Promise<{ address: string; port: number } | null> {
  const peers = await client.peers();
  const peer = peers.find((each) => parseAddress(each.address) === address);
  const path = peer?.paths.find(
    ({ active, expired, preferred }) => active && !expired && preferred,
  );
  const [ip, port] = path?.address.split('/') ?? [];
  return ip === undefined || port === undefined ? null : { address: ip, port: Number(port) };
}
