/**
 * Frames from the tap, on their way to other members (vl2 4.4, 4.5).
 *
 *     FRAME        network 8   EtherType 2   data                                    from our MAC to a member's
 *     EXT_FRAME    network 8   flags 1   destination 6   source 6   EtherType 2   data    where a bridge is involved
 *
 * A frame that is not sent is counted by a reason. Nothing that is made here outlives the frame.
 */
import { ByteWriter } from '../../base/bytes.ts';
import type { Address, Mac } from '../../base/ids.ts';
import { u16At, u32At } from '../../wire/big-endian.ts';
import { ethernetHeaderLength, etherTypes } from '../../wire/ethernet/ethernet.ts';
import { answerSolicitation } from '../../wire/ethernet/ndp-emulation.ts';
import { isBroadcast, isMulticast, unmaskMac } from '../../wire/mac.ts';
import { groupOfFrame } from '../../wire/multicast-group.ts';
import { verbNumbers } from '../../wire/verbs/verb.ts';
import type { Now } from '../ports.ts';
import type { FrameQueue } from '../queues.ts';
import { shuffle } from '../random-order.ts';
import type { Vl1 } from '../vl1-port.ts';
import type { CredentialsPush } from './credentials-push.ts';
import {
  emptyFrameView,
  nobody,
  writeExtFrameHead,
  type FrameFilter,
  type FrameView,
} from './frame-filter.ts';
import type { GroupAnnouncer } from './group-announcer.ts';
import type { Multicaster } from './multicaster.ts';
import type { NetworkState } from './network-state.ts';

/** What became of a frame of ours. */
export type FrameFate =
  | 'sent'
  /** Answered in another's name, or our own. */
  | 'answered'
  /** There is no configuration yet. */
  | 'not-configured'
  /** Shorter than its header or longer than the network's frames. */
  | 'bad-length'
  /** From a host behind us, and we are no bridge. */
  | 'not-bridge'
  /** The network has no broadcast, or no multicast. */
  | 'no-multicast'
  | 'filtered'
  /** For a host behind a bridge, and there is no bridge. */
  | 'nowhere';

/** To how many bridges a frame goes whose host is not known. */
export const bridgesPerFrameMax = 32;

/** What the outgoing path of a network is made of. */
export interface FramesOutboundParts {
  readonly vl1: Vl1;
  /** To the tap. */
  readonly frames: FrameQueue;
  readonly state: NetworkState;
  readonly filter: FrameFilter;
  readonly push: CredentialsPush;
  readonly multicaster: Multicaster;
  readonly announcer: GroupAnnouncer;
  /** Room for one payload, not used by any of the others while a frame is sent. */
  readonly scratch: Uint8Array;
}

/** The outgoing path of one network. */
export class FramesOutbound {
  readonly #parts: FramesOutboundParts;
  readonly #frame: FrameView = emptyFrameView();
  /** On the scratch, kept: making one for each frame costs a quarter of all that is done here. */
  readonly #writer: ByteWriter;

  constructor(parts: FramesOutboundParts) {
    this.#parts = parts;
    this.#writer = new ByteWriter(parts.scratch);
  }

  /** @param bytes - holds a frame with its header in [start, end), borrowed. @param mtu - of the tap */
  handle(now: Now, bytes: Uint8Array, start: number, end: number, mtu: number): FrameFate {
    const { state } = this.#parts;
    if (state.rules === null) return 'not-configured';
    const length = end - start - ethernetHeaderLength;
    if (length < 0 || length > mtu) return 'bad-length';
    const frame = this.#frame;
    frame.destinationMac = u48At(bytes, start);
    frame.sourceMac = u48At(bytes, start + 6);
    frame.etherType = u16At(bytes, start + 12);
    frame.bytes = bytes;
    frame.start = start + ethernetHeaderLength;
    frame.end = end;

    const isBridged = frame.sourceMac !== state.mac;
    if (isBridged && !state.facts.isActiveBridge) return 'not-bridge';
    if (isMulticast(frame.destinationMac)) return this.#multicast(now, frame, isBridged);
    if (frame.destinationMac === state.mac) return this.#loopBack(bytes, start, end);
    const to = unmaskMac(state.macMask, frame.destinationMac);
    return to === null ? this.#toBridge(now, frame) : this.#unicast(now, to, frame, isBridged);
  }

