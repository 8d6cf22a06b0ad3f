/**
 * The home directory: what a node is and remembers, in the files and forms of the official service, so that either can
 * go on where the other stopped. Source: management.md 4, vl1.md 4.11; `test/vectors/captures/home`.
 *
 * | file | mode | content |
 * |---|---|---|
 * | `identity.secret`, `identity.public` | 600, 644 | text of the identity, no newline |
 * | `authtoken.secret` | 600 | 24 characters a–z 0–9: the key of the local API |
 * | `metricstoken.secret` | 600 | 24 characters a–z 0–9: the key of its figures alone |
 * | `planet` | 644 | the planet, binary |
 * | `moons.d/<16 hex>.moon` | 644 | a moon that is orbited, binary |
 * | `networks.d/<16 hex>.conf` | 600 | last configuration, or one newline; its presence means joined |
 * | `networks.d/<16 hex>.local.conf` | 600 | what the operator allows there: `permissions.ts` |
 * | `peers.d/<10 hex>.peer` | 600 | a node that was met, and where; of 30 days at most |
 * | `zerotier-one.port`, `zerotier-one.pid` | 644 | while the daemon runs: where its API is, and its process |
 * | `local.conf` | 644 | settings, written by the operator or over the API: `local-conf.ts` |
 * | `overspan.lock` | 600 | held while a daemon runs: ours alone |
 *
 * Nothing is read or written that has another name. Every file is written whole or not at all.
 */
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';

import { errorCode, errorMessage } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import { parseNetworkId, type NetworkId } from '../base/ids.ts';
import { Secret } from '../base/secret.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { decode, isDrop } from '../wire/codec.ts';
import {
  formatIdentity,
  formatSecretIdentity,
  ownsIdentity,
  parseSecretIdentity,
  type SecretIdentity,
} from '../wire/identity.ts';
import { peerFile, peerRecord, type PeerRecord } from '../wire/peer-record.ts';
import { world, type World } from '../wire/world.ts';
import { writePrivateFiles } from '../sys/private-file.ts';
import { daemonError } from './errors.ts';

/** Bytes of the largest file of a home: a configuration of half a megabyte, and room. */
export const fileBytesMax: number = 1 << 20;
/** Files of one directory that are read. */
const filesMax = 65_536;
/** Files that are read at the same time. */
const filesAtOnce = 32;
/** A peer whose file was not written for this time is forgotten, as by the official service. */
export const peerFileAgeMaxMs: number = 30 * 86_400_000;

/** A network that the home says was joined. */
export interface RememberedNetwork {
  readonly networkId: NetworkId;
  /** The last configuration; null where none has come yet. */
  readonly config: Uint8Array | null;
}

/** What `peers.d` says. */
export interface RememberedPeers {
  /** Those written last at the end. */
  readonly records: readonly PeerRecord[];
  /** Names of files that are none, or are damaged: they stay as they are. */
  readonly passedOver: readonly string[];
}

interface PeerFile {
  readonly name: string;
  readonly writtenMs: number;
  /** Null: it is none, or is damaged. */
  readonly record: PeerRecord | null;
}

/** A home directory. Makes its own directory with mode 0700 when it first writes. */
export class Home {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  path(...names: readonly string[]): string {
    return join(this.directory, ...names);
  }

  /**
   * The identity; null where there is none yet.
   *
   * @throws HOME_IDENTITY_INVALID, HOME_UNUSABLE
   */
  async identity(provider: CryptoProvider): Promise<SecretIdentity | null> {
    const bytes = await this.read('identity.secret');
    if (bytes === null) return null;
    const identity = parseSecretIdentity(Buffer.from(bytes).toString('latin1').trim());
    if (identity !== null && ownsIdentity(provider, identity)) return identity;
    throw daemonError(
      'HOME_IDENTITY_INVALID',
      `${shown(this.path('identity.secret'))} holds no identity with its secret key`,
      {
        remedy:
          'restore it from a copy; or move it away and start again, with another identity and address',
      },
    );
  }

