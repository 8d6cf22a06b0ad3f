/** Names and places of the page: certificates, addresses, ports. */
import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { initAuthority, issueServer } from '../harness/pki/index.ts';
import { systemClock } from '../sys/clock.ts';
import { serveJoinPage, type PagePlace, type ServedPage } from './listen.ts';

const directory = mkdtempSync(join(tmpdir(), 'overspan-listen-'));
let tls: { readonly cert: string; readonly key: string };

beforeAll(async () => {
  const now = systemClock.wallMs();
  await initAuthority(directory, { now });
  const names = ['*.example.com', '2001:db8:0::1', '192.0.2.1'];
  const { cert, key } = await issueServer(directory, { now, names });
  tls = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

function serve(place: PagePlace): Promise<ServedPage> {
  const nothing = (): Promise<never> => Promise.reject(new Error('not asked for'));
  return serveJoinPage(
    place,
    {
      files: { page: () => null, asset: () => null },
      ...{ invitationOf: nothing, planetOf: nothing },
      clock: systemClock,
      log: () => undefined,
    },
    false,
  );
}

/** Whether a page takes a request by a name. */
function isTaken({ port }: ServedPage, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const path = '/invitation/8056c2e21c000001';
    const headers = { Host: `${host}:${port}` };
    const sent = request(
      { host: '127.0.0.1', port, path, method: 'POST', headers, rejectUnauthorized: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        response.on('end', () => {
          resolve(!text.includes('UI_REQUEST_FORGED'));
        });
      },
    );
    sent.on('error', reject).end('{}');
  });
}

describe('a page with a certificate', () => {
  it('is reached by all names in it, as browsers write them', async () => {
    const page = await serve({ port: 0, tls });
    for (const host of ['a.example.com', 'A.Example.com', '[2001:db8::1]', '192.0.2.1'])
      expect(await isTaken(page, host), host).toBe(true);
    for (const host of ['example.com', 'a.b.example.com', '.example.com', '[2001:db8::2]'])
      expect(await isTaken(page, host), host).toBe(false);
    expect(page.url).toBe(`https://[2001:db8::1]:${page.port}/`);
    await page.close();
  });

  it('needs one that can be used, with its key', async () => {
    const { cert, key } = tls;
    for (const wrong of [
      { cert: 'none', key },
      { cert, key: 'none' },
      { cert: key, key: cert },
    ])
      await expect(serve({ port: 0, tls: wrong })).rejects.toMatchObject({
        code: 'UI_TLS_INVALID',
      });
  });
});

describe('the place of a page', () => {
  it('may be named localhost, and nothing else that is no address of loopback', async () => {
    const page = await serve({ host: 'localhost', port: 0 });
    expect(page.url).toBe(`http://127.0.0.1:${page.port}/`);
    await page.close();
    for (const host of ['127.example.com', '10.0.0.1', '::'])
      await expect(serve({ host, port: 0 })).rejects.toMatchObject({ code: 'UI_TLS_REQUIRED' });
  });

  it('must be an address of this machine', async () => {
    for (const host of ['192.0.2.1', '2001:db8::1'])
      await expect(serve({ host, port: 0, tls })).rejects.toMatchObject({
        code: 'UI_LISTEN_ADDRESS',
      });
  });
});
