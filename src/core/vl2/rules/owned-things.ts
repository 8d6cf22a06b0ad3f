/**
 * Addresses that certificates of ownership name, to be looked up for each frame without allocation.
 *
 * A member has few (vl2 5.3: at most 16 a certificate), so a list is walked.
 */
import type { Mac } from '../../../base/ids.ts';
import type { OwnedThing } from '../../../wire/credentials/certificate-of-ownership.ts';
import { ownedIpTypes, type OwnedIpType } from './rule-frame.ts';

const macType = 1;
const macLength = 6;
const ipLengths: Readonly<Record<OwnedIpType, number>> = { 2: 4, 3: 16 };

/** A set of addresses. */
export class OwnedThings {
  readonly #macs: readonly number[];
  readonly #ips: readonly OwnedThing[];

  /** @param things - copied; those of unknown types are left out */
  constructor(things: readonly OwnedThing[]) {
    this.#macs = things.filter(({ type }) => type === macType).map(macOfThing);
    this.#ips = things
      .filter(({ type }) => type === ownedIpTypes.ipv4 || type === ownedIpTypes.ipv6)
      .map(({ type, value }) => ({ type, value: value.slice() }));
  }

  /** @param bytes - holds the address from `start` on */
  hasIp(type: OwnedIpType, bytes: Uint8Array, start: number): boolean {
    const length = ipLengths[type];
    for (const thing of this.#ips)
      if (thing.type === type && isAt(thing.value, length, bytes, start)) return true;
    return false;
  }

  hasMac(mac: Mac): boolean {
    return this.#macs.includes(mac);
  }
}

function macOfThing({ value }: OwnedThing): number {
  return value.subarray(0, macLength).reduce((sum, byte) => sum * 256 + byte, 0);
}

function isAt(value: Uint8Array, length: number, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < length; i++) if (value[i] !== bytes[start + i]) return false;
  return true;
}
