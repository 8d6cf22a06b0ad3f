/**
 * What others say our address is: the outer side of our NATs.
 *
 * Source: vl1 6.1. Reports come from direct HELLO and OK(HELLO). A root that suddenly sees us elsewhere means that our
 * address has changed, and that every path of that kind has to be confirmed again.
 */
import type { Address } from '../../base/ids.ts';
import {
  sameIp,
  sameInetAddress,
  type InetAddress,
  type IpEndpoint,
} from '../../wire/inet-address.ts';
import { scopeOf, type IpScope } from '../../wire/ip-scope.ts';
import { selfAwarenessMs } from '../constants.ts';
import type { Path } from './path.ts';

interface Report {
  readonly reporter: string;
  readonly scope: IpScope;
  readonly seen: IpEndpoint;
  readonly expiresMs: number;
}

/** Paths that a change of our address has made doubtful. */
export interface AddressChange {
  readonly scope: IpScope;
  readonly family: IpEndpoint['kind'];
}

/** See the head of this file. */
export class SelfAwareness {
  readonly #reports = new Map<string, Report>();
  readonly #max: number;

  constructor(reportsMax: number) {
    this.#max = reportsMax;
  }

  get size(): number {
    return this.#reports.size;
  }

  /**
   * Takes a report.
   *
   * @param path - on which it came. @param seen - our address as the reporter sees it
   * @param isTrusted - the reporter is a root
   * @returns what has changed; null: nothing
   */
  report(
    nowMs: number,
    reporter: Address,
    path: Path,
    seen: InetAddress,
    isTrusted: boolean,
  ): AddressChange | null {
    const scope = scopeOf(seen);
    if (seen.kind !== 'ipv4' && seen.kind !== 'ipv6') return null;
    if (scope !== path.scope || scope === 'none' || scope === 'loopback' || scope === 'multicast')
      return null;
    const key = `${reporter} ${path.socket} ${path.endpoint.key} ${scope}`;
    const before = this.#reports.get(key);
    // Bytes of an address may belong to a packet.
    const own: IpEndpoint =
      seen.kind === 'ipv6' ? { ...seen, address: seen.address.slice() } : seen;
    this.#reports.delete(key);
    this.#makeRoom();
    const report = {
      reporter: path.endpoint.key,
      scope,
      seen: own,
      expiresMs: nowMs + selfAwarenessMs,
    };
    this.#reports.set(key, report);
    if (!isTrusted || before === undefined || before.expiresMs <= nowMs) return null;
    if (sameIp(before.seen, own)) return null;
    for (const [other, { reporter: from, scope: otherScope }] of this.#reports)
      if (otherScope === scope && from !== report.reporter) this.#reports.delete(other);
    return { scope, family: own.kind };
  }

  /** Our addresses as others see them, each once. */
  addresses(nowMs: number): IpEndpoint[] {
    const found: IpEndpoint[] = [];
    for (const { seen, expiresMs } of this.#reports.values())
      if (expiresMs > nowMs && !found.some((other) => sameInetAddress(other, seen)))
        found.push(seen);
    return found;
  }

  /** Forgets what is too old. */
  expire(nowMs: number): void {
    for (const [key, { expiresMs }] of this.#reports)
      if (expiresMs <= nowMs) this.#reports.delete(key);
  }

  /** Forgets everything: we are somewhere else. */
  clear(): void {
    this.#reports.clear();
  }

  #makeRoom(): void {
    if (this.#reports.size < this.#max) return;
    const [oldest] = this.#reports.keys();
    if (oldest !== undefined) this.#reports.delete(oldest);
  }
}
