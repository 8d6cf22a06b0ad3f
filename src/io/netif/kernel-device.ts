/**
 * Addresses, routes and MTU of a device of the kernel, set by netlink.
 *
 * Order: routes that go, MTU, addresses that come, addresses that go, then all addresses once more, then routes that
 * come. Once more, because the kernel may take away with one IPv4 address all others of its network
 * (`promote_secondaries`). What is there already answers EEXIST, what is gone already ESRCH or EADDRNOTAVAIL: neither is
 * an error, so that nothing has to be read first.
 *
 * When the device vanishes, all of it does: nothing is left behind, however the process ends.
 */
import { assertNever, type OverspanError } from '../../base/errors.ts';
import type { IpPrefix, Route, TapState } from '../../core/ports.ts';
import { errnoName } from '../../sys/ffi/errno.ts';
import { ipEndpoint, type IpEndpoint } from '../../wire/inet-address.ts';
import { isInIpv4Prefix, isInIpv6Prefix } from '../../wire/ip-address.ts';
import { netifError } from './errors.ts';
import type { DeviceSetup, OpenDevice } from './port.ts';
import { Rtnetlink } from './rtnetlink.ts';

/** Takes devices of the network namespace of this process in hand. */
export const openKernelDevice: OpenDevice = (device) => new KernelDevice(device);

class KernelDevice implements DeviceSetup {
  readonly #device: string;
  readonly #kernel = new Rtnetlink();
  readonly #index: number;
  readonly #mtuBefore: number;
  #mtu: number;
  readonly #addresses = new Map<string, IpPrefix>();
  readonly #routes = new Map<string, Route>();

  constructor(device: string) {
    this.#device = device;
    const link = this.#kernel.link(device);
    if (typeof link === 'number') {
      this.#kernel.close();
      throw this.#explained(link, { kind: 'device' });
    }
    this.#index = link.index;
    this.#mtuBefore = this.#mtu = link.mtu;
  }

  apply(state: TapState): readonly OverspanError[] {
    const addresses = new Map(state.addresses.map((address) => [prefixKey(address), address]));
    const routes = new Map(
      state.routes
        .filter((route) => !isImplied(route, state.addresses))
        .map((route) => [routeKey(route), route]),
    );
    return this.#reach(addresses, routes, state.mtu);
  }

  withdraw(): readonly OverspanError[] {
    return this.#reach(new Map(), new Map(), this.#mtuBefore);
  }

  close(): void {
    this.#kernel.close();
  }

