/**
 * A host that is the controller of one network: 10.20.0.0/16 and both kinds of IPv6 addresses, private, everything
 * allowed. What it has decided outlives its restarts, as in a daemon with a disk.
 */
import { assert } from '../src/base/errors.ts';
import type { Address, NetworkId } from '../src/base/ids.ts';
import {
  Controller,
  type ControllerCounts,
  type MemberStatus,
} from '../src/controller/controller.ts';
import type { NetworkSettings } from '../src/controller/network-record.ts';
import { MemoryStore } from '../src/controller/store.ts';
import type { Now } from '../src/core/ports.ts';
import { networkIdOf } from '../src/wire/network-id.ts';
import type { Host, HostOptions } from './host.ts';
import type { SimWorld } from './world.ts';

/** What of the network's settings is to be otherwise. */
export type SimNetworkOptions = Partial<NetworkSettings>;

const settings: Partial<NetworkSettings> = {
  name: 'sim',
  assignsRfc4193: true,
  assigns6plane: true,
  routes: [{ target: '10.20.0.0/16', via: null }],
};

/** See the head of this file. */
export class SimController {
  readonly host: Host;
  readonly networkId: NetworkId;
  readonly #store = new MemoryStore();
  readonly #ips = new Map<Address, string>();
  /** Said before the node was first started. */
  #wanted: ((controller: Controller, now: Now) => void)[] = [];
  #controller: Controller | null = null;

  constructor(world: SimWorld, options: HostOptions, network: SimNetworkOptions = {}) {
    this.networkId = networkIdOf(options.identity.identity.address, 1);
    this.#wanted.push((controller, now) => {
      controller.importNetwork(now, this.networkId, { ...settings, ...network });
    });
    this.host = world.host({
      ...options,
      controller: (vl1) => (this.#controller = new Controller(vl1, { store: this.#store })),
      onStart: (now) => {
        const controller = this.#controller;
        if (controller !== null) for (const say of this.#wanted.splice(0)) say(controller, now);
      },
    });
  }

  /** Lets a host in, with a fixed IPv4 address. */
  authorize(host: Host): void {
    const { address } = host;
    const ip = this.assignedIp(host);
    this.#command((controller, now) => {
      controller.setMember(now, this.networkId, address, {
        name: host.name,
        ipAssignments: [ip],
      });
      controller.authorize(now, this.networkId, address);
    });
  }

  /** Shuts a host out. */
  deauthorize(host: Host): void {
    this.#command((controller, now) => {
      controller.deauthorize(now, this.networkId, host.address);
    });
  }

  /** Shuts hosts out, with one word. */
  deauthorizeAll(hosts: readonly Host[]): void {
    this.#command((controller, now) => {
      controller.deauthorizeAll(
        now,
        this.networkId,
        hosts.map(({ address }) => address),
      );
    });
  }

  /** Everybody that it knows of, as it is now. Its host must be running. */
  get members(): readonly MemberStatus[] {
    return this.#made.members(this.host.now(), this.networkId);
  }

  /** What has happened since its host was started. */
  get counts(): Readonly<ControllerCounts> {
    return this.#made.counts;
  }

  /** Who has not confirmed that a host is shut out. */
  waitingFor({ address }: Host): readonly Address[] {
    return this.#controller?.revocation(this.networkId, address)?.waiting ?? [];
  }

  /** The IPv4 address that a host has, or is to have when it is let in. */
  assignedIp({ address }: Host): string {
    const known = this.#ips.get(address);
    if (known !== undefined) return known;
    const number = this.#ips.size + 1;
    const ip = `10.20.${number >> 8}.${number & 255}`;
    this.#ips.set(address, ip);
    return ip;
  }

  get #made(): Controller {
    assert(this.#controller !== null, 'its host was started');
    return this.#controller;
  }

  #command(say: (controller: Controller, now: Now) => void): void {
    if (!this.host.isRunning) {
      this.#wanted.push(say);
      return;
    }
    this.host.command((_node, now) => {
      if (this.#controller !== null) say(this.#controller, now);
    });
  }
}
