/** USER_MESSAGE: bytes for the application (vl1 3.12). */
import { isDrop } from '../../../wire/codec.ts';
import { decodeMessage, verbNumbers } from '../../../wire/verbs/index.ts';
import type { InboundPacket, Outcome } from '../../packet-handler.ts';
import type { Context } from '../context.ts';

/** Hands a USER_MESSAGE to the application. */
export function handleUserMessage(context: Context, packet: InboundPacket): Outcome {
  const message = decodeMessage(verbNumbers.USER_MESSAGE, packet.payload);
  if (isDrop(message)) return message;
  if (message.name !== 'USER_MESSAGE') return 'unknown-verb';
  const { typeId, data } = message.value;
  context.events.push({
    kind: 'user-message',
    source: packet.source,
    typeId,
    data: data.slice(),
  });
  return 'accepted';
}
