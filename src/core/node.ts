/**
 * A node: VL1 and what is built upon it, as one machine without input or output of its own.
 *
 * One mutation, then drain: call one `handle*` or command with the time; then send `datagrams`, write `frames` and clear
 * both, take events and validations, and arm a timer for `nextTimeoutMs()`. `monoMs` is not below 0 and never goes back.
 *
 * Nothing that comes from the network makes a call throw; what is dropped is counted in `status().drops`.
 */
import { ByteWriter } from '../base/bytes.ts';
import type { Address, NetworkId } from '../base/ids.ts';
import { PeerKeys } from '../crypto/peer-keys.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { sameIdentity, type Identity, type SecretIdentity } from '../wire/identity.ts';
import type { IpEndpoint } from '../wire/inet-address.ts';
import type { MulticastGroup } from '../wire/multicast-group.ts';
import type { PeerRecord } from '../wire/peer-record.ts';
import { verbNumbers } from '../wire/verbs/verb.ts';
import type { World } from '../wire/world.ts';
import { defaultLimits, pathDoubtMs, peerExpiryMs, type NodeLimits } from './constants.ts';
import { DropCounts } from './drop-reasons.ts';
import { EndpointTable } from './endpoint.ts';
import { EventQueue, type NodeEvent } from './events.ts';
import { NoController } from './no-controller.ts';
import type {
  ControllerLayer,
  InboundPacket,
  NetworkJoinOptions,
  NetworkLayer,
} from './packet-handler.ts';
import { noPathRules, PathPolicy, type PathRules } from './path-policy.ts';
import type { DatagramBatch, Entropy, FrameBatch, LocalSocket, Now } from './ports.ts';
import { DatagramQueue, FrameQueue } from './queues.ts';
import { VerbCounts } from './verb-counts.ts';
import type { Vl1 } from './vl1-port.ts';
import { Attempts } from './vl1/attempts.ts';
import { Contact } from './vl1/contact.ts';
import type { Context, IpReport } from './vl1/context.ts';
import { DirectPaths } from './vl1/direct-paths.ts';
import { ExpectedReplies } from './vl1/expected-replies.ts';
import { Hints } from './vl1/hints.ts';
import { IdentityGate } from './vl1/identity-gate.ts';
import { IdentityRequests } from './vl1/identity-requests.ts';
import { Introductions } from './vl1/introductions.ts';
import { KeepAlive } from './vl1/keep-alive.ts';
import { OwnPackets, ownPacketsMax } from './vl1/own-packets.ts';
import { PacketIds } from './vl1/packet-ids.ts';
import { PacketWriter } from './vl1/packet-writer.ts';
import { bestPath } from './vl1/path-choice.ts';
import { PathLearning } from './vl1/path-learning.ts';
import { PathTable } from './vl1/path-table.ts';
import { PathWatch } from './vl1/path-watch.ts';
import { PeerMemory } from './vl1/peer-memory.ts';
import { PeerTable } from './vl1/peer-table.ts';
import { Peer } from './vl1/peer.ts';
import { Receiver } from './vl1/receive.ts';
import { Relay } from './vl1/relay.ts';
import { RootWatch } from './vl1/root-watch.ts';
import { SelfAwareness, type AddressChange } from './vl1/self-awareness.ts';
import { Sockets } from './vl1/sockets.ts';
import { Switch } from './vl1/switch.ts';
import { moonFile, Topology } from './vl1/topology.ts';
import { Upstreams } from './vl1/upstreams.ts';
import { Validations } from './vl1/validations.ts';
import { nodeStatus, peerStatus, type NodeStatus, type PeerStatus } from './vl1/views.ts';
import { Vl1Service } from './vl1/vl1-service.ts';

/** What a node is made of. */
export interface NodeOptions {
  readonly identity: SecretIdentity;
  readonly provider: CryptoProvider;
  readonly entropy: Entropy;
  /** Taken as it is, whoever signed it; its own copy is kept. */
  readonly planet: World;
  readonly moons?: readonly World[];
  /** What an earlier run has kept of other nodes (`peers.d/<address>.peer`), the oldest first; copied. */
  readonly peers?: readonly PeerRecord[];
  /** What the operator says of paths. Default: nothing. */
  readonly pathRules?: PathRules;
  /** Makes VL2. Default: a node without networks. */
  readonly networks?: (vl1: Vl1, frames: FrameQueue) => NetworkLayer;
  /** Makes the controller that this node is. Default: none; who asks is told. */
  readonly controller?: (vl1: Vl1) => ControllerLayer;
  readonly limits?: Partial<NodeLimits>;
}

