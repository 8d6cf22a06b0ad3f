/**
 * What others say and ask about groups: MULTICAST_LIKE and MULTICAST_GATHER, and the answers to our own questions
 * (vl2 3.3, 3.4, 3.5).
 *
 * | who may say and ask | of which network |
 * |---|---|
 * | everybody, where we are a root | every one |
 * | who may use it | one that we are in |
 * | whom our controller sent a configuration in the last 180 s | one that it controls |
 */
import { ByteReader } from '../../base/bytes.ts';
import type { Address, NetworkId } from '../../base/ids.ts';
import { isReservedAddress } from '../../crypto/address-derivation.ts';
import type { WireReader } from '../../wire/codec.ts';
import type { MulticastGroup } from '../../wire/multicast-group.ts';
import { multicastGather } from '../../wire/verbs/multicast-gather.ts';
import { multicastLike } from '../../wire/verbs/multicast-like.ts';
import type { OkMulticastFrame } from '../../wire/verbs/ok-multicast-frame.ts';
import type { OkMulticastGather } from '../../wire/verbs/ok-multicast-gather.ts';
import type { InboundPacket, Outcome } from '../packet-handler.ts';
import type { Now } from '../ports.ts';
import type { Vl1 } from '../vl1-port.ts';
import { AttachedCertificates } from './attached-certificates.ts';
import type { GatherAnswers } from './gather-answers.ts';
import type { GroupMembers } from './group-members.ts';
import type { Network } from './network.ts';

/** Whether a controller of ours has lately sent a node a configuration of a network. */
export type WasConfigured = (now: Now, networkId: NetworkId, member: Address) => boolean;

/** What the service needs. */
export interface MulticastServiceParts {
  readonly vl1: Vl1;
  readonly groupMembers: GroupMembers;
  readonly gatherAnswers: GatherAnswers;
  readonly find: (networkId: NetworkId) => Network | null;
  readonly wasConfigured: WasConfigured;
}

/** One node's, for all networks. */
export class MulticastService {
  readonly #parts: MulticastServiceParts;
  readonly #certificates = new AttachedCertificates();

  constructor(parts: MulticastServiceParts) {
    this.#parts = parts;
  }

  /** MULTICAST_LIKE */
  handleLike(now: Now, packet: InboundPacket): Outcome {
    const reader: WireReader = new ByteReader(packet.payload);
    const { likes } = multicastLike.read(reader);
    if (reader.failure !== null) return reader.failure;
    let isUsed = false;
    for (const { networkId, group } of likes) {
      if (!this.#mayAsk(now, packet, networkId)) continue;
      isUsed = true;
      this.#found(now, networkId, group, packet.source);
    }
    return isUsed ? 'accepted' : 'not-member';
  }

  /** MULTICAST_GATHER */
  handleGather(now: Now, packet: InboundPacket): Outcome {
    const reader: WireReader = new ByteReader(packet.payload);
    const question = multicastGather.read(reader);
    if (reader.failure !== null) return reader.failure;
    const { networkId, group, limit, certificate } = question;
    const { find, gatherAnswers } = this.#parts;
    const network = find(networkId);
    if (certificate !== null && network !== null)
      this.#certificates.take(now, packet, network.state, certificate);
    if (!this.#mayAsk(now, packet, networkId)) return 'not-member';
    const isOurs = network?.state.ownGroups.has(now.monoMs, group) ?? false;
    if (limit > 0) gatherAnswers.answer(now, packet, { networkId, group, limit, isOurs });
    return 'accepted';
  }

  /** OK(MULTICAST_GATHER) */
  handleGathered(now: Now, { networkId, group, members }: OkMulticastGather): Outcome {
    return this.#learn(now, networkId, group, members.addresses);
  }

  /** OK(MULTICAST_FRAME) */
  handleFrameAnswer(now: Now, { networkId, group, members }: OkMulticastFrame): Outcome {
    return members === null ? 'ignored' : this.#learn(now, networkId, group, members.addresses);
  }

  /** Members that somebody named, whom we asked. Of what we did not ask for, nothing is kept. */
  #learn(
    now: Now,
    networkId: NetworkId,
    group: MulticastGroup,
    addresses: readonly Address[],
  ): Outcome {
    const network = this.#parts.find(networkId);
    if (network === null) return 'no-network';
    if (!network.multicaster.hasGathered(group)) return 'ignored';
    for (const address of addresses)
      if (!isReservedAddress(address)) this.#found(now, networkId, group, address);
    return 'accepted';
  }

  #found(now: Now, networkId: NetworkId, group: MulticastGroup, member: Address): void {
    const { groupMembers, find, vl1 } = this.#parts;
    if (member === vl1.self.identity.address) return;
    const isNew = groupMembers.add(now.monoMs, networkId, group, member);
    if (isNew) find(networkId)?.multicaster.memberFound(now, group, member);
  }

  #mayAsk(now: Now, { peer, source }: InboundPacket, networkId: NetworkId): boolean {
    const { vl1, find, wasConfigured } = this.#parts;
    const network = find(networkId);
    if (network?.state.admitsIdentity(peer.identity) === true) {
      const member = network.state.members.of(source);
      member.heardAtMs = now.monoMs;
      network.announcer.admitted(now, member);
      return true;
    }
    return vl1.isRoot() || wasConfigured(now, networkId, source);
  }
}
