/**
 * What existing web interfaces for the official controller ask, replayed: they drove a daemon of ours, and all that they
 * sent was recorded (`test/vectors/ui-requests.json`).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CapturedNode } from '../../test/api/captured-node.ts';
import { loadVectors } from '../../test/vectors/load.ts';
import { MemoryNetwork } from '../io/udp/index.ts';

interface Recorded {
  readonly ui: string;
  readonly version: string;
  /** What it sends though no controller knows it. */
  readonly passedOver: readonly string[];
  readonly requests: readonly {
    readonly method: string;
    readonly path: string;
    readonly body?: Readonly<Record<string, unknown>>;
  }[];
}

const directory = mkdtempSync(join(tmpdir(), 'overspan-uis-'));
const R = new CapturedNode(new MemoryNetwork(), 'R', directory);
const members = { MEMBER1: '45ad10e047', MEMBER2: 'bfb8eb1884', ADDED: '1234567890' };

beforeAll(async () => {
  await R.start();
});
afterAll(async () => {
  await R.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe.each(loadVectors<readonly Recorded[]>('ui-requests.json'))(
  '$ui $version',
  ({ requests, passedOver }) => {
    it(
      'gets an answer to each of its requests, and what it sets is shown',
      { timeout: 60_000 },
      async () => {
        const { address } = await R.json<{ address: string }>('GET', '/status');
        let network = '';
        for (const { method, path, body } of requests) {
          const named = Object.entries(members).reduce(
            (text, [name, member]) => text.replace(name, member),
            path.replace('SELF', address).replace('NETWORK', network),
          );
          const sent = body === undefined ? '' : JSON.stringify(body);
          const { status, text } = await R.ask(method, named, sent);
          expect(status, `${method} ${named} ${sent}: ${text}`).toBe(200);
          const answer = JSON.parse(text) as Readonly<Record<string, unknown>>;
          if (path.includes('SELF')) {
            network = String(answer['id']);
            // Members ask by themselves; here nobody does.
            for (const member of [members.MEMBER1, members.MEMBER2])
              await R.json('POST', `/controller/network/${network}/member/${member}`, {});
          }
          for (const [key, value] of Object.entries(body ?? {}))
            if (!passedOver.includes(key))
              expect(answer[key], `${key} after ${sent}`).toEqual(meant(key, value));
        }
      },
    );
  },
);

/** What a value says in the words of an answer: forms send texts, and say more of a route than there is. */
function meant(key: string, value: unknown): unknown {
  if (value === 'true' || value === 'false') return value === 'true';
  if (key === 'routes')
    return (value as { target: string; via?: string | null }[]).map(({ target, via = null }) => ({
      target,
      via,
    }));
  if (key === 'dns') return (value as { domain: string }).domain === '' ? [] : value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, meant(name, each)]));
}
