/**
 * RENDEZVOUS: a root says where another node is. We open our NAT towards it, and contact it (vl1 3.9, 4.6).
 *
 * The reference ignores it while it does not know the other node. Here it waits for the identity: the node that is
 * contacted first mostly does not know the other yet, and would leave the NAT shut until the next introduction.
 */
import { isDrop } from '../../../wire/codec.ts';
import { decodeMessage, verbNumbers } from '../../../wire/verbs/index.ts';
import { natOpeningTtl } from '../../constants.ts';
import type { InboundPacket, Outcome } from '../../packet-handler.ts';
import type { Now } from '../../ports.ts';
import type { Context } from '../context.ts';
import { Path } from '../path.ts';

/** Handles a RENDEZVOUS. */
export function handleRendezvous(context: Context, now: Now, packet: InboundPacket): Outcome {
  if (!context.topology.isUpstream(packet.source)) return 'not-upstream';
  const message = decodeMessage(verbNumbers.RENDEZVOUS, packet.payload);
  if (isDrop(message)) return message;
  if (message.name !== 'RENDEZVOUS') return 'unknown-verb';
  const { address, endpoint } = message.value;
  if (address === context.self.identity.address) return 'bad-value';
  const peer = context.peers.get(address);
  if (peer === undefined) {
    // Only where somebody asks for that identity already: a root is not to fill our tables.
    if (!context.requests.has(address)) return 'unknown-peer';
    context.hold(now, address, packet);
    return 'accepted';
  }
  if (!context.contact.isAllowed(peer, endpoint)) return 'bad-path';
  const path = new Path(packet.path.socket, context.endpoints.of(endpoint));
  context.contact.openNat(path, natOpeningTtl);
  context.attempts.start(now, peer, path.endpoint, path);
  return 'accepted';
}
