/**
 * The network below: sites with hosts, each joined to the internet by a line in either direction, behind boxes.
 *
 * ```
 * host — (lan) — host
 *   └── box … box ── up/down line ── internet ── up/down line ── box … box ── host
 * ```
 *
 * The internet itself loses nothing and takes no time, but it can refuse to carry between two hosts ({@link Underlay.block})
 * and it is long: what was sent with a small time-to-live dies in it. A datagram to an address of the own site stays there.
 * Public IPv4 addresses of a world are taken from 5.0.0.0/8, whose scope is global (vl1 2.14 counts the documentation
 * ranges as private); nothing of this ever leaves the memory of the process.
 */
import { assert } from '../src/base/errors.ts';
import type { Prng } from '../src/base/prng.ts';
import { EndpointTable, type Endpoint } from '../src/core/endpoint.ts';
import { scopeOf } from '../src/wire/ip-scope.ts';
import { ipOf, type Box } from './box.ts';
import type { EventQueue } from './event-queue.ts';
import { Link, perfectLink, type LinkQuality } from './link.ts';
import { PacketLog, type LoggedDatagram } from './packet-log.ts';

/** Who is given datagrams. */
export interface Station {
  readonly name: string;
  /** Whether a socket of it is bound there. */
  listens(destination: Endpoint): boolean;
  /** @param bytes - its own */
  receive(source: Endpoint, destination: Endpoint, bytes: Uint8Array): void;
}

/** A place with hosts. */
export interface Site {
  readonly name: string;
  /** From the hosts outwards. */
  readonly boxes: readonly Box[];
  readonly up: Link;
  readonly down: Link;
  readonly lan: Link;
  /** By address. */
  readonly stations: Map<string, Station>;
}

/** How a site is. */
export interface SiteOptions {
  readonly name: string;
  readonly boxes?: readonly Box[];
  /** To the internet. */
  readonly up?: Partial<LinkQuality>;
  readonly down?: Partial<LinkQuality>;
  readonly lan?: Partial<LinkQuality>;
}

/** Longer than anything that a node says by itself to a member: what is as long carries what was put on a tap. */
export const longBytes = 1_200;
/** What an ordinary host sends with. */
const ttlDefault = 64;
/** Routers between two sites. */
const internetHops = 8;
/** The longest datagram that a line carries, IP header and all. */
const mtu = 1500;
const headerBytes = { ipv4: 28, ipv6: 48 } as const;

/** See the head of this file. */
export class Underlay {
  readonly endpoints = new EndpointTable();
  readonly log = new PacketLog();
  readonly sites: Site[] = [];
  readonly #queue: EventQueue;
  readonly #nowMs: () => number;
  readonly #prngOf: (name: string) => Prng;
  /** Which site an address outside belongs to. */
  readonly #siteOf = new Map<string, Site>();
  readonly #blocked = new Set<string>();
  /** Long datagrams that arrived, by sender and receiver. */
  readonly #long = new Map<string, number>();

  constructor(queue: EventQueue, nowMs: () => number, prngOf: (name: string) => Prng) {
    this.#queue = queue;
    this.#nowMs = nowMs;
    this.#prngOf = prngOf;
  }

