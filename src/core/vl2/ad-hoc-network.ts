/**
 * The configuration that a node makes for itself in a network that nobody controls (vl2 1.1): public, without credentials,
 * and equal for all but the addresses.
 */
import type { Address, NetworkId } from '../../base/ids.ts';
import { etherTypes } from '../../wire/ethernet/ethernet.ts';
import type { InetAddress } from '../../wire/inet-address.ts';
import { memberIp, memberIpBits } from '../../wire/member-ip.ts';
import {
  emptyNetworkConfig,
  networkFlags,
  networkTypes,
  type NetworkConfig,
} from '../../wire/network-config/network-config.ts';
import {
  adHocIpv4Address,
  adHocName,
  networkKind,
  type NetworkKind,
} from '../../wire/network-id.ts';
import type { Rule } from '../../wire/rules/rule.ts';
import { mtuBounds } from './tap-state.ts';

const credentialTimeMaxDelta = 7_200_000n;
const multicastLimit = 1_024;

/**
 * The configuration of an ad hoc network.
 *
 * @param wallMs - when it is made
 * @returns null where the number is not of an ad hoc network, or of one that is not defined
 */
export function adHocConfig(
  networkId: NetworkId,
  self: Address,
  wallMs: number,
): NetworkConfig | null {
  const kind = networkKind(networkId);
  if (kind.kind !== 'ad-hoc-ports' && kind.kind !== 'ad-hoc-ipv4') return null;
  const common: NetworkConfig = {
    ...emptyNetworkConfig,
    networkId,
    timestamp: BigInt(Math.floor(wallMs)),
    credentialTimeMaxDelta,
    revision: 1n,
    issuedTo: self,
    type: networkTypes.public,
    flags: networkFlags.ndpEmulation,
    name: adHocName(kind) ?? '',
    mtu: mtuBounds.default,
  };
  const sixPlane: InetAddress = {
    kind: 'ipv6',
    address: memberIp('6plane', networkId, self),
    port: memberIpBits['6plane'],
  };
  if (kind.kind === 'ad-hoc-ports')
    return { ...common, staticIps: [sixPlane], rules: portRules(kind) };
  const address = adHocIpv4Address(kind.firstOctet, self);
  return {
    ...common,
    multicastLimit,
    staticIps: [sixPlane, { kind: 'ipv4', address, port: 8 }],
    // Without a role: the hub is named, and nothing follows from it.
    specialists: kind.hub === null ? [] : [{ address: kind.hub, roles: 0 }],
    rules: [accept],
  };
}

/** Whether the number is of an ad hoc network that cannot be. */
export function isImpossibleAdHoc(networkId: NetworkId): boolean {
  return networkKind(networkId).kind === 'ad-hoc-invalid';
}

const plain = { not: false, or: false } as const;
const accept: Rule = { ...plain, kind: 'ACTION_ACCEPT' };
const drop: Rule = { ...plain, kind: 'ACTION_DROP' };
const protocols = { tcp: 6, udp: 17, icmpv6: 58 } as const;
const tcpSyn = 0x02n;
const tcpAck = 0x10n;

/** IPv6 alone: ICMP, and TCP and UDP to the ports; of TCP to other ports all that does not open a connection. */
function portRules({
  firstPort,
  lastPort,
}: Extract<NetworkKind, { readonly kind: 'ad-hoc-ports' }>): Rule[] {
  return [
    { not: true, or: false, kind: 'MATCH_ETHERTYPE', etherType: etherTypes.ipv6 },
    drop,
    { ...plain, kind: 'MATCH_IP_PROTOCOL', ipProtocol: protocols.icmpv6 },
    accept,
    { ...plain, kind: 'MATCH_IP_PROTOCOL', ipProtocol: protocols.udp },
    { not: false, or: true, kind: 'MATCH_IP_PROTOCOL', ipProtocol: protocols.tcp },
    { ...plain, kind: 'MATCH_IP_DEST_PORT_RANGE', start: firstPort, end: lastPort },
    accept,
    { not: true, or: false, kind: 'MATCH_CHARACTERISTICS', mask: tcpSyn },
    accept,
    { ...plain, kind: 'MATCH_CHARACTERISTICS', mask: tcpSyn },
    { ...plain, kind: 'MATCH_CHARACTERISTICS', mask: tcpAck },
    accept,
    drop,
  ];
}
