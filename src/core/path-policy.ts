/**
 * What the operator of a node says of paths: addresses that packets are not sent to, how large datagrams to an address may be,
 * and where nodes may be found. Values, handed in by the driver: `local.conf` of the home directory.
 *
 * Source: vl1 4.4, 6.3. What comes from an address that is not to be used is read all the same: it is answered
 * another way, so that its sender learns no path either. Of networks that overlap the smallest that holds an address counts.
 */
import type { Address } from '../base/ids.ts';
import { isInNetwork, type IpEndpoint } from '../wire/inet-address.ts';
import { defaultPhysicalMtu } from '../wire/packet/fragment.ts';

/** What is said of a network of the internet. */
export interface PhysicalRule {
  /** With the length of its prefix as the port. */
  readonly network: IpEndpoint;
  /** Nothing is sent to its addresses. */
  readonly isBlacklisted: boolean;
  /** Bytes of a datagram; null: as usual. */
  readonly mtu: number | null;
}

/** What is said of a node. */
export interface NodeRule {
  /** Where it may be. */
  readonly tries: readonly IpEndpoint[];
  /** Networks in which nothing is sent to it, with the length of the prefix as the port. */
  readonly blacklist: readonly IpEndpoint[];
}

/** Everything that is said. */
export interface PathRules {
  readonly physical: readonly PhysicalRule[];
  readonly nodes: ReadonlyMap<Address, NodeRule>;
}

/** Nothing is said. */
export const noPathRules: PathRules = { physical: [], nodes: new Map() };

/** See the head of this file. */
export class PathPolicy {
  #physical: readonly PhysicalRule[] = [];
  #nodes: PathRules['nodes'] = noPathRules.nodes;

  /** Takes other rules in place of those before. */
  set({ physical, nodes }: PathRules): void {
    this.#physical = [...physical].sort((a, b) => b.network.port - a.network.port);
    this.#nodes = nodes;
  }

  /** Whether packets for a node may be sent to an address. */
  allows(node: Address, address: IpEndpoint): boolean {
    if (this.#physical.length > 0 && this.#ruleOf(address)?.isBlacklisted === true) return false;
    if (this.#nodes.size === 0) return true;
    const blacklist = this.#nodes.get(node)?.blacklist ?? [];
    return !blacklist.some((network) => isInNetwork(address, network));
  }

  /** Bytes of a datagram to an address. */
  mtuOf(address: IpEndpoint): number {
    return this.#ruleOf(address)?.mtu ?? defaultPhysicalMtu;
  }

  /** Where a node may be. */
  triesOf(node: Address): readonly IpEndpoint[] {
    return this.#nodes.get(node)?.tries ?? none;
  }

  #ruleOf(address: IpEndpoint): PhysicalRule | undefined {
    return this.#physical.find(({ network }) => isInNetwork(address, network));
  }
}

const none: readonly IpEndpoint[] = [];
