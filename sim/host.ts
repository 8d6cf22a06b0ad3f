/**
 * A computer with a node on it: the driver that the daemon is elsewhere, with a virtual clock, virtual sockets and a
 * {@link TinyStack} on every tap.
 *
 * It drives the node as it is to be driven: one mutation, then everything drained. Timers come a little late, as timers
 * do, and a card takes a moment to be set up. A node that is stopped is gone with all it knew; what it wanted written to
 * its home is there when it starts again.
 */
import { assert } from '../src/base/errors.ts';
import { formatAddress, type Address, type NetworkId } from '../src/base/ids.ts';
import type { Prng } from '../src/base/prng.ts';
import type { Controller } from '../src/controller/controller.ts';
import type { NodeLimits } from '../src/core/constants.ts';
import type { Endpoint } from '../src/core/endpoint.ts';
import type { NodeEvent } from '../src/core/events.ts';
import { Node } from '../src/core/node.ts';
import type { FrameBatch, LocalSocket, Now } from '../src/core/ports.ts';
import { DatagramQueue, FrameQueue } from '../src/core/queues.ts';
import type { Vl1 } from '../src/core/vl1-port.ts';
import type { Identity, SecretIdentity } from '../src/wire/identity.ts';
import { scopeOf } from '../src/wire/ip-scope.ts';
import type { World as Planet } from '../src/wire/world.ts';
import { ipOf } from './box.ts';
import type { Scheduled } from './event-queue.ts';
import { networkLayer } from './network-layer.ts';
import { TinyStack } from './tiny-stack.ts';
import type { Site, Station } from './underlay.ts';
import type { SimWorld } from './world.ts';

/** How a host is. */
export interface HostOptions {
  readonly name: string;
  readonly site: Site;
  /** Its addresses: text. */
  readonly ips: readonly string[];
  readonly port?: number;
  readonly identity: SecretIdentity;
  readonly planet: Planet;
  /** Makes the controller that its node is. */
  readonly controller?: (vl1: Vl1) => Controller;
  /** Called when its node has been started. */
  readonly onStart?: (now: Now) => void;
  /** How long the check of an identity takes; one at a time. */
  readonly validationMs?: number;
  readonly limits?: Partial<NodeLimits>;
}

/** What went through a host's sockets. */
export interface HostTraffic {
  datagramsIn: number;
  datagramsOut: number;
  bytesIn: number;
  bytesOut: number;
}

/** Small arenas, so that a thousand nodes fit into one process. */
const simLimits: Partial<NodeLimits> = {
  datagramBytesMax: 256 * 1024,
  datagramsMax: 512,
  frameBytesMax: 128 * 1024,
  framesMax: 128,
};
const timerLatenessMsMax = 1;
const cardMs = 0.02;
const tapSetupMs = 3;
/** A node that wants to be woken more often than this in a second is going round in circles. */
const timeoutsPerSecondMax = 4_000;
const eventsKept = 2_000;

/** See the head of this file. */
export class Host implements Station {
  readonly name: string;
  readonly identity: SecretIdentity;
  readonly port: number;
  /** What it wanted written, by name. */
  readonly home = new Map<string, Uint8Array>();
  /** The last ones. */
  readonly events: { readonly atMs: number; readonly event: NodeEvent }[] = [];
  readonly traffic: HostTraffic = { datagramsIn: 0, datagramsOut: 0, bytesIn: 0, bytesOut: 0 };
  /** Since when its node says that it is online; null: it does not. */
  onlineSinceMs: number | null = null;
  readonly #world: SimWorld;
  readonly #options: HostOptions;
  readonly #prng: Prng;
  readonly #monoOriginMs: number;
  readonly #batch = new DatagramQueue(16 * 1024, 1);
  readonly #networks = new Map<NetworkId, TinyStack>();
  #site: Site;
  #sockets: LocalSocket[] = [];
  #socketId = 0;
  #wallOffsetMs = 0;
  #node: Node | null = null;
  #timer: Scheduled | null = null;
  #validatorFreeMs = 0;
  #timeouts = 0;
  #timeoutsSinceMs = 0;

  constructor(world: SimWorld, options: HostOptions) {
    this.name = options.name;
    this.identity = options.identity;
    this.port = options.port ?? 9993;
    this.#world = world;
    this.#options = options;
    this.#prng = world.prngOf(`host ${options.name}`);
    // A clock may begin anywhere, and half of them begin at 0.
    this.#monoOriginMs = this.#prng.below(2) === 0 ? 0 : 1e6 * this.#prng.unit();
    this.#site = options.site;
    world.vouch(options.identity.identity);
    this.#bind(options.site, options.ips);
  }

