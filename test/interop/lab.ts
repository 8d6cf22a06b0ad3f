/**
 * A private network: R (root and controller), A and B (members), each in a network namespace on one bridge, inside a
 * user namespace that ends with this process. There is no way out: no interface of the machine is in it, and no host
 * has a default route.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';

import { runCommand } from '../../src/sys/command.ts';
import { shellPrefix, startHolder, type Holder } from '../../src/sys/namespace.ts';
import { spawnProcess, type ProcessHandle } from '../../src/sys/process.ts';
import { LabNode, nodeNames, type NodeName } from './node.ts';
import { ping, type PingOptions, type Pings } from './ping.ts';
import { must, until } from './wait.ts';

/** What a lab is to be. */
export interface LabOptions {
  /** The names of the nodes that are Overspan; the others are official. */
  readonly place: string;
  readonly official: string;
  /** For the homes and the captures; made, and removed with the lab. */
  readonly directory: string;
  /** True: the directory stays. */
  readonly keep?: boolean;
  /** Default IPv4. */
  readonly underlay?: 'ipv4' | 'ipv6';
  /** True: A and B cannot reach each other directly from the start. */
  readonly isBlocked?: boolean;
}

/** What a port of the bridge has counted, as its node sees it. */
export interface PortCounters {
  readonly packetsOut: number;
  readonly bytesOut: number;
  readonly packetsIn: number;
  readonly bytesIn: number;
}

/** A network as a member shows it. */
export interface NetworkFacts {
  readonly name: string;
  /** Whether the node may bridge it. */
  readonly bridge: boolean;
  readonly status: string;
  readonly assignedAddresses: readonly string[];
  readonly portDeviceName: string;
}

/** The subnet of the network that members are in. */
export const subnet = '10.144.0';

const networkSettings = {
  name: 'lab',
  private: true,
  v4AssignMode: { zt: true },
  v6AssignMode: { rfc4193: true, '6plane': true, zt: false },
  routes: [{ target: `${subnet}.0/24` }],
  ipAssignmentPools: [{ ipRangeStart: `${subnet}.10`, ipRangeEnd: `${subnet}.99` }],
};

/** See the head of this file. */
export class Lab {
  readonly options: LabOptions;
  readonly nodes: Readonly<Record<NodeName, LabNode>>;
  networkId = '';
  readonly #holder: Holder;
  readonly #inside: readonly string[];
  readonly #captures: string[] = [];
  #capture: ProcessHandle | null = null;
  #captureSaid = '';

  private constructor(
    options: LabOptions,
    holder: Holder,
    inside: readonly string[],
    nodes: Readonly<Record<NodeName, LabNode>>,
  ) {
    this.options = options;
    this.#holder = holder;
    this.#inside = inside;
    this.nodes = nodes;
  }

  /** Makes a lab: the nodes are there and not started. */
  static async make(options: LabOptions): Promise<Lab> {
    mkdirSync(options.directory, { recursive: true });
    const holder = await startHolder();
    try {
      return await makeInside(options, holder, (...parts) => new Lab(...parts));
    } catch (error) {
      await holder.stop();
      throw error;
    }
  }

  /**
   * Starts the nodes, and makes a network that A and B are members of, and in which A has reached B.
   *
   * @returns the seconds that it took
   */
  async up(): Promise<number> {
    const beganMs = performance.now();
    await Promise.all(this.all.map((node) => node.start()));
    await Promise.all(
      this.all.map((node) => until(`${node.name} is online`, 40, () => node.isOnline())),
    );
    const { R, A, B } = this.nodes;
    const made = await R.post<{ id: string }>(
      `/controller/network/${R.address}______`,
      networkSettings,
    );
    must(made !== null, 'no network was made');
    this.networkId = made.id;
    for (const node of [A, B]) {
      await node.post(`/network/${this.networkId}`, {});
      await this.setMember(node, { authorized: true });
    }
    for (const node of [A, B])
      await until(`${node.name} is a member`, 40, async () => (await this.status(node)) === 'OK');
    // The first ARP needs the multicast groups to be announced and gathered, up to about ten seconds.
    const address = await this.addressOf(B, `${subnet}.`);
    await until('A reaches B', 40, () => this.reaches(A, address));
    return (performance.now() - beganMs) / 1_000;
  }

