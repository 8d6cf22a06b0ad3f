/**
 * Who appears in most scenarios: a root R (or several), a controller C with one network, members A, B, D, E … each at a
 * site of its own, with lines of a few milliseconds drawn from the seed.
 *
 * Nobody is started yet: {@link Cast.startAll}. Sites behind a NAT all use the same private addresses, as homes do.
 */
import { latin1Text } from '../src/base/bytes.ts';
import type { NetworkId } from '../src/base/ids.ts';
import type { NodeLimits } from '../src/core/constants.ts';
import { worldKeyOf } from '../src/root/world-key.ts';
import { makeWorld } from '../src/root/make-world.ts';
import { ipEndpoint } from '../src/wire/inet-address.ts';
import { parseSecretIdentity, type SecretIdentity } from '../src/wire/identity.ts';
import type { World as Planet } from '../src/wire/world.ts';
import { testIdentity, testIdentityCount } from '../test/vectors/identities.ts';
import { loadBytes } from '../test/vectors/load.ts';
import { SimController, type SimNetworkOptions } from './sim-controller.ts';
import type { Host } from './host.ts';
import type { LinkQuality } from './link.ts';
import type { Nat, NatKind } from './nat.ts';
import type { Site } from './underlay.ts';
import type { SimWorld } from './world.ts';

/** How a site reaches the internet. */
export interface PlaceOptions {
  readonly nat?: NatKind | 'none';
  readonly natTimeoutMs?: number;
  readonly hasFirewall?: boolean;
  /** A public IPv6 address beside the IPv4 one. */
  readonly hasIpv6?: boolean;
  /** Of the line, both directions; the delay is drawn unless given. */
  readonly link?: Partial<LinkQuality>;
}

/** A member. */
export interface MemberOptions extends PlaceOptions {
  readonly name?: string;
  readonly validationMs?: number;
}

/** What a cast is made of. */
export interface CastOptions {
  readonly roots?: number;
  readonly members: readonly MemberOptions[];
  readonly network?: SimNetworkOptions;
  /** Whether the members may join before they ask. Default: true. */
  readonly isAuthorized?: boolean;
  readonly link?: Partial<LinkQuality>;
  readonly rootHasIpv6?: boolean;
  /** Of all nodes. */
  readonly limits?: Partial<NodeLimits>;
}

/** A site, the addresses of its first host, and its NAT if it has one. */
export interface Place {
  readonly site: Site;
  readonly ips: readonly string[];
  readonly nat: Nat | null;
}

const names = 'ABDEFGHIJKLMNOPQSTUVWXYZ';
const delayMs = { least: 2, most: 15 };

/** See the head of this file. */
export class Cast {
  readonly world: SimWorld;
  readonly planet: Planet;
  readonly roots: readonly Host[];
  readonly controller: SimController;
  readonly members: readonly Host[];
  readonly #options: CastOptions;
  #places = 0;
  #identities = 0;

  constructor(world: SimWorld, options: CastOptions) {
    this.world = world;
    this.#options = options;
    const { roots: rootCount = 1, limits = {} } = options;
    const roots = Array.from({ length: rootCount }, () => ({
      place: this.place(`root ${this.#places + 1}`, { hasIpv6: options.rootHasIpv6 === true }),
      identity: this.identity(),
    }));
    this.planet = planetOf(world, roots);
    this.roots = roots.map(({ place, identity }, i) =>
      world.host({
        name: rootCount === 1 ? 'R' : `R${i + 1}`,
        site: place.site,
        ips: place.ips,
        identity,
        planet: this.planet,
        limits,
      }),
    );
    const at = this.place('controller', {});
    this.controller = new SimController(
      world,
      { name: 'C', site: at.site, ips: at.ips, identity: this.identity(), planet: this.planet },
      options.network,
    );
    this.members = options.members.map((member, i) => this.member(member, names[i] ?? `M${i}`));
  }

  get networkId(): NetworkId {
    return this.controller.networkId;
  }

  get root(): Host {
    return this.roots[0]!;
  }

  /** One of the identities that nobody has yet: of the thousand, then of those of the captures. */
  identity(): SecretIdentity {
    const index = this.#identities++;
    return index < testIdentityCount
      ? testIdentity(index)
      : capturedIdentity(index - testIdentityCount);
  }

