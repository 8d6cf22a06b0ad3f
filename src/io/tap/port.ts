/**
 * A TAP device as the node's driver sees it: an Ethernet card of this machine whose cable is us.
 *
 * Two implement it: the kernel's (`ffi-tap.ts`) and one inside the process (`memory-tap.ts`). There is none in pure
 * Node.js: making a device takes ioctl(2), which Node does not have. What they have in common is in
 * `test/conformance/tap.ts`.
 *
 * Segmentation offload is below this port: `ffi-tap.ts` cuts the runs of TCP that the kernel hands over as one, and joins
 * neighbours of the list that {@link Tap.write} gets. Above are Ethernet frames as they are on a cable.
 */
import type { Mac, NetworkId } from '../../base/ids.ts';
import type { FrameBatch } from '../../core/ports.ts';
import { ethernetHeaderLength } from '../../wire/ethernet/ethernet.ts';
import type { MulticastGroup } from '../../wire/multicast-group.ts';

/** Bytes of payload of a frame: vl1.md 2.3, and what Ethernet needs for IPv6. */
export const tapMtuMin = 1280;
export const tapMtuMax = 10_000;

/** Most frames of a batch that is handed on. */
export const frameCountMax = 64;

/** Bytes of the longest frame: the header, a VLAN tag, the payload. */
export const frameLengthMax: number = ethernetHeaderLength + 4 + tapMtuMax;

/** Groups that are looked at of one device: more than this is a mistake, or a flood. */
export const groupsMax = 1024;

export interface TapOptions {
  /** Put into the batches. */
  readonly networkId: NetworkId;
  /** 1 to 15 letters, digits, `-` and `_`. */
  readonly name: string;
  readonly mac: Mac;
  /** {@link tapMtuMin} to {@link tapMtuMax}. */
  readonly mtu: number;
  /** Gets the frames that this machine sends, at most {@link frameCountMax}, borrowed and free to be written. */
  readonly onFrames: (batch: FrameBatch) => void;
  /** Somebody else took the device away. It is closed by then. */
  readonly onGone?: () => void;
}

/** What a device has done. */
export interface TapCounters {
  /** Frames that this machine sent. */
  read: number;
  written: number;
  /** Frames that the device did not take: it is down, they are shorter than a header, or longer than any. */
  lost: number;
  /** Name of the error of the last loss: `EIO`, `EINVAL`. */
  lastLoss: string | null;
}

/** A device that is up. */
export interface Tap {
  readonly name: string;
  readonly networkId: NetworkId;
  readonly counters: Readonly<TapCounters>;
  /**
   * Hands some frames of a batch to this machine, in the order of the list, before it returns.
   *
   * @param batch - borrowed for the call. @param indices - of frames in it. @param count - of indices that are valid
   */
  write(batch: FrameBatch, indices: Int32Array, count: number): void;
  /** The multicast addresses that this machine listens to on the device, at most {@link groupsMax}, ADI 0. */
  groups(): readonly MulticastGroup[];
  /** Takes the device away, and with it its addresses and routes. Idempotent, and allowed inside `onFrames`. */
  close(): void;
}

/**
 * Makes a device and brings it up.
 *
 * @throws TAP_UNAVAILABLE, TAP_MISSING, TAP_PERMISSION, TAP_BUSY, TAP_NAME, TAP_REFUSED
 */
export type OpenTap = (options: TapOptions) => Tap;