  get all(): readonly LabNode[] {
    return nodeNames.map((name) => this.nodes[name]);
  }

  /** The network as a member shows it. */
  network(node: LabNode): Promise<NetworkFacts | null> {
    return node.get<NetworkFacts>(`/network/${this.networkId}`);
  }

  /** The status of the network at a member. */
  async status(node: LabNode): Promise<string | undefined> {
    return (await this.network(node))?.status;
  }

  /** Changes a member at the controller. */
  async setMember(node: LabNode, change: Readonly<Record<string, unknown>>): Promise<void> {
    await this.nodes.R.post(`/controller/network/${this.networkId}/member/${node.address}`, change);
  }

  /** Changes the network at the controller. @returns the network as the controller shows it, or what else it said */
  setNetwork(change: Readonly<Record<string, unknown>>): Promise<Record<string, unknown> | null> {
    return this.nodes.R.post(`/controller/network/${this.networkId}`, change);
  }

  /** The address of a member that begins so. */
  async addressOf(node: LabNode, beginning: string): Promise<string> {
    const found = (await this.network(node))?.assignedAddresses.find((each) =>
      each.startsWith(beginning),
    );
    must(found !== undefined, `${node.name} has no address ${beginning}…`);
    return found.split('/')[0]!;
  }

  /** The virtual device of a member. */
  async deviceOf(node: LabNode): Promise<string> {
    const network = await this.network(node);
    must(network !== null, `${node.name} has no device`);
    return network.portDeviceName;
  }

  /** Whether one echo request is answered within a second. */
  async reaches(from: LabNode, address: string): Promise<boolean> {
    return (await from.ping(address, { count: 1, waitSeconds: 1 })).received === 1;
  }

  /** Pings from a host that runs no node. */
  pingFrom(namespace: string, address: string, options?: PingOptions): Promise<Pings> {
    const run = (...words: readonly string[]): Promise<string> =>
      this.run('ip', 'netns', 'exec', namespace, ...words);
    return ping(run, address, options);
  }

