/**
 * Finds the service that a command is about: `--context`, else the daemon of `--home`, else `$OVERSPAN_CONTEXT`, else
 * `$OVERSPAN_HOME`, else the context of `overspan context use`, else the daemon of the usual home.
 */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import {
  CentralBackend,
  CentralClient,
  OverspanBackend,
  serviceLacks,
  ZeroTierOneBackend,
  type BackendSurroundings,
} from '../api/backend/index.ts';
import { ApiClient, type ApiClientOptions } from '../api/client.ts';
import { ClientV1 } from '../api/client-v1.ts';
import { apiError } from '../api/errors.ts';
import { errorCode, errorMessage } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import { Secret } from '../base/secret.ts';
import { systemClock } from '../sys/clock.ts';
import type { CliContext } from './context.ts';
import { contextNamed, readContexts, tokenFile, type ServiceContext } from './contexts.ts';
import { cliError } from './errors.ts';

/** What a command is about. */
export interface Target {
  /** Null: it was named by its home. */
  readonly name: string | null;
  readonly service: ServiceContext;
}

/** Any of the makes; told apart by `kind`. */
export type AnyBackend = OverspanBackend | ZeroTierOneBackend | CentralBackend;

/** By the rule at the head of this file. @throws CONTEXT_UNKNOWN, CONTEXTS_UNREADABLE, OPTION_INVALID */
export async function targetOf(cli: CliContext): Promise<Target> {
  const { contextOption, homeOption } = cli;
  if (contextOption !== null && homeOption !== null)
    throw cliError('OPTION_INVALID', '--context and --home name a service each', {
      remedy: 'leave one of them out',
    });
  const ofHome: Target = { name: null, service: { kind: 'overspan', home: cli.home } };
  if (homeOption !== null) return ofHome;
  const named = contextOption ?? environment('OVERSPAN_CONTEXT');
  if (named === null && environment('OVERSPAN_HOME') !== null) return ofHome;
  const contexts = await readContexts();
  const name = named ?? contexts.current;
  return name === null ? ofHome : { name, service: contextNamed(contexts, name) };
}

/**
 * A client of the local node of what the command is about, ours or an official one.
 *
 * @throws DAEMON_NOT_RUNNING where there is no port file; API_TOKEN_MISSING where the token cannot be read; SERVICE_LACKS
 *   where it is no node
 */
export async function connectService(cli: CliContext): Promise<ApiClient> {
  const { service } = await targetOf(cli);
  if (service.kind === 'central')
    throw serviceLacks(
      'central',
      'is no node: it joins nothing and has no peers',
      'name a node: --home DIRECTORY, or --context NAME of one; see: overspan context list',
    );
  return new ApiClient(await daemonOf(cli, service));
}

/** A client of /api/v1, for what only Overspan has. Throws the same. */
export async function connectManagement(cli: CliContext): Promise<ClientV1> {
  const { service } = await targetOf(cli);
  if (service.kind !== 'overspan')
    throw serviceLacks(
      service.kind,
      'has no invitations, API tokens, audit log or account of why',
      'these are of an Overspan daemon: --home DIRECTORY, or --context NAME of one',
    );
  return new ClientV1(await daemonOf(cli, service));
}

/** The networks of what the command is about. Throws the same, and CONTEXT_TOKEN_MISSING. */
export async function connectBackend(cli: CliContext): Promise<AnyBackend> {
  const { name, service } = await targetOf(cli);
  return backendOf(cli, service, { name });
}

/**
 * The networks of a service.
 *
 * @param options - `name` of the context; `token` of ZeroTier Central, where it is not kept yet
 */
export async function backendOf(
  cli: CliContext,
  service: ServiceContext,
  { name, token }: { readonly name: string | null; readonly token?: Secret<string> },
): Promise<AnyBackend> {
  const surroundings = surroundingsOf(cli);
  const known = await detected(cli, { name, service });
  if (known.kind === 'central')
    return new CentralBackend(await centralClientOf(cli, known, { name, token }), surroundings);
  const options = await daemonOf(cli, known);
  return known.kind === 'zerotier-one'
    ? new ZeroTierOneBackend(new ApiClient(options), surroundings)
    : new OverspanBackend(new ClientV1(options));
}

