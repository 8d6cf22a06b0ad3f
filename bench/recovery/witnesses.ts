/** What is seen on a host, by `witness.py`: answers to pings, datagrams on the wire, a node that says that it is online. */
import { join } from 'node:path';

import type { NodeHost } from '../../test/programs/node-hosts.ts';
import type { Program } from '../../test/programs/program.ts';
import { Timeline } from './timeline.ts';

/** A request that was answered. Times are `nowMs`. */
export interface Answer {
  readonly sentMs: number;
  readonly backMs: number;
}

/** A UDP datagram on an underlay device. */
export interface Datagram {
  readonly atMs: number;
  readonly isOut: boolean;
  /** IPv4 of the other host. */
  readonly peer: string;
  /** Of its payload. */
  readonly bytes: number;
}

/** How often it is pinged, and with how much: so much that only a frame can be as long on the wire. */
export const ping = { intervalMs: 10, bytes: 1_000 } as const;

/** One witness. */
export class Witness<T> {
  readonly seen = new Timeline<T>();
  readonly #program: Program;

  private constructor(program: Program) {
    this.#program = program;
  }

  /** Pings an address. */
  static answers(host: NodeHost, address: string): Promise<Witness<Answer>> {
    const words = ['ping', address, String(ping.intervalMs / 1_000), String(ping.bytes)];
    return Witness.#start(host, words, ([back, sent]) => ({
      backMs: Number(back) / 1e6,
      sentMs: Number(sent) / 1e6,
    }));
  }

  /** Reads along on the underlay. */
  static datagrams(host: NodeHost): Promise<Witness<Datagram>> {
    return Witness.#start(host, ['wire', 'eth0'], ([at, way, peer, bytes]) => ({
      atMs: Number(at) / 1e6,
      isOut: way === 'out',
      peer: peer ?? '',
      bytes: Number(bytes),
    }));
  }

  /** Asks a node again and again, until it says that it is online: gives the time of that. */
  static online(host: NodeHost, port: number, tokenFile: string): Promise<Witness<number>> {
    return Witness.#start(host, ['online', String(port), tokenFile], ([at]) => Number(at) / 1e6);
  }

  static async #start<T>(
    host: NodeHost,
    words: readonly string[],
    read: (words: readonly string[]) => T,
  ): Promise<Witness<T>> {
    const file = join(import.meta.dirname, 'witness.py');
    let isReady = false;
    const program = host.start(['python3', file, ...words], {
      timeoutMs: 3_600_000,
      onLine: (line) => {
        if (line === 'ready') isReady = true;
        else witness.seen.push(read(line.split(' ')));
      },
    });
    const witness = new Witness<T>(program);
    await program.until(() => (isReady ? true : undefined), 'witness that is ready');
    return witness;
  }

  /** Sees no more. */
  stop(): Promise<void> {
    return this.#program.kill();
  }
}
