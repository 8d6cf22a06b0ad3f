/** Finds the daemon of a home directory: its port and its token, from the files that it keeps there. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ApiClient, type ApiClientOptions } from '../api/client.ts';
import { ClientV1 } from '../api/client-v1.ts';
import { apiError } from '../api/errors.ts';
import { errorCode, errorMessage } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import { Secret } from '../base/secret.ts';
import type { CliContext } from './context.ts';

/**
 * A client of the daemon of `cli.home`.
 *
 * @throws DAEMON_NOT_RUNNING where there is no port file; API_TOKEN_MISSING where the token cannot be read
 */
export async function connectService(cli: CliContext): Promise<ApiClient> {
  return new ApiClient(await serviceOf(cli));
}

/** A client of /api/v1 of the same daemon. Throws the same. */
export async function connectManagement(cli: CliContext): Promise<ClientV1> {
  return new ClientV1(await serviceOf(cli));
}

async function serviceOf(cli: CliContext): Promise<ApiClientOptions> {
  const port = await read(join(cli.home, 'zerotier-one.port'));
  if (port instanceof Error) {
    if (errorCode(port) === 'EACCES') throw tokenMissing(cli.home, port);
    throw notRunning(cli.home, port);
  }
  if (!/^\d{1,5}$/.test(port)) throw notRunning(cli.home);
  const token = await read(join(cli.home, 'authtoken.secret'));
  if (token instanceof Error || token === '') throw tokenMissing(cli.home, token);
  return {
    origin: `http://127.0.0.1:${port}`,
    token: new Secret(token),
    signal: cli.signal,
  };
}

async function read(path: string): Promise<string | Error> {
  try {
    return (await readFile(path, 'latin1')).trim();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function notRunning(home: string, cause?: unknown): Error {
  return apiError(
    'DAEMON_NOT_RUNNING',
    `no daemon has run with the home directory ${escapeText(home, 4096)}`,
    {
      remedy: 'start one: overspan up; or name the home of the one that runs: --home DIRECTORY',
      cause,
      details: { home },
    },
  );
}

function tokenMissing(home: string, cause: unknown): Error {
  const why = cause instanceof Error ? errorMessage(cause) : 'the file is empty';
  return apiError('API_TOKEN_MISSING', `cannot read the token of the daemon: ${why}`, {
    remedy: 'run the command as the user that the daemon runs as: sudo overspan …',
    cause,
    details: { home },
  });
}