/** See the head of this file. */
export class Node {
  /** To be sent. */
  readonly datagrams: DatagramQueue;
  /** To be written to taps. */
  readonly frames: FrameQueue;

  readonly #self: SecretIdentity;
  readonly #provider: CryptoProvider;
  readonly #events = new EventQueue();
  readonly #drops = new DropCounts();
  /** Packets by verb. */
  readonly verbs: VerbCounts = new VerbCounts();
  readonly #sockets = new Sockets();
  readonly #policy = new PathPolicy();
  readonly #paths: PathTable;
  readonly #peers: PeerTable;
  readonly #topology: Topology;
  readonly #upstreams: Upstreams;
  readonly #switch: Switch;
  readonly #requests: IdentityRequests;
  readonly #learning: PathLearning;
  readonly #watch: PathWatch;
  readonly #roots: RootWatch;
  readonly #attempts: Attempts;
  readonly #memory: PeerMemory;
  readonly #keepAlive: KeepAlive;
  readonly #awareness: SelfAwareness;
  readonly #validations: Validations;
  readonly #receiver: Receiver;
  readonly #own: OwnPackets;
  readonly #vl1: Vl1;
  readonly #context: Context;
  readonly #networks: NetworkLayer | null;
  readonly #controller: ControllerLayer;

  /** A path or an identity has come: what waits may go. */
  #mayFlush = false;
  #isRelayInDoubt = false;
  #wasOnline = false;
  #wakeMs = Infinity;
  /** `monoMs` of the last call. */
  #nowMs = 0;

  constructor(options: NodeOptions) {
    const limits: NodeLimits = { ...defaultLimits, ...options.limits };
    const { identity, provider, entropy } = options;
    this.#self = identity;
    this.#provider = provider;
    this.datagrams = new DatagramQueue(limits.datagramBytesMax, limits.datagramsMax);
    this.frames = new FrameQueue(limits.frameBytesMax, limits.framesMax);
    const { planet, moons = [] } = options;
    this.#topology = new Topology(provider, identity.identity, planet, moons, limits.moonsMax);
    this.#policy.set(options.pathRules ?? noPathRules);
    this.#paths = new PathTable(limits.strangersMax, (address) => this.#policy.mtuOf(address));
    this.#peers = new PeerTable(this.#paths, limits.peersMax, (address) =>
      this.#topology.isUpstream(address),
    );
    this.#upstreams = new Upstreams(this.#peers, this.#topology);
    this.#awareness = new SelfAwareness(limits.reportsMax);
    this.#validations = new Validations(limits.validationsMax);

