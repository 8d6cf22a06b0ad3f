/**
 * The machine's own addresses, for sockets to be bound to: of interfaces that are up, and ready to be used. Not of the
 * loopback, which leads to nobody else; not IPv6 link-local ones, which no path may use (vl1.md 2.14); not IPv6 addresses
 * that the kernel still checks for duplicates, which cannot be bound to.
 */
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';

import { ipEndpoint } from '../../wire/inet-address.ts';
import { formatIpv6 } from '../../wire/ip-address.ts';
import { addressesMax, type InterfaceAddress } from './port.ts';

/** What is read of the system; another one in tests. */
export interface AddressSources {
  readonly interfaces: typeof networkInterfaces;
  /** `/proc/net/if_inet6`; empty where the system has none. */
  readonly inet6: () => string;
}

/** The addresses now, at most {@link addressesMax}. */
export function systemAddresses(
  isExcluded: (device: string) => boolean,
  sources: AddressSources = { interfaces: networkInterfaces, inet6: readInet6 },
): readonly InterfaceAddress[] {
  const unready = unreadyAddresses(sources.inet6());
  const found: InterfaceAddress[] = [];
  for (const [device, addresses = []] of Object.entries(sources.interfaces())) {
    if (isExcluded(device)) continue;
    for (const { address, internal } of addresses) {
      const parsed = internal ? null : ipEndpoint(address, 0);
      if (parsed === null || found.length >= addressesMax) continue;
      const ip = parsed.kind === 'ipv6' ? formatIpv6(parsed.address) : address;
      if (parsed.kind === 'ipv6' && (isLinkLocal(parsed.address) || unready.has(`${ip} ${device}`)))
        continue;
      found.push({ device, family: parsed.kind, ip });
    }
  }
  return found;
}

/**
 * Of `/proc/net/if_inet6`: `address device` of those that are tentative and not optimistic, or found to be duplicates.
 * Each line: 32 hexadecimal digits, index, prefix length, scope, flags (hexadecimal), device. Source: proc(5).
 */
function unreadyAddresses(text: string): ReadonlySet<string> {
  const unready = new Set<string>();
  for (const line of text.split('\n')) {
    const [digits = '', , , , flagDigits = '', device = ''] = line.trim().split(/\s+/);
    const flags = Number.parseInt(flagDigits, 16);
    const isTentative = (flags & flagTentative) !== 0 && (flags & flagOptimistic) === 0;
    if (!isTentative && (flags & flagDuplicate) === 0) continue;
    const address = ipEndpoint(digits.replace(/....(?=.)/g, '$&:'), 0);
    if (address?.kind === 'ipv6') unready.add(`${formatIpv6(address.address)} ${device}`);
  }
  return unready;
}

/** IFA_F_TENTATIVE, IFA_F_OPTIMISTIC, IFA_F_DADFAILED. */
const [flagTentative, flagOptimistic, flagDuplicate] = [0x40, 0x04, 0x08];

function isLinkLocal(ipv6: Uint8Array): boolean {
  return ipv6[0] === 0xfe && ((ipv6[1] ?? 0) & 0xc0) === 0x80;
}

function readInet6(): string {
  try {
    return readFileSync('/proc/net/if_inet6', 'utf8');
  } catch {
    return '';
  }
}
