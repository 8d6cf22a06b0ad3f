/**
 * The worlds that this node lives by: one planet and some moons, and the roots in them.
 *
 * Source: vl1 5.2, 5.3, 5.6, 6.4. Who calls has authenticated the sender; the signatures of worlds are checked here.
 */
import { assert } from '../../base/errors.ts';
import type { Address } from '../../base/ids.ts';
import { formatU64 } from '../../base/ids.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import { decode, encode, isDrop } from '../../wire/codec.ts';
import { sameIdentity, type Identity } from '../../wire/identity.ts';
import { sameIp, type InetAddress, type IpEndpoint } from '../../wire/inet-address.ts';
import { moonType, type TypedWorldRevision, type WorldRevision } from '../../wire/verbs/hello.ts';
import { shouldReplace, world, type World, type WorldRoot } from '../../wire/world.ts';

/** A root of ours and where it listens. */
export interface Root {
  readonly identity: Identity;
  readonly endpoints: readonly IpEndpoint[];
}

/** The planet of another node beside ours. `older` and `newer`: of the same number. */
export type PlanetComparison = 'same' | 'older' | 'newer' | 'other' | 'unknown';

/** Bytes of worlds that go into one OK(HELLO): a datagram is not to be cut by IP more than needed. */
const worldBytesMax = 8_192;

/** See the head of this file. */
export class Topology {
  readonly #provider: CryptoProvider;
  readonly #self: Identity;
  readonly #moonsMax: number;
  #planet: World;
  readonly #moons = new Map<bigint, World>();
  /** Moons that are looked for, and at whom. */
  readonly #wanted = new Map<bigint, Address>();
  #roots = new Map<Address, Root>();
  #upstreams: readonly Address[] = [];
  #isRoot = false;

  /** @param planet - taken as it is; copied. @param moons - likewise */
  constructor(
    provider: CryptoProvider,
    self: Identity,
    planet: World,
    moons: readonly World[],
    moonsMax: number,
  ) {
    this.#provider = provider;
    this.#self = self;
    this.#moonsMax = moonsMax;
    this.#planet = copyWorld(planet);
    for (const moon of moons.slice(0, moonsMax)) this.#moons.set(moon.id, copyWorld(moon));
    this.#recompute();
  }

  get planet(): World {
    return this.#planet;
  }

