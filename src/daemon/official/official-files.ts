/**
 * The files of an official controller, read as what somebody else wrote: no link is followed, nothing but plain files of a
 * bounded size is opened, and what is no JSON in UTF-8 is said so.
 *
 * `controller.d/network/<16 digits>.json`, `controller.d/network/<16 digits>/member/<10 digits>.json`: management 4.
 */
import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { errorCode, errorMessage } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { parseAddress, parseNetworkId, type Address, type NetworkId } from '../../base/ids.ts';
import { importError } from './errors.ts';
import type { Losses } from './losses.ts';

/** Bytes of the largest file: 16,384 entries of a list, and room. */
const fileBytesMax = 16 * 2 ** 20;
/** Files that are read at the same time. */
const filesAtOnce = 32;

/** Where they are. */
export interface OfficialDirectory {
  /** `controller.d`. */
  readonly directory: string;
  /** The home that it is of; null: it was given by itself. */
  readonly home: string | null;
}

/** One file that can be read. */
export interface OfficialFile<Id> {
  readonly id: Id;
  /** Below `controller.d`. */
  readonly name: string;
  readonly json: unknown;
}

/** Finds them. @param path - a `controller.d`, or a home with one. @throws IMPORT_NOTHING */
export async function officialDirectory(path: string): Promise<OfficialDirectory> {
  const inHome = join(path, 'controller.d');
  if (await isDirectory(join(inHome, 'network'))) return { directory: inHome, home: path };
  if (await isDirectory(join(path, 'network'))) return { directory: path, home: null };
  throw importError('IMPORT_NOTHING', `${escapeText(path, 4096)} has no networks`, {
    remedy:
      'give the home directory of the official service, such as /var/lib/zerotier-one, or its controller.d',
  });
}

/** All networks; what is beside them and is none is among the losses. */
export async function officialNetworks(
  { directory }: OfficialDirectory,
  losses: Losses,
): Promise<OfficialFile<NetworkId>[]> {
  const names = await namesOf(join(directory, 'network'), 'network', losses);
  const found = names.filter((name) => /^[0-9a-f]{16}\.json$/.test(name));
  const isKnown = new Set([...found, ...found.map((name) => name.slice(0, 16))]);
  for (const name of names)
    if (!isKnown.has(name)) losses.add('file', `network/${name}`, '', 'belongs to no network');
  return await readAll(directory, 'network', found, losses, 'network', (name) =>
    parseNetworkId(name.slice(0, 16)),
  );
}

/** The members of a network. */
export async function officialMembers(
  { directory }: OfficialDirectory,
  network: string,
  losses: Losses,
): Promise<OfficialFile<Address>[]> {
  const own = `network/${network}`;
  // Each by itself: a link in the middle of a path would be followed.
  if (!(await isOwnDirectory(directory, own, losses))) return [];
  for (const name of await namesOf(join(directory, own), own, losses))
    if (name !== 'member') losses.add('file', `${own}/${name}`, '', 'belongs to no network');
  const folder = `${own}/member`;
  if (!(await isOwnDirectory(directory, folder, losses))) return [];
  const names = await namesOf(join(directory, folder), folder, losses);
  const found = names.filter((name) => /^[0-9a-f]{10}\.json$/.test(name));
  for (const name of names)
    if (!/^[0-9a-f]{10}\.json$/.test(name))
      losses.add('file', `${folder}/${name}`, '', 'is no member');
  return await readAll(directory, folder, found, losses, 'member', (name) =>
    parseAddress(name.slice(0, 10)),
  );
}

async function readAll<Id>(
  directory: string,
  folder: string,
  names: readonly string[],
  losses: Losses,
  kind: 'network' | 'member',
  idOf: (name: string) => Id | null,
): Promise<OfficialFile<Id>[]> {
  const files: OfficialFile<Id>[] = [];
  for (let i = 0; i < names.length; i += filesAtOnce) {
    const some = names.slice(i, i + filesAtOnce);
    const read = await Promise.all(some.map((name) => readJson(join(directory, folder, name))));
    for (const [index, name] of some.entries()) {
      const id = idOf(name);
      const result = read[index];
      if (id === null || result === undefined) continue;
      const path = `${folder}/${name}`;
      if (typeof result === 'string') losses.add(kind, path, '', result);
      else files.push({ id, name: path, json: result.json });
    }
  }
  return files;
}

/** @returns what is in it; a text: why nothing is */
async function readJson(path: string): Promise<{ readonly json: unknown } | string> {
  try {
    // A pipe would be waited for without the last of these.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const file = await open(path, flags);
    try {
      const status = await file.stat();
      if (!status.isFile()) return 'is no plain file';
      if (status.size > fileBytesMax) return `is larger than ${fileBytesMax} bytes`;
      const bytes = await file.readFile();
      const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      return { json: JSON.parse(text) as unknown };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ELOOP') return 'is a link';
    if (errorCode(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'is no UTF-8';
    if (error instanceof SyntaxError) return 'is no JSON';
    return errorMessage(error);
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return await lstat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}

/** Whether a directory is there; one that is something else is among the losses. */
async function isOwnDirectory(root: string, name: string, losses: Losses): Promise<boolean> {
  try {
    if ((await lstat(join(root, name))).isDirectory()) return true;
    losses.add('file', name, '', 'is no directory');
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') losses.add('file', name, '', errorMessage(error));
  }
  return false;
}

async function namesOf(path: string, name: string, losses: Losses): Promise<string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (error) {
    losses.add('file', name, '', errorMessage(error));
    return [];
  }
}
