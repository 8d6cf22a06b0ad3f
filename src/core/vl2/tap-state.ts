/** What a network's configuration asks of the tap: made once for each configuration, compared by meaning. */
import type { InetAddress } from '../../wire/inet-address.ts';
import { formatIpv4, formatIpv6 } from '../../wire/ip-address.ts';
import { macOf } from '../../wire/mac.ts';
import type { NetworkConfig } from '../../wire/network-config/network-config.ts';
import { deviceName } from '../../wire/network-id.ts';
import type { IpPrefix, Route, TapState } from '../ports.ts';

/** The bounds of what a tap carries, bytes (vl2 4.5). */
export const mtuBounds = { min: 1_280, max: 10_000, default: 2_800 } as const;

/** The MTU that a configuration means: within bounds, the usual one where it names none. */
export function effectiveMtu(mtu: number): number {
  if (mtu === 0) return mtuBounds.default;
  return Math.min(mtuBounds.max, Math.max(mtuBounds.min, mtu));
}

/** How the tap is to be. */
export function tapStateOf(config: NetworkConfig): TapState {
  return {
    networkId: config.networkId,
    mac: macOf(config.issuedTo, config.networkId),
    mtu: effectiveMtu(config.mtu),
    addresses: config.staticIps.flatMap((address) => prefixOf(address) ?? []),
    routes: config.routes.flatMap(({ target, via, metric }): Route | [] => {
      const prefix = prefixOf(target);
      return prefix === null ? [] : { target: prefix, via: ipText(via), metric };
    }),
    dnsDomain: config.dns?.domain ?? '',
    dnsServers: (config.dns?.servers ?? []).flatMap((server) => ipText(server) ?? []),
    deviceName: deviceName(config.networkId),
  };
}

/** Whether a tap that is as the one says is also as the other says. */
export function sameTapState(a: TapState, b: TapState): boolean {
  return textOf(a) === textOf(b);
}

/** Everything but what the network's number decides. */
function textOf({ mac, mtu, addresses, routes, dnsDomain, dnsServers }: TapState): string {
  return JSON.stringify([mac, mtu, addresses, routes, dnsDomain, dnsServers]);
}

function prefixOf(address: InetAddress): IpPrefix | null {
  const ip = ipText(address);
  if (ip === null || (address.kind !== 'ipv4' && address.kind !== 'ipv6')) return null;
  const bitsMax = address.kind === 'ipv4' ? 32 : 128;
  return address.port > bitsMax ? null : { ip, bits: address.port };
}

function ipText(address: InetAddress): string | null {
  if (address.kind === 'ipv4') return formatIpv4(address.address);
  return address.kind === 'ipv6' ? formatIpv6(address.address) : null;
}
