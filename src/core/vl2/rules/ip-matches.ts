/**
 * Conditions on IPv4 and IPv6 packets.
 *
 * Source: vl2 7.2; the quirks that all members of a network must share are marked. Where a frame is no IP packet, or too
 * short, or its extension headers are cut, the answer is "never".
 */
import { u16At, u32At } from '../../../wire/big-endian.ts';
import { etherTypes } from '../../../wire/ethernet/ethernet.ts';
import {
  absent,
  destinationPortAt,
  icmpTypeAt,
  ipProtocolAt,
  notApplicable,
  sourcePortAt,
  trafficClassAt,
} from '../../../wire/ethernet/ip.ts';
import { ipv4HeaderLengthMin } from '../../../wire/ethernet/ipv4.ts';
import { ipv6HeaderLength } from '../../../wire/ethernet/ipv6.ts';
import { matchResults, yesIf, type MatchMakers } from './match.ts';
import { unread, type EvaluationState, type Match, type RuleFrame } from './rule-frame.ts';

const { never, always } = matchResults;

/** The conditions of this file. */
export const ipMatches: MatchMakers<
  | 'MATCH_IPV4_SOURCE'
  | 'MATCH_IPV4_DEST'
  | 'MATCH_IPV6_SOURCE'
  | 'MATCH_IPV6_DEST'
  | 'MATCH_IP_TOS'
  | 'MATCH_IP_PROTOCOL'
  | 'MATCH_ICMP'
  | 'MATCH_IP_SOURCE_PORT_RANGE'
  | 'MATCH_IP_DEST_PORT_RANGE'
> = {
  MATCH_IPV4_SOURCE: ({ ip, bits }) => inIpv4Prefix(12, ip, bits),
  MATCH_IPV4_DEST: ({ ip, bits }) => inIpv4Prefix(16, ip, bits),
  MATCH_IPV6_SOURCE: ({ ip, bits }) => inIpv6Prefix(8, ip, bits),
  MATCH_IPV6_DEST: ({ ip, bits }) => inIpv6Prefix(24, ip, bits),
  MATCH_IP_TOS: (rule) => {
    const from = rule.start;
    const to = rule.end;
    return ({ etherType, bytes, start, end }) => {
      const tos = trafficClassAt(etherType, bytes, start, end);
      if (tos === notApplicable) return never;
      const masked = tos & rule.mask;
      return yesIf(masked >= from && masked <= to);
    };
  },
  MATCH_IP_PROTOCOL:
    ({ ipProtocol }) =>
    ({ etherType, bytes, start, end }, _own, state) => {
      if (state.protocol === unread) state.protocol = ipProtocolAt(etherType, bytes, start, end);
      return state.protocol === notApplicable ? never : yesIf(state.protocol === ipProtocol);
    },
  MATCH_ICMP: ({ icmpType, icmpCode, flags }) => {
    const comparesCode = (flags & 1) !== 0;
    return ({ etherType, bytes, start, end }) => {
      const found = icmpTypeAt(etherType, bytes, start, end);
      // Quirk: another type is "never", the type alone "always": NOT changes only the comparison of the code.
      if (found === notApplicable || found >> 8 !== icmpType) return never;
      return comparesCode ? yesIf((found & 0xff) === icmpCode) : always;
    };
  },
  MATCH_IP_SOURCE_PORT_RANGE: (rule) => inPortRange(sourcePort, rule.start, rule.end),
  MATCH_IP_DEST_PORT_RANGE: (rule) => inPortRange(destinationPort, rule.start, rule.end),
};

/** Both sides are masked. @param at - of the address in the header */
function inIpv4Prefix(at: number, ip: number, bits: number): Match {
  const mask = bits === 0 ? 0 : bits >= 32 ? -1 : -1 << (32 - bits);
  const prefix = ip & mask;
  return ({ etherType, bytes, start, end }) => {
    if (etherType !== etherTypes.ipv4 || end - start < ipv4HeaderLengthMin) return never;
    return yesIf((u32At(bytes, start + at) & mask) === prefix);
  };
}

/** Quirk: only the frame's address is masked, so a rule with bits behind its prefix matches nothing. */
function inIpv6Prefix(at: number, ip: Uint8Array, bits: number): Match {
  const words = new Int32Array(8);
  const masks = new Int32Array(8);
  for (let i = 0; i < 8; i++) {
    const covered = Math.min(Math.max(bits - 16 * i, 0), 16);
    masks[i] = (0xffff << (16 - covered)) & 0xffff;
    words[i] = u16At(ip, 2 * i);
  }
  return ({ etherType, bytes, start, end }) => {
    if (etherType !== etherTypes.ipv6 || end - start < ipv6HeaderLength) return never;
    for (let i = 0; i < 8; i++) {
      if ((u16At(bytes, start + at + 2 * i) & (masks[i] as number)) !== words[i])
        return matchResults.no;
    }
    return matchResults.yes;
  };
}

/** Quirk: port 0 is a port with IPv4 and none with IPv6. */
function inPortRange(portOf: typeof sourcePort, from: number, to: number): Match {
  return (frame, _own, state) => {
    const port = portOf(frame, state);
    if (port === notApplicable) return never;
    if (port === absent || (port === 0 && frame.etherType === etherTypes.ipv6))
      return matchResults.no;
    return yesIf(port >= from && port <= to);
  };
}

function sourcePort({ etherType, bytes, start, end }: RuleFrame, state: EvaluationState): number {
  if (state.sourcePort === unread) state.sourcePort = sourcePortAt(etherType, bytes, start, end);
  return state.sourcePort;
}

function destinationPort(
  { etherType, bytes, start, end }: RuleFrame,
  state: EvaluationState,
): number {
  if (state.destinationPort === unread)
    state.destinationPort = destinationPortAt(etherType, bytes, start, end);
  return state.destinationPort;
}
