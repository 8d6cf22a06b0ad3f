/**
 * ERROR: a packet of ours was refused (vl1 3.7). VL1 cares for one of them: a root that has another identity under our
 * address. The others are of networks.
 */
import { isDrop } from '../../../wire/codec.ts';
import { errorCodes } from '../../../wire/verbs/error.ts';
import { decodeMessage, verbNumbers } from '../../../wire/verbs/index.ts';
import type { InboundPacket, Outcome } from '../../packet-handler.ts';
import type { Now } from '../../ports.ts';
import type { Context } from '../context.ts';

/** Handles an ERROR. */
export function handleError(context: Context, now: Now, packet: InboundPacket): Outcome {
  const message = decodeMessage(verbNumbers.ERROR, packet.payload);
  if (isDrop(message)) return message;
  if (message.name !== 'ERROR') return 'unknown-verb';
  const { code, inRePacketId } = message.value;
  if (code !== errorCodes.IDENTITY_COLLISION)
    return context.networks?.handlePacket(now, packet) ?? 'accepted';
  if (!context.topology.isUpstream(packet.source)) return 'not-upstream';
  // Stricter than the reference, for it ends us: it must answer a HELLO that we sent.
  if (context.expected.sentMs(Number(inRePacketId >> 32n)) === null) return 'unexpected-reply';
  context.events.push({ kind: 'identity-collision' });
  return 'accepted';
}
