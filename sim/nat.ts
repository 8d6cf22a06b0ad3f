/**
 * A box that gives the hosts of a site one IPv4 address, in the four kinds of RFC 3489 section 5. IPv6 passes untouched.
 *
 * | kind | a host's socket is seen as | who may send to it |
 * |---|---|---|
 * | full-cone | one endpoint | everybody |
 * | address-restricted | one endpoint | addresses that it has sent to |
 * | port-restricted | one endpoint | endpoints that it has sent to |
 * | symmetric | another endpoint for every destination | that destination |
 *
 * Only what goes out keeps a mapping or permission alive (RFC 4787 REQ-6 allows no less). Ports are drawn at random.
 */
import { parseIpv4 } from '../src/wire/ip-address.ts';
import { assert } from '../src/base/errors.ts';
import type { Prng } from '../src/base/prng.ts';
import type { Endpoint, EndpointTable } from '../src/core/endpoint.ts';
import { ipOf, type Box, type BoxRefusal } from './box.ts';

/** The kinds. */
export const natKinds = [
  'full-cone',
  'address-restricted',
  'port-restricted',
  'symmetric',
] as const;
/** One of {@link natKinds}. */
export type NatKind = (typeof natKinds)[number];

/** How a NAT is. */
export interface NatOptions {
  readonly kind: NatKind;
  /** Its address outside: text. */
  readonly publicIp: string;
  /** Mappings and permissions die after this time without a datagram going out. Default: 30 s, as cheap boxes have it. */
  readonly timeoutMs?: number;
  readonly mappingsMax?: number;
}

interface Mapping {
  readonly inside: Endpoint;
  readonly outside: Endpoint;
  readonly key: string;
  lastOutMs: number;
  /** Whom it has sent to and when last, by address or endpoint as the kind wants it. */
  readonly permissions: Map<string, number>;
}

const portMin = 1024;

/** See the head of this file. */
export class Nat implements Box {
  readonly kind: NatKind;
  readonly #table: EndpointTable;
  readonly #prng: Prng;
  readonly #timeoutMs: number;
  readonly #mappingsMax: number;
  /** By inside endpoint, and destination where the kind is symmetric. */
  readonly #byInside = new Map<string, Mapping>();
  readonly #byPort = new Map<number, Mapping>();
  #publicIp: string;

  constructor(options: NatOptions, table: EndpointTable, prng: Prng) {
    this.kind = options.kind;
    this.#publicIp = options.publicIp;
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#mappingsMax = options.mappingsMax ?? 4_096;
    this.#table = table;
    this.#prng = prng;
  }

  get publicIp(): string {
    return this.#publicIp;
  }

  /** Mappings that it holds, dead ones that nobody has looked at among them. */
  get mappingCount(): number {
    return this.#byPort.size;
  }

  /** The provider gives it another address: all mappings are void. */
  readdress(publicIp: string): void {
    this.#publicIp = publicIp;
    this.restart();
  }

  restart(): void {
    this.#byInside.clear();
    this.#byPort.clear();
  }

  outbound(nowMs: number, source: Endpoint, destination: Endpoint): Endpoint | BoxRefusal {
    if (source.address.kind === 'ipv6') return source;
    const key = this.kind === 'symmetric' ? `${source.key} ${destination.key}` : source.key;
    const mapping = this.#living(nowMs, this.#byInside.get(key)) ?? this.#map(nowMs, key, source);
    if (mapping === null) return 'nat-full';
    mapping.lastOutMs = nowMs;
    mapping.permissions.set(this.#permission(destination), nowMs);
    return mapping.outside;
  }

  inbound(nowMs: number, source: Endpoint, destination: Endpoint): Endpoint | BoxRefusal {
    if (source.address.kind === 'ipv6') return destination;
    const mapping = this.#living(nowMs, this.#byPort.get(destination.address.port));
    if (mapping === null) return 'nat-no-mapping';
    if (this.kind === 'full-cone') return mapping.inside;
    const sentMs = mapping.permissions.get(this.#permission(source));
    const isAllowed = sentMs !== undefined && nowMs - sentMs < this.#timeoutMs;
    return isAllowed ? mapping.inside : 'nat-filtered';
  }

  #permission(outside: Endpoint): string {
    return this.kind === 'address-restricted' ? ipOf(outside) : outside.key;
  }

  #living(nowMs: number, mapping: Mapping | undefined): Mapping | null {
    if (mapping === undefined) return null;
    if (nowMs - mapping.lastOutMs < this.#timeoutMs) return mapping;
    this.#byInside.delete(mapping.key);
    this.#byPort.delete(mapping.outside.address.port);
    return null;
  }

  #map(nowMs: number, key: string, inside: Endpoint): Mapping | null {
    if (this.#byPort.size >= this.#mappingsMax)
      for (const mapping of [...this.#byPort.values()]) this.#living(nowMs, mapping);
    if (this.#byPort.size >= this.#mappingsMax) return null;
    const ip = parseIpv4(this.#publicIp);
    assert(ip !== null, 'a NAT has an IPv4 address');
    const outside = this.#table.ipv4(ip, this.#freePort());
    const mapping: Mapping = { inside, outside, key, lastOutMs: nowMs, permissions: new Map() };
    this.#byInside.set(key, mapping);
    this.#byPort.set(outside.address.port, mapping);
    return mapping;
  }

  #freePort(): number {
    for (;;) {
      const port = portMin + this.#prng.below(0x1_0000 - portMin);
      if (!this.#byPort.has(port)) return port;
    }
  }
}