  /** Keeps a new identity. @throws HOME_UNUSABLE, also where there is one already */
  async keepIdentity(identity: SecretIdentity): Promise<void> {
    await this.#write(
      [
        ['identity.secret', formatSecretIdentity(identity).reveal(), 0o600],
        ['identity.public', formatIdentity(identity.identity), 0o644],
      ],
      false,
    );
  }

  /** Makes `identity.public` of an identity that came without. */
  async keepPublicIdentity({ identity }: SecretIdentity): Promise<void> {
    if ((await this.read('identity.public')) === null)
      await this.#write([['identity.public', formatIdentity(identity), 0o644]], true);
  }

  /** The planet of the home; null where there is none. @throws PLANET_INVALID, HOME_UNUSABLE */
  async planet(): Promise<World | null> {
    const bytes = await this.read('planet');
    return bytes === null ? null : parsePlanet(bytes, this.path('planet'));
  }

  /** The moons, those that cannot be read left out. */
  async moons(): Promise<World[]> {
    const moons: World[] = [];
    for (const name of await this.names('moons.d', /^[0-9a-f]{16}\.moon$/)) {
      const bytes = await this.read('moons.d', name);
      const moon = bytes === null ? null : decode(world, bytes);
      if (moon !== null && !isDrop(moon) && moon.kind === 'moon') moons.push(moon);
    }
    return moons;
  }

  /** The networks that were joined, in the order of their numbers. */
  async networks(): Promise<RememberedNetwork[]> {
    const networks: RememberedNetwork[] = [];
    for (const name of await this.names('networks.d', /^[0-9a-f]{16}\.conf$/)) {
      const networkId = parseNetworkId(name.slice(0, 16));
      const bytes = await this.read('networks.d', name);
      if (networkId === null || bytes === null) continue;
      // A single newline stands for a network that has not been configured yet.
      networks.push({ networkId, config: bytes.length > 1 ? bytes : null });
    }
    return networks;
  }

  /**
   * The nodes that are remembered, as many as may be; those too old to be used left out.
   *
   * @param nowMs - by the wall clock. @param max - of more, those written last
   */
  async peers(nowMs: number, max: number): Promise<RememberedPeers> {
    const { files, strangers } = await this.#peerFiles();
    const recent = files.filter(({ writtenMs }) => nowMs - writtenMs < peerFileAgeMaxMs);
    const read = await this.#readPeers(recent.slice(Math.max(0, recent.length - max)));
    return {
      records: read.flatMap(({ record }) => record ?? []),
      passedOver: [
        ...strangers,
        ...read.flatMap(({ name, record }) => (record === null ? [name] : [])),
      ],
    };
  }

  /**
   * Removes records of peers that are too old, or too many; only what is one.
   *
   * @param nowMs - by the wall clock. @param max - that stay
   * @returns how many are gone
   */
  async forgetOldPeers(nowMs: number, max: number): Promise<number> {
    const { files } = await this.#peerFiles();
    const old = files.filter(
      ({ writtenMs }, index) => nowMs - writtenMs >= peerFileAgeMaxMs || index < files.length - max,
    );
    const gone = (await this.#readPeers(old)).filter(({ record }) => record !== null);
    for (const { name } of gone) await rm(this.path('peers.d', name), { force: true });
    return gone.length;
  }

  /** The key of the local API; made where there is none. @throws HOME_UNUSABLE */
  token(): Promise<Secret<string>> {
    return this.#token('authtoken.secret');
  }

  /** The key of the figures of the local API; made where there is none. @throws HOME_UNUSABLE */
  metricsToken(): Promise<Secret<string>> {
    return this.#token('metricstoken.secret');
  }

  /** Writes `local.conf`. @throws HOME_UNUSABLE */
  async keepLocalConf(text: string): Promise<void> {
    await this.#write([['local.conf', text, 0o644]], true);
  }

  async #token(name: string): Promise<Secret<string>> {
    const kept = await this.read(name);
    const text = kept === null ? '' : Buffer.from(kept).toString('latin1').trim();
    if (text !== '') return new Secret(text);
    const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
    const token = Array.from({ length: 24 }, () => alphabet.charAt(randomInt(36))).join('');
    await this.#write([[name, token, 0o600]], true);
    return new Secret(token);
  }

  /** Says where the API listens and who we are, until {@link clearRunning}. */
  async setRunning(port: number): Promise<void> {
    await this.#write(
      [
        ['zerotier-one.port', String(port), 0o644],
        ['zerotier-one.pid', String(process.pid), 0o644],
      ],
      true,
    );
  }

  /** The daemon ends. The port stays, as the official one leaves it. */
  async clearRunning(): Promise<void> {
    await rm(this.path('zerotier-one.pid'), { force: true });
  }

  /**
   * Writes a file that the node wants kept, or removes it.
   *
   * @param name - of a `persist` event: `planet`, `networks.d/<16 hex>.conf`, …
   * @throws HOME_UNUSABLE
   */
  async persist(name: string, bytes: Uint8Array | null): Promise<void> {
    if (bytes === null) {
      await rm(this.path(name), { force: true });
      return;
    }
    const isPublic = name === 'planet' || name.startsWith('moons.d/');
    // What may be lost with the power is not worth waiting for the disk: peers can be asked for again.
    const isDurable = !name.startsWith('peers.d/');
    await this.#write([[name, bytes, isPublic ? 0o644 : 0o600]], true, isDurable);
  }

  /** A file of the home; null where there is none. @throws HOME_UNUSABLE */
  async read(...names: readonly string[]): Promise<Uint8Array | null> {
    const path = this.path(...names);
    try {
      const bytes = await readFile(path);
      if (bytes.length > fileBytesMax) throw new Error(`it is larger than ${fileBytesMax} bytes`);
      return new Uint8Array(bytes);
    } catch (error) {
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
      throw unusable(path, 'read', error);
    }
  }

  async #write(
    files: readonly (readonly [string, string | Uint8Array, number])[],
    overwrite: boolean,
    isDurable = true,
  ): Promise<void> {
    try {
      await writePrivateFiles(
        files.map(([name, content, mode]) => ({ path: this.path(name), content, mode })),
        { overwrite, isDurable },
      );
    } catch (error) {
      throw unusable(this.path(files[0]?.[0] ?? ''), 'write', error);
    }
  }

  /** The files that have the name of a peer, those written last at the end; and the names of others. */
  async #peerFiles(): Promise<{
    files: Omit<PeerFile, 'record'>[];
    strangers: string[];
  }> {
    const names = (await this.names('peers.d', /^[^.]/)).map((name) => ({
      name,
      isPeer: /^[0-9a-f]{10}\.peer$/.test(name),
    }));
    const files = await inTurns(
      names.filter(({ isPeer }) => isPeer),
      async ({ name }) => {
        const { mtimeMs } = await stat(this.path('peers.d', name)).catch(() => ({ mtimeMs: 0 }));
        return { name, writtenMs: mtimeMs };
      },
    );
    return {
      files: files.sort((a, b) => a.writtenMs - b.writtenMs),
      strangers: names.flatMap(({ name, isPeer }) => (isPeer ? [] : [name])),
    };
  }

  #readPeers(files: readonly Omit<PeerFile, 'record'>[]): Promise<PeerFile[]> {
    return inTurns(files, async (file) => {
      const bytes = await this.read('peers.d', file.name).catch(() => null);
      const record = bytes === null ? 'truncated' : decode(peerRecord, bytes);
      const isPeer = !isDrop(record) && peerFile(record.identity) === `peers.d/${file.name}`;
      return { ...file, record: isPeer ? record : null };
    });
  }

  /** Names of the files of a directory of the home that match, sorted. @throws HOME_UNUSABLE */
  async names(directory: string, pattern: RegExp): Promise<string[]> {
    try {
      const names = await readdir(this.path(directory));
      return names
        .filter((name) => pattern.test(name))
        .sort()
        .slice(0, filesMax);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return [];
      throw unusable(this.path(directory), 'read', error);
    }
  }
}

