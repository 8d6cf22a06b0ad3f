/** The flow of the original work in the browser: a network is made, two nodes wait, are let in, talk, and one is shut out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { complaintsOf, openBrowser, settled } from '../programs/browser.ts';
import { describeNodes, nodeLab } from './node-lab.ts';
import { stage } from './program.ts';

const here = stage('ui');
const lab = nodeLab(here, ['root', 'a', 'b']);
const [root, a, b] = [lab.host('root'), lab.host('a'), lab.host('b')];
let browser: Browser;
let page: Page;
let complaints: readonly string[];
/** Bytes that came over the wire. */
let loaded = 0;
let network = '';

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

describeNodes('the page', () => {
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
    const joined = await b.json<{ network: { assignedAddresses: string[] } }>(
      'join',
      network,
      '--wait',
      '--timeout',
      '10',
    );
    const ip = joined.network.assignedAddresses.find((each) => each.startsWith('10.'))!;
    expect((await a.ping(ip.split('/')[0]!, 3)).received).toBe(3);
  });

  it('gave the browser no reason to complain', () => {
    expect(complaints.filter((text) => !text.includes('status of 403'))).toEqual([]);
  });
});