  /** Runs a command where the bridge is. */
  async run(...words: readonly string[]): Promise<string> {
    return (await runCommand([...this.#inside, ...words], { timeoutMs: 400_000 })).stdout;
  }

  /** Lets A and B reach each other on the underlay, or only R. */
  async setDirect(isPossible: boolean): Promise<void> {
    for (const name of ['A', 'B'])
      await this.run(
        ...['ip', 'link', 'set', `v${name}`, 'type', 'bridge_slave'],
        ...['isolated', isPossible ? 'off' : 'on'],
      );
  }

  /** What has passed the port of a node. */
  async counters(node: LabNode): Promise<PortCounters> {
    const said = await this.run('ip', '-j', '-s', 'link', 'show', 'dev', `v${node.name}`);
    const [{ stats64 }] = JSON.parse(said) as [
      { stats64: Record<'rx' | 'tx', { packets: number; bytes: number }> },
    ];
    // What the port receives its node has sent.
    const { rx, tx } = stats64;
    const out = { packetsOut: rx.packets, bytesOut: rx.bytes };
    return { ...out, packetsIn: tx.packets, bytesIn: tx.bytes };
  }

  /** The files of what was captured so far, oldest first. */
  get captures(): readonly string[] {
    return this.#captures;
  }

  /** Captures what crosses the bridge, until {@link stopCapture}. */
  async startCapture(): Promise<void> {
    const file = join(this.options.directory, `capture-${this.#captures.length}.pcap`);
    const script = join(import.meta.dirname, 'capture.py');
    const words = ['setpriv', '--pdeathsig', 'KILL', 'python3', script, 'br0', file];
    this.#capture = await spawnProcess([...this.#inside, ...words], { ownGroup: true });
    this.#captureSaid = '';
    for (const stream of [this.#capture.stdout, this.#capture.stderr])
      stream?.on('data', (chunk: Uint8Array) => {
        this.#captureSaid += new TextDecoder().decode(chunk);
      });
    await until('the capture runs', 10, () =>
      Promise.resolve(this.#captureSaid.includes('capturing')),
    );
    this.#captures.push(file);
  }

  /** Ends the capture that runs, if one does. @throws Failure where it is not whole */
  async stopCapture(): Promise<void> {
    if (this.#capture === null) return;
    await this.#capture.kill(10_000);
    this.#capture = null;
    must(
      this.#captureSaid.includes('dropped 0\n'),
      `the capture is not whole: ${this.#captureSaid}`,
    );
  }

  /** Ends everything and removes the directory. */
  async down(): Promise<void> {
    await this.#capture?.kill();
    await Promise.all(this.all.map((node) => node.stop('SIGTERM')));
    await this.#holder.stop();
    if (this.options.keep !== true)
      rmSync(this.options.directory, { recursive: true, force: true });
  }
}

async function makeInside(
  options: LabOptions,
  holder: Holder,
  lab: (
    options: LabOptions,
    holder: Holder,
    inside: readonly string[],
    nodes: Readonly<Record<NodeName, LabNode>>,
  ) => Lab,
): Promise<Lab> {
  const { place, official, directory, underlay = 'ipv4', isBlocked = false } = options;
  const inside = shellPrefix({ kind: 'rootless', holder: holder.identity });
  const ip = (...words: string[]): Promise<unknown> => runCommand([...inside, 'ip', ...words]);
  const six = (value: 0 | 1, ...prefix: string[]): Promise<unknown> =>
    runCommand([...inside, ...prefix, 'sysctl', '-qw', `net.ipv6.conf.eth0.disable_ipv6=${value}`]);
  await ip('link', 'add', 'br0', 'type', 'bridge');
  await ip('link', 'set', 'dev', 'br0', 'addrgenmode', 'none');
  await ip('link', 'set', 'br0', 'up');
  const made: LabNode[] = [];
  for (const [i, name] of nodeNames.entries()) {
    const index = i + 1;
    await ip('netns', 'add', name);
    const device = ['type', 'veth', 'peer', 'name', 'eth0', 'netns', name] as const;
    await ip('link', 'add', `v${name}`, ...device);
    await ip('link', 'set', 'dev', `v${name}`, 'addrgenmode', 'none');
    await ip('link', 'set', `v${name}`, 'master', 'br0', 'up');
    await ip('-n', name, 'link', 'set', 'lo', 'up');
    // One family only: the other is not to help out.
    await six(underlay === 'ipv6' ? 0 : 1, 'ip', 'netns', 'exec', name);
    const address = underlay === 'ipv6' ? [`fd77::${index}/64`, 'nodad'] : [`10.77.0.${index}/24`];
    await ip('-n', name, 'address', 'add', ...address, 'dev', 'eth0');
    // What a node sends as one is cut before it is captured, as a card would before the cable.
    await ip('-n', name, 'link', 'set', 'eth0', 'gso_max_segs', '1');
    await ip('-n', name, 'link', 'set', 'eth0', 'up');
    made.push(
      await LabNode.make({
        name,
        index,
        official,
        isOverspan: place.includes(name),
        home: join(directory, name),
        enter: [...inside, 'ip', 'netns', 'exec', name],
      }),
    );
  }
  const [R, A, B] = made as [LabNode, LabNode, LabNode];
  const planet = join(directory, 'planet');
  await runCommand([
    ...[process.execPath, join(import.meta.dirname, 'zt-mkplanet.mjs'), planet],
    ...[join(R.home, 'identity.public')],
    `${underlay === 'ipv6' ? 'fd77::1' : '10.77.0.1'}/${R.port}`,
  ]);
  for (const node of made) await copyFile(planet, join(node.home, 'planet'));
  const all = lab(options, holder, inside, { R, A, B });
  if (isBlocked) await all.setDirect(false);
  return all;
}
