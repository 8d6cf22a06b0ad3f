/**
 * The flow of the original work in the browser: a network is made, two nodes wait, are let in and talk, what the network costs is
 * measured, and one is shut out.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { complaintsOf, openBrowser, settled } from '../programs/browser.ts';
import type { Pings } from '../programs/node-hosts.ts';
import { describeStory, nodeLab, type NodeHost } from './node-lab.ts';
import { stage, type Listening } from './program.ts';

const here = stage('ui');
const lab = nodeLab(here, ['root', 'a', 'b']);
const [root, a, b] = [lab.host('root'), lab.host('a'), lab.host('b')];
let browser: Browser;
let page: Page;
let complaints: readonly string[];
/** Bytes that came over the wire. */
let loaded = 0;
let network = '';
/** In the network. */
let ipOfB = '';

async function addressOf(host: NodeHost): Promise<string> {
  const joined = await host.json<{ network: { assignedAddresses: string[] } }>(
    ...['join', network, '--wait', '--timeout', '10'],
  );
  const own = joined.network.assignedAddresses.find((each) => each.startsWith('10.'))!;
  return own.split('/')[0]!;
}

async function openNetwork(): Promise<void> {
  await page.getByRole('link', { name: 'Networks', exact: true }).click();
  await page.getByRole('link', { name: 'lab', exact: true }).click();
  await page.getByRole('heading', { name: 'lab' }).waitFor();
}

beforeAll(async () => {
  await root.up('--ui');
  await Promise.all([a.up(), b.up()]);
  await Promise.all([a.online(), b.online()]);
  browser = await openBrowser(here, root);
  page = await browser.newPage();
  complaints = complaintsOf(page);
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (loaded += encodedDataLength));
  await page.goto('http://127.0.0.1:9994/');
});

afterAll(async () => {
  await browser.close();
});

describeStory('the page', () => {
  it('opens with the token of the daemon and with no other, and in less than 250 kB', async () => {
    const token = page.getByLabel('Token', { exact: true });
    await token.fill('no such token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await token.fill(readFileSync(join(root.home, 'authtoken.secret'), 'utf8'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Networks' }).waitFor();
    await settled(page);
    expect(loaded).toBeGreaterThan(50_000);
    expect(loaded).toBeLessThan(250_000);
  });

  it('makes a network', async () => {
    await page.getByRole('button', { name: 'Create a network' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('lab');
    await dialog.getByLabel('IPv4 address range').fill('10.147.17.0/24');
    await dialog.getByRole('button', { name: 'Create a network' }).click();
    await page.getByRole('heading', { name: 'lab' }).waitFor();
    network = /networks\/([0-9a-f]{16})/.exec(page.url())?.[1] ?? '';
    expect(network).not.toBe('');
  });

  it('shows who waits when it asks, and lets it in', async () => {
    await Promise.all([a.overspan('join', network), b.overspan('join', network)]);
    const waiting = page.getByRole('button', { name: /^Authorise [0-9a-f]{10}$/ });
    await waiting.nth(1).waitFor();
    await waiting.first().click();
    await waiting.nth(1).waitFor({ state: 'detached' });
    await waiting.first().click();
    await page.getByText('10.147.17.').nth(1).waitFor();
    ipOfB = await addressOf(b);
    expect((await a.ping(ipOfB, 3)).received).toBe(3);
  });

  it('joins with the node whose page it is, and measures what the network costs', async () => {
    await page.getByRole('link', { name: 'Join', exact: true }).click();
    await page.getByLabel('Network ID or invitation').fill(network);
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    await page.getByText('waiting to be authorised').waitFor();
    await openNetwork();
    await page.getByRole('button', { name: /^Authorise [0-9a-f]{10}$/ }).click();
    await page.getByText('10.147.17.').nth(2).waitFor();
    const words = b.overspanWords('serve', '--json', '--port', '8443');
    const server = b.start(words, { timeoutMs: 600_000 });
    const { invitations } = JSON.parse(await server.line(/"event":"listening"/)) as Listening;
    const { address } = await b.json<{ address: string }>('info');
    await page.getByRole('row').filter({ hasText: address }).getByRole('link').first().click();
    await page.getByRole('button', { name: 'Compare the ways to it' }).click();
    const field = (label: string): Locator => page.getByLabel(label, { exact: true });
    const fill = (label: string, text: string): Promise<void> => field(label).fill(text);
    expect([b.ip, b.ip6]).toContain(await field('Host and port of path 1').inputValue());
    expect(await field('Host and port of path 2').inputValue()).toBe(ipOfB);
    await fill('Invitation', invitations[0]!.text);
    await fill('Rounds', '20');
    await fill('Requests of a visit', '20');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByText(/^Measuring, round \d+ of 20: (direct|overlay)$/).waitFor();
    const report = page.frameLocator('iframe.report').getByRole('heading', { level: 1 });
    await report.waitFor({ timeout: 60_000 });
    expect(await report.textContent()).toContain('overlay');
  }, 120_000);

  it('shuts a member out, and nothing reaches it any more', async () => {
    const { address } = await b.json<{ address: string }>('info');
    await openNetwork();
    await page.getByRole('button', { name: `Deauthorise ${address}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Deauthorise' }).click();
    await page.getByRole('row').filter({ hasText: address }).getByText('denied').waitFor();
    await expect
      .poll(async () => {
        const { stdout } = await a.run(...a.pingWords(ipOfB, 3), '1');
        return (JSON.parse(stdout) as Pings).received;
      })
      .toBe(0);
  });

  it('gave the browser no reason to complain', () => {
    expect(complaints.filter((text) => !text.includes('status of 403'))).toEqual([]);
  });
});
