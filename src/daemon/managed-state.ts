/**
 * What a network's controller may do to this machine: its addresses and routes as far as the operator of the machine
 * allows. Source: management.md 1.4; the file is `networks.d/<16 hex>.local.conf` of the home directory.
 *
 * | | applied |
 * |---|---|
 * | everything | only with `allowManaged` (default), or inside the networks that it lists |
 * | default route | only with `allowDefault` |
 * | global addresses | only with `allowGlobal` |
 * | private and shared ones, and global ones that are used as private | yes |
 * | loopback, link-local, multicast | never |
 *
 * Routes through an address of our own, and of a family that we have no address of, are left out.
 */
import type { IpPrefix, Route, TapState } from '../core/ports.ts';
import { ipEndpoint, sameIp, type IpEndpoint } from '../wire/inet-address.ts';
import { isInIpv4Prefix, isInIpv6Prefix } from '../wire/ip-address.ts';
import { scopeOf } from '../wire/ip-scope.ts';

/** What the operator allows on one network. */
export interface NetworkPermissions {
  /** A list: only what lies in one of these. */
  readonly allowManaged: boolean | readonly IpPrefix[];
  readonly allowGlobal: boolean;
  readonly allowDefault: boolean;
  readonly allowDNS: boolean;
}

/** Without a file. */
export const defaultPermissions: NetworkPermissions = {
  allowManaged: true,
  allowGlobal: false,
  allowDefault: false,
  allowDNS: false,
};

/** Our routes give way to the machine's own. */
export const managedRouteMetric = 5_000;

/** Reads a `.local.conf`: lines of `name=value`. What is not understood is as without it. */
export function parsePermissions(text: string): NetworkPermissions {
  const values = new Map(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const];
    }),
  );
  const flag = (name: string, otherwise: boolean): boolean => {
    const value = values.get(name);
    return value === undefined ? otherwise : /^[1tT]/.test(value);
  };
  const managed = values.get('allowManaged') ?? '1';
  return {
    // Longer than a boolean in words: a list of networks.
    allowManaged:
      managed.length > 5
        ? managed.split(',').flatMap((each) => prefixOf(each.trim()) ?? [])
        : flag('allowManaged', true),
    allowGlobal: flag('allowGlobal', false),
    allowDefault: flag('allowDefault', false),
    allowDNS: flag('allowDNS', false),
  };
}

/** The text of a `.local.conf`. */
export function formatPermissions(permissions: NetworkPermissions): string {
  const { allowManaged, allowGlobal, allowDefault, allowDNS } = permissions;
  const flag = (value: boolean): string => (value ? '1' : '0');
  const list = typeof allowManaged === 'boolean' ? [] : allowManaged;
  let managed = list.map(({ ip, bits }) => `${ip}/${bits}`).join(',');
  // What is not longer than a boolean in words is read as one: `::/0`.
  if (managed !== '' && managed.length <= 5) managed = `${managed},${managed}`;
  if (managed === '') managed = flag(allowManaged === true);
  const values = { allowManaged: managed, allowGlobal: flag(allowGlobal) };
  return Object.entries({ ...values, allowDefault: flag(allowDefault), allowDNS: flag(allowDNS) })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** The part of a state that is allowed. */
export function allowedState(state: TapState, permissions: NetworkPermissions): TapState {
  const addresses = state.addresses.filter((address) => isAllowed(address, permissions));
  const own = addresses.flatMap(({ ip }) => ipEndpoint(ip, 0) ?? []);
  return {
    ...state,
    addresses,
    routes: state.routes
      .filter((route) => isAllowed(route.target, permissions) && isUseful(route, own))
      .map((route) => ({ ...route, metric: managedRouteMetric })),
    dnsDomain: permissions.allowDNS ? state.dnsDomain : '',
    dnsServers: permissions.allowDNS ? state.dnsServers : [],
  };
}

function isAllowed(prefix: IpPrefix, permissions: NetworkPermissions): boolean {
  const { allowManaged, allowDefault, allowGlobal } = permissions;
  const address = ipEndpoint(prefix.ip, prefix.bits);
  if (address === null || allowManaged === false) return false;
  if (allowManaged !== true && !allowManaged.some((each) => contains(each, address))) return false;
  if (prefix.bits === 0) return allowDefault;
  switch (scopeOf(address)) {
    case 'private':
    case 'shared':
    case 'pseudoprivate':
      return true;
    case 'global':
      return allowGlobal;
    default:
      return false;
  }
}

/** Whether a smaller network, written with its length as the port, lies in a larger one. */
function contains(outer: IpPrefix, inner: IpEndpoint): boolean {
  const base = ipEndpoint(outer.ip, 0);
  if (base === null || inner.port < outer.bits) return false;
  if (base.kind === 'ipv4')
    return inner.kind === 'ipv4' && isInIpv4Prefix(inner.address, base.address, outer.bits);
  return inner.kind === 'ipv6' && isInIpv6Prefix(inner.address, base.address, outer.bits);
}

function isUseful({ target, via }: Route, own: readonly IpEndpoint[]): boolean {
  const { kind } = ipEndpoint(target.ip, 0) ?? { kind: 'nil' };
  const gateway = via === null ? null : ipEndpoint(via, 0);
  if (gateway !== null && own.some((address) => sameIp(address, gateway))) return false;
  return own.some((address) => address.kind === kind);
}

/** A network, as `10.0.0.0/8`; null: it is none. */
export function prefixOf(text: string): IpPrefix | null {
  const [ip = '', bits = ''] = text.split('/');
  const address = ipEndpoint(ip, 0);
  if (address === null || !/^\d{1,3}$/.test(bits)) return null;
  return Number(bits) <= (address.kind === 'ipv4' ? 32 : 128) ? { ip, bits: Number(bits) } : null;
}
