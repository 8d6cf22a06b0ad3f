/**
 * The taps of the networks that a node has joined: made, changed and taken away as the node says, frames brought to them,
 * and the multicast groups that this machine listens to on them watched.
 */
import { errorCode, errorMessage, OverspanError } from '../base/errors.ts';
import { formatU64, type NetworkId } from '../base/ids.ts';
import type { FrameBatch, TapState } from '../core/ports.ts';
import type { DeviceSetup, OpenDevice } from '../io/netif/index.ts';
import type { OpenTap, Tap } from '../io/tap/index.ts';
import type { MulticastGroup } from '../wire/multicast-group.ts';
import { deviceName } from '../wire/network-id.ts';
import type { Log } from './log.ts';

/** What taps are made with. */
export interface TapsOptions {
  readonly open: OpenTap;
  readonly openDevice: OpenDevice;
  readonly onFrames: (batch: FrameBatch) => void;
  /** The groups of a tap are others than before. Not called from within {@link Taps.apply}. */
  readonly onGroups: (networkId: NetworkId, groups: readonly MulticastGroup[]) => void;
  /** Somebody took a device away. It will be made again. */
  readonly onGone: (networkId: NetworkId) => void;
  readonly log: Log;
}

interface Device {
  readonly tap: Tap;
  readonly setup: DeviceSetup;
  groupsKey: string;
}

/** Names that are tried where others are taken. */
const namesMax = 16;
/** How often groups are looked at. The official service does it every 5 s, which is how long IPv6 then takes to work. */
export const groupsIntervalMs = 1_000;
/** How often after a change of the tap: what the system joins because of it, it joins at once. */
const settlingMs: readonly number[] = [0, 50, 200];

/** All taps of a node. */
export class Taps {
  readonly #options: TapsOptions;
  readonly #devices = new Map<NetworkId, Device>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #watch: NodeJS.Timeout;
  #indices = new Int32Array(64);
  /** Frames for a network that has no tap. */
  #homeless = 0;

  constructor(options: TapsOptions) {
    this.#options = options;
    this.#watch = setInterval(() => {
      this.#lookAtGroups();
    }, groupsIntervalMs).unref();
  }

  /** Frames that were for a network without a tap. */
  get homeless(): number {
    return this.#homeless;
  }

  /** The device of a network; null where it has none. */
  deviceOf(networkId: NetworkId): string | null {
    return this.#devices.get(networkId)?.tap.name ?? null;
  }

  /** Whether a device of this machine is one of ours. */
  isOurs(device: string): boolean {
    for (const { tap } of this.#devices.values()) if (tap.name === device) return true;
    return false;
  }

  /**
   * Makes the tap of a network, or changes it. What of its addresses and routes could not be had is logged.
   *
   * @returns whether there is one now
   */
  apply(state: TapState): boolean {
    const { log } = this.#options;
    const { networkId } = state;
    const network = formatU64(networkId);
    try {
      const device = this.#deviceFor(state);
      for (const problem of device.setup.apply(state))
        log.warn('not set up', { network, problem: problem.message, remedy: problem.remedy });
      for (const delayMs of settlingMs) this.#lookSoon(delayMs);
      return true;
    } catch (error) {
      if (!(error instanceof OverspanError)) throw error;
      const { code, remedy } = error;
      log.error('no device', { network, code, problem: errorMessage(error), remedy });
      return false;
    }
  }

  /** Takes the tap of a network away. Nothing where it has none. */
  remove(networkId: NetworkId): void {
    const device = this.#devices.get(networkId);
    if (device === undefined) return;
    this.#devices.delete(networkId);
    device.setup.withdraw();
    device.setup.close();
    device.tap.close();
    this.#options.log.info('device removed', {
      network: formatU64(networkId),
      device: device.tap.name,
    });
  }

  /** Writes [0, count) of a batch, each frame to the tap of its network; the order of those of one tap is kept. */
  write(batch: FrameBatch): void {
    if (this.#indices.length < batch.count) this.#indices = new Int32Array(batch.networks.length);
    let written = 0;
    for (const { tap } of this.#devices.values()) {
      let chosen = 0;
      for (let i = 0; i < batch.count; i++)
        if (batch.networks[i] === tap.networkId) this.#indices[chosen++] = i;
      if (chosen > 0) tap.write(batch, this.#indices, chosen);
      written += chosen;
      if (written === batch.count) return;
    }
    this.#homeless += batch.count - written;
  }

  /** Takes all away. Idempotent. */
  close(): void {
    clearInterval(this.#watch);
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    for (const networkId of [...this.#devices.keys()]) this.remove(networkId);
  }

  #deviceFor(state: TapState): Device {
    const known = this.#devices.get(state.networkId);
    // The Ethernet address follows from node and network, and stays.
    if (known !== undefined) return known;
    const tap = this.#open(state);
    try {
      const setup = this.#options.openDevice(tap.name);
      const device = { tap, setup, groupsKey: '' };
      this.#devices.set(state.networkId, device);
      this.#options.log.info('device', {
        network: formatU64(state.networkId),
        device: tap.name,
        mtu: state.mtu,
        addresses: state.addresses.map(({ ip, bits }) => `${ip}/${bits}`).join(','),
      });
      return device;
    } catch (error) {
      tap.close();
      throw error;
    }
  }

  /** Opens a device under the first name that is free. */
  #open(state: TapState): Tap {
    const { open, onFrames } = this.#options;
    const { networkId, mac, mtu } = state;
    for (let attempt = 0; ; attempt++) {
      const name = attempt === 0 ? state.deviceName : deviceName(networkId, attempt);
      try {
        return open({
          networkId,
          name,
          mac,
          mtu,
          onFrames,
          onGone: () => {
            this.#lost(networkId);
          },
        });
      } catch (error) {
        if (errorCode(error) !== 'TAP_BUSY' || attempt + 1 === namesMax) throw error;
      }
    }
  }

  #lost(networkId: NetworkId): void {
    const device = this.#devices.get(networkId);
    if (device === undefined) return;
    this.#devices.delete(networkId);
    device.setup.close();
    device.tap.close();
    this.#options.log.warn('somebody removed the device', {
      network: formatU64(networkId),
      device: device.tap.name,
    });
    this.#options.onGone(networkId);
  }

  #lookSoon(delayMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#lookAtGroups();
    }, delayMs);
    this.#timers.add(timer);
  }

  #lookAtGroups(): void {
    for (const [networkId, device] of this.#devices) {
      const groups = device.tap.groups();
      const key = groups.map(({ mac }) => mac).join();
      if (key === device.groupsKey) continue;
      device.groupsKey = key;
      this.#options.onGroups(networkId, groups);
    }
  }
}
