/**
 * VL2 of a node: all networks that it has joined, and what it does for networks as a root. Packets and frames are handed
 * to the network that they name; what needs none is answered here.
 *
 * One mutation, then drain: call one `handle*` or command; what came of it went to VL1 and to the frame queue meanwhile.
 *
 * Source: vl2.md; where the official node could be faster or is less bounded, the parts say what they do otherwise.
 */
import { formatU64, type Address, type NetworkId } from '../../base/ids.ts';
import { u32At } from '../../wire/big-endian.ts';
import { isDrop } from '../../wire/codec.ts';
import { isInNetwork, type InetAddress } from '../../wire/inet-address.ts';
import type { MulticastGroup } from '../../wire/multicast-group.ts';
import { controllerOf } from '../../wire/network-id.ts';
import { packetLengthMax } from '../../wire/packet/header.ts';
import { errorCodes, type WireError } from '../../wire/verbs/error.ts';
import { decodeMessage, verbNumbers } from '../../wire/verbs/index.ts';
import type { InboundPacket, NetworkLayer, Outcome } from '../packet-handler.ts';
import type { FrameBatch, Now } from '../ports.ts';
import type { FrameQueue } from '../queues.ts';
import type { Vl1 } from '../vl1-port.ts';
import { CredentialsInbound } from './credentials-inbound.ts';
import { coreError } from './errors.ts';
import type { FrameFate } from './frames-outbound.ts';
import { GatherAnswers } from './gather-answers.ts';
import { GroupMembers } from './group-members.ts';
import { MulticastService, type WasConfigured } from './multicast-service.ts';
import { viewOf, type NetworkView } from './network-view.ts';
import { Network } from './network.ts';
import { mtuBounds } from './tap-state.ts';

/** Networks that a node may be in. */
export const networksMax = 64;
/** What has ended is forgotten this often, ms. */
export const sweepMs = 60_000;

/** What VL2 is made of. */
export interface NetworksOptions {
  readonly vl1: Vl1;
  /** To the taps. */
  readonly frames: FrameQueue;
  /** `linux/x86_64`, told to controllers. Default: not told. */
  readonly platform?: string;
  /** Where this node is a controller too: who it has sent a configuration in the last 180 s. Default: nobody. */
  readonly wasConfigured?: WasConfigured;
  /** Entries about groups of all networks. */
  readonly groupMembersMax?: number;
}

/** How to join. */
export interface JoinOptions {
  /** Lets the node in where the controller honours it. */
  readonly token?: string;
  /** The configuration that was kept of an earlier run, `networks.d/<id>.conf`; used until the controller answers. */
  readonly cachedConfig?: Uint8Array;
}

interface Joined {
  readonly network: Network;
  readonly idHigh: number;
  readonly idLow: number;
}

/** See the head of this file. */
export class Networks implements NetworkLayer {
  readonly #options: NetworksOptions;
  readonly #networks = new Map<NetworkId, Joined>();
  /** The one that was named last: mostly the next one too. */
  #last: Joined | null = null;
  readonly #groupMembers: GroupMembers;
  readonly #gatherAnswers: GatherAnswers;
  readonly #multicast: MulticastService;
  readonly #credentials: CredentialsInbound;
  readonly #scratch: Uint8Array;
  readonly #copyScratch: Uint8Array;
  readonly #fates = new Map<FrameFate | 'no-network', number>();
  #sweepAtMs = Infinity;

