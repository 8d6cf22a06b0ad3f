/**
 * A path: one of our sockets and a remote address and port. It is shared by all peers that are reached over it.
 *
 * Source: vl1 4.1. Nothing here is authenticated but `lastTrustedMs`: what a peer was heard on is in its {@link PeerPath}.
 */
import type { IpScope } from '../../wire/ip-scope.ts';
import { ipScopeRanks, scopeOf } from '../../wire/ip-scope.ts';
import { defaultPhysicalMtu } from '../../wire/packet/fragment.ts';
import { neverMs, pathAliveMs, trustMs } from '../constants.ts';
import type { Endpoint } from '../endpoint.ts';

/** Where datagrams come from and go to. Times are `monoMs`; −∞: never. */
export class Path {
  /** Our socket's id. */
  readonly socket: number;
  readonly endpoint: Endpoint;
  /** When any datagram came. */
  lastInMs: number = neverMs;
  /** When anything was sent. */
  lastOutMs: number = neverMs;
  /** When a packet came over it that made its sender trusted. */
  lastTrustedMs: number = neverMs;
  /** When its confirmation was last asked for. */
  lastConfirmMs: number = neverMs;
  /** When an ECHO that came over it was last answered. */
  lastEchoMs: number = neverMs;
  /** Round trip; null where it was not measured. */
  latencyMs: number | null = null;
  /** Bytes of a datagram on it. */
  mtu: number = defaultPhysicalMtu;
  /** How many peers have it. */
  users = 0;
  #scope: IpScope | null = null;

  constructor(socket: number, endpoint: Endpoint) {
    this.socket = socket;
    this.endpoint = endpoint;
  }

  get scope(): IpScope {
    return (this.#scope ??= scopeOf(this.endpoint.address));
  }

  /** 0 to 7: the greater is preferred. */
  get scopeRank(): number {
    return ipScopeRanks[this.scope];
  }

  /** Whether anything came recently. */
  isAlive(nowMs: number): boolean {
    return nowMs - this.lastInMs < pathAliveMs;
  }

  /** Whether who is behind it may have us relay. */
  isTrusted(nowMs: number): boolean {
    return nowMs - this.lastTrustedMs < trustMs;
  }

  /** Adds a measured round trip: the first as it is, then the mean of old and new (vl1 4.1). */
  measure(roundTripMs: number): void {
    this.latencyMs = this.latencyMs === null ? roundTripMs : (this.latencyMs + roundTripMs) / 2;
  }
}
