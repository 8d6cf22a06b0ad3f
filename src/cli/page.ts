/** The web UI, served: what `overspan ui` and `overspan up --ui` have in common. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import type { Command } from 'commander';

import { errorMessage } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import { Secret } from '../base/secret.ts';
import type { Admission, GatewayService, PagePlace, ServedPage } from '../gateway/index.ts';
import { isToken } from '../http/token.ts';
import { systemClock } from '../sys/clock.ts';
import { overspanVersion } from '../sys/version.ts';
import type { CliContext } from './context.ts';
import { cliError } from './errors.ts';
import { optionError } from './options.ts';

/** Where the page is, unless one says otherwise. */
export const pagePort = 9994;

/** Options of both. */
export interface PageOptions {
  readonly uiListen?: string;
  readonly uiCert?: string;
  readonly uiKey?: string;
}

/** Adds them. */
export function addPageOptions(command: Command): Command {
  return command
    .option(
      '--ui-listen <address:port>',
      `where the web UI is (default: 127.0.0.1:${pagePort}); beyond loopback only with a certificate`,
    )
    .option('--ui-cert <file>', 'certificate of the web UI, PEM')
    .option('--ui-key <file>', 'its key, PEM');
}

/** Serves the page. @throws UI_…, FILE_UNREADABLE, OPTION_INVALID */
export async function servePageOf(
  cli: CliContext,
  options: PageOptions,
  what: { readonly services: readonly GatewayService[]; readonly admission: Admission },
): Promise<ServedPage> {
  const place = await placeOf(options);
  const { readPageFiles, servePage } = await import('../gateway/index.ts');
  return servePage(place, {
    ...what,
    files: await readPageFiles(),
    version: overspanVersion(),
    clock: systemClock,
    log: (message) => {
      cli.note(message);
    },
  });
}

/** A token that is made for this run of the page, and whom it admits. */
export function ownAdmission(): { readonly token: string; readonly admission: Admission } {
  const token = randomBytes(12).toString('hex');
  const secret = new Secret(token);
  return {
    token,
    admission: {
      hint: 'the token that `overspan ui` printed when it was started',
      admit: (text) => Promise.resolve(isToken(text, secret) ? null : false),
    },
  };
}

/** Who has a token of a daemon: its own, or one of `overspan api-token create`, whose scopes then count. */
export function daemonAdmission(origin: string, tokenFile: string): Admission {
  return {
    hint: `the token in ${tokenFile}, or one of: overspan api-token create`,
    admit: async (text) => {
      // What no header can hold is no token.
      if (!/^[\x21-\x7e]{1,256}$/.test(text)) return false;
      const response = await fetch(`${origin}/api/v1/networks`, {
        headers: { Authorization: `Bearer ${text}` },
        redirect: 'error',
        signal: AbortSignal.timeout(10_000),
      });
      await response.body?.cancel();
      return response.status === 401 ? false : new Secret(text);
    },
  };
}

async function placeOf({ uiListen, uiCert, uiKey }: PageOptions): Promise<PagePlace> {
  const word = uiListen ?? `127.0.0.1:${pagePort}`;
  const found = /^(?:\[([0-9a-fA-F:.]+)\]|([^:]+)):(\d{1,5})$/.exec(word);
  const port = Number(found?.[3]);
  if (found === null || port > 65_535)
    throw optionError('--ui-listen', word, 'an address and a port', '127.0.0.1:9994');
  const host = found[1] ?? found[2] ?? '';
  if ((uiCert === undefined) !== (uiKey === undefined))
    throw cliError('OPTION_INVALID', '--ui-cert and --ui-key go together', {
      remedy: 'name both; overspan cert issue makes them',
    });
  if (uiCert === undefined || uiKey === undefined) return { host, port };
  return { host, port, tls: { cert: await pem(uiCert), key: await pem(uiKey) } };
}

async function pem(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw cliError(
      'OPTION_INVALID',
      `cannot read ${escapeText(file, 4096)}: ${escapeText(errorMessage(cause))}`,
      { remedy: 'name a file in PEM that this user may read', cause },
    );
  }
}
