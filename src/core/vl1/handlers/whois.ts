/**
 * WHOIS: somebody asks for identities. What we know is answered; for the rest we ask our own roots, so that the next
 * question finds it (vl1 3.8).
 */
import type { Address, PacketId } from '../../../base/ids.ts';
import { isDrop } from '../../../wire/codec.ts';
import type { Identity } from '../../../wire/identity.ts';
import { decodeMessage, messageOf, verbNumbers } from '../../../wire/verbs/index.ts';
import { whoisAnswerIntervalMs } from '../../constants.ts';
import type { InboundPacket, Outcome } from '../../packet-handler.ts';
import type { Now } from '../../ports.ts';
import type { Context } from '../context.ts';
import { payloadOf } from './payload.ts';

/** Identities in one answer: as many as a datagram carries. The reference asks for one at a time. */
const answersMax = 19;

/** Handles a WHOIS. */
export function handleWhois(context: Context, now: Now, packet: InboundPacket): Outcome {
  const { peer } = packet;
  if (!context.topology.isRoot) {
    if (now.monoMs - peer.lastWhoisInMs < whoisAnswerIntervalMs) return 'rate-limited';
    peer.lastWhoisInMs = now.monoMs;
  }
  const message = decodeMessage(verbNumbers.WHOIS, packet.payload);
  if (isDrop(message)) return message;
  if (message.name !== 'WHOIS') return 'unknown-verb';
  const identities: Identity[] = [];
  for (const address of message.value.addresses.slice(0, answersMax)) {
    const known = identityOf(context, now, address);
    if (known !== undefined) identities.push(known);
  }
  if (identities.length > 0) {
    const answer = messageOf('OK', {
      inReVerb: verbNumbers.WHOIS,
      inRePacketId: packet.packetId as PacketId,
      body: { kind: 'whois', value: { identities } },
    });
    context.switch.sendOn(now, peer, packet.path, verbNumbers.OK, payloadOf(answer));
  }
  return 'accepted';
}

/** Who is only remembered is met by this: whoever asks will send it something. */
function identityOf(context: Context, now: Now, address: Address): Identity | undefined {
  const { self, peers, requests } = context;
  if (address === self.identity.address) return self.identity;
  if (peers.get(address) === undefined) requests.ask(now, address, true);
  return peers.get(address)?.identity;
}
