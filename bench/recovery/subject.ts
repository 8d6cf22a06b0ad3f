/**
 * What is measured: three nodes of one kind on three hosts, a root with a controller and two members a and b, and what
 * can be done to them. a pings b.
 */
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { Prng } from '../../src/base/prng.ts';
import { nodeHosts, type NodeHost, type NodeHosts } from '../../test/programs/node-hosts.ts';
import { openPrograms, type Program, type Programs } from '../../test/programs/program.ts';
import { Hand, type Done } from './hand.ts';
import { port, type NodeKind } from './kinds.ts';
import { nowMs } from './timeline.ts';
import { ping, Witness, type Answer, type Datagram } from './witnesses.ts';

const names = ['root', 'a', 'b'] as const;
/** A host. */
export type Name = (typeof names)[number];
type Member = Exclude<Name, 'root'>;

/** How long something is waited for that is to be there before anything can be measured. */
const settleMsMax = 120_000;
const dayMs = 86_400_000;
/** Before a program that does not notice when this one is killed. */
const endsWithUs = ['setpriv', '--pdeathsig', 'KILL'] as const;

interface Status {
  readonly address: string;
  readonly online: boolean;
}
interface Peer {
  readonly address: string;
  readonly paths: readonly { readonly active: boolean; readonly expired: boolean }[];
}

/** See the head of this file. */
export class Subject {
  readonly kind: NodeKind;
  /** Draws the pauses, so that nothing is measured at always the same phase of a node's timers. */
  readonly prng: Prng;
  readonly #here: Programs;
  readonly #hosts: NodeHosts;
  readonly #hands = new Map<string, Hand>();
  readonly #nodes = new Map<Name, Program>();
  readonly #homes = new Map<Name, string>();
  /** Where a host is on the underlay. */
  readonly #underlay = new Map<Name, string>();
  #network = '';
  #generation = 0;
  #areJoined = false;
  #isCut = false;

  constructor(kind: NodeKind, prng: Prng) {
    this.kind = kind;
    this.prng = prng;
    this.#here = openPrograms(`recovery-${kind.name}`);
    this.#hosts = nodeHosts(this.#here, names, { hasIpv6: false });
  }

