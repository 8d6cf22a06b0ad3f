/**
 * The identifiers of the protocol as branded numbers: one cannot be passed for another. Text is lower-case hexadecimal
 * of a fixed width when written; either case is read.
 */

declare const brand: unique symbol;

/** A node's address: 40 bits, written as 10 digits. */
export type Address = number & { readonly [brand]: 'address' };
/** An Ethernet address: 48 bits, written as `aa:bb:cc:dd:ee:ff`. */
export type Mac = number & { readonly [brand]: 'mac' };
/** A virtual network: 64 bits, written as 16 digits; the controller's address is in the upper 40. */
export type NetworkId = bigint & { readonly [brand]: 'network' };
/** A packet: 64 bits, written as 16 digits. With cipher suite 3 it is the one on the wire, after sealing. */
export type PacketId = bigint & { readonly [brand]: 'packet' };

/** Ten digits. */
export function formatAddress(address: Address): string {
  return address.toString(16).padStart(10, '0');
}

/** The address of ten digits; null for anything else. Reserved addresses pass: see `wire/identity`. */
export function parseAddress(text: string): Address | null {
  return /^[0-9a-f]{10}$/i.test(text) ? (Number.parseInt(text, 16) as Address) : null;
}

/** Six pairs of digits with colons. */
export function formatMac(mac: Mac): string {
  return mac
    .toString(16)
    .padStart(12, '0')
    .replace(/..(?=.)/g, '$&:');
}

/** The Ethernet address of six pairs of digits, with colons, hyphens or nothing between; null for anything else. */
export function parseMac(text: string): Mac | null {
  if (!/^([0-9a-f]{2}([:-]|$)){6}$|^[0-9a-f]{12}$/i.test(text) || /[:-]$/.test(text)) return null;
  return Number.parseInt(text.replace(/[:-]/g, ''), 16) as Mac;
}

/** Sixteen digits: of a network, a packet, a world, any 64 bits. */
export function formatU64(value: bigint): string {
  return value.toString(16).padStart(16, '0');
}

/** The network of sixteen digits; null for anything else. */
export function parseNetworkId(text: string): NetworkId | null {
  return /^[0-9a-f]{16}$/i.test(text) ? (BigInt(`0x${text}`) as NetworkId) : null;
}