/** A home that was named may be an official one: ours says more of itself. Throws what {@link daemonOf} and asking throw. */
export async function detected(
  cli: CliContext,
  { name, service }: Target,
): Promise<ServiceContext> {
  if (name !== null || service.kind !== 'overspan') return service;
  const status = await new ApiClient(await daemonOf(cli, service)).status();
  return 'drops' in status ? service : { kind: 'zerotier-one', home: service.home };
}

/** What services are given here. */
export function surroundingsOf(cli: CliContext): BackendSurroundings {
  return {
    clock: systemClock,
    wait: (ms) => delay(ms, undefined, { signal: cli.signal }),
    say: (line) => {
      cli.note(line);
    },
  };
}

/** A client of ZeroTier Central. Options as of {@link backendOf}. @throws CONTEXT_TOKEN_MISSING */
export async function centralClientOf(
  cli: CliContext,
  { url }: CentralContext,
  { name, token }: { readonly name: string | null; readonly token?: Secret<string> | undefined },
): Promise<CentralClient> {
  return new CentralClient({
    ...surroundingsOf(cli),
    origin: url,
    token: token ?? (await centralToken(name ?? '')),
    signal: cli.signal,
  });
}

type CentralContext = Extract<ServiceContext, { kind: 'central' }>;
type DaemonContext = Exclude<ServiceContext, { kind: 'central' }>;

/** How a daemon is reached. @throws DAEMON_NOT_RUNNING, API_TOKEN_MISSING */
export async function daemonOf(cli: CliContext, service: DaemonContext): Promise<ApiClientOptions> {
  const { home } = service;
  const port = await read(join(home, 'zerotier-one.port'));
  if (port instanceof Error) {
    if (errorCode(port) === 'EACCES') throw tokenMissing(service, port);
    throw notRunning(service, port);
  }
  if (!/^\d{1,5}$/.test(port)) throw notRunning(service);
  let token = await read(join(home, 'authtoken.secret'));
  // Where the official command line looks, too, for users who may not read the home.
  if (service.kind === 'zerotier-one' && (token instanceof Error || token === '')) {
    const own = await read(join(homedir(), '.zeroTierOneAuthToken'));
    if (!(own instanceof Error)) token = own;
  }
  if (token instanceof Error || token === '') throw tokenMissing(service, token);
  return {
    origin: `http://127.0.0.1:${port}`,
    token: new Secret(token),
    ...(service.kind === 'zerotier-one' ? { start: startOfficial } : {}),
    signal: cli.signal,
  };
}

const startOfficial = 'sudo systemctl start zerotier-one';

async function centralToken(name: string): Promise<Secret<string>> {
  const text = await read(tokenFile(name));
  if (!(text instanceof Error) && text !== '') return new Secret(text);
  const why = text instanceof Error ? errorMessage(text) : 'the file is empty';
  throw cliError('CONTEXT_TOKEN_MISSING', `the token of context "${name}" cannot be read: ${why}`, {
    remedy: `overspan context remove ${name}; overspan context add ${name} --central`,
    cause: text,
  });
}

function environment(name: string): string | null {
  const value = process.env[name];
  return value === undefined || value === '' ? null : value;
}

async function read(path: string): Promise<string | Error> {
  try {
    return (await readFile(path, 'latin1')).trim();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function notRunning({ kind, home }: DaemonContext, cause?: unknown): Error {
  const [what, start] =
    kind === 'overspan'
      ? ['daemon', 'overspan up; or name the home of the one that runs: --home DIRECTORY']
      : ['zerotier-one service', startOfficial];
  return apiError(
    'DAEMON_NOT_RUNNING',
    `no ${what} has run with the home directory ${escapeText(home, 4096)}`,
    { remedy: `start one: ${start}`, cause, details: { home } },
  );
}

function tokenMissing({ kind, home }: DaemonContext, cause: unknown): Error {
  const why = cause instanceof Error ? errorMessage(cause) : 'the file is empty';
  const own = kind === 'overspan' ? '' : ', or copy its token into ~/.zeroTierOneAuthToken';
  return apiError('API_TOKEN_MISSING', `cannot read the token of the daemon: ${why}`, {
    remedy: `run the command as the user that the daemon runs as: sudo overspan …${own}`,
    cause,
    details: { home },
  });
}
