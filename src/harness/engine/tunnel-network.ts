/**
 * A network of daemons that each move packets between a TUN device and a UDP socket, and know each other from their
 * configuration: what the engines of WireGuard, Nebula, tinc and OpenVPN have in common.
 */
import { assert } from '../../base/errors.ts';
import type { Daemon } from '../lab/daemon.ts';
import type { LabHost } from '../lab/host.ts';
import {
  assignAddress,
  linkExists,
  pinCongestionControl,
  readLink,
  routedThrough,
} from '../lab/link.ts';
import { daemonCost } from './cost.ts';
import type { EngineContext, OverlayNetwork } from './engine.ts';
import { untilReachable, untilReady, type WaitOptions } from './ready.ts';
import { tunnelPath, type Tunnel } from './tunnel-path.ts';

/** What is different from one program to the next. */
export interface TunnelProgram {
  readonly encapsulation: string;
  /** The name of its device, the same on every host. */
  readonly link: string;
  /** Of its socket on every host. */
  readonly port: number;
  /** Whether the daemon gives its device the address; else it is given here. */
  readonly assignsAddress: boolean;
  start(host: LabHost): Promise<Daemon>;
  /** Tells a daemon, or a device, what its command line could not. Called when the device is there. */
  configure?(host: LabHost): Promise<void>;
  /** Whether the daemon of a host carries packets as it will from now on; where to be reached is not enough. */
  isSettled?(daemon: Daemon): Promise<boolean>;
  /** Where the daemon of a host sends what is for another, read from it. Default: what it was told. */
  endpoint?(from: LabHost, to: LabHost): Promise<Tunnel['endpoint']>;
}

/** The network, without members. */
export function tunnelNetwork(context: EngineContext, program: TunnelProgram): OverlayNetwork {
  const { hosts, subnet, signal } = context;
  const { link, port, encapsulation } = program;
  const daemons: Daemon[] = [];
  const waiting = (what: string): WaitOptions => ({ what, daemons, signal });
  const isSettled = program.isSettled?.bind(program);

  const becomeReady = async (last: LabHost): Promise<void> => {
    for (const host of hosts)
      if (host.name !== last.name)
        await untilReachable(
          last,
          subnet.addressOf(host),
          waiting(`host ${host.name} to be reached from ${last.name}`),
        );
    if (isSettled === undefined) return;
    for (const daemon of daemons)
      await untilReady(waiting(`${daemon.name} on host ${daemon.host.name} to settle`), async () =>
        (await isSettled(daemon)) ? true : null,
      );
  };
  return {
    join: async (host) => {
      const address = subnet.addressOf(host);
      daemons.push(await program.start(host));
      await untilReady(waiting(`${link} on host ${host.name}`), async () => {
        if (!(await linkExists(host, link))) return null;
        return !program.assignsAddress || (await routedThrough(host, subnet.cidr)) === link
          ? true
          : null;
      });
      await program.configure?.(host);
      if (program.assignsAddress)
        await pinCongestionControl(host, link, address, subnet.prefixLength);
      else await assignAddress(host, link, address, subnet.prefixLength);
      if (daemons.length === hosts.length) await becomeReady(host);
      const { mtuBytes } = await readLink(host, link);
      return { address, interface: link, mtuBytes };
    },
    address: (host) => subnet.addressOf(host),
    path: async (from, to) => {
      const address = subnet.addressOf(to);
      const known = { address: to.underlayAddress, port };
      const endpoint = (await program.endpoint?.(from, to)) ?? known;
      return tunnelPath(from, { encapsulation, address, endpoint });
    },
    cost: (host) => daemonCost(host, link, daemons),
    down: () => context.undo(),
  };
}

/** The other host of two. */
export function otherOf(hosts: readonly LabHost[], host: LabHost): LabHost {
  const others = hosts.filter(({ name }) => name !== host.name);
  const [other] = others;
  assert(other !== undefined && others.length === 1, 'a point-to-point tunnel joins two hosts');
  return other;
}