  constructor(options: NetworksOptions) {
    const { vl1 } = options;
    this.#options = options;
    const find = (id: NetworkId): Network | null => this.#networks.get(id)?.network ?? null;
    this.#groupMembers = new GroupMembers(options.groupMembersMax);
    this.#gatherAnswers = new GatherAnswers(vl1, this.#groupMembers);
    this.#multicast = new MulticastService({
      vl1,
      groupMembers: this.#groupMembers,
      gatherAnswers: this.#gatherAnswers,
      find,
      wasConfigured: options.wasConfigured ?? ((): boolean => false),
    });
    this.#credentials = new CredentialsInbound(
      vl1,
      (id) => find(id)?.state.credentials ?? null,
      (now, id, issuedAtMs) => find(id)?.client?.handleNews(now, issuedAtMs),
      (address) => [...this.#networks.keys()].some((id) => controllerOf(id) === address),
    );
    // A frame of the largest MTU with any head before it.
    const payloadMax = Math.max(packetLengthMax, mtuBounds.max + 64);
    this.#scratch = new Uint8Array(payloadMax);
    this.#copyScratch = new Uint8Array(payloadMax);
  }

  /** What became of frames from taps so far. */
  get fates(): ReadonlyMap<FrameFate | 'no-network', number> {
    return this.#fates;
  }

  /**
   * Joins, and asks at once. A network that is joined already: takes the token, and asks again.
   *
   * @throws NETWORKS_TOO_MANY
   */
  join(now: Now, networkId: NetworkId, { token, cachedConfig }: JoinOptions = {}): void {
    const known = this.#networks.get(networkId)?.network;
    if (known !== undefined) {
      if (known.client !== null && token !== undefined) known.client.token = token;
      known.client?.askAgain(now);
      return;
    }
    if (this.#networks.size >= networksMax)
      throw coreError(
        'NETWORKS_TOO_MANY',
        `cannot join ${formatU64(networkId)}: ${networksMax} networks are joined already`,
        { remedy: 'leave a network first' },
      );
    const { vl1, frames, platform } = this.#options;
    const network = new Network(now, networkId, {
      vl1,
      frames,
      groupMembers: this.#groupMembers,
      gatherAnswers: this.#gatherAnswers,
      scratch: this.#scratch,
      copyScratch: this.#copyScratch,
      platform: platform ?? null,
    });
    const idHigh = Number(networkId >> 32n);
    const idLow = Number(networkId & 0xffff_ffffn);
    this.#networks.set(networkId, { network, idHigh, idLow });
    if (network.client !== null) network.client.token = token ?? null;
    network.start(now, cachedConfig ?? null);
    this.#scheduleSweep(now);
  }

  /** Leaves: the tap goes, and what was kept. Others are not told. */
  leave(_now: Now, networkId: NetworkId): void {
    const joined = this.#networks.get(networkId);
    if (joined === undefined) return;
    this.#networks.delete(networkId);
    if (this.#last === joined) this.#last = null;
    joined.network.stop();
  }

  handlePacket(now: Now, packet: InboundPacket): Outcome {
    const { verb } = packet;
    switch (verb) {
      case verbNumbers.FRAME:
        return this.#findAt(packet.payload)?.inbound.handleFrame(now, packet) ?? 'no-network';
      case verbNumbers.EXT_FRAME:
        return this.#findAt(packet.payload)?.inbound.handleExtFrame(now, packet) ?? 'no-network';
      case verbNumbers.MULTICAST_FRAME:
        return (
          this.#findAt(packet.payload)?.inbound.handleMulticastFrame(now, packet) ?? 'no-network'
        );
      case verbNumbers.MULTICAST_LIKE:
        this.#scheduleSweep(now);
        return this.#multicast.handleLike(now, packet);
      case verbNumbers.MULTICAST_GATHER:
        return this.#multicast.handleGather(now, packet);
      case verbNumbers.NETWORK_CREDENTIALS:
        return this.#credentials.handle(now, packet);
      case verbNumbers.NETWORK_CONFIG:
        return this.#handleConfig(now, packet);
      case verbNumbers.OK:
        return this.#handleOk(now, packet);
      case verbNumbers.ERROR:
        return this.#handleError(now, packet);
      default:
        return 'no-handler';
    }
  }

  handleFrames(now: Now, batch: FrameBatch): void {
    for (let i = 0; i < batch.count; i++) {
      const joined = this.#find(batch.networks[i] as NetworkId);
      const fate =
        joined === null
          ? 'no-network'
          : joined.network.outbound.handle(
              now,
              batch.bytes,
              batch.starts[i] as number,
              batch.ends[i] as number,
              joined.network.tap?.mtu ?? mtuBounds.default,
            );
      this.#fates.set(fate, (this.#fates.get(fate) ?? 0) + 1);
    }
  }

  handleGroups(now: Now, networkId: NetworkId, groups: readonly MulticastGroup[]): void {
    this.#networks.get(networkId)?.network.setHostGroups(now, groups);
  }

  /** Whether the tap of a network could be made; without one its status is `port-error`. */
  handleTap(networkId: NetworkId, isThere: boolean): void {
    this.#networks.get(networkId)?.network.setTapFailed(!isThere);
  }

  /**
   * A root answers again after a silence, or another one is used: it may have forgotten our groups, and controllers could
   * not be reached. Saves up to a minute; not to be called for each packet.
   */
  handleReconnect(now: Now): void {
    for (const { network } of this.#networks.values()) {
      network.announcer.announceAll(now);
      network.client?.askIfWaiting(now);
    }
  }

  handleTimeout(now: Now): void {
    for (const { network } of this.#networks.values())
      if (network.nextTimeoutMs() <= now.monoMs) network.handleTimeout(now);
    if (this.#sweepAtMs > now.monoMs) return;
    this.#sweepAtMs = Infinity;
    this.#groupMembers.sweep(now.monoMs);
    for (const { network } of this.#networks.values()) {
      network.state.members.sweep(now.monoMs);
      network.state.credentials.forgetStale();
    }
    if (this.#networks.size > 0 || this.#groupMembers.size > 0) this.#scheduleSweep(now);
  }

  nextTimeoutMs(): number {
    let next = this.#sweepAtMs;
    for (const { network } of this.#networks.values())
      next = Math.min(next, network.nextTimeoutMs());
    return next;
  }

  isVirtual(address: InetAddress): boolean {
    for (const { network } of this.#networks.values())
      for (const own of network.state.config?.staticIps ?? [])
        if (isInNetwork(address, own)) return true;
    return false;
  }

  contacts(): readonly Address[] {
    const contacts = new Set<Address>();
    for (const { network } of this.#networks.values())
      for (const special of [...network.state.facts.anchors, ...network.state.facts.replicators])
        contacts.add(special);
    return [...contacts];
  }

  /** All joined networks, for people. */
  views(now: Now): NetworkView[] {
    return [...this.#networks.values()].map(({ network }) => viewOf(network, now.monoMs));
  }

  #handleConfig(now: Now, packet: InboundPacket): Outcome {
    const client = this.#findAt(packet.payload)?.client ?? null;
    if (client === null) return 'no-network';
    const message = decodeMessage(verbNumbers.NETWORK_CONFIG, packet.payload);
    if (isDrop(message)) return message;
    if (message.name !== 'NETWORK_CONFIG') return 'unknown-verb';
    const outcome = client.handlePush(now, packet, message.value);
    this.#networks.get(message.value.networkId)?.network.updateStatus();
    return outcome;
  }

  /** Answers to what we sent: VL1 has made sure of it. */
  #handleOk(now: Now, packet: InboundPacket): Outcome {
    const message = decodeMessage(verbNumbers.OK, packet.payload);
    if (isDrop(message)) return message;
    if (message.name !== 'OK') return 'unknown-verb';
    const { body } = message.value;
    switch (body.kind) {
      case 'network-config-request': {
        const network = this.#networks.get(body.value.networkId)?.network;
        const outcome = network?.client?.handleAnswer(now, packet, body.value) ?? 'no-network';
        network?.updateStatus();
        return outcome;
      }
      case 'multicast-gather':
        return this.#multicast.handleGathered(now, body.value);
      case 'multicast-frame':
        return this.#multicast.handleFrameAnswer(now, body.value);
      default:
        return 'ignored';
    }
  }

  #handleError(now: Now, packet: InboundPacket): Outcome {
    const message = decodeMessage(verbNumbers.ERROR, packet.payload);
    if (isDrop(message)) return message;
    if (message.name !== 'ERROR') return 'unknown-verb';
    const error = message.value;
    if (!('networkId' in error.body)) return 'ignored';
    const network = this.#networks.get(error.body.networkId)?.network;
    return network === undefined ? 'no-network' : this.#refused(now, packet, network, error);
  }

  /** What others refuse that concerns a network (vl2 3.7). */
  #refused(now: Now, packet: InboundPacket, network: Network, error: WireError): Outcome {
    const { code, body, inReVerb } = error;
    switch (code) {
      case errorCodes.NEED_MEMBERSHIP_CERTIFICATE: {
        // Who asks on and on has not forgotten us, and would not listen.
        const hasForgotten = !network.push.isUnwanted(packet.source);
        if (network.push.requested(now, packet.source) && hasForgotten)
          network.announcer.forgottenBy(now, packet.source);
        if (network.push.isUnwanted(packet.source)) network.client?.handleUnwanted(now);
        return 'accepted';
      }
      case errorCodes.UNWANTED_MULTICAST:
        if (body.kind !== 'multicast') return 'ignored';
        if (!network.state.admitsIdentity(packet.peer.identity)) return 'not-member';
        this.#groupMembers.remove(network.state.id, body.group, packet.source);
        return 'accepted';
      default: {
        if (inReVerb !== verbNumbers.NETWORK_CONFIG_REQUEST) return 'ignored';
        const outcome = network.client?.handleError(now, packet, error) ?? 'no-network';
        network.updateStatus();
        return outcome;
      }
    }
  }

  #scheduleSweep(now: Now): void {
    if (this.#sweepAtMs === Infinity) this.#sweepAtMs = now.monoMs + sweepMs;
  }

  #find(id: NetworkId): Joined | null {
    if (this.#last?.network.state.id === id) return this.#last;
    const found = this.#networks.get(id) ?? null;
    if (found !== null) this.#last = found;
    return found;
  }

  /** The network that a payload begins with the number of. Makes no 64-bit number. */
  #findAt(payload: Uint8Array): Network | null {
    if (payload.length < 8) return null;
    const high = u32At(payload, 0);
    const low = u32At(payload, 4);
    if (this.#last?.idLow === low && this.#last.idHigh === high) return this.#last.network;
    for (const joined of this.#networks.values()) {
      if (joined.idLow !== low || joined.idHigh !== high) continue;
      this.#last = joined;
      return joined.network;
    }
    return null;
  }
}
