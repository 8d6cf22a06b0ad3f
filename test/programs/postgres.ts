/**
 * A PostgreSQL server of a test's own: in a directory of its own, on a socket there and on no port, gone at the end. It
 * refuses to run as root; a test that does runs it as the user that its package made.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const packaged = '/usr/lib/postgresql';

/** Where its programs are; null: not installed. Debian keeps them apart from the PATH. */
function programs(): string | null {
  const versions = existsSync(packaged) ? readdirSync(packaged) : [];
  const found = versions
    .map((version) => join(packaged, version, 'bin'))
    .filter((bin) => existsSync(join(bin, 'initdb')));
  return found.at(-1) ?? null;
}

/** Why there is no server here; null: there can be one. */
export const postgresRefusal: string | null =
  programs() === null ? 'PostgreSQL is not installed: npm run deps:debian' : null;

/** A server. */
export class Postgres {
  readonly #directory: string;
  #process: ChildProcess | null = null;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** Makes a cluster and starts it. */
  static async start(): Promise<Postgres> {
    const directory = mkdtempSync(join(tmpdir(), 'overspan-postgres-'));
    const server = new Postgres(directory);
    try {
      if (process.getuid?.() === 0) {
        chmodSync(directory, 0o755);
        execFileSync('chown', ['postgres:', directory]);
      }
      execFileSync(
        ...server.#command('initdb', ['-A', 'trust', '-U', 'overspan', '-N', '-D', server.#data]),
        {
          stdio: 'pipe',
        },
      );
      await server.resume();
      return server;
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  /** Where the database of that name is; it is made where it is missing. */
  database(name: string): string {
    const psql = ['-h', this.#directory, '-U', 'overspan', '-d', 'postgres', '-tA'];
    const exists = execFileSync(
      ...this.#command('psql', [
        ...psql,
        '-c',
        `select 1 from pg_database where datname = '${name}'`,
      ]),
    );
    if (exists.toString().trim() === '')
      execFileSync(...this.#command('psql', [...psql, '-c', `create database ${name}`]), {
        stdio: 'pipe',
      });
    return `postgres://overspan@localhost/${name}?host=${encodeURIComponent(this.#directory)}`;
  }

  /** Ends it, as a machine that fails does: at once. */
  async stop(): Promise<void> {
    const server = this.#process;
    this.#process = null;
    if (server?.exitCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    process.kill(this.#pid, 'SIGQUIT');
    await ended;
  }

  /** Makes it stand still, as if the network to it lost everything. */
  halt(): void {
    this.#signalAll('SIGSTOP');
  }

  /** After {@link halt}. */
  goOn(): void {
    this.#signalAll('SIGCONT');
  }

  /** Starts it again. */
  async resume(): Promise<void> {
    const [program, words] = this.#command('postgres', [
      ...['-D', this.#data, '-k', this.#directory],
      ...['-c', 'listen_addresses=', '-c', 'shared_buffers=16MB', '-c', 'max_connections=20'],
      // Processes are killed here, never the machine: what the kernel was given is kept. With fsync each
      // start after such an end waits until the disk has every file.
      ...['-c', 'fsync=off'],
    ]);
    this.#process = spawn(program, words, { stdio: 'ignore' });
    for (let attempt = 0; ; attempt++) {
      try {
        execFileSync(...this.#command('pg_isready', ['-q', '-h', this.#directory]));
        return;
      } catch (error) {
        if (attempt === 200 || this.#process.exitCode !== null) throw error;
        await delay(50);
      }
    }
  }

  /** Ends it and takes its directory away. Idempotent. */
  async close(): Promise<void> {
    await this.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** To the server and the processes of its connections. */
  #signalAll(signal: NodeJS.Signals): void {
    const pid = this.#pid;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1');
    for (const each of [pid, ...(children.match(/\d+/g) ?? []).map(Number)])
      process.kill(each, signal);
  }

  /** Of the server: its program runs behind one that changes the user. */
  get #pid(): number {
    return Number(readFileSync(join(this.#data, 'postmaster.pid'), 'latin1').split('\n')[0]);
  }

  get #data(): string {
    return join(this.#directory, 'data');
  }

  #command(name: string, words: readonly string[]): [string, string[]] {
    const program = join(programs() ?? '', name);
    if (process.getuid?.() !== 0) return [program, [...words]];
    const asUser = ['--reuid=postgres', '--regid=postgres', '--clear-groups', '--pdeathsig=KILL'];
    return ['setpriv', [...asUser, program, ...words]];
  }
}
