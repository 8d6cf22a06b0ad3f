/**
 * Contexts: names for the services that commands are about. `contexts.json` (mode 600) in the user's directory for settings
 * holds where each is; tokens are not in it: those of daemons stay in their homes, and that of a ZeroTier Central account is a
 * file of its own beside it.
 */
import { readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { errorCode, errorMessage } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import { writePrivateFiles } from '../sys/private-file.ts';
import { cliError } from './errors.ts';

const nameSchema = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/i);

const contextSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('overspan'), home: z.string() }),
  z.strictObject({ kind: z.literal('zerotier-one'), home: z.string() }),
  z.strictObject({ kind: z.literal('central'), url: z.string() }),
]);

const fileSchema = z.strictObject({
  version: z.literal(1),
  current: nameSchema.nullable(),
  contexts: z.record(nameSchema, contextSchema),
});

/** Where a service is. */
export type ServiceContext = z.infer<typeof contextSchema>;

/** What the file holds. */
export type Contexts = Omit<z.infer<typeof fileSchema>, 'version'>;

/** The user's settings of Overspan: `$XDG_CONFIG_HOME/overspan`, else `~/.config/overspan`. */
export function configDirectory(): string {
  const named = process.env['XDG_CONFIG_HOME'];
  const base = named !== undefined && named !== '' ? named : join(homedir(), '.config');
  return join(base, 'overspan');
}

/** The file with the token of a context of ZeroTier Central. */
export function tokenFile(name: string): string {
  return join(configDirectory(), `${name}.token`);
}

/** All contexts; none where there is no file. @throws CONTEXTS_UNREADABLE */
export async function readContexts(): Promise<Contexts> {
  const path = contextsFile();
  try {
    return fileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { current: null, contexts: {} };
    const why = escapeText(errorMessage(error).replaceAll('\n', ' '), 200);
    throw cliError('CONTEXTS_UNREADABLE', `cannot read ${escapeText(path, 4096)}: ${why}`, {
      remedy: 'mend the file, or move it away and add the contexts again: overspan context add',
      cause: error,
    });
  }
}

/** Writes all contexts, whole or not at all, and with them the token of a new one. */
export async function writeContexts(
  contexts: Contexts,
  token?: { readonly name: string; readonly text: string },
): Promise<void> {
  const content = `${JSON.stringify({ version: 1, ...contexts }, null, 2)}\n`;
  const files = [{ path: contextsFile(), content, mode: 0o600 }];
  if (token !== undefined)
    files.unshift({ path: tokenFile(token.name), content: `${token.text}\n`, mode: 0o600 });
  await writePrivateFiles(files, { overwrite: true });
}

/** Removes the token of a context, where it has one. */
export async function removeToken(name: string): Promise<void> {
  await rm(tokenFile(name), { force: true });
}

/** A name of a context. @throws OPTION_INVALID */
export function contextName(word: string): string {
  if (nameSchema.safeParse(word).success) return word;
  throw cliError('OPTION_INVALID', `"${escapeText(word)}" is no name of a context`, {
    remedy:
      'letters, digits, dots, dashes and underscores, at most 63: overspan context add office …',
  });
}

/** The context of a name. @throws CONTEXT_UNKNOWN */
export function contextNamed({ contexts }: Contexts, name: string): ServiceContext {
  const found = Object.hasOwn(contexts, name) ? contexts[name] : undefined;
  if (found !== undefined) return found;
  throw cliError('CONTEXT_UNKNOWN', `there is no context "${escapeText(name)}"`, {
    remedy: 'see which there are: overspan context list',
  });
}

function contextsFile(): string {
  return join(configDirectory(), 'contexts.json');
}
