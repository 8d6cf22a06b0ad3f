/**
 * The UDP sockets of a node: one for each address of this machine on one port, opened and closed as addresses come and go.
 *
 * Addresses that no path may use (loopback, link-local: vl1.md 2.14) have none. Those on our own taps, where our packets
 * would run in a circle, are for the caller to leave out.
 */
import { errorCode, errorMessage, OverspanError } from '../base/errors.ts';
import type { LocalSocket } from '../core/ports.ts';
import type { InterfaceAddress } from '../io/netif/index.ts';
import type { UdpSocket, UdpSockets } from '../io/udp/index.ts';
import { ipEndpoint } from '../wire/inet-address.ts';
import { isValidForPath } from '../wire/ip-scope.ts';
import type { Log } from './log.ts';

/** What the sockets are to be like. */
export interface SocketsOptions {
  readonly udp: Pick<UdpSockets, 'open' | 'close'>;
  readonly port: number;
  /** Told of all sockets whenever one was opened or closed. */
  readonly onChange: (sockets: readonly LocalSocket[]) => void;
  readonly log: Log;
}

/** Addresses that have a socket at most. */
export const socketsMax = 64;

/** Keeps them. */
export class Sockets {
  readonly #options: SocketsOptions;
  readonly #sockets = new Map<string, UdpSocket>();
  /** Failures that were reported, so that each is once. */
  readonly #failed = new Map<string, string>();
  #updating: Promise<void> = Promise.resolve();

  constructor(options: SocketsOptions) {
    this.#options = options;
  }

  /** Where they listen. */
  get list(): readonly LocalSocket[] {
    return [...this.#sockets.values()];
  }

  /**
   * Opens what is missing and closes what is too many. One update after another.
   *
   * @param isFirst - the first one fails as a whole where the port is taken
   * @throws UDP_PORT_IN_USE, with nothing open
   */
  update(addresses: readonly InterfaceAddress[], isFirst = false): Promise<void> {
    const done = this.#updating.then(() => this.#update(addresses, isFirst));
    this.#updating = done.catch(() => undefined);
    return done;
  }

  /** Closes all. Idempotent. */
  async close(): Promise<void> {
    await this.#updating;
    for (const socket of this.#sockets.values()) this.#options.udp.close(socket);
    this.#sockets.clear();
  }

  async #update(addresses: readonly InterfaceAddress[], isFirst: boolean): Promise<void> {
    const { udp, port, onChange, log } = this.#options;
    const wanted = new Set(addresses.filter(isUsable).map(({ ip }) => ip));
    let hasChanged = false;
    for (const [ip, socket] of this.#sockets) {
      if (wanted.has(ip)) continue;
      udp.close(socket);
      this.#sockets.delete(ip);
      hasChanged = true;
      log.info('no longer listening', { address: `${ip}/${port}` });
    }
    for (const ip of this.#failed.keys()) if (!wanted.has(ip)) this.#failed.delete(ip);
    for (const ip of wanted) {
      if (this.#sockets.has(ip)) continue;
      if (this.#sockets.size >= socketsMax) {
        this.#report(ip, 'more addresses than are listened on');
        continue;
      }
      try {
        this.#sockets.set(ip, await udp.open({ ip, port }));
        this.#failed.delete(ip);
        hasChanged = true;
        log.info('listening', { address: `${ip}/${port}` });
      } catch (error) {
        if (!(error instanceof OverspanError)) throw error;
        if (isFirst && errorCode(error) === 'UDP_PORT_IN_USE') {
          for (const socket of this.#sockets.values()) udp.close(socket);
          this.#sockets.clear();
          throw error;
        }
        this.#report(ip, errorMessage(error));
      }
    }
    if (hasChanged) onChange(this.list);
  }

  #report(ip: string, error: string): void {
    if (this.#failed.get(ip) === error) return;
    this.#failed.set(ip, error);
    this.#options.log.warn('cannot listen', { address: ip, error });
  }
}

function isUsable({ ip }: InterfaceAddress): boolean {
  const endpoint = ipEndpoint(ip, 1);
  return endpoint !== null && isValidForPath(endpoint);
}
