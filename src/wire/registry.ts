/**
 * Every codec of the wire that is not a verb's, in the order in which one builds on another. It feeds the fuzzer and the
 * generated tables of docs/protocol/messages.md; a codec that is missing here is neither fuzzed nor documented.
 */
import type { Codec } from './codec.ts';
import { capability } from './credentials/capability.ts';
import { certificateOfMembership } from './credentials/certificate-of-membership.ts';
import { certificateOfOwnership } from './credentials/certificate-of-ownership.ts';
import { revocation } from './credentials/revocation.ts';
import { tag } from './credentials/tag.ts';
import { arp } from './ethernet/arp.ts';
import { ethernetHeader } from './ethernet/ethernet.ts';
import { icmpMessage, icmpv6Message } from './ethernet/icmp.ts';
import { ipv4Header } from './ethernet/ipv4.ts';
import { ipv6Header } from './ethernet/ipv6.ts';
import { neighbourMessage } from './ethernet/ndp.ts';
import { tcpHeader } from './ethernet/tcp.ts';
import { udpHeader } from './ethernet/udp.ts';
import { identity, secretIdentity } from './identity.ts';
import { inetAddress } from './inet-address.ts';
import { multicastGroup } from './multicast-group.ts';
import { authInfo } from './network-config/auth-info.ts';
import { configChunk } from './network-config/config-chunk.ts';
import { memberReport } from './network-config/member-report.ts';
import { networkConfig } from './network-config/network-config.ts';
import { peerRecord } from './peer-record.ts';
import { rules } from './rules/rules.ts';
import { gatheredMembers } from './verbs/gathered-members.ts';
import { okBodies } from './verbs/ok.ts';
import { world } from './world.ts';

/** Codecs under a heading. */
export interface CodecGroup {
  readonly title: string;
  readonly codecs: readonly Codec<unknown>[];
}

/** The registry, for documents. */
export const codecGroups: readonly CodecGroup[] = [
  {
    title: 'Values',
    codecs: [
      identity,
      secretIdentity,
      inetAddress,
      world,
      peerRecord,
      multicastGroup,
      gatheredMembers,
    ],
  },
  {
    title: 'Credentials and rules',
    codecs: [certificateOfMembership, capability, tag, revocation, certificateOfOwnership, rules],
  },
  {
    title: 'Configurations',
    codecs: [configChunk, networkConfig, authInfo, memberReport],
  },
  {
    title: 'Answers',
    codecs: okBodies.flatMap(({ codec }) => (codec.name.startsWith('OK(') ? [codec] : [])),
  },
  {
    title: 'Frames',
    codecs: [
      ethernetHeader,
      arp,
      ipv4Header,
      ipv6Header,
      icmpMessage,
      icmpv6Message,
      neighbourMessage,
      tcpHeader,
      udpHeader,
    ],
  },
];

/** The registry, flat. */
export const wireCodecs: readonly Codec<unknown>[] = codecGroups.flatMap(({ codecs }) => codecs);
