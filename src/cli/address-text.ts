/** The addresses of a member of a network, for people: IPv4 first, which they type; else in the order of the controller. */

/** `10.147.17.21/24, fd80:…/88`; nothing where there are none. */
export function addressText(addresses: readonly string[]): string {
  const isIpv6 = (address: string): boolean => address.includes(':');
  return [...addresses.filter((each) => !isIpv6(each)), ...addresses.filter(isIpv6)].join(', ');
}
