/**
 * What the host behind a real node gave to its taps, drawn from what the node sent: frames from FRAME, EXT_FRAME and
 * MULTICAST_FRAME, groups from MULTICAST_LIKE.
 *
 * A multicast whose group had no member yet shows only as a MULTICAST_GATHER; its frame is that of the MULTICAST_FRAME that
 * followed, or, where none did, one of the same group with nothing in it. What the host sent that the node answered
 * itself, or dropped, does not show, and is not here.
 */
import { ByteWriter } from '../../../src/base/bytes.ts';
import type { Address, Mac, NetworkId } from '../../../src/base/ids.ts';
import { FrameQueue } from '../../../src/core/queues.ts';
import { ethernetHeaderLength, etherTypes } from '../../../src/wire/ethernet/ethernet.ts';
import { macOf, isBroadcast } from '../../../src/wire/mac.ts';
import type { MulticastGroup } from '../../../src/wire/multicast-group.ts';
import type { Message } from '../../../src/wire/verbs/index.ts';
import type { Command, Name } from './recording.ts';

/** A packet that the real node sent. */
export interface RealPacket {
  readonly t: number;
  readonly destination: Address;
  readonly message: Message | null;
}

/** A frame of a host. */
export interface HostFrame {
  readonly t: number;
  readonly networkId: NetworkId;
  readonly destination: Mac;
  readonly source: Mac;
  readonly etherType: number;
  readonly data: Uint8Array;
}

interface Question {
  readonly t: number;
  readonly networkId: NetworkId;
  readonly group: MulticastGroup;
}

/** A multicast waits at most this long for a member, and the real node looks only now and then, ms. */
const waitsMs = 5_300;
/** The controller and the root are asked within this time, ms. */
const onceMs = 1;

/** @param self - the real node. @param packets - all that it sent, in order */
export function hostInputs(name: Name, self: Address, packets: readonly RealPacket[]): Command[] {
  return [
    ...[...framesOf(self, packets), ...emptyFrames(self, packets)].map((frame): Command => ({
      t: frame.t,
      node: name,
      run: ({ node }, now) => {
        const bytes = frameBytes(frame);
        const batch = new FrameQueue(bytes.length, 1);
        batch.bytes.set(bytes, batch.reserve(bytes.length));
        batch.commit(bytes.length, frame.networkId);
        node.handleFrames(now, batch);
      },
    })),
    ...groupsOf(packets).map(({ t, networkId, groups }): Command => ({
      t,
      node: name,
      run: ({ node }, now) => {
        node.handleGroups(now, networkId, groups);
      },
    })),
  ];
}

/** The frames that a node sent into its networks. @param self - the node. @param packets - of it, in order */
export function framesOf(self: Address, packets: readonly RealPacket[]): HostFrame[] {
  return [...paired(self, packets).frames];
}

function emptyFrames(self: Address, packets: readonly RealPacket[]): HostFrame[] {
  return paired(self, packets).questions.map((each) => emptyFrame(self, each));
}

/** Frames, each at the time of the question that it waited for, and the questions that none waited for. */
function paired(
  self: Address,
  packets: readonly RealPacket[],
): { frames: readonly HostFrame[]; questions: readonly Question[] } {
  const frames: HostFrame[] = [];
  let questions: Question[] = [];
  for (const { t, destination: to, message } of packets) {
    switch (message?.name) {
      case 'FRAME': {
        const { networkId, etherType, data } = message.value;
        const [destination, source] = [macOf(to, networkId), macOf(self, networkId)];
        frames.push({ t, networkId, destination, source, etherType, data });
        break;
      }
      case 'EXT_FRAME': {
        const { networkId, destination, source, etherType, data } = message.value;
        frames.push({ t, networkId, destination, source, etherType, data });
        break;
      }
      case 'MULTICAST_FRAME': {
        const { networkId, group, etherType, data } = message.value;
        const asked = questions.find(
          (each) => isOf(each, networkId, group) && t - each.t < waitsMs,
        );
        questions = questions.filter((each) => each !== asked);
        const source = message.value.source ?? macOf(self, networkId);
        const destination = group.mac;
        frames.push({ t: asked?.t ?? t, networkId, destination, source, etherType, data });
        break;
      }
      case 'MULTICAST_GATHER': {
        const { networkId, group } = message.value;
        if (!questions.some((each) => isOf(each, networkId, group) && t - each.t < onceMs))
          questions.push({ t, networkId, group });
        break;
      }
      default:
    }
  }
  return { frames, questions };
}

/** A frame to a group of which nothing but that is known. */
function emptyFrame(self: Address, { t, networkId, group }: Question): HostFrame {
  const source = macOf(self, networkId);
  const destination = group.mac;
  if (!isBroadcast(group.mac)) {
    // IPv6 with "no next header".
    const data = new Uint8Array(40);
    data[0] = 0x60;
    data[6] = 59;
    return { t, networkId, destination, source, etherType: etherTypes.ipv6, data };
  }
  const writer = new ByteWriter(new Uint8Array(28));
  for (const part of [1, 0x0800, 0x0604, 1]) writer.u16(part);
  writer.u48(source);
  writer.seek(24);
  writer.u32(group.adi);
  return { t, networkId, destination, source, etherType: etherTypes.arp, data: writer.bytes };
}

function isOf(question: Question, networkId: NetworkId, group: MulticastGroup): boolean {
  const { mac, adi } = question.group;
  return question.networkId === networkId && mac === group.mac && adi === group.adi;
}

/** The groups of the host itself, whenever there are more: those with an ADI belong to an address, and broadcast to all. */
function groupsOf(
  packets: readonly RealPacket[],
): { t: number; networkId: NetworkId; groups: readonly MulticastGroup[] }[] {
  const known = new Map<NetworkId, readonly MulticastGroup[]>();
  return packets.flatMap(({ t, message }) => {
    if (message?.name !== 'MULTICAST_LIKE') return [];
    return message.value.likes.flatMap(({ networkId, group }) => {
      const groups = known.get(networkId) ?? [];
      if (isBroadcast(group.mac) || groups.some(({ mac }) => mac === group.mac)) return [];
      known.set(networkId, [...groups, group]);
      return [{ t, networkId, groups: [...groups, group] }];
    });
  });
}

/** A frame with its Ethernet header. */
export function frameBytes({ destination, source, etherType, data }: HostFrame): Uint8Array {
  const writer = new ByteWriter(new Uint8Array(ethernetHeaderLength + data.length));
  writer.u48(destination);
  writer.u48(source);
  writer.u16(etherType);
  writer.put(data);
  return writer.bytes;
}
