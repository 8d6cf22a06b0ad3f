/**
 * What the number of a network says.
 *
 * | 64 bits, in hexadecimal | network |
 * |---|---|
 * | `cccccccccc nnnnnn` | of controller c, its number n (never 0 by itself) |
 * | `ff SSSS EEEE 000000` | ad hoc: IPv6 with TCP and UDP to ports S to E; nobody controls it |
 * | `ff AA hhhhhhhhhh 01` | ad hoc: IPv4 in AA.0.0.0/8, everything allowed; h is a hub's address or 0 |
 * | `ff` and anything else | undefined: a node waits for ever |
 *
 * Source: vl2.md 1.1 and 1.3; `captures/cli/*listnetworks-many*` for the ad hoc names.
 */
import { assert } from '../base/errors.ts';
import type { Address, NetworkId } from '../base/ids.ts';

/** What kind of network a number names. */
export type NetworkKind =
  | { readonly kind: 'controlled'; readonly controller: Address; readonly number: number }
  | { readonly kind: 'ad-hoc-ports'; readonly firstPort: number; readonly lastPort: number }
  | {
      readonly kind: 'ad-hoc-ipv4';
      readonly firstOctet: number;
      /** Null: no hub. */
      readonly hub: Address | null;
    }
  | {
      /** The last port is below the first: a node says that there is no such network. */
      readonly kind: 'ad-hoc-invalid';
      readonly firstPort: number;
      readonly lastPort: number;
    }
  | { readonly kind: 'ad-hoc-undefined' };

/** Takes a network's number apart. */
export function networkKind(id: NetworkId): NetworkKind {
  if (!isAdHoc(id)) {
    return { kind: 'controlled', controller: controllerOf(id), number: networkNumber(id) };
  }
  if (networkNumber(id) === 0) {
    const firstPort = Number((id >> 40n) & 0xffffn);
    const lastPort = Number((id >> 24n) & 0xffffn);
    return { kind: lastPort < firstPort ? 'ad-hoc-invalid' : 'ad-hoc-ports', firstPort, lastPort };
  }
  if ((id & 0xffn) !== 1n) return { kind: 'ad-hoc-undefined' };
  const hub = Number((id >> 8n) & 0xff_ffff_ffffn) as Address;
  return {
    kind: 'ad-hoc-ipv4',
    firstOctet: Number((id >> 48n) & 0xffn),
    hub: hub === 0 ? null : hub,
  };
}

/** Whether nobody controls it. */
export function isAdHoc(id: NetworkId): boolean {
  return id >> 56n === 0xffn;
}

/** The node that controls it; of no meaning for an ad hoc one. */
export function controllerOf(id: NetworkId): Address {
  return Number(id >> 24n) as Address;
}

/** Its number among those of its controller, 24 bits. */
export function networkNumber(id: NetworkId): number {
  return Number(id & 0xff_ffffn);
}

/** A network of a controller. @param number - 1 to 2²⁴ − 1; real controllers never give 0 */
export function networkIdOf(controller: Address, number: number): NetworkId {
  assert(number >= 0 && number <= 0xff_ffff, 'a network number has 24 bits');
  return ((BigInt(controller) << 24n) | BigInt(number)) as NetworkId;
}

/** The ad hoc network of TCP and UDP ports. @param firstPort - 0 to lastPort. @param lastPort - to 65 535 */
export function adHocPortsId(firstPort: number, lastPort: number): NetworkId {
  assert(0 <= firstPort && firstPort <= lastPort && lastPort <= 0xffff, 'ports are in order');
  return ((0xffn << 56n) | (BigInt(firstPort) << 40n) | (BigInt(lastPort) << 24n)) as NetworkId;
}

/** The ad hoc network of an IPv4 /8. @param octet - its first one, 0 to 255. @param hub - null for none */
export function adHocIpv4Id(octet: number, hub: Address | null): NetworkId {
  assert(octet >= 0 && octet <= 0xff, 'an octet has 8 bits');
  return ((0xffn << 56n) | (BigInt(octet) << 48n) | (BigInt(hub ?? 0) << 8n) | 1n) as NetworkId;
}

/** The name that an ad hoc network gives itself; null for a controlled or undefined one. */
export function adHocName(kind: NetworkKind): string | null {
  if (kind.kind === 'ad-hoc-ipv4') return `adhoc-${kind.firstOctet}.0.0.0`;
  if (kind.kind !== 'ad-hoc-ports') return null;
  const port = (value: number): string => value.toString(16).padStart(4, '0');
  return `adhoc-${port(kind.firstPort)}-${port(kind.lastPort)}`;
}

/** A member's address in the ad hoc network of an IPv4 /8: the low 24 bits of its own. */
export function adHocIpv4Address(octet: number, member: Address): number {
  return octet * 0x100_0000 + (member % 0x100_0000);
}

/**
 * The name of a network's device on Linux: `zt` and 40 bits in base 32.
 *
 * @param attempt - how many names before this one were taken
 */
export function deviceName(id: NetworkId, attempt = 0): string {
  const value = BigInt.asUintN(40, (id ^ (id >> 24n)) + BigInt(attempt));
  let name = 'zt';
  for (let shift = 35n; shift >= 0n; shift -= 5n)
    name += base32.charAt(Number((value >> shift) & 31n));
  return name;
}

const base32 = 'abcdefghijklmnopqrstuvwxyz234567';