  #unicast(now: Now, to: Address, frame: FrameView, isBridged: boolean): FrameFate {
    const { vl1, state, filter, push, scratch } = this.#parts;
    if (!filter.passesOut(now, to, frame, true)) return 'filtered';
    push.beforeFrame(now, to);
    if (isBridged) {
      this.#sendExtFrame(now, to, frame);
      return 'sent';
    }
    const writer = this.#writer;
    writer.seek(0);
    writer.u64(state.id);
    writer.u16(frame.etherType);
    writer.put(frame.bytes.subarray(frame.start, frame.end));
    vl1.send(now, to, verbNumbers.FRAME, scratch.subarray(0, writer.offset));
    return 'sent';
  }

  #toBridge(now: Now, frame: FrameView): FrameFate {
    const { vl1, state, filter, push } = this.#parts;
    const { activeBridges } = state.facts;
    if (activeBridges.length === 0) return 'nowhere';
    if (!filter.passesOut(now, nobody, frame, true)) return 'filtered';
    const known = state.bridges.bridgeOf(frame.destinationMac);
    const bridges =
      known !== null && activeBridges.includes(known)
        ? [known]
        : shuffle(vl1.entropy, [...activeBridges], bridgesPerFrameMax);
    let fate: FrameFate = 'filtered';
    for (const bridge of bridges.slice(0, bridgesPerFrameMax)) {
      if (!filter.passesOut(now, bridge, frame, false)) continue;
      push.beforeFrame(now, bridge);
      this.#sendExtFrame(now, bridge, frame);
      fate = 'sent';
    }
    return fate;
  }

  #multicast(now: Now, frame: FrameView, isBridged: boolean): FrameFate {
    const { state, filter, multicaster, announcer } = this.#parts;
    const { facts } = state;
    const { destinationMac, etherType, bytes, start, end } = frame;
    const group = groupOfFrame(destinationMac, etherType, bytes, start, end);
    // Only ARP finds its way without broadcast: to the owner of the address.
    if (isBroadcast(destinationMac) && group.adi === 0 && !facts.hasBroadcast)
      return 'no-multicast';
    if (facts.emulatesNdp && etherType === etherTypes.ipv6 && this.#answer(frame))
      return 'answered';
    if (facts.multicastLimit === 0) return 'no-multicast';
    if (isBridged) announcer.announce(now, state.ownGroups.learnBridged(now.monoMs, group));
    if (!filter.passesOut(now, nobody, frame, true)) return 'filtered';
    multicaster.send(now, group, isBridged ? frame.sourceMac : null, frame);
    return 'sent';
  }

  /** Answers a neighbour solicitation where the answer is known (vl2 4.4). */
  #answer({ bytes, start, end, sourceMac }: FrameView): boolean {
    const { frames, state } = this.#parts;
    const own = state.config?.staticIps ?? [];
    const answer = answerSolicitation(state.id, state.self, own, bytes, start, end);
    if (answer === null) return false;
    const length = ethernetHeaderLength + answer.packet.length;
    const at = frames.reserve(length);
    if (at < 0) return true;
    const writer = new ByteWriter(frames.bytes, at);
    writer.u48(sourceMac);
    writer.u48(answer.source);
    writer.u16(etherTypes.ipv6);
    writer.put(answer.packet);
    frames.commit(length, state.id);
    return true;
  }

  #loopBack(bytes: Uint8Array, start: number, end: number): FrameFate {
    const { frames, state } = this.#parts;
    const at = frames.reserve(end - start);
    if (at < 0) return 'answered';
    frames.bytes.set(bytes.subarray(start, end), at);
    frames.commit(end - start, state.id);
    return 'answered';
  }

  #sendExtFrame(now: Now, to: Address, frame: FrameView): void {
    const { vl1, state, scratch } = this.#parts;
    const writer = this.#writer;
    writer.seek(0);
    writeExtFrameHead(writer, state.id, 0, frame);
    writer.put(frame.bytes.subarray(frame.start, frame.end));
    vl1.send(now, to, verbNumbers.EXT_FRAME, scratch.subarray(0, writer.offset));
  }
}

function u48At(bytes: Uint8Array, at: number): Mac {
  return (u16At(bytes, at) * 0x1_0000_0000 + u32At(bytes, at + 2)) as Mac;
}
