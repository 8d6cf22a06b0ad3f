/**
 * Nodes that hear each other by VL2 alone: payloads go from one `Networks` to another after a delay, or get lost. Packets
 * that are answered `hold` are kept and retried as VL1 does it. A tiny host sits on every tap.
 */
import { formatAddress, type Address, type NetworkId } from '../../src/base/ids.ts';
import { Prng } from '../../src/base/prng.ts';
import type { NodeEvent } from '../../src/core/events.ts';
import { Networks, type JoinOptions } from '../../src/core/vl2/networks.ts';
import type { InboundPacket, Outcome } from '../../src/core/packet-handler.ts';
import type { Now } from '../../src/core/ports.ts';
import { FrameQueue } from '../../src/core/queues.ts';
import { Controller } from '../../src/controller/controller.ts';
import { verbName, verbNumbers } from '../../src/wire/verbs/verb.ts';
import { TinyStack } from '../../sim/tiny-stack.ts';
import { testIdentity } from '../vectors/identities.ts';
import { at, inbound, TwinVl1, type SentPacket } from './vl1.ts';

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly action: () => void;
}

/** A packet on its way. */
export interface Delivery {
  readonly from: MeshNode;
  readonly to: MeshNode;
  readonly packet: SentPacket;
}

const holdMs = 5_000;
const retryMs = 500;
const heldMax = 32;

/** The nodes and their time. */
export class Mesh {
  nowMs = 0;
  latencyMs = 5;
  /** Of each packet. */
  lossRatio = 0;
  /** Says which packets get lost beside. */
  isLost: (delivery: Delivery) => boolean = () => false;
  /** Every packet that was sent. */
  readonly log: Delivery[] = [];
  readonly nodes = new Map<Address, MeshNode>();
  readonly #prng: Prng;
  readonly #timers: Timer[] = [];
  #order = 0;

  constructor(seed = 'mesh') {
    this.#prng = new Prng(seed);
  }

  /** A node with test identity number `index`. */
  add(index: number, options: { root?: boolean; controller?: boolean } = {}): MeshNode {
    const node = new MeshNode(this, index, options);
    for (const other of this.nodes.values()) {
      other.vl1.known.set(node.address, node.identity);
      node.vl1.known.set(other.address, other.identity);
      if (options.root === true) other.vl1.roots.push(node.address);
      if (other.vl1.isRootItself) node.vl1.roots.push(other.address);
    }
    this.nodes.set(node.address, node);
    return node;
  }

