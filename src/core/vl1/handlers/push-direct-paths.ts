/**
 * PUSH_DIRECT_PATHS: a peer says where else it may be reached; we contact it there (vl1 3.11).
 *
 * The gate counts pushes in a row, with gaps of 30 s or less: the first 8 are acted on. "Forget" records are passed over, as
 * the reference does, and so is a redirect: it would make us leave a working path on a peer's word.
 */
import { isDrop } from '../../../wire/codec.ts';
import { scopeOf } from '../../../wire/ip-scope.ts';
import { decodeMessage, verbNumbers } from '../../../wire/verbs/index.ts';
import { pushedAddress, pushedPathFlags } from '../../../wire/verbs/push-direct-paths.ts';
import { pushedPathsMax, pushesInGapMs, pushesInMax } from '../../constants.ts';
import type { InboundPacket, Outcome } from '../../packet-handler.ts';
import type { Now } from '../../ports.ts';
import type { Context } from '../context.ts';
import { Peer } from '../peer.ts';

/** Handles a PUSH_DIRECT_PATHS. What the gate holds back has still been heard. */
export function handlePushDirectPaths(context: Context, now: Now, packet: InboundPacket): Outcome {
  const { peer } = packet;
  const isInRow = now.monoMs - peer.lastPushInMs <= pushesInGapMs;
  peer.lastPushInMs = now.monoMs;
  peer.pushesIn = isInRow ? peer.pushesIn + 1 : 0;
  if (peer.pushesIn >= pushesInMax) return 'accepted';
  const message = decodeMessage(verbNumbers.PUSH_DIRECT_PATHS, packet.payload);
  if (isDrop(message)) return message;
  if (message.name !== 'PUSH_DIRECT_PATHS') return 'unknown-verb';
  const counts = new Map<string, number>();
  for (const record of message.value.paths) {
    const address = pushedAddress(record);
    if (address === null || record.flags & pushedPathFlags.forget) continue;
    const kind = `${scopeOf(address)} ${address.kind}`;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    if (count > pushedPathsMax || !context.contact.isAllowed(peer, address)) continue;
    const endpoint = context.endpoints.of(address);
    const isKnown = peer.paths.some(
      (path) => path.path.endpoint.key === endpoint.key && Peer.isActive(path, now.monoMs),
    );
    if (!isKnown) context.attempts.start(now, peer, endpoint, null);
  }
  return 'accepted';
}
