/**
 * Names members of a group to who asks: OK(MULTICAST_GATHER), and OK(MULTICAST_FRAME) after a frame whose sender wants to
 * know more of them (vl2 3.4, 3.5).
 *
 *     in-re verb 1   in-re packet 8   network 8   MAC 6   ADI 4   [flags 1 = 02, MULTICAST_FRAME only]
 *     total known 4   count 2   address 5 × count
 *
 * This node comes first if it is in the group; the others follow in random order, never the asker, who is counted in the
 * total nevertheless. Where nobody can be named, nothing is sent.
 */
import { ByteWriter } from '../../base/bytes.ts';
import type { NetworkId } from '../../base/ids.ts';
import { multicastGroup, type MulticastGroup } from '../../wire/multicast-group.ts';
import { okMulticastFrameFlags } from '../../wire/verbs/ok-multicast-frame.ts';
import { payloadBytesMax, verbNumbers } from '../../wire/verbs/verb.ts';
import type { InboundPacket } from '../packet-handler.ts';
import type { Now } from '../ports.ts';
import { shuffle } from '../random-order.ts';
import type { Vl1 } from '../vl1-port.ts';
import type { GroupMembers } from './group-members.ts';

/** Members in one answer, whatever is asked for. */
export const gatherAnswerMax: number = Math.floor(
  (payloadBytesMax - (1 + 8 + 8 + 6 + 4 + 1 + 4 + 2)) / 5,
);

/** What is asked for. */
export interface GatherQuestion {
  readonly networkId: NetworkId;
  readonly group: MulticastGroup;
  /** How many are wanted. */
  readonly limit: number;
  /** Whether this node is in the group. */
  readonly isOurs: boolean;
}

/** The answers of one node. */
export class GatherAnswers {
  readonly #vl1: Vl1;
  readonly #groupMembers: GroupMembers;
  readonly #scratch = new Uint8Array(payloadBytesMax);

  constructor(vl1: Vl1, groupMembers: GroupMembers) {
    this.#vl1 = vl1;
    this.#groupMembers = groupMembers;
  }

  /** Answers a MULTICAST_GATHER, or a MULTICAST_FRAME with a gather limit. */
  answer(now: Now, packet: InboundPacket, question: GatherQuestion): void {
    const { networkId, group, limit, isOurs } = question;
    const self = this.#vl1.self.identity.address;
    const known = this.#groupMembers
      .of(now.monoMs, networkId, group)
      .filter((member) => member !== self);
    const others = known.filter((member) => member !== packet.source);
    const countMax = Math.min(limit, gatherAnswerMax);
    const named = [
      ...(isOurs ? [self] : []),
      ...shuffle(this.#vl1.entropy, others, countMax),
    ].slice(0, countMax);
    if (named.length === 0) return;

    const writer = new ByteWriter(this.#scratch);
    writer.u8(packet.verb);
    writer.u64(packet.packetId);
    writer.u64(networkId);
    multicastGroup.write(writer, group);
    if (packet.verb === verbNumbers.MULTICAST_FRAME) writer.u8(okMulticastFrameFlags.members);
    writer.u32(known.length + (isOurs ? 1 : 0));
    writer.u16(named.length);
    for (const address of named) writer.u40(address);
    const payload = this.#scratch.subarray(0, writer.offset);
    this.#vl1.reply(now, packet, verbNumbers.OK, payload);
  }
}
