/** REMOTE_TRACE: what another node reports, for whoever watches it (vl1 3.13). */
import { isDrop } from '../../../wire/codec.ts';
import { decodeMessage, verbNumbers } from '../../../wire/verbs/index.ts';
import type { InboundPacket, Outcome } from '../../packet-handler.ts';
import type { Context } from '../context.ts';

/** Hands a REMOTE_TRACE to the application. */
export function handleRemoteTrace(context: Context, packet: InboundPacket): Outcome {
  const message = decodeMessage(verbNumbers.REMOTE_TRACE, packet.payload);
  if (isDrop(message)) return message;
  if (message.name !== 'REMOTE_TRACE') return 'unknown-verb';
  const traces = message.value.traces.map((trace) => trace.slice());
  context.events.push({ kind: 'remote-trace', source: packet.source, traces });
  return 'accepted';
}