  after(delayMs: number, action: () => void): void {
    const timer = { atMs: this.nowMs + delayMs, order: this.#order++, action };
    let index = this.#timers.length;
    while (index > 0 && isBefore(timer, this.#timers[index - 1]!)) index--;
    this.#timers.splice(index, 0, timer);
  }

  send(from: MeshNode, packet: SentPacket): void {
    const to = this.nodes.get(packet.to);
    if (to === undefined) return;
    const delivery = { from, to, packet };
    this.log.push(delivery);
    if (this.#prng.unit() < this.lossRatio || this.isLost(delivery)) return;
    this.after(this.latencyMs, () => {
      to.receive(inbound(from.identity, packet.verb, packet.payload, packet.packetId));
    });
  }

  /** Lets time pass. */
  run(durationMs: number): void {
    const endMs = this.nowMs + durationMs;
    for (;;) {
      const timer = this.#timers[0];
      let next: MeshNode | null = null;
      for (const node of this.nodes.values())
        if (next === null || node.networks.nextTimeoutMs() < next.networks.nextTimeoutMs())
          next = node;
      const timeoutMs = next?.networks.nextTimeoutMs() ?? Infinity;
      const atMs = Math.min(timer?.atMs ?? Infinity, timeoutMs);
      if (atMs > endMs) break;
      this.nowMs = Math.max(this.nowMs, atMs);
      if (timer !== undefined && timer.atMs <= timeoutMs) {
        this.#timers.shift();
        timer.action();
      } else
        next?.mutate((now) => {
          next.networks.handleTimeout(now);
        });
    }
    this.nowMs = endMs;
  }

  /** Verbs that were sent from one node to another, in order. */
  verbs(from: MeshNode, to: MeshNode): string[] {
    return this.log
      .filter((each) => each.from === from && each.to === to)
      .map(({ packet }) => verbName(packet.verb));
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** A node of a mesh. */
export class MeshNode {
  readonly vl1: TwinVl1;
  readonly frames = new FrameQueue(512 * 1024, 512);
  readonly networks: Networks;
  readonly controller: Controller | null;
  readonly stacks = new Map<NetworkId, TinyStack>();
  readonly events: NodeEvent[] = [];
  readonly outcomes: {
    readonly verb: string;
    readonly from: Address;
    readonly outcome: Outcome;
  }[] = [];
  /** Frames that came to a tap: whole ones. */
  readonly heard: Uint8Array[] = [];
  readonly #mesh: Mesh;
  #held: { readonly packet: InboundPacket; readonly untilMs: number }[] = [];
  #isRetrying = false;

  constructor(mesh: Mesh, index: number, options: { root?: boolean; controller?: boolean }) {
    this.#mesh = mesh;
    this.vl1 = new TwinVl1(testIdentity(index));
    this.vl1.isRootItself = options.root === true;
    const controller = options.controller === true ? new Controller(this.vl1) : null;
    this.controller = controller;
    this.networks = new Networks({
      vl1: this.vl1,
      frames: this.frames,
      wasConfigured: (now, id, address) => controller?.mayUseGroups(now, id, address) ?? false,
    });
  }

  get identity(): TwinVl1['self']['identity'] {
    return this.vl1.self.identity;
  }

  get address(): Address {
    return this.identity.address;
  }

  get name(): string {
    return formatAddress(this.address);
  }

  join(id: NetworkId, options?: JoinOptions): void {
    this.mutate((now) => {
      this.networks.join(now, id, options);
    });
  }

  /** The host on the tap of a network. */
  stack(id: NetworkId): TinyStack {
    const known = this.stacks.get(id);
    if (known !== undefined) return known;
    const stack = new TinyStack({
      nowMs: () => this.#mesh.nowMs,
      after: (delayMs, action) => {
        this.#mesh.after(delayMs, action);
      },
      output: (frame) => {
        this.#mesh.after(0, () => {
          this.output(id, frame);
        });
      },
    });
    this.stacks.set(id, stack);
    return stack;
  }

  /** Its host sends a frame. */
  output(id: NetworkId, frame: Uint8Array): void {
    const batch = new FrameQueue(16 * 1024, 1);
    const start = batch.reserve(frame.length);
    batch.bytes.set(frame, start);
    batch.commit(frame.length, id);
    this.mutate((now) => {
      this.networks.handleFrames(now, batch);
    });
  }

  /** One mutation, then everything drained. */
  mutate(action: (now: Now) => void): void {
    action(at(this.#mesh.nowMs));
    this.#drain();
  }

  receive(packet: InboundPacket): void {
    this.mutate((now) => {
      this.vl1.heardAtMs.set(packet.source, now.monoMs);
      const outcome = this.#handle(now, packet);
      this.outcomes.push({ verb: verbName(packet.verb), from: packet.source, outcome });
      if (outcome === 'hold') this.#hold(packet);
    });
  }

  #handle(now: Now, packet: InboundPacket): Outcome {
    const { verb } = packet;
    if (verb === verbNumbers.NETWORK_CONFIG_REQUEST)
      return this.controller?.handlePacket(now, packet) ?? 'no-handler';
    return this.networks.handlePacket(now, packet);
  }

  #hold(packet: InboundPacket): void {
    this.#held.push({ packet, untilMs: this.#mesh.nowMs + holdMs });
    if (this.#held.length > heldMax) this.#held.shift();
    if (this.#isRetrying) return;
    this.#isRetrying = true;
    this.#mesh.after(retryMs, () => {
      this.#isRetrying = false;
      this.#retry(() => true);
    });
  }

  #retry(isMeant: (packet: InboundPacket) => boolean): void {
    const now = at(this.#mesh.nowMs);
    const held = this.#held.filter(({ untilMs }) => untilMs > now.monoMs);
    this.#held = [];
    for (const each of held) {
      const isDone = isMeant(each.packet) && this.#handle(now, each.packet) !== 'hold';
      if (!isDone) this.#held.push(each);
    }
    if (this.#held.length > 0 && !this.#isRetrying) {
      this.#isRetrying = true;
      this.#mesh.after(retryMs, () => {
        this.#isRetrying = false;
        this.#retry(() => true);
      });
    }
    this.#drain();
  }

  #drain(): void {
    const { controller } = this;
    for (const event of this.vl1.takeEvents()) {
      this.events.push(event);
      if (event.kind !== 'tap') continue;
      const { networkId, state } = event;
      const stack = this.stack(networkId);
      stack.configure(state);
      // A card takes a moment.
      this.#mesh.after(3, () => {
        this.mutate((now) => {
          this.networks.handleGroups(now, networkId, stack.groups());
        });
      });
    }
    for (let i = 0; i < this.frames.count; i++) {
      const frame = this.frames.bytes.slice(this.frames.starts[i], this.frames.ends[i]);
      this.heard.push(frame);
      this.stacks.get(this.frames.networks[i]!)?.handleFrame(frame);
    }
    this.frames.clear();
    for (const packet of this.vl1.takeSent()) {
      if (packet.to !== this.address) this.#mesh.send(this, packet);
      else
        this.#mesh.after(0, () => {
          this.receive(inbound(this.identity, packet.verb, packet.payload, packet.packetId));
        });
    }
    if (controller !== null && !this.#hasControllerTimer) this.#driveController(controller);
    const retried = this.vl1.retried.splice(0);
    if (retried.length > 0)
      this.#mesh.after(0, () => {
        this.#retry(({ source }) => retried.includes(source));
      });
  }

  #hasControllerTimer = false;

  #driveController(controller: Controller): void {
    this.#hasControllerTimer = true;
    this.#mesh.after(100, () => {
      this.#hasControllerTimer = false;
      controller.handleTimeout(at(this.#mesh.nowMs));
      this.#drain();
    });
  }
}
