/**
 * A world without time of its own: it jumps from one thing that happens to the next. One seed decides everything that is
 * left to chance, each part of the world drawing from a sequence of its own, so that what is added does not change what
 * was there.
 */
import { Prng } from '../src/base/prng.ts';
import type { Address } from '../src/base/ids.ts';
import type { CryptoProvider } from '../src/crypto/provider.ts';
import type { Endpoint } from '../src/core/endpoint.ts';
import { nodeProvider } from '../src/io/crypto/node-provider.ts';
import { ipEndpoint } from '../src/wire/inet-address.ts';
import { sameIdentity, type Identity } from '../src/wire/identity.ts';
import { EventQueue, type Scheduled } from './event-queue.ts';
import { Firewall, type FirewallOptions } from './firewall.ts';
import { Host, type HostOptions } from './host.ts';
import { Nat, type NatOptions } from './nat.ts';
import type { PacketLog } from './packet-log.ts';
import { Underlay, type Site, type SiteOptions } from './underlay.ts';

/** What must hold did not. */
export class ScenarioFailure extends Error {
  override readonly name = 'ScenarioFailure';
  /** Names of the hosts that it is about; empty: of all. */
  readonly about: readonly string[];

  constructor(message: string, about: readonly string[]) {
    super(message);
    this.about = about;
  }
}

/** The wall clock at the start: some day in 2027. */
const epochMs = 1_800_000_000_000;

/** See the head of this file. */
export class SimWorld {
  readonly seed: string;
  readonly provider: CryptoProvider = nodeProvider();
  readonly underlay: Underlay;
  readonly hosts: Host[] = [];
  /** Of the scenario itself. */
  readonly prng: Prng;
  readonly #queue = new EventQueue();
  readonly #valid = new Map<Address, Identity>();
  #nowMs = 0;

  constructor(seed: string) {
    this.seed = seed;
    this.prng = this.prngOf('scenario');
    this.underlay = new Underlay(
      this.#queue,
      () => this.#nowMs,
      (name) => this.prngOf(`underlay ${name}`),
    );
  }

  /** Milliseconds since the start of the world. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** What the clocks on the walls show, ms since 1970. */
  get wallMs(): number {
    return epochMs + this.#nowMs;
  }

  get log(): PacketLog {
    return this.underlay.log;
  }

  /** A sequence for one part of the world; equal names give equal ones. */
  prngOf(name: string): Prng {
    return new Prng(`${this.seed}/${name}`);
  }

  /** A number drawn evenly from a range. */
  between(least: number, most: number): number {
    return least + (most - least) * this.prng.unit();
  }

  site(options: SiteOptions): Site {
    return this.underlay.addSite(options);
  }

  nat(options: NatOptions): Nat {
    return new Nat(options, this.underlay.endpoints, this.prngOf(`nat ${options.publicIp}`));
  }

  firewall(options: FirewallOptions = {}): Firewall {
    return new Firewall(options);
  }

  host(options: HostOptions): Host {
    const host = new Host(this, options);
    this.hosts.push(host);
    return host;
  }

  /** Cuts two hosts off from each other on the internet; what goes over a third is not concerned. */
  block(a: Host, b: Host): void {
    this.underlay.block(a.name, b.name);
    this.underlay.block(b.name, a.name);
  }

  unblock(a: Host, b: Host): void {
    this.underlay.unblock(a.name, b.name);
    this.underlay.unblock(b.name, a.name);
  }

  /** An endpoint of the underlay. @param ip - text */
  endpoint(ip: string, port: number): Endpoint {
    const address = ipEndpoint(ip, port);
    if (address === null) this.fail(`${ip} is an IP address`);
    return this.underlay.endpoints.of(address);
  }

  /** Makes an identity one that passes the check of its address; the check itself would cost a tenth of a second. */
  vouch(identity: Identity): void {
    this.#valid.set(identity.address, identity);
  }

  /** Whether an identity is one of this world, and not forged. */
  isValid(identity: Identity): boolean {
    const known = this.#valid.get(identity.address);
    return known !== undefined && sameIdentity(known, identity);
  }

  after(delayMs: number, action: () => void): Scheduled {
    return this.#queue.add(this.#nowMs + delayMs, action);
  }

  cancel(scheduled: Scheduled): void {
    this.#queue.cancel(scheduled);
  }

  /** Lets time pass. */
  run(durationMs: number): void {
    this.#runTo(this.#nowMs + durationMs, () => false);
  }

  /** Lets time pass until something is so. @returns after how many ms; null: it was not so in that time */
  runUntil(isSo: () => boolean, durationMs: number): number | null {
    const startMs = this.#nowMs;
    return this.#runTo(startMs + durationMs, isSo) ? this.#nowMs - startMs : null;
  }

  /** {@link runUntil} where it must be so in time. @param what - what is waited for. @returns after how many ms */
  waitFor(
    what: string,
    isSo: () => boolean,
    durationMs: number,
    about: readonly string[] = [],
  ): number {
    const tookMs = this.runUntil(isSo, durationMs);
    if (tookMs === null) this.fail(`${what}: not within ${durationMs} ms`, about);
    return tookMs;
  }

  /** What must hold. @param about - names of hosts: the diagram of a failure shows theirs alone */
  expect(isSo: boolean, what: string, about: readonly string[] = []): void {
    if (!isSo) this.fail(what, about);
  }

  fail(what: string, about: readonly string[] = []): never {
    throw new ScenarioFailure(`${what} (at ${(this.#nowMs / 1000).toFixed(3)} s)`, about);
  }

  #runTo(endMs: number, isSo: () => boolean): boolean {
    if (isSo()) return true;
    for (;;) {
      if (this.#queue.nextMs > endMs) break;
      const next = this.#queue.take();
      if (next === null) break;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.action?.();
      if (isSo()) return true;
    }
    this.#nowMs = endMs;
    return false;
  }
}