  /** Makes the hosts, and starts the root. @param captureFile - gets what is on the bridge */
  async raise(captureFile?: string): Promise<void> {
    await this.#hosts.raise();
    for (const name of names) {
      this.#underlay.set(name, this.host(name).ip);
      this.#hands.set(
        name,
        new Hand((words, onLine) => this.host(name).start(words, { timeoutMs: dayMs, onLine })),
      );
    }
    this.#hands.set(
      'bridge',
      new Hand((words, onLine) =>
        this.#here.start([...this.#hosts.prefix(), ...words], { timeoutMs: dayMs, onLine }),
      ),
    );
    if (captureFile !== undefined) {
      const words = ['tcpdump', '-Z', 'root', '-q', '-U', '-n', '-i', 'br0', '-w', captureFile];
      this.#here.start([...this.#hosts.prefix(), ...endsWithUs, ...words], { timeoutMs: dayMs });
    }
    await this.#useHome('root', this.host('root').home);
    await this.start('root');
    await this.waitOnline('root');
  }

  /** Ends everything. */
  async close(): Promise<void> {
    await Promise.all([...this.#nodes.keys()].map((name) => this.stop(name)));
    await this.#hosts.close();
    await this.#here.close();
  }

  host(name: Name): NodeHost {
    return this.#hosts.host(name);
  }

  /** Where the nodes are at home, and what those that run have written to standard error. */
  get nodes(): { readonly name: Name; readonly home: string; readonly log: string }[] {
    return [...this.#homes].map(([name, home]) => ({
      name,
      home,
      log: this.#nodes.get(name)?.errors ?? '',
    }));
  }

  /** Where a host is on the underlay. */
  underlay(name: Name): string {
    return this.#underlay.get(name) ?? '';
  }

  /** Where a member is in the network, of which each generation of members has two addresses of its own. */
  ip(name: Member): string {
    return `10.144.${this.#generation % 250}.${name === 'a' ? 1 : 2}`;
  }

  /** Starts a node, as typing its command in a shell of the host does. @returns when that was */
  async start(name: Name): Promise<number> {
    const argv = this.kind.argv(this.#homeOf(name));
    // The way into the host is gone before; what is left is the execution of the program.
    const words = [...endsWithUs, 'sh', '-c', 'echo waiting; read -r go; exec "$@"', 'sh', ...argv];
    const node = this.host(name).start(words, { timeoutMs: dayMs });
    await node.line(/^waiting$/);
    this.#nodes.set(name, node);
    const atMs = nowMs();
    node.write('go\n');
    return atMs;
  }

  /** Ends a node as an operator does, or kills it. */
  async stop(name: Name, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const node = this.#nodes.get(name);
    this.#nodes.delete(name);
    if (node === undefined) return;
    node.signal(signal);
    const isGone = await Promise.race([node.ended.then(() => true), delay(10_000, false)]);
    if (!isGone) await node.kill();
  }

  /** Runs a command on a host, or at the bridge. */
  hand(where: Name | 'bridge', command: string): Promise<Done> {
    const hand = this.#hands.get(where);
    if (hand === undefined) throw new Error(`nobody is at ${where}`);
    return hand.run(command);
  }

  /** Asks the API of a node. @throws where it does not answer */
  async api<T>(name: Name, method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    const token = `$(cat '${join(this.#homeOf(name), 'authtoken.secret')}')`;
    const data = body === undefined ? '' : ` --data '${JSON.stringify(body)}'`;
    const url = `http://127.0.0.1:${port}${path}`;
    const command = `curl -sS -f -m 5 -X ${method} -H "X-ZT1-Auth: ${token}"${data} '${url}'`;
    return JSON.parse((await this.hand(name, command)).output) as T;
  }

  /** Sees when a node is online. */
  onlineWitness(name: Name): Promise<Witness<number>> {
    return Witness.online(this.host(name), port, join(this.#homeOf(name), 'authtoken.secret'));
  }

  async waitOnline(name: Name): Promise<void> {
    const witness = await this.onlineWitness(name);
    const atMs = await witness.seen.first(() => true, settleMsMax);
    await witness.stop();
    if (atMs === null) throw new Error(`${this.kind.name} ${name} is not online`);
  }

  /** Pings b from a. */
  answers(): Promise<Witness<Answer>> {
    return Witness.answers(this.host('a'), this.ip('b'));
  }

  /** Whether a datagram at a is a frame to or from b without a detour. */
  isDirectFrame({ peer, bytes }: Datagram): boolean {
    return peer === this.underlay('b') && bytes > ping.bytes;
  }

  /** Lets time pass. */
  async pause(leastMs: number, mostMs: number): Promise<void> {
    await delay(leastMs + this.prng.unit() * (mostMs - leastMs));
  }

  /** Two members that nobody has heard of, online and authorised: they need only join. */
  async newMembers(): Promise<void> {
    await this.cut(false);
    await Promise.all([this.stop('a'), this.stop('b')]);
    this.#generation++;
    this.#areJoined = false;
    await this.#ownNetwork();
    for (const name of ['a', 'b'] as const) {
      const home = this.#here.path(`home-${name}-${this.#generation}`);
      await mkdir(home);
      await this.#useHome(name, home);
      await this.start(name);
    }
    for (const name of ['a', 'b'] as const) {
      await this.waitOnline(name);
      const { address } = await this.api<Status>(name, 'GET', '/status');
      await this.api('root', 'POST', `/controller/network/${this.#network}/member/${address}`, {
        authorized: true,
        noAutoAssignIps: true,
        ipAssignments: [this.ip(name)],
      });
    }
  }

  /** Both members join. @returns when that began */
  async join(): Promise<number> {
    const atMs = nowMs();
    this.#areJoined = true;
    const path = `/network/${this.#network}`;
    await Promise.all(['a' as const, 'b' as const].map((name) => this.api(name, 'POST', path, {})));
    return atMs;
  }

  /** Drops what a and b send each other on the underlay, or lets it pass; what goes to and from the root passes. */
  async cut(isCut: boolean): Promise<Done> {
    this.#isCut = isCut;
    const set = (name: string): string =>
      `ip link set v-${name} type bridge_slave isolated ${isCut ? 'on' : 'off'}`;
    return this.hand('bridge', `${set('a')} && ${set('b')}`);
  }

  /** Gives a the other one of its two addresses on the underlay. */
  async changeAddress(): Promise<Done> {
    const host = this.host('a');
    const from = this.underlay('a');
    const to = from === host.ip ? host.ip.replace(/\d+$/, '99') : host.ip;
    this.#underlay.set('a', to);
    return this.hand('a', `ip address del ${from}/24 dev eth0 && ip address add ${to}/24 dev eth0`);
  }

  /** Members that talk directly. */
  async talkDirectly(): Promise<void> {
    if (!this.#areJoined) {
      await this.newMembers();
      await this.join();
    }
    await this.cut(false);
    const [wire, answers] = await Promise.all([Witness.datagrams(this.host('a')), this.answers()]);
    try {
      if ((await this.directAfter(wire, nowMs())) === Infinity)
        throw new Error(`${this.kind.name}: no direct path`);
    } finally {
      await Promise.all([wire.stop(), answers.stop()]);
    }
  }

  /** When frames go directly in both directions, from a time on; Infinity: not in time. */
  async directAfter(wire: Witness<Datagram>, sinceMs: number): Promise<number> {
    const ways = [true, false].map((isOut) =>
      wire.seen.first(
        (each) => each.isOut === isOut && each.atMs >= sinceMs && this.isDirectFrame(each),
        settleMsMax,
      ),
    );
    return Math.max(...(await Promise.all(ways)).map((each) => each?.atMs ?? Infinity));
  }

  /** Members that talk over the root, because there is no other way. */
  async talkOverRoot(): Promise<void> {
    if (!this.#areJoined) await this.talkDirectly();
    if (!this.#isCut) {
      await this.cut(true);
      // A node that takes minutes to find out is started again, which is faster.
      await Promise.all([this.stop('a'), this.stop('b')]);
      await Promise.all([this.start('a'), this.start('b')]);
    }
    const answers = await this.answers();
    const answer = await answers.seen.first(() => true, settleMsMax);
    await answers.stop();
    if (answer === null) throw new Error(`${this.kind.name}: no way over the root`);
  }

  /** Whether a node is online by its own account, and the root has a path to it. */
  async isInContact(name: Member): Promise<boolean> {
    const { address, online } = await this.api<Status>(name, 'GET', '/status');
    const peers = await this.api<Peer[]>('root', 'GET', '/peer');
    const peer = peers.find((each) => each.address === address);
    return online && peer?.paths.some((path) => path.active && !path.expired) === true;
  }

  #homeOf(name: Name): string {
    const home = this.#homes.get(name);
    if (home === undefined) throw new Error(`${name} has no home`);
    return home;
  }

  async #useHome(name: Name, home: string): Promise<void> {
    this.#homes.set(name, home);
    await copyFile(this.#hosts.planet, join(home, 'planet'));
    await this.kind.prepare(home);
  }

  /** The network of the root; another one where a root that was started again has none. */
  async #ownNetwork(): Promise<void> {
    const owned = await this.api<string[]>('root', 'GET', '/controller/network');
    if (this.#network !== '' && owned.includes(this.#network)) return;
    const { address } = await this.api<Status>('root', 'GET', '/status');
    const { id } = await this.api<{ id: string }>(
      'root',
      'POST',
      `/controller/network/${address}______`,
      { name: 'recovery', private: true, routes: [{ target: '10.144.0.0/16' }] },
    );
    this.#network = id;
  }
}
