/** Joining in the browser: by a link with an invitation, which ticks when the node is seen, and on a node's own page. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import type { NewInviteV1 } from '../../src/api/schema/v1.ts';
import { barriers, complaintsOf, openBrowser, signIn } from '../programs/browser.ts';
import { describeStory, nodeLab, type NodeHost } from './node-lab.ts';
import { stage } from './program.ts';

const here = stage('ui-join');
const lab = nodeLab(here, ['root', 'a', 'b']);
const [root, a, b] = [lab.host('root'), lab.host('a'), lab.host('b')];
const browsers: Browser[] = [];
let network = '';

const pageOn = async (host: NodeHost): Promise<Page> => {
  const browser = await openBrowser(here, host);
  browsers.push(browser);
  return await (await browser.newContext()).newPage();
};

beforeAll(async () => {
  await root.up('--ui', '--join-listen', '127.0.0.1:9995');
  await Promise.all([a.up(), b.up('--ui')]);
  await Promise.all([a.online(), b.online()]);
  const made = await root.json<{ network: { id: string } }>('network', 'create', '--name', 'lab');
  network = made.network.id;
});

afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
});

describeStory('the page for joining', () => {
  it('says what to type, and that the controller has seen the node', async () => {
    const { invite } = await root.json<{ invite: NewInviteV1 }>('invite', 'create', network);
    const page = await pageOn(root);
    const complaints = complaintsOf(page);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`http://127.0.0.1:9995/join/${network}#${invite.invitation}`);
    await page.getByRole('heading', { name: 'Join the network lab' }).waitFor();
    await page.getByText(`sudo overspan join ${invite.invitation}`).waitFor();
    await page.getByText('has seen nobody with this invitation yet').waitFor();
    expect(await barriers(page)).toEqual([]);
    await a.overspan('join', invite.invitation);
    await page.getByText('It is in the network.').waitFor();
    await page.getByText('lets nobody in any more').waitFor();
    // The planet of the lab: whoever joins needs it.
    const planet = await page.evaluate<number>(
      "fetch('/planet').then((answer) => answer.arrayBuffer()).then((bytes) => bytes.byteLength)",
    );
    expect(planet).toBe(readFileSync(lab.planet).length);
    const secret = invite.invitation.slice(17);
    expect(asked.filter((url) => url.replace(/#.*/, '').includes(secret))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('tells nothing of a network to who has no invitation to it', async () => {
    const page = await pageOn(root);
    const wrong = `${network}-${'0'.repeat(32)}`;
    await page.goto(`http://127.0.0.1:9995/join/${network}#${wrong}`);
    await page.getByRole('alert').getByText('no such invitation').waitFor();
    expect(await page.getByText('lab').count()).toBe(0);
    for (const fragment of ['', `#${network}`]) {
      await page.goto('about:blank');
      await page.goto(`http://127.0.0.1:9995/join/${network}${fragment}`);
      await page.getByText('This link has no invitation in it').waitFor();
    }
    for (const path of ['/services/here/api/v1/networks', '/session', '/join/1', '/'])
      expect(
        await page.evaluate<number>(`fetch('${path}').then(({ status }) => status)`),
        path,
      ).toBe(404);
  });
});

/** What `local.conf` of a node says. */
function settingsOf(host: NodeHost): unknown {
  const conf = readFileSync(join(host.home, 'local.conf'), 'utf8');
  return (JSON.parse(conf) as { settings: unknown }).settings;
}

describeStory("a node's own page", () => {
  it('joins by what was pasted, says what it waits for, and that it is in', async () => {
    const page = await pageOn(b);
    const complaints = complaintsOf(page);
    await signIn(page, b);
    await page.getByRole('link', { name: 'Join' }).click();
    await page.getByText('This node is in no network').waitFor();
    const field = page.getByLabel('Network ID or invitation');
    await field.fill('not a number');
    await page.getByText('neither 16 hexadecimal digits').waitFor();
    await field.fill(` sudo zerotier-cli join ${network.toUpperCase()} `);
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    await page.getByText('waiting to be authorised').waitFor();
    const command = await page.getByText(/overspan member authorize [0-9a-f ]+/).textContent();
    expect(await barriers(page)).toEqual([]);
    await root.overspan(...command!.trim().split(' ').slice(1));
    await page.getByText('10.147.17.').waitFor();
    await page.getByRole('button', { name: `Leave network ${network}` }).click();
    await page.getByText('This node is in no network').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('10.147.17.').waitFor();
    expect(complaints).toEqual([]);
  });

  it('shows who it is, whom it knows, what it is set to and what it wrote', async () => {
    const page = browsers.at(-1)!.contexts()[0]!.pages()[0]!;
    const complaints = complaintsOf(page);
    await page.getByRole('link', { name: 'Node' }).click();
    await page.getByText('in contact with a root').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Peers' }).click();
    await page.getByRole('rowheader').first().waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Roots' }).click();
    await page.getByText('No moon is followed').waitFor();
    expect(await barriers(page)).toEqual([]);
    const moon = '000000bfb8eb1884';
    await page.getByLabel('ID of a moon').fill('bfb8eb1884');
    await page.getByRole('button', { name: 'Follow', exact: true }).click();
    await page.getByText(`${moon} is looked for`).waitFor();
    const unfollow = page.getByRole('button', { name: `No longer follow moon ${moon}` });
    await unfollow.click();
    await page.getByText('No moon is followed').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await unfollow.click();
    await page.getByText('No moon is followed').waitFor();
    await page.getByRole('tab', { name: 'Settings' }).click();
    const undo = page.getByRole('tabpanel').getByRole('button', { name: 'Undo' });
    await page.getByLabel('Listen at').fill(`${b.ip}\n`);
    await page.getByLabel('Devices that are left out').fill('docker\nveth');
    await page.getByRole('switch', { name: 'Take tokens in URLs' }).click({ force: true });
    await page.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(() => settingsOf(b))
      .toEqual({
        bind: [b.ip],
        interfacePrefixBlacklist: ['docker', 'veth'],
        allowTokenInUrl: true,
      });
    await undo.click();
    await expect.poll(() => settingsOf(b)).toEqual({});
    await page.getByText('All settings, as JSON').click();
    const settings = page.getByLabel('Settings as JSON');
    await settings.fill('{"primaryPort": "x"}');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').filter({ hasText: 'primaryPort' }).waitFor();
    await settings.fill('{"portMappingEnabled": false}');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The settings are saved').waitFor();
    expect(await barriers(page)).toEqual([]);
    const kept = await settings.inputValue();
    await settings.fill('{}');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => settingsOf(b)).toEqual({});
    await undo.click();
    await page.getByText('The settings are what they were before').waitFor();
    expect(settingsOf(b)).toEqual(JSON.parse(kept));
    expect(await settings.inputValue()).toBe(kept);
    await page.getByRole('tab', { name: 'Log' }).click();
    await page.getByRole('row').first().waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(complaints.filter((text) => !text.includes('status of 400'))).toEqual([]);
  });
});
