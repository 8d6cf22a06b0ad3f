/**
 * OK: an answer to what we sent (vl1 3.2, 3.6). Answers to what we did not send are dropped before anything is read.
 *
 * What belongs to networks goes up to VL2; an OK that names ECHO with 16 bytes may be for the controller, and what confirms
 * credentials is.
 */
import { ByteReader } from '../../../base/bytes.ts';
import { isDrop } from '../../../wire/codec.ts';
import { decodeMessage, verbNumbers } from '../../../wire/verbs/index.ts';
import type { OkHello } from '../../../wire/verbs/ok-hello.ts';
import type { OkWhois } from '../../../wire/verbs/ok-whois.ts';
import { protocolVersionMin } from '../../constants.ts';
import type { InboundPacket, Outcome } from '../../packet-handler.ts';
import type { Now } from '../../ports.ts';
import type { Context } from '../context.ts';
import { setVersion } from './peer-state.ts';

/** Bytes of an OK that acknowledges a configuration: verb, packet ID, network, update. */
const acknowledgementLength = 25;

/** Handles an OK. */
export function handleOk(context: Context, now: Now, packet: InboundPacket): Outcome {
  const reader = new ByteReader(packet.payload);
  const inReVerb = reader.u8();
  const idHigh = reader.u32();
  reader.u32();
  if (reader.failure !== null) return reader.failure;
  const sentMs = context.expected.sentMs(idHigh);
  if (sentMs === null) return 'unexpected-reply';
  switch (inReVerb) {
    case verbNumbers.HELLO:
    case verbNumbers.WHOIS:
      return handleBody(context, now, packet, sentMs);
    case verbNumbers.ECHO:
      if (packet.hops === 0) packet.path.measure(now.monoMs - sentMs);
      if (packet.payload.length === acknowledgementLength)
        context.controller.handlePacket(now, packet);
      return 'accepted';
    case verbNumbers.NETWORK_CREDENTIALS:
      return context.controller.handlePacket(now, packet);
    default:
      return context.networks?.handlePacket(now, packet) ?? 'accepted';
  }
}

function handleBody(context: Context, now: Now, packet: InboundPacket, sentMs: number): Outcome {
  const message = decodeMessage(verbNumbers.OK, packet.payload);
  if (isDrop(message)) return message;
  if (message.name !== 'OK') return 'unknown-verb';
  const { body } = message.value;
  if (body.kind === 'hello') return handleOkHello(context, now, packet, body.value, sentMs);
  if (body.kind === 'whois') return handleOkWhois(context, now, packet, body.value);
  return 'accepted';
}

function handleOkHello(
  context: Context,
  now: Now,
  packet: InboundPacket,
  { version, seenAt, worlds }: OkHello,
  sentMs: number,
): Outcome {
  if (version.protocol < protocolVersionMin) return 'old-protocol';
  for (const offered of worlds ?? []) context.offerWorld(now, packet.source, offered);
  if (packet.hops === 0) {
    // By our own monotonic clock: the one that is echoed may have been set meanwhile.
    packet.path.measure(now.monoMs - sentMs);
    if (seenAt !== null) context.reportAddress(now, packet, seenAt);
  }
  setVersion(context, packet.peer, version);
  return 'accepted';
}

/**
 * Takes the identities that we asked for. Their addresses are not checked against their keys: a root is trusted not to
 * lie about that (vl1 3.6). A peer that is known stays who it is.
 */
function handleOkWhois(
  context: Context,
  now: Now,
  packet: InboundPacket,
  { identities }: OkWhois,
): Outcome {
  if (!context.topology.isUpstream(packet.source)) return 'not-upstream';
  for (const identity of identities) {
    if (!context.requests.has(identity.address)) continue;
    if (context.peers.get(identity.address) === undefined) context.addPeer(now, identity);
    context.requests.settle(identity.address);
  }
  return 'accepted';
}
