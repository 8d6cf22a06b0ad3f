/**
 * Frames from other members, on their way to the tap (vl2 3.1, 3.2, 3.5).
 *
 * | offset | FRAME | EXT_FRAME | MULTICAST_FRAME |
 * |---|---|---|---|
 * | 0 | network 8 | network 8 | network 8 |
 * | 8 | EtherType 2 | flags 1 | flags 1 |
 * | then | data | [certificate if 01] destination 6, source 6, EtherType 2, data | [certificate if 01] [gather limit 4 if 02] [source 6 if 04] MAC 6, ADI 4, EtherType 2, data |
 *
 * Who has not shown that it may use the network gets an ERROR, and its frame is held (5.5). The caller has found the
 * network; a payload has at least its 8 bytes.
 */
import { ByteReader, ByteWriter } from '../../base/bytes.ts';
import type { Mac } from '../../base/ids.ts';
import { u16At } from '../../wire/big-endian.ts';
import type { WireReader } from '../../wire/codec.ts';
import { certificateOfMembership } from '../../wire/credentials/certificate-of-membership.ts';
import { ethernetHeaderLength } from '../../wire/ethernet/ethernet.ts';
import { isMulticast, zeroMac } from '../../wire/mac.ts';
import { multicastGroup } from '../../wire/multicast-group.ts';
import { errorCodes } from '../../wire/verbs/error.ts';
import { extFrameFlags } from '../../wire/verbs/ext-frame.ts';
import { multicastFrameFlags } from '../../wire/verbs/multicast-frame.ts';
import { verbNumbers } from '../../wire/verbs/verb.ts';
import type { InboundPacket, Outcome } from '../packet-handler.ts';
import type { Now } from '../ports.ts';
import type { FrameQueue } from '../queues.ts';
import type { Vl1 } from '../vl1-port.ts';
import { AttachedCertificates } from './attached-certificates.ts';
import { emptyFrameView, type FrameFilter, type FrameView } from './frame-filter.ts';
import type { GatherAnswers } from './gather-answers.ts';
import type { GroupAnnouncer } from './group-announcer.ts';
import type { Multicaster } from './multicaster.ts';
import type { NetworkState } from './network-state.ts';
import { RecentlyRefused } from './recently-refused.ts';
import type { FilterVerdict } from './rules/filter.ts';

/** Bytes of the data of a multicast. */
const multicastBytesMax = 10_000;
const frameDataOffset = 10;
const errorLength = 1 + 8 + 1 + 8;

/** What the incoming path of a network is made of. */
export interface FramesInboundParts {
  readonly vl1: Vl1;
  /** To the tap. */
  readonly frames: FrameQueue;
  readonly state: NetworkState;
  readonly filter: FrameFilter;
  readonly multicaster: Multicaster;
  readonly announcer: GroupAnnouncer;
  readonly gatherAnswers: GatherAnswers;
}

/** The incoming path of one network. */
export class FramesInbound {
  readonly #parts: FramesInboundParts;
  readonly #frame: FrameView = emptyFrameView();
  readonly #refused = new RecentlyRefused();
  readonly #certificates = new AttachedCertificates();
  readonly #errorBytes = new Uint8Array(errorLength);
  /** On the arena of frames, kept. */
  readonly #tapWriter: ByteWriter;

  constructor(parts: FramesInboundParts) {
    this.#parts = parts;
    this.#tapWriter = new ByteWriter(parts.frames.bytes);
  }

