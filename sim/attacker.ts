/**
 * Somebody on the internet who can send anything from any address, and has seen what went by: what `attack-packets.ts`
 * makes, and old packets again.
 */
import type { Prng } from '../src/base/prng.ts';
import type { Address } from '../src/base/ids.ts';
import type { Endpoint } from '../src/core/endpoint.ts';
import type { SecretIdentity } from '../src/wire/identity.ts';
import { AttackPackets, madeAttacks, type Victim } from './attack-packets.ts';
import type { Host } from './host.ts';
import type { Site } from './underlay.ts';
import type { SimWorld } from './world.ts';

/** What it can do. */
export const attacks = [...madeAttacks, 'replay'] as const;
/** One of {@link attacks}. */
export type Attack = (typeof attacks)[number];

/** See the head of this file. */
export class Attacker {
  readonly name = 'X';
  readonly identity: SecretIdentity;
  readonly #world: SimWorld;
  readonly #prng: Prng;
  readonly #site: Site;
  readonly #source: Endpoint;
  readonly #packets: AttackPackets;

  /** @param site - of its own, with a public address. @param identity - a valid one */
  constructor(world: SimWorld, site: Site, ip: string, identity: SecretIdentity) {
    this.#world = world;
    this.#site = site;
    this.#prng = world.prngOf('attacker');
    this.identity = identity;
    world.vouch(identity.identity);
    this.#source = this.#at(ip);
    this.#packets = new AttackPackets({
      provider: world.provider,
      prng: this.#prng,
      identity,
      wallMs: () => world.wallMs,
    });
  }

  /** Introduces itself, so that its WHOIS is understood. */
  greet(victim: Host): void {
    this.#send(victim, this.#source, this.#packets.greeting(victimOf(victim)));
  }

  /**
   * Attacks at an even rate.
   *
   * @param others - in whose name, and whose old packets
   */
  flood(
    victim: Host,
    attack: Attack,
    { perSecond, durationMs }: { readonly perSecond: number; readonly durationMs: number },
    others: readonly Host[],
  ): void {
    const endMs = this.#world.nowMs + durationMs;
    const step = (): void => {
      if (this.#world.nowMs >= endMs) return;
      this.#attack(victim, attack, others);
      this.#world.after(1_000 / perSecond, step);
    };
    step();
  }

  #attack(victim: Host, attack: Attack, others: readonly Host[]): void {
    const bytes = this.#bytesOf(victim, attack, others[this.#prng.below(others.length)]!.address);
    const isOwn = attack === 'whois';
    if (bytes !== null) this.#send(victim, isOwn ? this.#source : this.#anywhere(), bytes);
  }

  /** @param other - in whose name. @returns null: nothing has been seen yet */
  #bytesOf(victim: Host, attack: Attack, other: Address): Uint8Array | null {
    if (attack !== 'replay') return this.#packets.make(victimOf(victim), attack, other);
    const old = this.#world.log.last(2_000).filter(({ to }) => to === victim.name);
    return old[this.#prng.below(Math.max(1, old.length))]?.bytes ?? null;
  }

  #send(victim: Host, source: Endpoint, bytes: Uint8Array): void {
    const destination = victim.endpoint;
    this.#world.underlay.send(this.#site, this.name, source, destination, bytes);
  }

  /** Some address of the internet: nobody stops it from being a lie. */
  #anywhere(): Endpoint {
    const ip = `5.${100 + this.#prng.below(100)}.${this.#prng.below(256)}.${1 + this.#prng.below(250)}`;
    return this.#at(ip, 1_024 + this.#prng.below(60_000));
  }

  #at(ip: string, port = 9993): Endpoint {
    return this.#world.endpoint(ip, port);
  }
}

function victimOf({ identity, endpoint, planet }: Host): Victim {
  return { identity: identity.identity, endpoint: endpoint.address, planet };
}
