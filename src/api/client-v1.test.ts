/** What a client of /api/v1 makes of answers that are none. */
import { describe, expect, it } from 'vitest';

import { Secret } from '../base/secret.ts';
import { ClientV1 } from './client-v1.ts';
import type { ApiFetch } from './exchange.ts';

function clientOf(fetch: ApiFetch): ClientV1 {
  return new ClientV1({ origin: 'http://127.0.0.1:1', token: new Secret('x'), fetch });
}

function answering(status: number, text: string): ClientV1 {
  return clientOf(() => Promise.resolve({ status, text: () => Promise.resolve(text) }));
}

describe('a client of /api/v1', () => {
  it('says that something else answers, where what answers is not JSON', async () => {
    for (const status of [200, 404, 502])
      await expect(answering(status, '<html>welcome').networks()).rejects.toMatchObject({
        code: 'API_FAILED',
        message: `the daemon answered otherwise than expected: what it said is not JSON (status ${status})`,
        remedy: expect.stringMatching(/another program.*ss -ltnp.*versions/) as string,
      });
  });

  it('says the same of JSON of another form', async () => {
    await expect(answering(200, '[{"id":"\\u001b[2J"}]').networks()).rejects.toMatchObject({
      code: 'API_FAILED',
      message: expect.stringContaining('answered otherwise than expected') as string,
    });
    await expect(answering(404, '{}').networks()).rejects.toMatchObject({
      code: 'API_FAILED',
      message: 'the daemon has no /api/v1 (status 404)',
    });
  });

  it('says that no daemon runs only where nothing answers', async () => {
    const client = clientOf(() =>
      Promise.reject(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })),
    );
    await expect(client.networks()).rejects.toMatchObject({
      code: 'DAEMON_NOT_RUNNING',
      message: 'nothing answers at http://127.0.0.1:1: connect ECONNREFUSED',
    });
  });
});