/** Does something with each, a few at the same time. */
async function inTurns<From, To>(
  all: readonly From[],
  act: (each: From) => Promise<To>,
): Promise<To[]> {
  const results: To[] = [];
  for (let i = 0; i < all.length; i += filesAtOnce)
    results.push(...(await Promise.all(all.slice(i, i + filesAtOnce).map(act))));
  return results;
}

/** The planet in the bytes of a file. @throws PLANET_INVALID */
export function parsePlanet(bytes: Uint8Array, path: string): World {
  const planet = decode(world, bytes);
  if (!isDrop(planet) && planet.kind === 'planet' && planet.roots.length > 0) return planet;
  const why = isDrop(planet) ? planet : planet.kind === 'planet' ? 'no roots' : planet.kind;
  throw daemonError('PLANET_INVALID', `${shown(path)} is no planet: ${why}`, {
    remedy: 'copy it again from where it was made, or make one: overspan root init 192.0.2.1/9993',
  });
}

/** The planet in a file. @throws PLANET_INVALID, also where it cannot be read */
export async function readPlanet(path: string): Promise<World> {
  return parsePlanet(await readWorldFile(path), path);
}

/** The planet or moon in a file. @throws PLANET_INVALID */
export async function readWorld(path: string): Promise<World> {
  const bytes = await readWorldFile(path);
  const value = decode(world, bytes);
  return isDrop(value) ? parsePlanet(bytes, path) : value;
}

async function readWorldFile(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw daemonError('PLANET_INVALID', `cannot read ${shown(path)}: ${errorMessage(error)}`, {
      remedy: 'give the path of a planet, or make one: overspan root init 192.0.2.1/9993',
      cause: error,
    });
  }
}

function unusable(path: string, verb: 'read' | 'write', error: unknown): Error {
  return daemonError('HOME_UNUSABLE', `cannot ${verb} ${shown(path)}: ${errorMessage(error)}`, {
    remedy: 'run as the owner of the home directory, or choose another one with --home',
    cause: error,
    details: { file: path, errno: errorCode(error) ?? null },
  });
}

function shown(path: string): string {
  return escapeText(path, 4096);
}