  get moons(): readonly World[] {
    return [...this.#moons.values()];
  }

  /** Moons that are looked for. */
  get wantedMoons(): readonly bigint[] {
    return [...this.#wanted.keys()];
  }

  /** Whether we are a root of our planet or of a moon that we hold. */
  get isRoot(): boolean {
    return this.#isRoot;
  }

  /** The roots without ourselves. */
  get upstreams(): readonly Address[] {
    return this.#upstreams;
  }

  /** A root of ours; undefined for any other node. */
  root(address: Address): Root | undefined {
    return this.#roots.get(address);
  }

  isUpstream(address: Address): boolean {
    return this.#roots.has(address);
  }

  /** Whether worlds are taken from a node: a root, or who was named as the source of a moon. */
  isWorldSource(address: Address): boolean {
    return this.isUpstream(address) || [...this.#wanted.values()].includes(address);
  }

  /** The sources of moons that are still looked for. */
  seeds(): Set<Address> {
    return new Set(this.#wanted.values());
  }

  /** Whether a root listens there; true of any address where a node is no root, or names no endpoints. */
  allowsPath(address: Address, ip: InetAddress): boolean {
    const root = this.#roots.get(address);
    if (root === undefined || root.endpoints.length === 0) return true;
    return root.endpoints.some((endpoint) => sameIp(endpoint, ip));
  }

  /** What a HELLO says of our planet. */
  planetRevision(): WorldRevision {
    return { id: this.#planet.id, timestamp: this.#planet.timestamp };
  }

  /** The planet that another node says it has, beside ours. @param theirs - null: it did not say */
  comparePlanet(theirs: WorldRevision | null): PlanetComparison {
    const ours = this.#planet;
    if (theirs === null) return 'unknown';
    if (theirs.id !== ours.id) return 'other';
    if (theirs.timestamp === ours.timestamp) return 'same';
    return theirs.timestamp < ours.timestamp ? 'older' : 'newer';
  }

  /** What a HELLO says of moons: those that are held, and with timestamp 0 those that are wanted. */
  moonRevisions(): TypedWorldRevision[] {
    const held = this.moons.map(({ id, timestamp }) => ({ type: moonType, id, timestamp }));
    const wanted = [...this.#wanted.keys()].map((id) => ({ type: moonType, id, timestamp: 0n }));
    return [...held, ...wanted];
  }

  /** What we hold that is newer than what a HELLO names (vl1 3.6). */
  newerThan(planet: WorldRevision | null, moons: readonly TypedWorldRevision[] | null): World[] {
    const newer: World[] = [];
    if (
      planet !== null &&
      planet.id === this.#planet.id &&
      planet.timestamp < this.#planet.timestamp
    )
      newer.push(this.#planet);
    for (const { type, id, timestamp } of moons ?? []) {
      const moon = type === moonType ? this.#moons.get(id) : undefined;
      if (moon !== undefined && timestamp < moon.timestamp && !newer.includes(moon))
        newer.push(moon);
    }
    let room = worldBytesMax;
    return newer.filter((each) => (room -= encode(world, each).length) >= 0);
  }

  /**
   * Takes a world that a node sent, if it may replace what we have.
   *
   * @returns the name of its file, and its bytes; null where nothing changed
   */
  offer(from: Address, offered: World): { name: string; bytes: Uint8Array } | null {
    if (offered.kind === 'planet') {
      if (!this.isUpstream(from) && !this.isWorldSource(from)) return null;
      if (!shouldReplace(this.#provider, this.#planet, offered)) return null;
      this.#planet = copyWorld(offered);
      this.#recompute();
      return { name: 'planet', bytes: encode(world, this.#planet) };
    }
    if (offered.kind !== 'moon') return null;
    const held = this.#moons.get(offered.id);
    if (held !== undefined) {
      if (!this.isWorldSource(from) || !shouldReplace(this.#provider, held, offered)) return null;
    } else {
      // The first copy is taken for what it is, but only from a root of it whom we were told to ask.
      if (this.#wanted.get(offered.id) !== from) return null;
      if (!offered.roots.some(({ identity }) => identity.address === from)) return null;
    }
    return this.#setMoon(offered);
  }

  /** Follows a moon that is known, whoever signed it. */
  addMoon(moon: World): { name: string; bytes: Uint8Array } | null {
    return this.#moons.has(moon.id) || this.#moons.size < this.#moonsMax
      ? this.#setMoon(moon)
      : null;
  }

  /** Looks for a moon. @returns whether there was room */
  want(id: bigint, seed: Address): boolean {
    if (this.#moons.has(id)) return true;
    if (!this.#wanted.has(id) && this.#wanted.size + this.#moons.size >= this.#moonsMax)
      return false;
    this.#wanted.set(id, seed);
    return true;
  }

  /** Whether a moon is held or looked for. */
  follows(id: bigint): boolean {
    return this.#moons.has(id) || this.#wanted.has(id);
  }

  /** Forgets a moon. @returns whether it was held */
  removeMoon(id: bigint): boolean {
    this.#wanted.delete(id);
    const held = this.#moons.delete(id);
    if (held) this.#recompute();
    return held;
  }

  #setMoon(moon: World): { name: string; bytes: Uint8Array } {
    const copy = copyWorld(moon);
    this.#moons.set(moon.id, copy);
    this.#wanted.delete(moon.id);
    this.#recompute();
    return { name: moonFile(moon.id), bytes: encode(world, copy) };
  }

  #recompute(): void {
    this.#roots = new Map();
    this.#isRoot = false;
    for (const { roots } of [this.#planet, ...this.#moons.values()])
      for (const root of roots) this.#addRoot(root);
    this.#upstreams = [...this.#roots.keys()];
  }

  #addRoot({ identity, endpoints }: WorldRoot): void {
    if (sameIdentity(identity, this.#self)) {
      this.#isRoot = true;
      return;
    }
    // Somebody else under our address: nobody whom we could talk to.
    if (identity.address === this.#self.address) return;
    const known = this.#roots.get(identity.address);
    this.#roots.set(identity.address, {
      identity: known?.identity ?? identity,
      endpoints: [...(known?.endpoints ?? []), ...endpoints.filter(isIp)],
    });
  }
}

/** The file of a moon in the home directory. */
export function moonFile(id: bigint): string {
  return `moons.d/${formatU64(id)}.moon`;
}

function isIp(address: InetAddress): address is IpEndpoint {
  return address.kind === 'ipv4' || address.kind === 'ipv6';
}

/** Bytes of a world may belong to a packet: these are its own. */
function copyWorld(value: World): World {
  const copy = decode(world, encode(world, value));
  assert(!isDrop(copy), 'a world is read as it was written');
  return copy;
}
