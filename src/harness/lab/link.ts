/**
 * What the kernel says of routes and links on a host, by `ip -j` (iproute2's JSON; the fields are those of
 * ip-route(8) and ip-link(8)).
 */
import { z } from 'zod';

import { errorCode } from '../../base/errors.ts';
import type { LabHost } from './host.ts';

const routeSchema = z
  .tuple([
    z.object({
      dev: z.string(),
      prefsrc: z.string().optional(),
      metrics: z.array(z.object({ congestion: z.string().optional() })).optional(),
    }),
  ])
  .rest(z.unknown());

const counterSchema = z.object({ bytes: z.int(), packets: z.int() });
const linkSchema = z
  .tuple([
    z.object({
      mtu: z.int(),
      linkinfo: z
        .object({
          info_kind: z.string().optional(),
          info_data: z
            .object({
              id: z.int().optional(),
              link: z.string().optional(),
              port: z.int().optional(),
              type: z.string().optional().catch(undefined),
              remote: z.string().optional(),
            })
            .optional(),
        })
        .optional(),
      stats64: z.object({ tx: counterSchema, rx: counterSchema }),
    }),
  ])
  .rest(z.unknown());

export interface RouteFacts {
  readonly interface: string;
  readonly sourceAddress: string | null;
  /** What TCP connections over it use: the route's own, else the host's default. */
  readonly congestionControl: string | null;
}

export interface LinkFacts {
  readonly mtuBytes: number;
  /** `veth`, `vxlan`, `tap`, `tun`, …; null for hardware. */
  readonly kind: string | null;
  /** Of a tunnel: its identifier, the link beneath, the UDP port and the other end, where the kind has them. */
  readonly tunnel: {
    readonly id: number | null;
    readonly link: string | null;
    readonly port: number | null;
    readonly remote: string | null;
  };
  /**
   * What the link was given to send, as its driver counts: veth from the Ethernet header on, VXLAN from the inner IP
   * header on (iptunnel_xmit). What the kernel left uncut for segmentation offload counts as one packet.
   */
  readonly txBytes: number;
  readonly txPackets: number;
}

/** The route that packets to an address take. */
export async function readRoute(host: LabHost, address: string): Promise<RouteFacts> {
  const text = await host.ip('-j', 'route', 'get', address);
  const [route] = routeSchema.parse(JSON.parse(text));
  const pinned = route.metrics?.find(({ congestion }) => congestion !== undefined)?.congestion;
  return {
    interface: route.dev,
    sourceAddress: route.prefsrc ?? null,
    congestionControl: pinned ?? (await defaultCongestionControl(host)),
  };
}

/** The device of the route to a subnet; null where there is none. */
export async function routedThrough(host: LabHost, cidr: string): Promise<string | null> {
  const text = await host.ip('route', 'show', 'table', 'main', cidr);
  return /\bdev (\S+)/.exec(text)?.[1] ?? null;
}

/** Whether a host has a link of this name. */
export async function linkExists(host: LabHost, name: string): Promise<boolean> {
  const text = await host.ip('-br', 'link', 'show');
  return text.split('\n').some((line) => line.split(/[@ ]/)[0] === name);
}

/** A link of the host, with its counters. */
export async function readLink(host: LabHost, name: string): Promise<LinkFacts> {
  const text = await host.ip('-j', '-d', '-s', 'link', 'show', 'dev', name);
  const [link] = linkSchema.parse(JSON.parse(text));
  const data = link.linkinfo?.info_data;
  const kind = link.linkinfo?.info_kind ?? null;
  return {
    mtuBytes: link.mtu,
    // TAP and TUN devices are of one kind to the kernel, and of two types.
    kind: kind === 'tun' ? (data?.type ?? kind) : kind,
    tunnel: {
      id: data?.id ?? null,
      link: data?.link ?? null,
      port: data?.port ?? null,
      remote: data?.remote ?? null,
    },
    txBytes: link.stats64.tx.bytes,
    txPackets: link.stats64.tx.packets,
  };
}

async function defaultCongestionControl(host: LabHost): Promise<string | null> {
  const path = '/proc/sys/net/ipv4/tcp_congestion_control';
  const text = await host.run(['cat', path], { directory: '/' }).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
  return text === '' ? null : text;
}

/**
 * The congestion control of every lab. BBR, the default of some distributions, paces by a clock of its own and makes
 * tunnels look worse than they are (36,000 retransmissions in 4 s over bare veth); cubic is what most hosts run.
 */
export const congestionControl = 'cubic';

/**
 * Gives a link its address and brings it up, with {@link congestionControl} pinned on the route to the subnet. The
 * route and not `net.ipv4.tcp_congestion_control`: the kernel refuses an algorithm that the machine has not allowed to
 * unprivileged users in any namespace but the first, to root as well. An application that asks for another gets it.
 */
export async function assignAddress(
  host: LabHost,
  link: string,
  address: string,
  prefixLength: number,
): Promise<void> {
  await host.ip('address', 'add', `${address}/${prefixLength}`, 'dev', link);
  // No link-local address: its duplicate detection and router solicitations would be counted as our traffic.
  await host.ip('link', 'set', 'dev', link, 'addrgenmode', 'none');
  // Not in one command: the kernel would bring the link up first, and make the address.
  await host.ip('link', 'set', 'dev', link, 'up');
  await pinCongestionControl(host, link, address, prefixLength);
}

/** Pins {@link congestionControl} on the route to the subnet of an address that a link has. */
export async function pinCongestionControl(
  host: LabHost,
  link: string,
  address: string,
  prefixLength: number,
): Promise<void> {
  const octets = address.split('.').slice(0, 3).join('.');
  const route = [`${octets}.0/${prefixLength}`, 'dev', link, 'proto', 'kernel', 'scope', 'link'];
  try {
    await host.ip('route', 'change', ...route, 'src', address, 'congctl', congestionControl);
  } catch (error) {
    // A kernel without cubic keeps its default, and the facts of the path say so.
    if (errorCode(error) !== 'COMMAND_FAILED') throw error;
  }
}
