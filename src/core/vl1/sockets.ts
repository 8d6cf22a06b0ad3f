/** Our bound sockets, as the driver last told them. */
import type { IpEndpoint } from '../../wire/inet-address.ts';
import { isValidForPath } from '../../wire/ip-scope.ts';
import type { LocalSocket } from '../ports.ts';

/** Sockets at most; more are left out. */
export const socketsMax = 64;

/** What changed. */
export interface SocketChange {
  readonly added: readonly LocalSocket[];
  readonly removed: readonly LocalSocket[];
}

/** See the head of this file. */
export class Sockets {
  #all: readonly LocalSocket[] = [];
  readonly #families: Record<IpEndpoint['kind'], LocalSocket[]> = { ipv4: [], ipv6: [] };

  get all(): readonly LocalSocket[] {
    return this.#all;
  }

  /** Those from which an address of a family can be reached. */
  of(family: IpEndpoint['kind']): readonly LocalSocket[] {
    return this.#families[family];
  }

  /** Takes the new list. */
  set(sockets: readonly LocalSocket[]): SocketChange {
    const before = this.#all;
    const next = sockets.slice(0, socketsMax);
    this.#all = next;
    for (const family of ['ipv4', 'ipv6'] as const)
      this.#families[family] = next.filter(({ local }) => local.address.kind === family);
    const has = (list: readonly LocalSocket[], { id, local }: LocalSocket): boolean =>
      list.some((other) => other.id === id && other.local.key === local.key);
    return {
      added: next.filter((socket) => !has(before, socket)),
      removed: before.filter((socket) => !has(next, socket)),
    };
  }

  /** Addresses of ours that others may be told: what is bound to one that paths may use. */
  addresses(): IpEndpoint[] {
    return this.#all.map(({ local }) => local.address).filter(isValidForPath);
  }
}
