/**
 * MATCH_CHARACTERISTICS: whether a frame has any of up to 64 properties.
 *
 * | bit | property |
 * |---|---|
 * | 63 | it comes in |
 * | 62, 61 | to a multicast address; to the broadcast address |
 * | 60, 59 | a certificate of ownership of the sender covers its IP address; its MAC |
 * | 11 … 0 | TCP: three reserved bits, NS, CWR, ECE, URG, ACK, PSH, RST, SYN, FIN |
 *
 * Source: vl2 7.2. Never "not applicable".
 */
import { etherTypes } from '../../../wire/ethernet/ethernet.ts';
import { icmpProtocols } from '../../../wire/ethernet/icmp.ts';
import { tcpFlagsAt } from '../../../wire/ethernet/ip.ts';
import { ipv4HeaderLengthMin } from '../../../wire/ethernet/ipv4.ts';
import { ipv6HeaderLength } from '../../../wire/ethernet/ipv6.ts';
import { neighbourTypes } from '../../../wire/ethernet/ndp.ts';
import { isInIpv6Prefix } from '../../../wire/ip-address.ts';
import { isBroadcast, isMulticast } from '../../../wire/mac.ts';
import { matchResults, type MatchMakers } from './match.ts';
import { ownedIpTypes, type OwnedIpType, type OwnSide, type RuleFrame } from './rule-frame.ts';

/** The upper half of the mask, as a signed number. */
const high = {
  inbound: 0x8000_0000 | 0,
  multicast: 0x4000_0000,
  broadcast: 0x2000_0000,
  senderIpAuthenticated: 0x1000_0000,
  senderMacAuthenticated: 0x0800_0000,
} as const;

const arpLength = 28;
/** With its IPv6 header. */
const neighbourLength = 64;

/** The condition of this file. */
export const characteristicsMatches: MatchMakers<'MATCH_CHARACTERISTICS'> = {
  MATCH_CHARACTERISTICS: ({ mask }) => {
    const upper = Number(BigInt.asIntN(32, mask >> 32n));
    const tcp = Number(mask & 0xfffn);
    // What is cheap comes first: one property is enough.
    return (frame, own) => {
      const { isInbound, destinationMac, etherType, bytes, start, end } = frame;
      if ((upper & high.inbound) !== 0 && isInbound) return matchResults.yes;
      if ((upper & high.multicast) !== 0 && isMulticast(destinationMac)) return matchResults.yes;
      if ((upper & high.broadcast) !== 0 && isBroadcast(destinationMac)) return matchResults.yes;
      if (tcp !== 0 && (tcpFlagsAt(etherType, bytes, start, end) & tcp) !== 0)
        return matchResults.yes;
      if ((upper & high.senderMacAuthenticated) !== 0 && ownsMac(frame, own))
        return matchResults.yes;
      if ((upper & high.senderIpAuthenticated) !== 0 && isSenderIpAuthenticated(frame, own))
        return matchResults.yes;
      return matchResults.no;
    };
  },
};

/** The derived MAC of a member needs a certificate like any other. */
function ownsMac({ isInbound, sourceMac, remote }: RuleFrame, own: OwnSide): boolean {
  const sender = isInbound ? remote : own;
  return sender?.ownsMac(sourceMac) === true;
}

function isSenderIpAuthenticated(frame: RuleFrame, own: OwnSide): boolean {
  const { etherType, bytes, start, end } = frame;
  const length = end - start;
  switch (etherType) {
    case etherTypes.ipv4:
      return length >= ipv4HeaderLengthMin && ownsIp(frame, own, ownedIpTypes.ipv4, start + 12);
    case etherTypes.arp:
      return length >= arpLength && ownsIp(frame, own, ownedIpTypes.ipv4, start + 14);
    case etherTypes.ipv6: {
      if (length < ipv6HeaderLength) return false;
      const type =
        bytes[start + 6] === icmpProtocols.icmpv6 && length >= neighbourLength
          ? bytes[start + ipv6HeaderLength]
          : undefined;
      // A question may come from an address that is not the sender's yet; an answer is about its target.
      if (type === neighbourTypes.solicitation) return true;
      const at = start + (type === neighbourTypes.advertisement ? ipv6HeaderLength + 8 : 8);
      return (
        ownsIp(frame, own, ownedIpTypes.ipv6, at) || (frame.isInbound && isEmulated(own, bytes, at))
      );
    }
    default:
      return false;
  }
}

function ownsIp(frame: RuleFrame, own: OwnSide, type: OwnedIpType, at: number): boolean {
  const sender = frame.isInbound ? frame.remote : own;
  return sender?.ownsIp(type, frame.bytes, at) === true;
}

/** Addresses that follow from a member's own need no certificate where members answer for each other. */
function isEmulated({ emulatedPrefixes }: OwnSide, bytes: Uint8Array, at: number): boolean {
  for (const prefix of emulatedPrefixes)
    if (isInIpv6Prefix(bytes, prefix.bytes, prefix.bits, at)) return true;
  return false;
}
