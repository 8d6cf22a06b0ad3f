/**
 * Makes the files of a planet of one's own: identities of its roots where there are none, the key that signs it, and the
 * planet itself. `<out>.key` is beside the planet: who has it can say which roots there are.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { assert, errorCode, errorMessage, type OverspanError } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import {
  generateIdentityInWorker,
  notAnIdentity,
  readIdentityFile,
  writeIdentityFile,
} from '../io/identity/index.ts';
import { makeWorld, reviseWorld, type RootHost } from '../root/make-world.ts';
import { formatWorldKey, parseWorldKey, worldKeyOf, type WorldKey } from '../root/world-key.ts';
import { systemClock } from '../sys/clock.ts';
import { writePrivateFiles, type PrivateFile } from '../sys/private-file.ts';
import { encode } from '../wire/codec.ts';
import { formatSecretIdentity, parseIdentity, type Identity } from '../wire/identity.ts';
import type { IpEndpoint } from '../wire/inet-address.ts';
import { world, type World } from '../wire/world.ts';
import { daemonError } from './errors.ts';
import { readPlanet } from './home.ts';

/** A root host, and the file of its identity. */
export interface RootRequest {
  readonly endpoints: readonly IpEndpoint[];
  /** Read, with or without a secret key; made with a new identity where it is missing. */
  readonly identityFile: string;
}

/** What is to be made. */
export interface PlanetRequest {
  readonly roots: readonly RootRequest[];
  /** Where the planet goes; its key goes to `<out>.key`. */
  readonly out: string;
  /** `new`: fails where there is one. `replace`: with another ID and key. `revise`: the next revision of the one there. */
  readonly mode: 'new' | 'replace' | 'revise';
  readonly signal?: AbortSignal | undefined;
}

/** What was made. */
export interface PlanetResult {
  readonly planet: World;
  readonly keyFile: string;
  readonly roots: readonly (RootHost & {
    readonly identityFile: string;
    /** Whether the identity was made now. */
    readonly isNew: boolean;
  })[];
}

/**
 * Makes or revises a planet.
 *
 * @throws WORLD_INVALID, WORLD_KEY_INVALID, PLANET_INVALID, ROOT_FILES_EXIST, HOME_UNUSABLE, IDENTITY_…
 */
export async function makePlanetFiles(
  provider: CryptoProvider,
  request: PlanetRequest,
): Promise<PlanetResult> {
  const { out, mode, signal } = request;
  const keyFile = `${out}.key`;
  const wallMs = systemClock.wallMs();
  // What may be refused comes before what is made.
  const current = mode === 'revise' ? await readPlanet(out) : null;
  const key =
    current === null ? worldKeyOf(provider, random(64)) : await readKey(provider, keyFile);
  if (mode === 'new') await refuseExisting([out, keyFile]);
  const roots: PlanetResult['roots'][number][] = [];
  for (const root of request.roots) {
    const { identity, isNew } = await identityOf(root.identityFile, signal);
    roots.push({ identity, isNew, endpoints: root.endpoints, identityFile: root.identityFile });
  }
  const planet =
    current === null
      ? makeWorld(provider, { kind: 'planet', id: randomId(), wallMs, roots, key })
      : reviseWorld(provider, current, { wallMs, roots, key });
  const planetFile: PrivateFile = { path: out, content: encode(world, planet), mode: 0o644 };
  const content = `${formatWorldKey(key).reveal()}\n`;
  const files = current === null ? [{ path: keyFile, content, mode: 0o600 }] : [];
  try {
    await writePrivateFiles([...files, planetFile], { overwrite: mode !== 'new' });
  } catch (error) {
    throw unwritable(out, error);
  }
  return { planet, keyFile, roots };
}

async function identityOf(
  path: string,
  signal: AbortSignal | undefined,
): Promise<{ identity: Identity; isNew: boolean }> {
  try {
    const { text } = await readIdentityFile(path);
    const identity = parseIdentity(text.reveal());
    if (identity === null) throw notAnIdentity(`${escapeText(path, 4096)} does not hold one`);
    return { identity, isNew: false };
  } catch (error) {
    if (errorCode(error) !== 'IDENTITY_FILE_MISSING') throw error;
  }
  const made = await generateIdentityInWorker({ signal });
  await writeIdentityFile(path, formatSecretIdentity(made), { overwrite: false });
  return { identity: made.identity, isNew: true };
}

async function readKey(provider: CryptoProvider, path: string): Promise<WorldKey> {
  let text: string;
  try {
    text = await readFile(path, 'latin1');
  } catch (error) {
    throw keyError(`cannot read the key of the planet: ${errorMessage(error)}`, error);
  }
  const key = parseWorldKey(provider, text);
  if (key === null) throw keyError(`${escapeText(path, 4096)} holds no signing key of a planet`);
  return key;
}

async function refuseExisting(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    try {
      await readFile(path);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') continue;
      throw unwritable(path, error);
    }
    throw existing(path);
  }
}

/** 1 to 2⁵³ − 1, so that every program can show it as a number. */
function randomId(): bigint {
  const id = randomBytes(8).readBigUInt64BE() >> 11n;
  assert(id >= 0n, 'an ID is not negative');
  return id === 0n ? 1n : id;
}

function random(length: number): Uint8Array {
  return new Uint8Array(randomBytes(length));
}

function existing(path: string, cause?: unknown): OverspanError {
  return daemonError('ROOT_FILES_EXIST', `${escapeText(path, 4096)} exists already`, {
    remedy:
      'choose another file; or --revise for its next revision, which nodes take over by themselves; or --force for another planet in its place',
    cause,
    details: { file: path },
  });
}

function unwritable(path: string, error: unknown): OverspanError {
  if (errorCode(error) === 'EEXIST') return existing(path, error);
  return daemonError(
    'HOME_UNUSABLE',
    `cannot write ${escapeText(path, 4096)}: ${errorMessage(error)}`,
    {
      remedy: 'give --out a file in a directory of your own',
      cause: error,
      details: { file: path, errno: errorCode(error) ?? null },
    },
  );
}

function keyError(message: string, cause?: unknown): OverspanError {
  return daemonError('PLANET_KEY_MISSING', message, {
    remedy: 'put the key that was made with the planet beside it, with the ending .key',
    cause,
  });
}
