/**
 * HELLO: a node introduces itself, and is answered with what we are, where we see it, and newer worlds (vl1 3.5).
 *
 * It is the one packet that somebody unknown may send. The order is that of vl1 8.4: cheap checks, then the gate for
 * unknown identities, then the keys and the authentication code, then, elsewhere, the expensive hash. Nothing is kept of it
 * before its code was right.
 */
import { ByteReader } from '../../../base/bytes.ts';
import type { PacketId } from '../../../base/ids.ts';
import { PeerKeys } from '../../../crypto/peer-keys.ts';
import type { WireReader } from '../../../wire/codec.ts';
import { isDrop } from '../../../wire/codec.ts';
import { identity, sameIdentity, type Identity } from '../../../wire/identity.ts';
import type { InetAddress } from '../../../wire/inet-address.ts';
import { headerLength, hopsAt, packetIdAt, sourceAt } from '../../../wire/packet/header.ts';
import { cryptHelloTail } from '../../../wire/packet/hello-tail.ts';
import { openPacket } from '../../../wire/packet/seal.ts';
import { errorCodes } from '../../../wire/verbs/error.ts';
import type { Hello } from '../../../wire/verbs/hello.ts';
import { decodeMessage, messageOf, verbNumbers } from '../../../wire/verbs/index.ts';
import { readVersion } from '../../../wire/verbs/peer-version.ts';
import { protocolVersion, protocolVersionMin, softwareVersion } from '../../constants.ts';
import type { NodeDropReason } from '../../drop-reasons.ts';
import type { InboundPacket, Outcome } from '../../packet-handler.ts';
import type { Now } from '../../ports.ts';
import type { Context } from '../context.ts';
import type { Path } from '../path.ts';
import { Peer } from '../peer.ts';
import type { PendingHello } from '../validations.ts';
import { payloadOf } from './payload.ts';
import { noteHello, setVersion } from './peer-state.ts';

/** From this protocol version on a node wants to know the port at which it is seen. */
const protocolVersionPort = 5;

/** A HELLO whose sender is known by now: an opened packet; or why nothing came of it. */
export type OpenedHello = InboundPacket | NodeDropReason | 'waiting';

/**
 * Opens a HELLO in suite 0, whoever sent it.
 *
 * @returns the packet of a known peer, `waiting` where the identity has to be checked first, or a reason
 */
export function openHello(
  context: Context,
  now: Now,
  bytes: Uint8Array,
  start: number,
  end: number,
  path: Path,
): OpenedHello {
  const reader: WireReader = new ByteReader(bytes, start + headerLength, end);
  const version = readVersion(reader);
  reader.skip(8);
  const sender = identity.read(reader);
  if (reader.failure !== null) return reader.failure;
  if (version.protocol < protocolVersionMin) return 'old-protocol';
  if (sender.address !== sourceAt(bytes, start)) return 'bad-identity';
  const peer = context.peers.get(sender.address) ?? recalled(context, now, sender);
  if (peer !== undefined && sameIdentity(peer.identity, sender)) {
    const reason =
      openPacket(peer.keys, bytes, start, end) ?? cryptHelloTail(peer.keys, bytes, start, end);
    return reason ?? packetOf(peer, bytes, start, end, path);
  }
  if (!context.gate.pass(now.monoMs, path.endpoint.address)) return 'rate-limited';
  const keys = PeerKeys.agree(context.provider, context.self.secretKey, sender.publicKey);
  if (keys === null) return 'low-order-key';
  const reason = openPacket(keys, bytes, start, end) ?? cryptHelloTail(keys, bytes, start, end);
  if (reason !== null) {
    keys.close();
    return reason;
  }
  // What was only remembered is not certain: whose address follows from its key, has it.
  if (peer !== undefined && !peer.isProvisional) {
    refuseCollision(context, now, { sender, keys, path, packetId: packetIdAt(bytes, start) });
    return 'address-taken';
  }
  const pending: PendingHello = {
    identity: { address: sender.address, publicKey: sender.publicKey.slice() },
    keys,
    payload: bytes.slice(start + headerLength, end),
    path,
    hops: hopsAt(bytes, start),
    packetId: packetIdAt(bytes, start),
  };
  if (context.validations.add(pending)) return 'waiting';
  keys.close();
  return 'hold-full';
}

