/** `overspan context add`: names a service, and tries whether it answers. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

import type { Command } from 'commander';

import { backendNames, centralOrigin } from '../../../api/backend/index.ts';
import { errorCode, errorMessage } from '../../../base/errors.ts';
import { escapeText } from '../../../base/escape.ts';
import { Secret } from '../../../base/secret.ts';
import type { Act, CliContext } from '../../context.ts';
import { contextName, readContexts, writeContexts, type ServiceContext } from '../../contexts.ts';
import { cliError } from '../../errors.ts';
import { askHidden, canAsk } from '../../hidden-input.ts';
import { optionError } from '../../options.ts';
import { backendOf } from '../../service.ts';

interface Options {
  readonly overspan?: true;
  readonly zerotierOne?: true;
  readonly central?: true;
  readonly tokenFile?: string;
  readonly url?: string;
}

const officialHomes: Readonly<Record<string, string>> = {
  darwin: '/Library/Application Support/ZeroTier/One',
  freebsd: '/var/db/zerotier-one',
  openbsd: '/var/db/zerotier-one',
};

/** Adds the argument, options and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<name>', 'what to call it')
    .option('--overspan', 'an Overspan daemon of this machine; --home says which')
    .option(
      '--zerotier-one',
      'the official service of this machine; --home where it is not the usual',
    )
    .option('--central', 'an account at ZeroTier Central')
    .option(
      '--token-file <file>',
      "with --central: a file with the account's token; - is standard input",
    )
    .option('--url <url>', 'with --central: where it is', centralOrigin)
    .addHelpText(
      'after',
      '\nA token of ZeroTier Central is copied into a file of its own that only you can read; without --token-file it is\n' +
        'asked for. Tokens of daemons stay where they are.',
    )
    .action(
      act(async (cli, word: string, options: Options) => {
        const name = contextName(word);
        const contexts = await readContexts();
        if (Object.hasOwn(contexts.contexts, name))
          throw cliError('CONTEXT_EXISTS', `there is a context "${name}" already`, {
            remedy: `take another name, or: overspan context remove ${name}`,
          });
        const service = serviceOf(cli, options);
        const token = service.kind === 'central' ? await readToken(options, cli.signal) : undefined;
        const found = await tried(cli, service, token);
        await writeContexts(
          { ...contexts, contexts: { ...contexts.contexts, [name]: service } },
          token === undefined ? undefined : { name, text: token.reveal() },
        );
        if (cli.json) {
          cli.printJson({ name, service, networkCount: found });
          return undefined;
        }
        const count = found === null ? '' : `, with ${found} network${found === 1 ? '' : 's'}`;
        cli.print(`context ${name}: ${backendNames[service.kind]}${count}`);
        cli.note(`for all commands from now on: overspan context use ${name}`);
        return undefined;
      }),
    );
}

function serviceOf(cli: CliContext, options: Options): ServiceContext {
  const kinds = [options.overspan, options.zerotierOne, options.central];
  if (kinds.filter((each) => each === true).length !== 1)
    throw cliError('OPTION_INVALID', 'say which kind of service it is, one', {
      remedy: 'add --overspan, --zerotier-one or --central',
    });
  if (options.central === true)
    return { kind: 'central', url: urlOf(options.url ?? centralOrigin) };
  if (options.tokenFile !== undefined)
    throw cliError('OPTION_INVALID', '--token-file is for --central', {
      remedy: 'leave it out: the token of a daemon is found in its home',
    });
  if (options.overspan === true) return { kind: 'overspan', home: resolve(cli.home) };
  const usual = officialHomes[process.platform] ?? '/var/lib/zerotier-one';
  return { kind: 'zerotier-one', home: resolve(cli.homeOption ?? usual) };
}

/** The token goes there: only over TLS, or to this machine. */
function urlOf(word: string): string {
  const url = URL.canParse(word) ? new URL(word) : null;
  const isLocal = url !== null && /^(127\.0\.0\.1|localhost|\[::1\])$/.test(url.hostname);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal);
  const isBare =
    url?.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (url === null || !isSafe || !isBare)
    throw optionError('--url', word, 'an https URL, with nothing behind its path', centralOrigin);
  return url.href.replace(/\/+$/, '');
}

async function readToken({ tokenFile }: Options, signal: AbortSignal): Promise<Secret<string>> {
  const read = async (): Promise<string | null> => {
    if (tokenFile === undefined)
      return canAsk() ? askHidden('token of the account (it is not shown): ', signal) : null;
    return tokenFile === '-' ? text(process.stdin) : readFile(tokenFile, 'utf8');
  };
  let token: string;
  try {
    token = (await read())?.trim() ?? '';
  } catch (error) {
    throw tokenMissing(`cannot read the token: ${escapeText(errorMessage(error))}`, error);
  }
  if (/^[\x21-\x7e]{1,512}$/.test(token)) return new Secret(token);
  throw tokenMissing(token === '' ? 'no token was given' : 'what was given is no token');
}

function tokenMissing(message: string, cause?: unknown): Error {
  return cliError('CONTEXT_TOKEN_MISSING', message, {
    remedy:
      'make one in the account settings of ZeroTier Central, and name its file: --token-file FILE',
    cause,
  });
}

/** How many networks it has; null where it does not answer now. @throws where it refuses the token */
async function tried(
  cli: CliContext,
  service: ServiceContext,
  token: Secret<string> | undefined,
): Promise<number | null> {
  try {
    const named = { name: 'new', ...(token === undefined ? {} : { token }) };
    return (await (await backendOf(cli, service, named)).networks()).length;
  } catch (error) {
    if (cli.signal.aborted || errorCode(error) === 'CENTRAL_TOKEN_REFUSED') throw error;
    cli.note(`it does not answer now: ${errorCode(error) ?? ''}: ${errorMessage(error)}`);
    return null;
  }
}
