/** The captured nodes as daemons of ours, in one process: their homes and APIs are real, the machines are in memory. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { startDaemon, type Daemon } from '../../src/daemon/daemon.ts';
import type { DaemonEdge } from '../../src/daemon/edge.ts';
import { Home } from '../../src/daemon/home.ts';
import { lineLog } from '../../src/daemon/log.ts';
import { MemoryInterfaces } from '../../src/io/netif/index.ts';
import { MemoryMachine } from '../../src/io/tap/memory-tap.ts';
import type { MemoryNetwork, OpenUdp } from '../../src/io/udp/index.ts';
import { loadBytes } from '../vectors/load.ts';
import { HeardEvents } from './heard-events.ts';

/** R is root and controller, A and B are members. */
export type CapturedName = 'R' | 'A' | 'B';

/** What an API has answered. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** See the head of this file. */
export class CapturedNode {
  readonly name: CapturedName;
  readonly home: Home;
  readonly machine = new MemoryMachine();
  readonly interfaces: MemoryInterfaces;
  /** Nothing goes out. */
  isCut = false;
  readonly #openUdp: OpenUdp;
  readonly #edge: Partial<DaemonEdge>;
  #daemon: Daemon | null = null;

  /** @param directory - the home is made in it. @param edge - what of its machine is to be otherwise */
  constructor(
    net: MemoryNetwork,
    name: CapturedName,
    directory: string,
    edge: Partial<DaemonEdge> = {},
  ) {
    this.name = name;
    this.#edge = edge;
    const index = ['R', 'A', 'B'].indexOf(name);
    const ip = `10.77.0.${index + 1}`;
    const port = 9_993 + index;
    const open = net.host([ip]);
    // Each has the port of the captured one, whatever that of its API is.
    this.#openUdp = async (udp) => {
      const socket = await open({ ...udp, local: { ...udp.local, port } });
      const send = socket.send.bind(socket);
      socket.send = (batch, indices, count) => {
        if (!this.isCut) send(batch, indices, count);
      };
      return socket;
    };
    this.interfaces = new MemoryInterfaces([{ device: 'eth0', family: 'ipv4', ip }]);
    this.home = new Home(join(directory, name));
    mkdirSync(this.home.directory, { recursive: true });
    const copy = (from: string, to: string): void => {
      writeFileSync(this.home.path(to), loadBytes(`captures/${from}`), { mode: 0o600 });
    };
    copy('planet', 'planet');
    this.resetLocalConf();
    copy(`identities/${name}.identity.secret`, 'identity.secret');
    copy(`identities/${name}.identity.public`, 'identity.public');
  }

  /** Gives it the settings of the captured node, for its next start. */
  resetLocalConf(): void {
    writeFileSync(this.home.path('local.conf'), loadBytes('captures/home/local.conf'));
  }

  /** @param options - `withController`: every official node has one */
  async start({ withController = true }: { withController?: boolean } = {}): Promise<this> {
    this.#daemon = await startDaemon({
      home: this.home.directory,
      port: 0,
      withController,
      log: lineLog({ clock: { nowNs: () => 0, wallMs: () => 0 }, write: () => undefined }),
      edge: {
        openUdp: this.#openUdp,
        openTap: this.machine.openTap,
        openDevice: this.interfaces.openDevice,
        watchAddresses: (watch) => this.interfaces.watchAddresses(watch),
        // But one range of 256 addresses all of what is private.
        ranges: () =>
          Promise.resolve([
            ...['10.0.0.0/8', '172.16.0.0/12', '192.168.128.0/17', '192.168.0.0/18'],
            ...Array.from({ length: 63 }, (_, i) => `192.168.${64 + i}.0/24`),
          ]),
        ...this.#edge,
      },
    });
    return this;
  }

  async stop(): Promise<void> {
    await this.#daemon?.stop();
    this.#daemon = null;
  }

  /** Ends it and starts it again: it asks for its networks anew. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#daemon?.port ?? 0}`;
  }

  get token(): string {
    return readFileSync(this.home.path('authtoken.secret'), 'latin1');
  }

  /** Asks with the token. */
  async ask(method: string, path: string, body = ''): Promise<Answer> {
    return this.askWith({ 'X-ZT1-Auth': this.token }, method, path, body);
  }

  /** Asks with headers of one's own. */
  async askWith(
    headers: Record<string, string>,
    method: string,
    path: string,
    body = '',
  ): Promise<Answer> {
    const init = body === '' ? { method, headers } : { method, headers, body };
    const response = await fetch(`${this.origin}${path}`, init);
    const type = response.headers.get('content-type') ?? '';
    return { status: response.status, type, text: await response.text() };
  }

  /** The JSON of an answer, as the caller knows its shape. */
  async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const sent = body === undefined ? '' : JSON.stringify(body);
    return JSON.parse((await this.ask(method, path, sent)).text) as T;
  }

  /** Listens to its events. */
  events(): Promise<HeardEvents> {
    return HeardEvents.listen(`${this.origin}/api/v1/events`, this.token);
  }

  /** Looks until an object of the API is as it is wanted to be. */
  async until(
    path: string,
    isSo: (value: Readonly<Record<string, unknown>>) => boolean,
  ): Promise<void> {
    for (let turn = 0; turn < 1_000; turn++) {
      if (isSo(await this.json('GET', path))) return;
      await delay(10);
    }
    throw new Error(`${this.name}: ${path} never comes to be so`);
  }
}