  get address(): Address {
    return this.identity.identity.address;
  }

  get site(): Site {
    return this.#site;
  }

  get planet(): Planet {
    return this.#options.planet;
  }

  /** Of its first socket. */
  get endpoint(): Endpoint {
    return this.#sockets[0]!.local;
  }

  get isRunning(): boolean {
    return this.#node !== null;
  }

  /** Its node; it must be running. */
  get node(): Node {
    assert(this.#node !== null, `${this.name} is running`);
    return this.#node;
  }

  /** Its clocks. */
  now(): Now {
    return {
      monoMs: this.#monoOriginMs + this.#world.nowMs,
      wallMs: Math.floor(this.#world.wallMs + this.#wallOffsetMs),
    };
  }

  /** Somebody sets its clock. */
  stepClock(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  start(): void {
    assert(this.#node === null, `${this.name} is not running`);
    const { controller, limits, identity, planet, onStart } = this.#options;
    let made: Controller | null = null;
    this.#node = new Node({
      identity,
      provider: this.#world.provider,
      entropy: {
        fill: (bytes) => {
          fill(this.#prng, bytes);
        },
      },
      planet,
      networks: (vl1, frames) => networkLayer(vl1, frames, () => made),
      ...(controller === undefined ? {} : { controller: (vl1) => (made = controller(vl1)) }),
      limits: { ...simLimits, ...limits },
    });
    this.#mutate((node, now) => {
      node.handleSockets(now, this.#sockets);
      onStart?.(now);
    });
  }

  /** Pulls the plug. */
  stop(): void {
    this.#node = null;
    this.#disarm();
    this.onlineSinceMs = null;
    for (const stack of this.#networks.values()) stack.configure(null);
    this.#networks.clear();
  }

  join(networkId: NetworkId): void {
    this.#mutate((node, now) => {
      node.join(now, networkId);
    });
  }

  leave(networkId: NetworkId): void {
    this.#mutate((node, now) => {
      node.leave(now, networkId);
    });
  }

  /** A command to its node, or its controller, with everything drained afterwards. */
  command(action: (node: Node, now: Now) => void): void {
    this.#mutate(action);
  }

  /** The host behind the tap of a network. */
  stack(networkId: NetworkId): TinyStack {
    const known = this.#networks.get(networkId);
    if (known !== undefined) return known;
    const made: TinyStack = new TinyStack({
      nowMs: () => this.#world.nowMs,
      after: (delayMs, action) => {
        this.#world.after(delayMs, action);
      },
      output: (frame) => {
        this.#afterIfSame(cardMs, () => {
          this.#mutate((node, now) => {
            node.handleFrames(now, oneFrame(networkId, frame));
          });
        });
      },
    });
    this.#networks.set(networkId, made);
    return made;
  }

  /** Its addresses change, or it is carried to another site; it notices. */
  move(site: Site, ips: readonly string[]): void {
    for (const ip of this.#ips()) this.#site.stations.delete(ip);
    this.#bind(site, ips);
    if (this.#node !== null)
      this.#mutate((node, now) => {
        node.handleSockets(now, this.#sockets);
      });
  }

  listens(destination: Endpoint): boolean {
    return this.#node !== null && this.#socketOf(destination) !== undefined;
  }

  receive(source: Endpoint, destination: Endpoint, bytes: Uint8Array): void {
    const socket = this.#socketOf(destination);
    if (socket === undefined) return;
    this.traffic.datagramsIn++;
    this.traffic.bytesIn += bytes.length;
    const batch = this.#batch;
    batch.clear();
    const start = batch.reserve(bytes.length);
    batch.bytes.set(bytes, start);
    batch.commit(bytes.length, socket.id, source);
    this.#mutate((node, now) => {
      node.handleDatagrams(now, batch);
    });
  }

  #mutate(mutation: (node: Node, now: Now) => void): void {
    const node = this.#node;
    if (node === null) return;
    mutation(node, this.now());
    this.#drain(node);
  }

  #drain(node: Node): void {
    for (const event of node.takeEvents()) this.#handleEvent(event);
    this.#sendDatagrams(node);
    this.#writeFrames(node);
    for (;;) {
      const identity = node.takeValidation();
      if (identity === null) break;
      this.#validate(identity);
    }
    this.#arm(node);
  }

  #sendDatagrams(node: Node): void {
    const queue = node.datagrams;
    for (let i = 0; i < queue.count; i++) {
      const destination = queue.endpoints[i];
      if (destination === null || destination === undefined) continue;
      const bytes = queue.bytes.subarray(queue.starts[i], queue.ends[i]);
      const id = queue.sockets[i];
      const socket =
        id === 0
          ? this.#sockets.find(({ local }) => local.address.kind === destination.address.kind)
          : this.#sockets.find((each) => each.id === id);
      // As a system call would: a socket that is closed, or of the other family, sends nothing.
      if (socket?.local.address.kind !== destination.address.kind) continue;
      this.traffic.datagramsOut++;
      this.traffic.bytesOut += bytes.length;
      const source = socket.local;
      this.#world.underlay.send(this.#site, this.name, source, destination, bytes, queue.ttls[i]);
    }
    queue.clear();
  }

  #writeFrames(node: Node): void {
    const queue = node.frames;
    for (let i = 0; i < queue.count; i++) {
      const frame = queue.bytes.slice(queue.starts[i], queue.ends[i]);
      const stack = this.#networks.get(queue.networks[i]!);
      if (stack !== undefined)
        this.#afterIfSame(cardMs, () => {
          stack.handleFrame(frame);
        });
    }
    queue.clear();
  }

  #handleEvent(event: NodeEvent): void {
    if (this.events.length >= eventsKept) this.events.shift();
    this.events.push({ atMs: this.#world.nowMs, event });
    if (event.kind === 'online')
      this.onlineSinceMs = event.isOnline ? (this.onlineSinceMs ?? this.#world.nowMs) : null;
    if (event.kind === 'persist') {
      if (event.bytes === null) this.home.delete(event.name);
      else this.home.set(event.name, event.bytes);
    }
    if (event.kind === 'tap') {
      const { networkId, state } = event;
      this.#afterIfSame(tapSetupMs, () => {
        const stack = this.stack(networkId);
        stack.configure(state);
        this.#mutate((node, now) => {
          node.handleGroups(now, networkId, stack.groups());
        });
      });
    }
  }

  #validate(identity: Identity): void {
    const { validationMs = 25 } = this.#options;
    const startMs = Math.max(this.#world.nowMs, this.#validatorFreeMs);
    this.#validatorFreeMs = startMs + validationMs;
    this.#afterIfSame(this.#validatorFreeMs - this.#world.nowMs, () => {
      this.#mutate((node, now) => {
        node.handleValidation(now, identity, this.#world.isValid(identity));
      });
    });
  }

  #arm(node: Node): void {
    this.#disarm();
    const dueMs = node.nextTimeoutMs();
    if (dueMs === Infinity) return;
    const now = this.now();
    const delayMs = Math.max(0, dueMs - now.monoMs) + timerLatenessMsMax * this.#prng.unit();
    this.#timer = this.#world.after(delayMs, () => {
      this.#timer = null;
      this.#countTimeout();
      this.#mutate((each, at) => {
        each.handleTimeout(at);
      });
    });
  }

  #disarm(): void {
    if (this.#timer !== null) this.#world.cancel(this.#timer);
    this.#timer = null;
  }

  #countTimeout(): void {
    const { nowMs } = this.#world;
    if (nowMs - this.#timeoutsSinceMs >= 1_000) {
      this.#timeouts = 0;
      this.#timeoutsSinceMs = nowMs;
    }
    if (++this.#timeouts > timeoutsPerSecondMax)
      this.#world.fail(`${this.name} asks to be woken again and again`);
  }

  /** Unless the node was stopped meanwhile. */
  #afterIfSame(delayMs: number, action: () => void): void {
    const node = this.#node;
    this.#world.after(delayMs, () => {
      if (this.#node === node) action();
    });
  }

  #ips(): string[] {
    return this.#sockets.map(({ local }) => ipOf(local));
  }

  #bind(site: Site, ips: readonly string[]): void {
    this.#site = site;
    this.#sockets = ips.map((ip) => {
      site.stations.set(ip, this);
      return { id: ++this.#socketId, local: this.#world.endpoint(ip, this.port) };
    });
    for (const { local } of this.#sockets)
      if (scopeOf(local.address) === 'global') this.#world.underlay.route(ipOf(local), site);
  }

  #socketOf(destination: Endpoint): LocalSocket | undefined {
    return this.#sockets.find(({ local }) => local.key === destination.key);
  }
}

/** What a person calls a host. */
export function describeHost(host: Host): string {
  return `${host.name} = ${formatAddress(host.address)}`;
}

function oneFrame(networkId: NetworkId, frame: Uint8Array): FrameBatch {
  const batch = new FrameQueue(frame.length, 1);
  batch.bytes.set(frame);
  batch.commit(frame.length, networkId);
  return batch;
}

function fill(prng: Prng, bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i += 4) {
    let word = prng.uint32();
    for (let j = i; j < Math.min(i + 4, bytes.length); j++) {
      bytes[j] = word & 0xff;
      word >>>= 8;
    }
  }
}