  /** Another member, authorised unless the cast's are not. */
  member(options: MemberOptions, name: string): Host {
    const { site, ips } = this.place(name, options);
    const host = this.world.host({
      name: options.name ?? name,
      site,
      ips,
      identity: this.identity(),
      planet: this.planet,
      limits: this.#options.limits ?? {},
      ...(options.validationMs === undefined ? {} : { validationMs: options.validationMs }),
    });
    if (this.#options.isAuthorized !== false) this.controller.authorize(host);
    return host;
  }

  /** Another member at the site of one. */
  neighbour(of: Host, ip: string, name: string): Host {
    const { site } = of;
    const host = this.world.host({
      name,
      site,
      ips: [ip],
      identity: this.identity(),
      planet: this.planet,
    });
    this.controller.authorize(host);
    return host;
  }

  /** Another site with public addresses of its own. */
  place(name: string, options: PlaceOptions): Place {
    const { world } = this;
    const number = ++this.#places;
    // Each in another /24: a node asks those of one to greet it one after the other (vl1 8.3).
    const publicIp = `5.${number >> 8}.${number & 255}.1`;
    const link = {
      delayMs: world.between(delayMs.least, delayMs.most),
      ...this.#options.link,
      ...options.link,
    };
    const natKind = options.nat ?? 'none';
    const nat =
      natKind === 'none'
        ? null
        : world.nat({ kind: natKind, publicIp, timeoutMs: options.natTimeoutMs ?? 30_000 });
    const site = world.site({
      name: `${name}'s site`,
      boxes: [...(options.hasFirewall === true ? [world.firewall()] : []), ...(nat ? [nat] : [])],
      up: link,
      down: link,
    });
    world.underlay.route(publicIp, site);
    const ipv6 = options.hasIpv6 === true ? [`2001:db8:${number.toString(16)}::1`] : [];
    return { site, ips: [nat === null ? publicIp : '192.168.1.10', ...ipv6], nat };
  }

  /** Starts the roots, the controller and the members at the same time. */
  startAll(): void {
    for (const host of [...this.roots, this.controller.host, ...this.members]) host.start();
  }

  /** Starts everybody, and waits until all members are in the network. @returns after how many ms they are */
  startAndJoin(withinMs = 5_000): number {
    const { world } = this;
    this.startAll();
    for (const member of this.members) member.join(this.networkId);
    return world.waitFor(
      'all members have an address',
      () => this.members.every((member) => this.isMember(member)),
      withinMs,
    );
  }

  /** Whether the network has given a host its addresses. */
  isMember(host: Host): boolean {
    return host.isRunning && host.stack(this.networkId).isUp;
  }

  /** An address of a member in the network: its first IPv4 one, or IPv6. */
  ip(host: Host, family: 4 | 6 = 4): string {
    const { addresses } = host.stack(this.networkId);
    const ip = addresses.find((each) => each.includes(':') === (family === 6));
    return ip ?? this.world.fail(`${host.name} has no IPv${family} address`);
  }
}

/** A planet with these roots. */
export function planetOf(
  world: SimWorld,
  roots: readonly { readonly identity: SecretIdentity; readonly place: Place }[],
): Planet {
  const secret = new Uint8Array(64);
  const prng = world.prngOf('planet');
  for (let i = 0; i < secret.length; i++) secret[i] = prng.below(256);
  return makeWorld(world.provider, {
    kind: 'planet',
    id: 0x5150n,
    wallMs: world.wallMs,
    key: worldKeyOf(world.provider, secret),
    roots: roots.map(({ identity, place }) => ({
      identity: identity.identity,
      endpoints: place.ips.flatMap((ip) => ipEndpoint(ip, 9993) ?? []),
    })),
  });
}

function capturedIdentity(index: number): SecretIdentity {
  const name = 'RAB'.charAt(index);
  const text = latin1Text(loadBytes(`captures/identities/${name}.identity.secret`));
  const identity = parseSecretIdentity(text);
  if (identity === null) throw new Error('there are no more identities');
  return identity;
}
