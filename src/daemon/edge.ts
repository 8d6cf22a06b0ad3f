/** What connects a daemon to its machine: sockets, devices, the machine's own addresses and its clocks. */
import { randomFillSync } from 'node:crypto';

import type { Clock } from '../base/clock.ts';
import type { Mac, NetworkId } from '../base/ids.ts';
import type { Entropy } from '../core/ports.ts';
import {
  machineRanges,
  openKernelDevice,
  watchAddresses,
  type AddressWatch,
  type AddressWatchOptions,
  type OpenDevice,
} from '../io/netif/index.ts';
import { ffiTap, type OpenTap } from '../io/tap/index.ts';
import { chooseUdp, type OpenUdp } from '../io/udp/index.ts';
import { systemClock } from '../sys/clock.ts';
import { daemonError } from './errors.ts';

/** Where datagrams and frames come from and go to. */
export interface DaemonEdge {
  readonly openUdp: OpenUdp;
  readonly openTap: OpenTap;
  readonly openDevice: OpenDevice;
  readonly watchAddresses: (options: AddressWatchOptions) => AddressWatch;
  /** Prefixes of IPv4 that the machine knows a way to. */
  readonly ranges: () => Promise<readonly string[]>;
  readonly clock: Clock;
}

/** The generator of the system. A few bytes are taken from more that were drawn at once: a call costs microseconds. */
export const systemEntropy: Entropy = {
  fill: (bytes) => {
    if (bytes.length > fewBytes) {
      randomFillSync(bytes);
      return;
    }
    if (drawn.length - drawnUsed < bytes.length) {
      randomFillSync(drawn);
      drawnUsed = 0;
    }
    const end = drawnUsed + bytes.length;
    bytes.set(drawn.subarray(drawnUsed, end));
    // Some of it are secrets, and none may be given twice.
    drawn.fill(0, drawnUsed, end);
    drawnUsed = end;
  },
};

const fewBytes = 16;
const drawn = new Uint8Array(2_048);
let drawnUsed = drawn.length;

/** How the edge of a daemon is chosen. */
export interface EdgeOptions {
  /** What was given; the rest is of this machine. */
  readonly edge?: Partial<DaemonEdge> | undefined;
  /** False: no devices are made. */
  readonly withDevices?: boolean | undefined;
  /** Gets a sentence where a slower way is taken. */
  readonly log: (message: string) => void;
}

/** The edge that was given, and of this machine what was not. @throws TAP_UNAVAILABLE where devices are wanted and cannot be */
export function systemEdge({ edge, withDevices, log }: EdgeOptions): DaemonEdge {
  return {
    openUdp: edge?.openUdp ?? chooseUdp({ log }),
    openTap: edge?.openTap ?? (withDevices === false ? noTap : ffiTap()),
    openDevice: edge?.openDevice ?? openKernelDevice,
    watchAddresses: edge?.watchAddresses ?? watchAddresses,
    ranges: edge?.ranges ?? (() => machineRanges()),
    clock: edge?.clock ?? systemClock,
  };
}

/** Makes a device and takes it away: whether this process may is better said now than at the first join. @throws TAP_… */
export function checkTap(open: OpenTap): void {
  const probe = open({
    networkId: 0n as NetworkId,
    name: `ovs${process.pid}`.slice(0, 15),
    mac: 0x02_00_00_00_00_01 as Mac,
    mtu: 1280,
    onFrames: () => undefined,
  });
  probe.close();
}

const noTap: OpenTap = () => {
  throw daemonError('DEVICES_OFF', 'this node was started without devices', {
    remedy: 'start it again without --no-devices: overspan up',
  });
};