  /** FRAME */
  handleFrame(now: Now, packet: InboundPacket): Outcome {
    const { state, filter } = this.#parts;
    const { payload, source } = packet;
    if (payload.length < frameDataOffset) return 'truncated';
    if (!this.#admits(now, packet)) return this.#refuse(now, packet);
    const frame = this.#frame;
    frame.sourceMac = state.members.of(source).mac;
    frame.destinationMac = state.mac;
    frame.etherType = u16At(payload, 8);
    frame.bytes = payload;
    frame.start = frameDataOffset;
    frame.end = payload.length;
    if (filter.passesIn(now, source, frame) === 'drop') return 'filtered';
    this.#deliver(frame);
    return 'trusted';
  }

  /** EXT_FRAME */
  handleExtFrame(now: Now, packet: InboundPacket): Outcome {
    const { vl1, state, filter } = this.#parts;
    const { payload, source } = packet;
    const reader: WireReader = new ByteReader(payload, 8);
    const flags = reader.u8();
    this.#takeCertificate(now, packet, reader, (flags & extFrameFlags.certificate) !== 0);
    const frame = this.#frame;
    frame.destinationMac = reader.u48() as Mac;
    frame.sourceMac = reader.u48() as Mac;
    this.#readData(reader, frame);
    if (reader.failure !== null) return reader.failure;
    if (!this.#admits(now, packet)) return this.#refuse(now, packet);
    if (frame.sourceMac === zeroMac || frame.sourceMac === state.mac) return 'ignored';
    if ((flags & extFrameFlags.acknowledge) !== 0) this.#acknowledge(vl1, now, packet);
    const verdict = filter.passesIn(now, source, frame);
    if (verdict === 'drop' || !this.#mayCarry(packet, frame, verdict)) return 'filtered';
    this.#deliver(frame);
    return 'trusted';
  }

  /** MULTICAST_FRAME */
  handleMulticastFrame(now: Now, packet: InboundPacket): Outcome {
    const { state, filter, multicaster, gatherAnswers } = this.#parts;
    const { payload, source } = packet;
    const reader: WireReader = new ByteReader(payload, 8);
    const flags = reader.u8();
    this.#takeCertificate(now, packet, reader, (flags & multicastFrameFlags.certificate) !== 0);
    const gatherLimit = (flags & multicastFrameFlags.gatherLimit) !== 0 ? reader.u32() : 0;
    const hasSource = (flags & multicastFrameFlags.source) !== 0;
    const givenSource = hasSource ? (reader.u48() as Mac) : zeroMac;
    const group = multicastGroup.read(reader);
    const frame = this.#frame;
    this.#readData(reader, frame);
    if (reader.failure !== null) return reader.failure;
    if (!this.#admits(now, packet)) return this.#refuse(now, packet);
    if (state.facts.multicastLimit === 0) return 'filtered';
    const ownMac = state.members.of(source).mac;
    frame.sourceMac = hasSource ? givenSource : ownMac;
    frame.destinationMac = group.mac;
    const length = frame.end - frame.start;
    if (length === 0 || length > multicastBytesMax || !isMulticast(group.mac)) return 'bad-frame';
    if (frame.sourceMac === zeroMac || isMulticast(frame.sourceMac)) return 'bad-frame';
    if (frame.sourceMac === state.mac) return 'ignored';
    if ((flags & multicastFrameFlags.replicate) !== 0 && state.facts.isReplicator)
      multicaster.replicate(now, group, source, frame);
    const verdict = this.#isSpokenFor(packet, frame, ownMac)
      ? filter.passesIn(now, source, frame)
      : 'drop';
    if (verdict !== 'drop') this.#deliver(frame);
    if (gatherLimit > 0) {
      const isOurs = state.ownGroups.has(now.monoMs, group);
      gatherAnswers.answer(now, packet, { networkId: state.id, group, limit: gatherLimit, isOurs });
    }
    return verdict === 'drop' ? 'filtered' : 'trusted';
  }

  #readData(reader: WireReader, frame: FrameView): void {
    frame.etherType = reader.u16();
    frame.bytes = reader.bytes;
    frame.start = reader.offset;
    frame.end = reader.offset + reader.remaining;
  }

  #takeCertificate(now: Now, packet: InboundPacket, reader: WireReader, isThere: boolean): void {
    if (!isThere) return;
    const certificate = certificateOfMembership.read(reader);
    if (reader.failure !== null) return;
    this.#certificates.take(now, packet, this.#parts.state, certificate);
  }

  /** Whether the sender may use the network; then it is one of those we know. */
  #admits(now: Now, { peer, source }: InboundPacket): boolean {
    const { state, announcer } = this.#parts;
    if (!state.admitsIdentity(peer.identity)) return false;
    const member = state.members.of(source);
    member.heardAtMs = now.monoMs;
    announcer.admitted(now, member);
    return true;
  }

  #refuse(now: Now, packet: InboundPacket): Outcome {
    const { vl1, state } = this.#parts;
    if (state.config === null) return 'no-network';
    if (!this.#refused.mayAnswer(now.monoMs, packet.source)) return 'hold';
    const writer = new ByteWriter(this.#errorBytes);
    writer.u8(packet.verb);
    writer.u64(packet.packetId);
    writer.u8(errorCodes.NEED_MEMBERSHIP_CERTIFICATE);
    writer.u64(state.id);
    vl1.reply(now, packet, verbNumbers.ERROR, this.#errorBytes);
    return 'hold';
  }

  #acknowledge(vl1: Vl1, now: Now, packet: InboundPacket): void {
    const writer = new ByteWriter(this.#errorBytes);
    writer.u8(verbNumbers.EXT_FRAME);
    writer.u64(packet.packetId);
    writer.u64(this.#parts.state.id);
    vl1.reply(now, packet, verbNumbers.OK, this.#errorBytes.subarray(0, writer.offset));
  }

  /** Whether the Ethernet addresses of an EXT_FRAME are for its sender and us to use. */
  #mayCarry(packet: InboundPacket, frame: FrameView, verdict: FilterVerdict): boolean {
    if (verdict === 'super-accept') return true;
    const { state } = this.#parts;
    const { facts } = state;
    if (!this.#isSpokenFor(packet, frame, state.members.of(packet.source).mac)) return false;
    if (frame.destinationMac === state.mac) return true;
    return isMulticast(frame.destinationMac) ? facts.multicastLimit > 0 : facts.isActiveBridge;
  }

  /** Whether the sender may send in the name of a host; a bridge's hosts are remembered. */
  #isSpokenFor({ source }: InboundPacket, frame: FrameView, ownMac: Mac): boolean {
    const { facts, bridges } = this.#parts.state;
    if (frame.sourceMac === ownMac) return true;
    if (!facts.activeBridges.includes(source)) return false;
    bridges.learn(frame.sourceMac, source);
    return true;
  }

  #deliver(frame: FrameView): void {
    const { frames, state } = this.#parts;
    const dataLength = frame.end - frame.start;
    const at = frames.reserve(ethernetHeaderLength + dataLength);
    if (at < 0) return;
    const writer = this.#tapWriter;
    writer.seek(at);
    writer.u48(frame.destinationMac);
    writer.u48(frame.sourceMac);
    writer.u16(frame.etherType);
    writer.put(frame.bytes.subarray(frame.start, frame.end));
    frames.commit(ethernetHeaderLength + dataLength, state.id);
  }
}
