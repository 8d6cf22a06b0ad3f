/**
 * Gives an opened packet to whoever handles its verb, and draws what follows from the outcome (vl1 3.3, 3.4).
 *
 * Verbs without a handler here are those of bonding, which is not done, and ACK, which nobody sends.
 */
import { verbNumbers } from '../../wire/verbs/verb.ts';
import type { InboundPacket, Outcome } from '../packet-handler.ts';
import type { Now } from '../ports.ts';
import type { Context } from './context.ts';
import { handleEcho } from './handlers/echo.ts';
import { handleError } from './handlers/error.ts';
import { handleHello } from './handlers/hello.ts';
import { handleOk } from './handlers/ok.ts';
import { handlePushDirectPaths } from './handlers/push-direct-paths.ts';
import { handleRemoteTrace } from './handlers/remote-trace.ts';
import { handleRendezvous } from './handlers/rendezvous.ts';
import { handleUserMessage } from './handlers/user-message.ts';
import { handleWhois } from './handlers/whois.ts';

/** Handles a packet; what it changes about its peer is done. */
export function dispatch(context: Context, now: Now, packet: InboundPacket): Outcome {
  const outcome = handle(context, now, packet);
  // What is held comes again.
  if (outcome !== 'hold') context.verbs.countReceived(packet.verb);
  if (outcome === 'accepted' || outcome === 'trusted') received(context, now, packet, outcome);
  else if (outcome === 'hold') context.hold(now, packet.source, packet);
  else if (outcome !== 'ignored') context.drops.add(outcome);
  return outcome;
}

function received(
  context: Context,
  now: Now,
  packet: InboundPacket,
  outcome: 'accepted' | 'trusted',
): void {
  // What we told ourselves says nothing about paths.
  if (packet.source === context.self.identity.address) return;
  const { peer, path, hops, verb } = packet;
  context.learning.received(now, { peer, path, hops, verb, isTrusted: outcome === 'trusted' });
}

function handle(context: Context, now: Now, packet: InboundPacket): Outcome {
  switch (packet.verb) {
    case verbNumbers.HELLO:
      return handleHello(context, now, packet);
    case verbNumbers.OK:
      return handleOk(context, now, packet);
    case verbNumbers.ERROR:
      return handleError(context, now, packet);
    case verbNumbers.WHOIS:
      return handleWhois(context, now, packet);
    case verbNumbers.RENDEZVOUS:
      return handleRendezvous(context, now, packet);
    case verbNumbers.ECHO:
      return handleEcho(context, now, packet);
    case verbNumbers.PUSH_DIRECT_PATHS:
      return handlePushDirectPaths(context, now, packet);
    case verbNumbers.USER_MESSAGE:
      return handleUserMessage(context, packet);
    case verbNumbers.REMOTE_TRACE:
      return handleRemoteTrace(context, packet);
    case verbNumbers.NETWORK_CONFIG_REQUEST:
      return context.controller.handlePacket(now, packet);
    case verbNumbers.FRAME:
    case verbNumbers.EXT_FRAME:
    case verbNumbers.MULTICAST_LIKE:
    case verbNumbers.NETWORK_CREDENTIALS:
    case verbNumbers.NETWORK_CONFIG:
    case verbNumbers.MULTICAST_GATHER:
    case verbNumbers.MULTICAST_FRAME:
      return context.networks?.handlePacket(now, packet) ?? 'no-handler';
    case verbNumbers.ACK:
    case verbNumbers.QOS_MEASUREMENT:
    case verbNumbers.PATH_NEGOTIATION_REQUEST:
      return 'ignored';
    case verbNumbers.NOP:
      return 'accepted';
    default:
      // Not assigned, though the type says otherwise of what is on the wire: ignored, but its sender was heard.
      return 'accepted';
  }
}
