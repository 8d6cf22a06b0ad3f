/** The path of an engine whose daemons move packets between a TAP or TUN device and a UDP socket. */
import type { LabHost } from '../lab/host.ts';
import { readLink, readRoute } from '../lab/link.ts';
import type { PathFacts } from './engine.ts';

/** What the engine knows of the path, or has read from its daemons. */
export interface Tunnel {
  /** `zerotier`, `wireguard`, … */
  readonly encapsulation: string;
  /** Of the other host on the overlay. */
  readonly address: string;
  /** Where the daemon sends what goes there. */
  readonly endpoint: { readonly address: string; readonly port: number };
}

/** Reads the rest from the system: route and device of the overlay, and of the underlay beneath. */
export async function tunnelPath(from: LabHost, tunnel: Tunnel): Promise<PathFacts> {
  const { encapsulation, address, endpoint } = tunnel;
  const route = await readRoute(from, address);
  const { kind, mtuBytes } = await readLink(from, route.interface);
  const underlay = await readRoute(from, endpoint.address);
  return {
    ...route,
    description: `${kind ?? 'link'} ${route.interface} over ${underlay.interface}, UDP ${endpoint.port}, MTU ${mtuBytes}`,
    mtuBytes,
    encapsulation,
    underlayInterface: underlay.interface,
    underlayMtuBytes: (await readLink(from, underlay.interface)).mtuBytes,
  };
}
