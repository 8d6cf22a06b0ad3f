/** What the node's driver wants of network interfaces: its taps set up, and to know the machine's own addresses. */
import type { OverspanError } from '../../base/errors.ts';
import type { TapState } from '../../core/ports.ts';

/** Addresses, routes and MTU of one device. */
export interface DeviceSetup {
  /**
   * Brings the device to a state: what is new is added, what an earlier state had and this one has not is withdrawn,
   * what others did to the device stays. To apply a state again mends what others took away.
   *
   * @returns what could not be done, each with its remedy; everything else is done
   */
  apply(state: TapState): readonly OverspanError[];
  /** Takes back all that was applied. @returns what could not be taken back */
  withdraw(): readonly OverspanError[];
  /** Lets go of the device as it is. Idempotent. */
  close(): void;
}

/** Takes a device in hand. @throws NETIF_MISSING where there is none of the name */
export type OpenDevice = (device: string) => DeviceSetup;

/** An address of this machine. */
export interface InterfaceAddress {
  readonly device: string;
  readonly family: 'ipv4' | 'ipv6';
  /** Text, RFC 5952 for IPv6. */
  readonly ip: string;
}

export interface AddressWatchOptions {
  /** Devices whose addresses are not wanted: our own taps. Asked again for each list. */
  readonly isExcluded: (device: string) => boolean;
  /** Gets the list whenever it is another than before; not at the beginning. */
  readonly onChange: (addresses: readonly InterfaceAddress[]) => void;
}

/** A running watch. */
export interface AddressWatch {
  /** As last seen, in the order of the system. At most {@link addressesMax}. */
  readonly addresses: readonly InterfaceAddress[];
  /** Looks now: after something happened that only the caller knows. */
  refresh(): void;
  /** Idempotent, and allowed inside `onChange`. */
  close(): void;
}

/** Addresses that are looked at: each becomes sockets and datagrams. */
export const addressesMax = 64;
