/**
 * A box that lets in only answers: a datagram comes through where one has gone out between the same two endpoints lately.
 * It changes no address, and stands in front of IPv4 and IPv6 alike. A strict one also lets out only to some ports.
 */
import type { Endpoint } from '../src/core/endpoint.ts';
import type { Box, BoxRefusal } from './box.ts';

/** How a firewall is. */
export interface FirewallOptions {
  /** A flow is forgotten after this time without a datagram in either direction. */
  readonly timeoutMs?: number;
  /** UDP ports that datagrams may go out to; without it all. Empty: no UDP at all. */
  readonly portsOut?: readonly number[];
  readonly flowsMax?: number;
}

/** See the head of this file. */
export class Firewall implements Box {
  readonly #timeoutMs: number;
  readonly #portsOut: readonly number[] | null;
  readonly #flowsMax: number;
  /** `inside outside` → when it was last used; the oldest first. */
  readonly #flows = new Map<string, number>();

  constructor(options: FirewallOptions = {}) {
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#portsOut = options.portsOut ?? null;
    this.#flowsMax = options.flowsMax ?? 4_096;
  }

  outbound(nowMs: number, source: Endpoint, destination: Endpoint): Endpoint | BoxRefusal {
    if (this.#portsOut?.includes(destination.address.port) === false) return 'firewall';
    this.#use(nowMs, `${source.key} ${destination.key}`);
    return source;
  }

  inbound(nowMs: number, source: Endpoint, destination: Endpoint): Endpoint | BoxRefusal {
    const flow = `${destination.key} ${source.key}`;
    const usedMs = this.#flows.get(flow);
    if (usedMs === undefined || nowMs - usedMs >= this.#timeoutMs) return 'firewall';
    this.#use(nowMs, flow);
    return destination;
  }

  restart(): void {
    this.#flows.clear();
  }

  #use(nowMs: number, flow: string): void {
    this.#flows.delete(flow);
    this.#flows.set(flow, nowMs);
    if (this.#flows.size <= this.#flowsMax) return;
    const [oldest] = this.#flows.keys();
    if (oldest !== undefined) this.#flows.delete(oldest);
  }
}