/** The sender as a peer, where the very same identity is remembered: its address was checked then. */
function recalled(context: Context, now: Now, sender: Identity): Peer | undefined {
  const remembered = context.memory.identityOf(sender.address);
  if (remembered === null || !sameIdentity(remembered, sender)) return undefined;
  return context.memory.recall(now, sender.address, true) ?? undefined;
}

/** The HELLO of an identity that has turned out to be valid, as a packet of its new peer. */
export function validatedHello(
  context: Context,
  now: Now,
  pending: PendingHello,
): InboundPacket | null {
  const peer = context.addPeer(now, pending.identity, pending.keys);
  if (peer === null) return null;
  const { path, hops, packetId, payload } = pending;
  const verb = verbNumbers.HELLO;
  return { source: peer.address, peer, hops, packetId, verb, payload, isCompressed: false, path };
}

/** Answers a HELLO that is authentic, its tail decrypted. */
export function handleHello(context: Context, now: Now, packet: InboundPacket): Outcome {
  const message = decodeMessage(verbNumbers.HELLO, packet.payload);
  if (isDrop(message)) return message;
  if (message.name !== 'HELLO') return 'unknown-verb';
  const { value } = message;
  if (value.version.protocol < protocolVersionMin) return 'old-protocol';
  if (!sameIdentity(value.identity, packet.peer.identity)) return 'bad-identity';
  if (value.sentTo !== null && packet.hops === 0) context.reportAddress(now, packet, value.sentTo);
  // Before the version is stored: who has just met us is answered in suite 1, which everybody understands (vl1 2.5).
  answer(context, now, packet, value);
  setVersion(context, packet.peer, value.version);
  noteHello(now, packet.peer, value);
  // A root greets only whom it does not know on the way that was taken: it has started again, or we have.
  if (packet.hops === 0 && context.topology.isUpstream(packet.source))
    context.networks?.handleReconnect?.(now);
  return 'accepted';
}

function answer(context: Context, now: Now, packet: InboundPacket, hello: Hello): void {
  const worlds = context.topology.newerThan(hello.planet, hello.moons);
  const message = messageOf('OK', {
    inReVerb: verbNumbers.HELLO,
    inRePacketId: packet.packetId as PacketId,
    body: {
      kind: 'hello',
      value: {
        timestamp: hello.timestamp,
        version: { protocol: protocolVersion, ...softwareVersion },
        seenAt: seenAt(packet.path, hello.version.protocol),
        worlds,
      },
    },
  });
  context.switch.sendOn(now, packet.peer, packet.path, verbNumbers.OK, payloadOf(message));
}

function seenAt({ endpoint: { address } }: Path, protocol: number): InetAddress {
  return protocol < protocolVersionPort ? { ...address, port: 0 } : address;
}

interface Collision {
  readonly sender: Identity;
  readonly keys: PeerKeys;
  readonly path: Path;
  readonly packetId: ReturnType<typeof packetIdAt>;
}

/** Tells somebody that another identity has its address already, with the keys of that somebody. */
function refuseCollision(
  context: Context,
  now: Now,
  { sender, keys, path, packetId }: Collision,
): void {
  const stranger = new Peer(sender, keys, now.monoMs);
  const message = messageOf('ERROR', {
    inReVerb: verbNumbers.HELLO,
    inRePacketId: packetId,
    code: errorCodes.IDENTITY_COLLISION,
    body: { kind: 'none' },
  });
  context.switch.sendOn(now, stranger, path, verbNumbers.ERROR, payloadOf(message));
  stranger.close();
}

function packetOf(
  peer: Peer,
  bytes: Uint8Array,
  start: number,
  end: number,
  path: Path,
): InboundPacket {
  return {
    source: peer.address,
    peer,
    hops: hopsAt(bytes, start),
    packetId: packetIdAt(bytes, start),
    verb: verbNumbers.HELLO,
    payload: bytes.subarray(start + headerLength, end),
    isCompressed: false,
    path,
  };
}