  addSite(options: SiteOptions): Site {
    const link = (what: string, quality: Partial<LinkQuality> = {}): Link =>
      new Link({ ...perfectLink, ...quality }, this.#prngOf(`${options.name} ${what}`));
    const site: Site = {
      name: options.name,
      boxes: options.boxes ?? [],
      up: link('up', options.up),
      down: link('down', options.down),
      lan: link('lan', { delayMs: 0.2, ...options.lan }),
      stations: new Map(),
    };
    this.sites.push(site);
    return site;
  }

  /** Makes an address lead to a site; the last to say so has it. */
  route(ip: string, site: Site): void {
    this.#siteOf.set(ip, site);
  }

  /** Gives an address of a site to a station; a public one must be routed there, too. */
  attach(site: Site, ip: string, station: Station): void {
    assert(!site.stations.has(ip), `${ip} is free at ${site.name}`);
    site.stations.set(ip, station);
  }

  detach(site: Site, ip: string): void {
    site.stations.delete(ip);
  }

  /** Refuses to carry anything from one host to another over the internet. */
  block(from: string, to: string): void {
    this.#blocked.add(`${from} ${to}`);
  }

  unblock(from: string, to: string): void {
    this.#blocked.delete(`${from} ${to}`);
  }

  /** Datagrams of {@link longBytes} and more that one host's sockets received from another's, so far. */
  longDatagrams(from: string, to: string): number {
    return this.#long.get(`${from} ${to}`) ?? 0;
  }

  /** A host sends. @param bytes - copied. @param ttl - 0: the ordinary one */
  send(
    site: Site,
    from: string,
    source: Endpoint,
    destination: Endpoint,
    bytes: Uint8Array,
    ttl = 0,
  ): void {
    const nowMs = this.#nowMs();
    const entry = this.log.sent(nowMs, from, source, destination, bytes.slice());
    const { kind } = destination.address;
    if (bytes.length + headerBytes[kind] > mtu) {
      this.log.lost(nowMs, entry, 'too-long');
      return;
    }
    if (site.stations.has(ipOf(destination))) {
      this.#over(site.lan, entry, () => {
        this.#hand(site, entry, destination);
      });
      return;
    }
    let hopsLeft = ttl === 0 ? ttlDefault : ttl;
    let outside = source;
    for (const box of site.boxes) {
      if (--hopsLeft <= 0) {
        this.log.lost(nowMs, entry, 'ttl-exceeded');
        return;
      }
      const translated = box.outbound(nowMs, outside, destination);
      if (typeof translated === 'string') {
        this.log.lost(nowMs, entry, translated);
        return;
      }
      outside = translated;
    }
    entry.source = outside;
    this.#over(site.up, entry, () => {
      this.#carry(site, entry, hopsLeft);
    });
  }

  /** Over the internet. */
  #carry(from: Site, entry: LoggedDatagram, hopsLeft: number): void {
    const nowMs = this.#nowMs();
    const { destination } = entry;
    // Nobody routes private addresses, neither as source nor as destination.
    if (isPrivate(destination) || isPrivate(entry.source)) {
      this.log.lost(nowMs, entry, 'no-route');
      return;
    }
    if (hopsLeft <= internetHops) {
      this.log.lost(nowMs, entry, 'ttl-exceeded');
      return;
    }
    const to = this.#siteOf.get(ipOf(destination));
    if (to === undefined) {
      this.log.lost(nowMs, entry, 'no-route');
      return;
    }
    if (to === from) {
      this.log.lost(nowMs, entry, 'no-hairpin');
      return;
    }
    this.#over(to.down, entry, () => {
      this.#enter(to, entry);
    });
  }

  /** Through the boxes of the site where it is to go. */
  #enter(site: Site, entry: LoggedDatagram): void {
    const nowMs = this.#nowMs();
    let inside = entry.destination;
    for (const box of site.boxes.toReversed()) {
      const translated = box.inbound(nowMs, entry.source, inside);
      if (typeof translated === 'string') {
        this.log.lost(nowMs, entry, translated);
        return;
      }
      inside = translated;
    }
    this.#hand(site, entry, inside);
  }

  #hand(site: Site, entry: LoggedDatagram, inside: Endpoint): void {
    const nowMs = this.#nowMs();
    const station = site.stations.get(ipOf(inside));
    if (station?.listens(inside) !== true) {
      this.log.lost(nowMs, entry, 'no-listener');
      return;
    }
    entry.to = station.name;
    const pair = `${entry.from} ${station.name}`;
    if (this.#blocked.has(pair)) {
      this.log.lost(nowMs, entry, 'blocked');
      return;
    }
    this.log.arrived(nowMs, entry);
    if (entry.bytes.length >= longBytes) this.#long.set(pair, (this.#long.get(pair) ?? 0) + 1);
    // A copy each: a node opens packets where they lie.
    station.receive(entry.source, inside, entry.bytes.slice());
  }

  #over(link: Link, entry: LoggedDatagram, then: () => void): void {
    const nowMs = this.#nowMs();
    const arrivals = link.transit(nowMs, entry.bytes.length);
    if (typeof arrivals === 'string') {
      this.log.lost(nowMs, entry, arrivals);
      return;
    }
    for (const arrivalMs of arrivals) this.#queue.add(arrivalMs, then);
  }
}

function isPrivate({ address }: Endpoint): boolean {
  return scopeOf(address) !== 'global';
}