  #reach(
    addresses: ReadonlyMap<string, IpPrefix>,
    routes: ReadonlyMap<string, Route>,
    mtu: number,
  ): readonly OverspanError[] {
    const problems: OverspanError[] = [];
    const tried = (result: number, what: Change, harmless: readonly string[]): boolean => {
      if (result >= 0 || harmless.includes(errnoName(result))) return true;
      problems.push(this.#explained(result, what));
      return false;
    };
    for (const [key, route] of without(this.#routes, routes)) {
      const result = this.#kernel.deleteRoute(this.#index, route);
      if (tried(result, { kind: 'route', route }, gone)) this.#routes.delete(key);
    }
    if (mtu !== this.#mtu) {
      const result = this.#kernel.setLink(this.#index, { mtu });
      const harmless = mtu === this.#mtuBefore ? gone : [];
      if (tried(result, { kind: 'mtu', mtu }, harmless)) this.#mtu = mtu;
    }
    const missing = without(addresses, this.#addresses);
    const stale = without(this.#addresses, addresses);
    for (const [key, address] of missing) {
      const result = isPrefix(address) ? this.#kernel.addAddress(this.#index, address) : invalid;
      if (tried(result, { kind: 'address', address }, there)) this.#addresses.set(key, address);
    }
    for (const [key, address] of stale) {
      const result = this.#kernel.deleteAddress(this.#index, address);
      if (tried(result, { kind: 'address', address }, gone)) this.#addresses.delete(key);
    }
    for (const address of this.#addresses.values())
      tried(this.#kernel.addAddress(this.#index, address), { kind: 'address', address }, there);
    // A route through a router needs the route to that router.
    const ordered = [...routes].sort(
      ([, a], [, b]) => Number(a.via !== null) - Number(b.via !== null),
    );
    for (const [key, route] of ordered) {
      const result = isRoute(route) ? this.#kernel.addRoute(this.#index, route) : invalid;
      const harmless = this.#routes.has(key) ? there : [];
      if (tried(result, { kind: 'route', route }, harmless)) this.#routes.set(key, route);
    }
    return problems;
  }

  #explained(result: number, what: Change): OverspanError {
    const error = errnoName(result);
    const device = this.#device;
    const details = { device, error };
    const shown = describe(what);
    if (error === 'ENODEV' || what.kind === 'device')
      return netifError('NETIF_MISSING', `there is no network device ${device}`, {
        remedy: 'see which there are: ip -br link',
        details,
      });
    if (error === 'EPERM')
      return netifError('NETIF_PERMISSION', `${shown} of ${device} may not be changed`, {
        remedy: 'run it as root, or give it CAP_NET_ADMIN',
        details,
      });
    if (what.kind === 'route' && error === 'EEXIST')
      return netifError('NETIF_ROUTE_TAKEN', `${shown} is there already, not over ${device}`, {
        remedy: `see it: ip route show ${prefixKey(what.route.target)}; delete it, or take it out of the network`,
        details,
      });
    const isIpv6 = what.kind === 'address' && what.address.ip.includes(':');
    if (isIpv6 && error === 'EACCES')
      return netifError('NETIF_IPV6_OFF', `${device} cannot have ${shown}: IPv6 is off`, {
        remedy: `sudo sysctl net.ipv6.conf.${device}.disable_ipv6=0`,
        details,
      });
    return netifError('NETIF_REFUSED', `${shown} of ${device}: ${error}`, {
      remedy: 'change it in the network, or see what the kernel says of it: sudo dmesg | tail',
      details,
    });
  }
}

/** EINVAL: of what a network says that is no address. The kernel need not be asked. */
const invalid = -22;

/** What answers say that is no error. */
const there = ['EEXIST'];
const gone = ['ESRCH', 'EADDRNOTAVAIL', 'ENODEV'];

/** What was tried, for the error. */
type Change =
  | { readonly kind: 'device' }
  | { readonly kind: 'mtu'; readonly mtu: number }
  | { readonly kind: 'address'; readonly address: IpPrefix }
  | { readonly kind: 'route'; readonly route: Route };

function describe(change: Change): string {
  switch (change.kind) {
    case 'device':
      return 'the device';
    case 'mtu':
      return `the MTU ${change.mtu}`;
    case 'address':
      return `the address ${prefixKey(change.address)}`;
    case 'route': {
      const { target, via } = change.route;
      return `the route to ${prefixKey(target)}${via === null ? '' : ` through ${via}`}`;
    }
    default:
      return assertNever(change);
  }
}

/** The entries of a map whose keys another lacks. */
function without<T>(
  map: ReadonlyMap<string, T>,
  other: ReadonlyMap<string, unknown>,
): readonly (readonly [string, T])[] {
  return [...map].filter(([key]) => !other.has(key));
}

function prefixKey({ ip, bits }: IpPrefix): string {
  return `${ip}/${bits}`;
}

function routeKey({ target, via, metric }: Route): string {
  return `${prefixKey(target)} ${via ?? ''} ${metric}`;
}

/** Whether the kernel has a route from an address already: to the network that the address is in, on the link. */
function isImplied(route: Route, addresses: readonly IpPrefix[]): boolean {
  if (route.via !== null) return false;
  const target = ipEndpoint(route.target.ip, 0);
  return addresses.some(({ ip, bits }) => {
    const address = ipEndpoint(ip, 0);
    return (
      bits === route.target.bits &&
      target !== null &&
      address !== null &&
      isInPrefix(address, target, bits)
    );
  });
}

function isPrefix({ ip, bits }: IpPrefix): boolean {
  const address = ipEndpoint(ip, 0);
  const bitsMax = address?.kind === 'ipv4' ? 32 : 128;
  return address !== null && Number.isInteger(bits) && bits >= 0 && bits <= bitsMax;
}

function isRoute({ target, via, metric }: Route): boolean {
  const router = via === null ? null : ipEndpoint(via, 0);
  if (!isPrefix(target) || !Number.isInteger(metric) || metric < 0) return false;
  return via === null || router?.kind === ipEndpoint(target.ip, 0)?.kind;
}

function isInPrefix(address: IpEndpoint, prefix: IpEndpoint, bits: number): boolean {
  if (address.kind === 'ipv4')
    return prefix.kind === 'ipv4' && isInIpv4Prefix(address.address, prefix.address, bits);
  return prefix.kind === 'ipv6' && isInIpv6Prefix(address.address, prefix.address, bits);
}