    const ids = new PacketIds(entropy);
    const expected = new ExpectedReplies();
    const endpoints = new EndpointTable();
    const own = identity.identity.address;
    const writer = new PacketWriter(own, ids, this.datagrams, expected, this.#drops, this.verbs);
    const contact = new Contact({
      self: identity.identity,
      writer,
      sockets: this.#sockets,
      paths: this.#paths,
      topology: this.#topology,
      policy: this.#policy,
      isVirtual: (address) => this.#isVirtual(address),
    });
    this.#watch = new PathWatch(contact, this.#peers, this.#events);
    this.#attempts = new Attempts(contact);
    const switchOf = (): Switch => this.#switch;
    this.#memory = new PeerMemory({
      max: limits.rememberedMax,
      records: options.peers ?? [],
      peers: this.#peers,
      topology: this.#topology,
      upstreams: this.#upstreams,
      contact,
      attempts: this.#attempts,
      endpoints,
      events: this.#events,
      addPeer: (now, who) => this.#addPeer(now, who),
    });
    this.#requests = new IdentityRequests(
      limits.whoisMax,
      this.#upstreams,
      switchOf,
      (now, address, forReceived) => this.#memory.recall(now, address, forReceived) !== null,
    );
    const hints = new Hints({
      policy: this.#policy,
      memory: this.#memory,
      contact,
      endpoints,
      random: (bound) => ids.below(bound),
    });
    this.#switch = new Switch({
      peers: this.#peers,
      upstreams: this.#upstreams,
      writer,
      drops: this.#drops,
      waitingMax: limits.waitingOutMax,
      askIdentity: (now, address) => this.#requests.ask(now, address, false),
      sent: (now, peer, path) => {
        peer.lastNontrivialSendMs = now.monoMs;
        if (path === null) this.#doubtRelay(now.monoMs);
        if (!this.#topology.isUpstream(peer.address)) this.#watch.sent(now.monoMs, peer, path);
      },
      undirected: (now, peer) => {
        hints.wanted(now, peer);
      },
      policy: this.#policy,
    });
    const isVirtual = (address: IpEndpoint): boolean => this.#isVirtual(address);
    const direct = new DirectPaths(this.#sockets, this.#awareness, switchOf, isVirtual);
    this.#learning = new PathLearning({
      paths: this.#paths,
      peers: this.#peers,
      contact,
      watch: this.#watch,
      events: this.#events,
      push: (now, peer, path, hops) => {
        direct.push(now, peer, path, hops);
      },
      learned: () => {
        this.#mayFlush = true;
      },
    });
    this.#roots = new RootWatch({
      topology: this.#topology,
      peers: this.#peers,
      upstreams: this.#upstreams,
      contact,
      sockets: this.#sockets,
      endpoints,
      events: this.#events,
      random: (bound) => ids.below(bound),
    });
    this.#keepAlive = new KeepAlive({
      peers: this.#peers,
      topology: this.#topology,
      upstreams: this.#upstreams,
      contact,
      learning: this.#learning,
      watch: this.#watch,
      contacts: () => this.#networks?.contacts() ?? [],
    });
    this.#own = new OwnPackets(identity, provider, ids, expected, endpoints);
    const vl1: Vl1 = new Vl1Service({
      self: identity,
      provider,
      entropy,
      peers: this.#peers,
      topology: this.#topology,
      upstreams: this.#upstreams,
      requests: this.#requests,
      switch: this.#switch,
      own: this.#own,
      events: this.#events,
      retryHeld: (source) => {
        this.#receiver.ready(source);
      },
      wake: (atMonoMs) => {
        this.#wakeMs = Math.min(this.#wakeMs, atMonoMs);
      },
    });
    this.#vl1 = vl1;
    this.#controller = options.controller?.(vl1) ?? new NoController(vl1);
    this.#networks = options.networks?.(vl1, this.frames) ?? null;
    this.#context = {
      self: identity,
      provider,
      peers: this.#peers,
      memory: this.#memory,
      topology: this.#topology,
      upstreams: this.#upstreams,
      switch: this.#switch,
      contact,
      attempts: this.#attempts,
      learning: this.#learning,
      awareness: this.#awareness,
      gate: new IdentityGate(),
      expected,
      validations: this.#validations,
      requests: this.#requests,
      endpoints,
      drops: this.#drops,
      verbs: this.verbs,
      events: this.#events,
      networks: this.#networks,
      controller: this.#controller,
      addPeer: (now, who, keys) => this.#addPeer(now, who, keys),
      offerWorld: (now, from, offered) => {
        this.#offerWorld(now, from, offered);
      },
      reportAddress: (now, packet, seen) => {
        this.#reportAddress(now, packet, seen);
      },
      holdSealed: (now, source, sealed, path) => {
        this.#receiver.holdSealed(now, source, sealed, path);
      },
      hold: (now, waitsFor, packet) => {
        this.#receiver.hold(now, waitsFor, packet);
      },
    };
    const introductions = new Introductions(limits.introductionsMax, switchOf, ids);
    const relay = new Relay({
      peers: this.#peers,
      topology: this.#topology,
      upstreams: this.#upstreams,
      datagrams: this.datagrams,
      introductions,
      memory: this.#memory,
    });
    this.#receiver = new Receiver(this.#context, this.#paths, relay, limits.waitingInMax);
  }

  /** All bound sockets and with them our own addresses, whenever they change. The first call starts the node. */
  handleSockets(now: Now, sockets: readonly LocalSocket[]): void {
    const { added, removed } = this.#sockets.set(sockets);
    if (added.length === 0 && removed.length === 0) return;
    this.#meetRoots(now);
    // Our addresses are other ones: nothing that others saw of us holds any more.
    this.#awareness.clear();
    const gone = new Set(removed.map(({ id }) => id));
    for (const peer of this.#peers.values()) this.#movePeer(now, peer, gone);
    for (const socket of gone) this.#paths.dropSocket(socket);
    this.#roots.restart(now);
    this.#settle(now);
  }

  /** Datagrams that came. Their bytes are written to. */
  handleDatagrams(now: Now, batch: DatagramBatch): void {
    this.#receiver.receive(now, batch);
    this.#settle(now);
  }

  /** Frames from taps. */
  handleFrames(now: Now, batch: FrameBatch): void {
    this.#networks?.handleFrames(now, batch);
    this.#settle(now);
  }

  /** The groups that a tap's host has joined, all of them. */
  handleGroups(now: Now, networkId: NetworkId, groups: readonly MulticastGroup[]): void {
    this.#networks?.handleGroups(now, networkId, groups);
    this.#settle(now);
  }

  /** The answer to {@link takeValidation}. */
  handleValidation(now: Now, identity: Identity, isValid: boolean): void {
    const pending = this.#validations.settle(identity);
    if (pending === null) return;
    if (isValid) this.#receiver.receiveValidated(now, pending);
    else {
      pending.keys.close();
      this.#drops.add('invalid-identity');
    }
    this.#settle(now);
  }

  /** {@link nextTimeoutMs} has come. Calling it earlier does no harm. */
  handleTimeout(now: Now): void {
    if (now.monoMs >= this.#wakeMs) {
      this.#wakeMs = Infinity;
      this.#controller.handleTimeout?.(now);
    }
    this.#networks?.handleTimeout(now);
    if (this.#sockets.all.length > 0) this.#roots.run(now);
    if (this.#requests.run(now)) this.#roots.doubt(now);
    this.#attempts.run(now);
    this.#keepAlive.run(now);
    this.#memory.run(now);
    this.#awareness.expire(now.monoMs);
    this.#mayFlush = true;
    this.#settle(now);
  }

  /** The operator says something else of paths: those that are not to be used any more are given up at once. */
  setPathRules(now: Now, rules: PathRules): void {
    this.#policy.set(rules);
    this.#paths.refreshMtus();
    for (const peer of this.#peers.values())
      for (const path of [...peer.paths])
        if (!this.#policy.allows(peer.address, path.path.endpoint.address))
          this.#learning.forget(peer, path);
    if (this.#sockets.all.length > 0) this.#roots.run(now);
    this.#settle(now);
  }

  /** Has written what is known of other nodes and has changed: before the end. */
  savePeers(now: Now): void {
    this.#memory.save(now);
    this.#settle(now);
  }

  /** Joins a network. */
  join(now: Now, networkId: NetworkId, options?: NetworkJoinOptions): void {
    this.#networks?.join(now, networkId, options);
    this.#settle(now);
  }

  /** Leaves a network. */
  leave(now: Now, networkId: NetworkId): void {
    this.#networks?.leave(now, networkId);
    this.#settle(now);
  }

  /**
   * Follows a moon.
   *
   * @param moon - the world, where it is known; else its ID, to be asked of `seed`
   * @param seed - a root of it
   */
  orbit(now: Now, moon: World | bigint, seed?: Address): void {
    if (typeof moon !== 'bigint') {
      const file = this.#topology.addMoon(moon);
      if (file !== null) this.#events.push({ kind: 'persist', ...file });
      this.#meetRoots(now);
      this.#roots.run(now);
    } else if (seed !== undefined && this.#topology.want(moon, seed)) {
      // Whoever is to have it is told with a HELLO; an unknown seed when its identity has come.
      if (this.#topology.isUpstream(seed)) this.#roots.restart(now);
      else if (this.#peers.get(seed) === undefined) this.#requests.ask(now, seed, false);
      else this.#greetSeed(now, seed);
    }
    this.#settle(now);
  }

  /** Whether it has a moon, or looks for it. */
  follows(moonId: bigint): boolean {
    return this.#topology.follows(moonId);
  }

  /** Leaves a moon. */
  deorbit(now: Now, moonId: bigint): void {
    if (this.#topology.removeMoon(moonId))
      this.#events.push({ kind: 'persist', name: moonFile(moonId), bytes: null });
    this.#settle(now);
  }

  /** Sends bytes to the application of another node. @param data - copied */
  sendUserMessage(now: Now, to: Address, typeId: bigint, data: Uint8Array): void {
    const writer = new ByteWriter(new Uint8Array(8 + data.length));
    writer.u64(typeId);
    writer.put(data);
    this.#vl1.send(now, to, verbNumbers.USER_MESSAGE, writer.bytes, { compress: true });
    this.#settle(now);
  }

  /** What has happened since the last call. */
  takeEvents(): readonly NodeEvent[] {
    return this.#events.take();
  }

  /** An identity whose memory-hard hash is to be checked, off the event loop; null: none. */
  takeValidation(): Identity | null {
    return this.#validations.take();
  }

  /** When {@link handleTimeout} is due, `monoMs`, perhaps in the past; Infinity: not. */
  nextTimeoutMs(): number {
    const nowMs = this.#nowMs;
    return Math.min(
      this.#own.size > 0 ? nowMs : Infinity,
      this.#wakeMs,
      this.#networks?.nextTimeoutMs() ?? Infinity,
      this.#roots.nextTimeoutMs(nowMs),
      this.#requests.nextTimeoutMs(),
      this.#attempts.nextTimeoutMs(),
      this.#watch.nextTimeoutMs(),
      this.#memory.nextTimeoutMs(),
      this.#switch.nextTimeoutMs(),
      this.#receiver.nextTimeoutMs(nowMs),
      this.#keepAlive.nextTimeoutMs(),
    );
  }

  /** The node at a glance. */
  status(now: Now): NodeStatus {
    return nodeStatus(this.#context, this.#sockets, now.monoMs, this.#receiver.held);
  }

  /** Its peers at a glance. */
  peers(now: Now): PeerStatus[] {
    return [...this.#context.peers.values()].map((peer) =>
      peerStatus(this.#context, peer, now.monoMs),
    );
  }

  /** One of {@link peers}; null: it does not know it. */
  peer(now: Now, address: Address): PeerStatus | null {
    const peer = this.#context.peers.get(address);
    return peer === undefined ? null : peerStatus(this.#context, peer, now.monoMs);
  }

  /** The moons that it follows and has. */
  get moons(): readonly World[] {
    return this.#topology.moons;
  }

  /** The moons that it follows and still looks for. */
  get wantedMoons(): readonly bigint[] {
    return this.#topology.wantedMoons;
  }

  /** VL2, for its views; null in a node without networks. */
  get networks(): NetworkLayer | null {
    return this.#networks;
  }

  /** What follows from what was just done: the end of every `handle*` and command. */
  #settle(now: Now): void {
    this.#nowMs = now.monoMs;
    // Answers to ourselves may be answered: as many as there can be, the rest at the next call.
    for (let i = 0; i < ownPacketsMax; i++) {
      const packet = this.#own.take();
      if (packet === null) break;
      this.#receiver.receiveOwn(now, packet);
    }
    this.#receiver.retryReady(now);
    this.#receiver.run(now);
    if (this.#mayFlush) {
      this.#mayFlush = false;
      if (this.#upstreams.best(now.monoMs) !== null) this.#requests.upstreamFound(now);
      this.#switch.flush(now);
    }
    if (this.#isRelayInDoubt) {
      this.#isRelayInDoubt = false;
      this.#roots.doubt(now);
    }
    this.#watch.run(now);
    const isOnline = this.#upstreams.isOnline(now.monoMs);
    if (isOnline === this.#wasOnline) return;
    this.#wasOnline = isOnline;
    this.#events.push({ kind: 'online', isOnline });
  }

  #addPeer(now: Now, identity: Identity, agreed?: PeerKeys): Peer | null {
    const keys = agreed ?? PeerKeys.agree(this.#provider, this.#self.secretKey, identity.publicKey);
    if (keys === null) {
      this.#drops.add('low-order-key');
      return null;
    }
    const known = this.#peers.get(identity.address);
    if (known?.isProvisional === true && !sameIdentity(known.identity, identity))
      this.#peers.remove(known);
    else if (known !== undefined) {
      // It came from somewhere else while this one was being checked.
      keys.close();
      return known;
    }
    const own = { address: identity.address, publicKey: identity.publicKey.slice() };
    const peer = new Peer(own, keys, now.monoMs);
    this.#peers.add(peer);
    this.#events.push({ kind: 'peer', identity: own, version: null });
    this.#requests.settle(peer.address);
    this.#receiver.ready(peer.address);
    this.#mayFlush = true;
    if (this.#topology.seeds().has(peer.address)) this.#greetSeed(now, peer.address);
    return peer;
  }

  /** Packets go out over a root from which nothing comes: it is asked soon. */
  #doubtRelay(nowMs: number): void {
    const root = this.#upstreams.best(nowMs);
    const relay = root === null ? null : bestPath(root, nowMs);
    if (relay !== null && nowMs - relay.path.lastInMs >= pathDoubtMs) this.#isRelayInDoubt = true;
  }

  /** Makes peers of all roots. */
  #meetRoots(now: Now): void {
    for (const address of this.#topology.upstreams) {
      const root = this.#topology.root(address);
      if (root !== undefined && this.#peers.get(address) === undefined)
        this.#addPeer(now, root.identity);
    }
  }

  #greetSeed(now: Now, seed: Address): void {
    const peer = this.#peers.get(seed);
    const root = this.#upstreams.best(now.monoMs);
    const relay = root === null ? null : bestPath(root, now.monoMs);
    if (peer === undefined || this.#topology.isUpstream(seed) || relay === null) return;
    peer.lastFullHelloMs = now.monoMs;
    this.#context.contact.helloOver(now, peer, relay.path);
  }

  #offerWorld(now: Now, from: Address, offered: World): void {
    const file = this.#topology.offer(from, offered);
    if (file === null) return;
    this.#events.push({ kind: 'persist', ...file });
    this.#meetRoots(now);
  }

  #reportAddress(now: Now, packet: InboundPacket, seen: IpReport): void {
    const { source, path } = packet;
    const isTrusted = this.#topology.isUpstream(source);
    const change = this.#awareness.report(now.monoMs, source, path, seen, isTrusted);
    if (change !== null) this.#confirmPaths(now, change);
  }

  /**
   * Our outer address has changed: paths of that kind count again when they answer (vl1 6.1). Peers are told the new one
   * as soon as they are heard, be it over a root: a NAT on their side may let nothing in from it until they use it.
   */
  #confirmPaths(now: Now, { scope, family }: AddressChange): void {
    for (const peer of this.#peers.values()) {
      peer.lastPushOutMs = -Infinity;
      for (const path of peer.paths) {
        const { endpoint, scope: itsScope } = path.path;
        if (itsScope !== scope || endpoint.address.kind !== family) continue;
        this.#context.contact.try(now, peer, path.path);
        path.lastReceiveMs = -Infinity;
      }
    }
  }

  /** Sockets are gone, others may have come: a peer that we talk to is contacted where it was, from all that there are. */
  #movePeer(now: Now, peer: Peer, gone: ReadonlySet<number>): void {
    const { monoMs } = now;
    const lastMs = Math.max(peer.lastNontrivialReceiveMs, peer.lastNontrivialSendMs);
    const endpoints = new Set(
      peer.paths.filter((path) => Peer.isActive(path, monoMs)).map(({ path }) => path.endpoint),
    );
    for (const path of [...peer.paths])
      if (gone.has(path.path.socket)) this.#learning.forget(peer, path);
    peer.lastPushOutMs = -Infinity;
    if (this.#topology.isUpstream(peer.address) || monoMs - lastMs >= peerExpiryMs) return;
    for (const endpoint of endpoints) this.#attempts.start(now, peer, endpoint, null);
  }

  #isVirtual(address: IpEndpoint): boolean {
    return this.#networks?.isVirtual(address) ?? false;
  }
}
