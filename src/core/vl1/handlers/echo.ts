/** ECHO: the payload goes back, six times a second on one path at most (vl1 3.10). */
import type { PacketId } from '../../../base/ids.ts';
import { messageOf, verbNumbers } from '../../../wire/verbs/index.ts';
import { payloadBytesMax } from '../../../wire/verbs/verb.ts';
import { echoIntervalMs } from '../../constants.ts';
import type { InboundPacket, Outcome } from '../../packet-handler.ts';
import type { Now } from '../../ports.ts';
import type { Context } from '../context.ts';
import { payloadOf } from './payload.ts';

/** Verb and packet ID that stand before the payload in the answer. */
const answerHead = 9;

/** Handles an ECHO. */
export function handleEcho(context: Context, now: Now, packet: InboundPacket): Outcome {
  const { path, payload } = packet;
  if (now.monoMs - path.lastEchoMs < echoIntervalMs) return 'rate-limited';
  if (payload.length > payloadBytesMax - answerHead) return 'too-long';
  path.lastEchoMs = now.monoMs;
  const answer = messageOf('OK', {
    inReVerb: verbNumbers.ECHO,
    inRePacketId: packet.packetId as PacketId,
    body: { kind: 'echo', value: { data: payload } },
  });
  context.switch.sendOn(now, packet.peer, path, verbNumbers.OK, payloadOf(answer));
  return 'accepted';
}
