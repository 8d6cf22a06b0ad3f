/** Options of the web UI that cannot be followed: they are refused before anything listens. */
import { describe, expect, it } from 'vitest';

import { Secret } from '../base/secret.ts';
import type { CliContext } from './context.ts';
import { refusePageOptions, servePagesOf, type Inviter, type PageOptions } from './page.ts';
import { ownAdmission } from './page-admission.ts';

const cli = { home: '/nowhere', note: () => undefined } as unknown as CliContext;
const daemon: Inviter = {
  name: 'here',
  home: '/nowhere',
  reach: () => Promise.resolve({ origin: 'http://127.0.0.1:1', token: new Secret('') }),
};

function serve(options: PageOptions, inviter: Inviter | null = daemon): Promise<unknown> {
  const { admission } = ownAdmission();
  return servePagesOf(cli, options, {
    ...{ services: [], admission, inviter, runsDirectory: '/nowhere' },
  });
}

describe('options of the page for joining', () => {
  const joinListen = '127.0.0.1:0';

  it('name a URL', async () => {
    for (const joinUrl of ['join.example.com', 'ftp://join.example.com/', ''])
      await expect(serve({ joinListen, joinUrl })).rejects.toMatchObject({
        code: 'OPTION_INVALID',
        message: expect.stringContaining('--join-url takes the URL') as unknown,
      });
  });

  it('go together', async () => {
    const alone = serve({ joinUrl: 'https://join.example.com/join/' });
    await expect(alone).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringContaining('none is served') as unknown,
    });
  });

  it('are for a daemon that has invitations', async () => {
    await expect(serve({ joinListen }, null)).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringContaining('only an Overspan daemon') as unknown,
    });
  });
});

describe('options of a page that is not served', () => {
  it.each([
    [{ uiListen: '127.0.0.1:9994' }, '--ui-listen'],
    [{ joinListen: '127.0.0.1:9995' }, '--join-listen'],
    [{ uiRuns: '/nowhere' }, '--ui-runs'],
  ] satisfies [PageOptions, string][])('are refused: %o', (options, word) => {
    expect(() => {
      refusePageOptions(options);
    }).toThrow(expect.objectContaining({ message: expect.stringContaining(word) as unknown }));
  });

  it('leave alone what is none of them', () => {
    const other: { readonly port: number } & PageOptions = { port: 9993 };
    expect(() => {
      refusePageOptions(other);
    }).not.toThrow();
  });
});
