/**
 * The API of a node on a host of a lab, which listens on that host's loopback: requests go through a process there, line
 * by line as JSON over its standard streams, so that the token is in no command line.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { ApiClient } from '../../api/client.ts';
import type { ApiFetch } from '../../api/exchange.ts';
import { errorCode } from '../../base/errors.ts';
import { Secret } from '../../base/secret.ts';
import type { ProcessHandle } from '../../sys/process.ts';
import type { LabHost } from '../lab/host.ts';

/** What the process on the host runs. It ends when its input does. */
const relay = `const say = (value) => require('node:fs').writeSync(1, JSON.stringify(value) + '\\n');
require('node:readline').createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, url, init } = JSON.parse(line);
  const answer = await fetch(url, init).then(
    async (response) => ({ status: response.status, text: await response.text() }),
    (error) => ({ error: String(error.cause ?? error) }),
  );
  say({ id, ...answer });
});
say({});`;

interface Answer {
  readonly id?: number;
  readonly status?: number;
  readonly text?: string;
  readonly error?: string;
}

/** Where the API of a node is, from the files of its home; null while it does not listen yet. */
export async function apiOf(
  home: string,
): Promise<{ readonly origin: string; readonly token: Secret<string> } | null> {
  try {
    const port = (await readFile(join(home, 'zerotier-one.port'), 'latin1')).trim();
    const token = (await readFile(join(home, 'authtoken.secret'), 'latin1')).trim();
    if (!/^\d{1,5}$/.test(port) || token === '') return null;
    return { origin: `http://127.0.0.1:${port}`, token: new Secret(token) };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Talks to the API of a node, for as long as a function runs.
 *
 * @param api - what {@link apiOf} found
 * @throws what starting a process throws, and the body
 */
export async function withLocalApi<T>(
  host: LabHost,
  api: NonNullable<Awaited<ReturnType<typeof apiOf>>>,
  signal: AbortSignal | undefined,
  body: (client: ApiClient) => Promise<T>,
): Promise<T> {
  const child = await host.spawn([process.execPath, '-e', relay], {
    stdin: 'pipe',
    stderr: 'ignore',
    ownGroup: true,
  });
  try {
    return await body(new ApiClient({ ...api, signal, fetch: await fetchThrough(child) }));
  } finally {
    child.stdin?.end();
    await child.kill();
  }
}

async function fetchThrough({ stdin, stdout, exited }: ProcessHandle): Promise<ApiFetch> {
  if (stdin === null || stdout === null) throw new Error('invariant broken: both are pipes');
  const waiting = new Map<number, (answer: Answer) => void>();
  const lines = createInterface({ input: stdout });
  const isUp = once(lines, 'line');
  lines.on('line', (line) => {
    const answer = JSON.parse(line) as Answer;
    waiting.get(answer.id ?? 0)?.(answer);
  });
  void exited.then(() => {
    for (const answer of waiting.values()) answer({ error: 'the process on the host has ended' });
  });
  await Promise.race([isUp, exited]);
  let lastId = 0;
  return async (url, { signal, ...init }) => {
    const id = ++lastId;
    const answer = await new Promise<Answer>((resolve, reject) => {
      waiting.set(id, resolve);
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
      stdin.write(`${JSON.stringify({ id, url, init })}\n`);
    });
    waiting.delete(id);
    const { status, text = '', error } = answer;
    if (status === undefined) throw new Error(error);
    return { status, text: () => Promise.resolve(text) };
  };
}
