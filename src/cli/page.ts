/** The web UI, served: what `overspan ui` and `overspan up --ui` have in common. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import type { Command } from 'commander';

import type { ApiClientOptions } from '../api/client.ts';
import type { InvitationV1 } from '../api/schema/v1.ts';
import { errorCode, errorMessage } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import type { NetworkId } from '../base/ids.ts';
import type { Admission, GatewayService, PagePlace, ServedPage } from '../gateway/index.ts';
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
  readonly uiRuns?: string;
  readonly joinListen?: string;
  readonly joinUrl?: string;
}

/** What is served. */
export interface PageParts {
  readonly services: readonly GatewayService[];
  readonly admission: Admission;
  /** Null: there is none. */
  readonly inviter: Inviter | null;
  /** Where runs of measurements are, unless one says otherwise. */
  readonly runsDirectory: string;
}

/** The daemon whose invitations the page for joining knows. */
export interface Inviter {
  /** Of its service on the page. */
  readonly name: string;
  readonly home: string;
  readonly reach: () => Promise<Pick<ApiClientOptions, 'origin' | 'token'>>;
}

/** The web UI and, where it is wanted, the page for joining. */
export interface ServedPages {
  readonly url: string;
  /** Without the network and the invitation; null: there is none. */
  readonly joinUrl: string | null;
  /** Idempotent. */
  close(): Promise<void>;
}

/** Adds them. @param runsDefault - what {@link servePagesOf} is told where nothing is, in words */
export function addPageOptions(command: Command, runsDefault: string): Command {
  return command
    .option(
      '--ui-listen <address:port>',
      `where the web UI is (default: 127.0.0.1:${pagePort}); beyond loopback only with a certificate`,
    )
    .option('--ui-cert <file>', 'certificate of the web UI, PEM')
    .option('--ui-key <file>', 'its key, PEM')
    .option('--ui-runs <directory>', `where it keeps measurements (default: ${runsDefault})`)
    .option(
      '--join-listen <address:port>',
      'a page for people who are to join, for links with invitations; beyond loopback with the same certificate',
    )
    .option('--join-url <url>', 'where that page is for them, where a proxy is before it');
}

/** Where no page is served, none of its options means anything. @throws OPTION_INVALID */
export function refusePageOptions(options: PageOptions): void {
  const words: Readonly<Record<keyof PageOptions, string>> = {
    ...{ uiListen: '--ui-listen', uiCert: '--ui-cert', uiKey: '--ui-key', uiRuns: '--ui-runs' },
    ...{ joinListen: '--join-listen', joinUrl: '--join-url' },
  };
  for (const name of Object.keys(words) as (keyof PageOptions)[])
    if (options[name] !== undefined)
      throw cliError('OPTION_INVALID', `${words[name]} is of the web UI, and none is served`, {
        remedy: 'serve it too: --ui',
      });
}

/** Serves them. @throws UI_…, OPTION_INVALID */
export async function servePagesOf(
  cli: CliContext,
  options: PageOptions,
  { services, admission, inviter, runsDirectory }: PageParts,
): Promise<ServedPages> {
  const tls = await tlsOf(options);
  const place = placeOf('--ui-listen', options.uiListen ?? `127.0.0.1:${pagePort}`);
  const joining = joiningOf(options, inviter);
  const { readPageFiles, serveJoinPage, servePage } = await import('../gateway/index.ts');
  const { Runs } = await import('../harness/runs/index.ts');
  const directory = resolve(options.uiRuns ?? runsDirectory);
  const parts = {
    files: await readPageFiles(),
    clock: systemClock,
    log: (message: string) => {
      cli.note(message);
    },
  };
  let door: ServedPage | null = null;
  if (joining !== null) {
    const { ClientV1 } = await import('../api/client-v1.ts');
    const { home, reach } = joining.inviter;
    const invitationOf = async (id: NetworkId, invitation: string): Promise<InvitationV1> =>
      new ClientV1(await reach()).invitation(id, invitation);
    const planetOf = (): Promise<Uint8Array | null> => readIfThere(join(home, 'planet'));
    const joinParts = { ...parts, invitationOf, planetOf };
    door = await serveJoinPage({ ...joining.place, ...tls }, joinParts, joining.url !== null);
  }
  const joinUrl = door === null ? null : (joining?.url ?? `${door.url}join/`);
  try {
    const version = overspanVersion();
    const runs = new Runs({ directory, home: cli.home, clock: systemClock });
    const page = await servePage(
      { ...place, ...tls },
      {
        ...{ ...parts, admission, runs, version },
        services: services.map((service) =>
          joinUrl !== null && service.name === inviter?.name ? { ...service, joinUrl } : service,
        ),
      },
    );
    return {
      url: page.url,
      joinUrl,
      close: async () => {
        await Promise.all([page.close(), door?.close()]);
        await runs.close();
      },
    };
  } catch (error) {
    await door?.close();
    throw error;
  }
}

/** The page for joining; null: none is wanted. @throws OPTION_INVALID */
function joiningOf(
  { joinListen, joinUrl }: PageOptions,
  inviter: Inviter | null,
): {
  readonly inviter: Inviter;
  readonly place: PagePlace;
  /** Where a proxy is before it; null: there is none. */
  readonly url: string | null;
} | null {
  if (joinListen === undefined) {
    if (joinUrl === undefined) return null;
    throw cliError('OPTION_INVALID', '--join-url is of a page for joining, and none is served', {
      remedy: 'say where it is to be: --join-listen 127.0.0.1:9995',
    });
  }
  if (inviter === null)
    throw cliError(
      'OPTION_INVALID',
      '--join-listen is for invitations, which only an Overspan daemon has',
      { remedy: 'leave it out, or name a daemon: --home DIRECTORY, or --context NAME of one' },
    );
  return {
    inviter,
    place: placeOf('--join-listen', joinListen),
    url: joinUrl === undefined ? null : withSlash(joinUrl),
  };
}

async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function withSlash(url: string): string {
  if (URL.canParse(url) && /^https?:/.test(url)) return url.endsWith('/') ? url : `${url}/`;
  throw optionError(
    '--join-url',
    url,
    'the URL of the page for joining',
    'https://join.example.com/join/',
  );
}

function placeOf(option: string, word: string): PagePlace {
  const found = /^(?:\[([0-9a-fA-F:.]+)\]|([^:]+)):(\d{1,5})$/.exec(word);
  const port = Number(found?.[3]);
  if (found !== null && port <= 65_535) return { host: found[1] ?? found[2] ?? '', port };
  throw optionError(option, word, 'an address and a port', `127.0.0.1:${pagePort}`);
}

async function tlsOf({ uiCert, uiKey }: PageOptions): Promise<Pick<PagePlace, 'tls'>> {
  if ((uiCert === undefined) !== (uiKey === undefined))
    throw cliError('OPTION_INVALID', '--ui-cert and --ui-key go together', {
      remedy: 'name both; overspan cert issue makes them',
    });
  if (uiCert === undefined || uiKey === undefined) return {};
  return { tls: { cert: await pem(uiCert), key: await pem(uiKey) } };
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
