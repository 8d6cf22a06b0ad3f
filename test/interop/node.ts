/** One node of a lab: an official one or Overspan, in a host of its own, with a home that outlives its process. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runCommand } from '../../src/sys/command.ts';
import { spawnProcess, type ProcessHandle } from '../../src/sys/process.ts';
import { ping, type PingOptions, type Pings } from './ping.ts';
import { must, until } from './wait.ts';

/** R is root and controller, A and B are members. */
export type NodeName = 'R' | 'A' | 'B';

/** All three. */
export const nodeNames: readonly NodeName[] = ['R', 'A', 'B'];

/** A path as `GET /peer` shows it. */
interface PathFacts {
  readonly active: boolean;
  readonly expired: boolean;
  readonly address: string;
  readonly lastReceive: number;
}

/** A peer as `GET /peer` shows it. */
interface PeerFacts {
  readonly address: string;
  readonly version: string;
  readonly paths: readonly PathFacts[];
}

/** What a node is made of. */
export interface NodeSetup {
  readonly name: NodeName;
  /** Its place in the underlay: the last number of its address. */
  readonly index: number;
  readonly isOverspan: boolean;
  readonly home: string;
  /** The words before a command that run it on this host. */
  readonly enter: readonly string[];
  /** The official program: makes the identity, and is the node where Overspan is not. */
  readonly official: string;
}

const overspan = join(import.meta.dirname, '../../dist/cli/main.js');
const localConf = {
  settings: {
    portMappingEnabled: false,
    allowSecondaryPort: false,
    allowTcpFallbackRelay: false,
    softwareUpdate: 'disable',
  },
};

/** See the head of this file. */
export class LabNode {
  readonly name: NodeName;
  readonly index: number;
  readonly isOverspan: boolean;
  readonly home: string;
  readonly address: string;
  readonly port: number;
  readonly #setup: NodeSetup;
  #process: ProcessHandle | null = null;
  #token = '';

  private constructor(setup: NodeSetup) {
    this.#setup = setup;
    this.name = setup.name;
    this.index = setup.index;
    this.isOverspan = setup.isOverspan;
    this.home = setup.home;
    this.port = 9992 + setup.index;
    this.address = readFileSync(join(setup.home, 'identity.public'), 'latin1').slice(0, 10);
  }

  /** Makes the home, with an identity, of a node that is not started yet. */
  static async make(setup: NodeSetup): Promise<LabNode> {
    const files = ['secret', 'public'].map((kind) => join(setup.home, `identity.${kind}`));
    await runCommand(['mkdir', '-p', setup.home]);
    await runCommand([setup.official, '-i', 'generate', ...files], { timeoutMs: 60_000 });
    writeFileSync(join(setup.home, 'local.conf'), JSON.stringify(localConf));
    return new LabNode(setup);
  }

  /** Resident bytes of the process. */
  get residentBytes(): number {
    const status = readFileSync(`/proc/${this.#process?.pid ?? 0}/status`, 'utf8');
    return 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 'NaN');
  }

  /** Starts the process and waits until its API answers. @returns the seconds that this took */
  async start(): Promise<number> {
    must(this.#process === null, `${this.name} runs already`);
    const { official, enter, home } = this.#setup;
    const port = String(this.port);
    const words = this.isOverspan
      ? [process.execPath, overspan, 'up', '--home', home, '--port', port]
      : [official, '-U', `-p${port}`, home];
    // Whatever becomes of us, it does not outlive us.
    const guard = ['setpriv', '--pdeathsig', 'KILL', 'sh', '-c', 'exec "$@" >>"$0" 2>&1'];
    this.#process = await spawnProcess([...enter, ...guard, join(home, 'log'), ...words], {
      ownGroup: true,
      stdout: 'ignore',
      stderr: 'ignore',
    });
    return until(`the API of ${this.name} answers`, 40, async () => {
      this.#token = readFileSync(join(home, 'authtoken.secret'), 'latin1').trim();
      return (await this.get('/status')) !== null;
    });
  }

  /** Ends the process, with SIGTERM to leave it its time or with SIGKILL. @returns the seconds that this took */
  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<number> {
    const child = this.#process;
    if (child === null) return 0;
    this.#process = null;
    const beganMs = performance.now();
    // It is alive: nobody else has its id.
    if (signal === 'SIGKILL') process.kill(child.pid, signal);
    await (signal === 'SIGKILL' ? child.exited : child.kill(15_000));
    return (performance.now() - beganMs) / 1_000;
  }

  /** Runs a command on the host. */
  async run(...words: readonly string[]): Promise<string> {
    return (await runCommand([...this.#setup.enter, ...words], { timeoutMs: 400_000 })).stdout;
  }

  /** What the official command line prints when it asks this node. */
  commandLine(...words: readonly string[]): Promise<string> {
    const { official } = this.#setup;
    return this.run(official, '-q', `-p${this.port}`, `-T${this.#token}`, ...words);
  }

  /** Pings from this host. */
  ping(address: string, options?: PingOptions): Promise<Pings> {
    return ping((...words) => this.run(...words), address, options);
  }

  /** Asks the API. @returns the JSON of the answer; null where there is none */
  async get<T = unknown>(path: string): Promise<T | null> {
    return this.#ask<T>(path, []);
  }

  /** Changes something over the API. */
  async post<T = unknown>(path: string, body: unknown): Promise<T | null> {
    return this.#ask<T>(path, ['-X', 'POST', '--data', JSON.stringify(body)]);
  }

  /** Whether it calls itself online. */
  async isOnline(): Promise<boolean> {
    return (await this.get<{ online: boolean }>('/status'))?.online === true;
  }

  /** What it says of a peer; null where it does not know it. */
  async peer(other: LabNode): Promise<PeerFacts | null> {
    const peers = (await this.get<PeerFacts[]>('/peer')) ?? [];
    return peers.find(({ address }) => address === other.address) ?? null;
  }

  /** Whether it lists a direct path to a peer on which something came in the last `secondsMax`. */
  async hasDirectPath(other: LabNode, secondsMax = 20): Promise<boolean> {
    const paths = (await this.peer(other))?.paths ?? [];
    return paths.some(
      ({ active, expired, lastReceive }) =>
        active && !expired && Date.now() - lastReceive < 1_000 * secondsMax,
    );
  }

  async #ask<T>(path: string, words: readonly string[]): Promise<T | null> {
    const url = `http://127.0.0.1:${this.port}${path}`;
    const said = await this.run(
      ...['curl', '-sS', '-m', '10', '-H', `X-ZT1-Auth: ${this.#token}`, ...words, url],
    );
    return said === '' ? null : (JSON.parse(said) as T);
  }
}
