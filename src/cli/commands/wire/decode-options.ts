/** The options of `overspan wire decode`: who is known, and which packets are wanted. */
import { readFile } from 'node:fs/promises';

import { errorMessage } from '../../../base/errors.ts';
import { escapeText } from '../../../base/escape.ts';
import { parseAddress, parseNetworkId } from '../../../base/ids.ts';
import type { CryptoProvider } from '../../../crypto/provider.ts';
import { decode, isDrop } from '../../../wire/codec.ts';
import { defaultPlanet } from '../../../wire/default-planet.ts';
import { IdentityBook } from '../../../wire/trace/identity-book.ts';
import type { TraceFilter } from '../../../wire/trace/trace-filter.ts';
import { WorldBook } from '../../../wire/trace/world-book.ts';
import { verbNumbers, type VerbName } from '../../../wire/verbs/verb.ts';
import { world, type World } from '../../../wire/world.ts';
import type { CliContext } from '../../context.ts';
import { optionError } from '../../options.ts';
import { readIdentityArgument } from './identity/identity-argument.ts';

/** As commander hands them over. */
export interface DecodeOptions {
  readonly identity?: readonly string[];
  readonly planet?: readonly string[];
  readonly verb?: readonly string[];
  readonly address?: readonly string[];
  readonly network?: readonly string[];
  readonly limit?: number;
  readonly hex?: true;
}

/** What is known before the capture is read. */
export interface Books {
  readonly identities: IdentityBook;
  readonly worlds: WorldBook;
}

/**
 * Reads the files that were named; the public roots are known anyway.
 *
 * @throws IDENTITY_INVALID, IDENTITY_FILE_MISSING, IDENTITY_FILE_UNREADABLE, OPTION_INVALID
 */
export async function readBooks(
  cli: CliContext,
  provider: CryptoProvider,
  options: DecodeOptions,
): Promise<Books> {
  const identities = new IdentityBook(provider);
  const worlds = new WorldBook(provider);
  for (const word of options.identity ?? []) {
    const { identity, secret } = await readIdentityArgument(cli, word);
    if (secret === null) identities.learn(identity, 'trusted');
    else identities.addSecret(secret);
  }
  const given = await Promise.all((options.planet ?? []).map(readWorld));
  for (const planet of [defaultPlanet(), ...given]) {
    worlds.add(planet);
    for (const root of planet.roots) identities.learn(root.identity, 'trusted');
  }
  return { identities, worlds };
}

/** What is to be shown. @throws OPTION_INVALID */
export function filterOf(options: DecodeOptions): TraceFilter {
  return {
    verbs: new Set((options.verb ?? []).map(verbOf)),
    addresses: new Set(
      (options.address ?? []).map((text) => {
        const address = parseAddress(text);
        if (address !== null) return address;
        throw optionError('--address', text, 'an address of ten digits', '45ad10e047');
      }),
    ),
    networks: new Set(
      (options.network ?? []).map((text) => {
        const network = parseNetworkId(text);
        if (network !== null) return network;
        throw optionError('--network', text, 'a network of sixteen digits', '283c5bc4bcc3c8a8');
      }),
    ),
  };
}

function verbOf(text: string): number {
  const name = text.toUpperCase().replaceAll('-', '_');
  if (Object.hasOwn(verbNumbers, name)) return verbNumbers[name as VerbName];
  throw optionError('--verb', text, 'the name of a verb', 'HELLO FRAME (all of them: --help)');
}

/** The names of all verbs, in indented lines. */
export function verbList(): string {
  const names = Object.keys(verbNumbers).join(' ');
  return names.replace(/(.{1,90})(?: |$)/g, '  $1\n').trimEnd();
}

async function readWorld(file: string): Promise<World> {
  const wanted = 'a planet or moon file';
  const example = '/var/lib/zerotier-one/planet';
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await readFile(file));
  } catch (error) {
    throw optionError('--planet', `${escapeText(file)}: ${errorMessage(error)}`, wanted, example);
  }
  const value = decode(world, bytes);
  if (isDrop(value)) throw optionError('--planet', `${file} (${value})`, wanted, example);
  return value;
}
