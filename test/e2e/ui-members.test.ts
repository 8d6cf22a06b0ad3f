/** Networks and their members in the browser: made, let in, renamed, looked into, shut out and deleted, one and a thousand. */

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import type { MemberV1 } from '../../src/api/schema/v1.ts';
import { barriers, complaintsOf, openBrowser, signIn } from '../programs/browser.ts';
import { describeStory, nodeLab } from './node-lab.ts';
import { stage } from './program.ts';

const here = stage('ui-members');
const lab = nodeLab(here, ['root', 'a', 'b']);
const [root, a, b] = [lab.host('root'), lab.host('a'), lab.host('b')];
let browser: Browser;
let page: Page;
/** What the browser itself complained of: the policy, mostly. */
let complaints: readonly string[];
let network = '';
/** Of the nodes of the hosts. */
let idA = '';
let idB = '';

const button = (name: string | RegExp): ReturnType<Page['getByRole']> =>
  page.getByRole('button', { name, exact: typeof name === 'string' });
const row = (text: string): ReturnType<Page['getByRole']> =>
  page.getByRole('row').filter({ hasText: text });
const memberOf = async (address: string): Promise<MemberV1> =>
  (await root.json<{ member: MemberV1 }>('member', 'show', network, address)).member;
const manyMembers = Array.from({ length: 1_000 }, (_, i) => (0x10_0000_0000 + i).toString(16));

/** What has the focus, by the name that screen readers say. */
const focusedLabel = (): Promise<string | null> =>
  page.evaluate<string | null>('document.activeElement.ariaLabel');

const focusedId = (): Promise<string> => page.evaluate<string>('document.activeElement.id');

/** Nothing that axe finds, and nothing to push the page sideways for. */
async function looksRight(): Promise<void> {
  expect(await barriers(page)).toEqual([]);
}

beforeAll(async () => {
  await root.up('--ui');
  await Promise.all([a.up(), b.up()]);
  await Promise.all([a.online(), b.online()]);
  idA = (await a.json<{ address: string }>('info')).address;
  idB = (await b.json<{ address: string }>('info')).address;
  browser = await openBrowser(here, root);
  page = await (await browser.newContext()).newPage();
  await page.setViewportSize({ width: 1_280, height: 900 });
  complaints = complaintsOf(page);
  await signIn(page, root);
});

afterAll(async () => {
  await browser.close();
});

describeStory('networks', () => {
  it('say what to do where there are none', async () => {
    await page.getByText('owns no networks yet').waitFor();
    await looksRight();
  });

  it('are made with a range that clashes with none', async () => {
    let answer = (): void => undefined;
    await page.route('**/node/free-range', async (route) => {
      await new Promise<void>((resolve) => (answer = resolve));
      await route.continue();
    });
    await button('Create a network').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('lab');
    await dialog.getByLabel('Name').press('Enter');
    const create = dialog.getByRole('button', { name: 'Create a network' });
    expect(await create.isDisabled()).toBe(true);
    // Who is in the field when the range comes types over it, not behind it.
    const range = dialog.getByLabel('IPv4 address range');
    await range.focus();
    answer();
    await expect.poll(() => range.inputValue()).toMatch(/\/24$/);
    await page.unrouteAll();
    await page.keyboard.insertText('10.147.17.0/24');
    expect(await range.inputValue()).toBe('10.147.17.0/24');
    await looksRight();
    await create.click();
    await page.getByRole('heading', { name: 'lab' }).waitFor();
    network = /networks\/([0-9a-f]{16})/.exec(page.url())?.[1] ?? '';
    await page.getByText('Nobody is in this network').waitFor();
    await looksRight();
    await page.getByRole('link', { name: 'Networks' }).click();
    await button('Create a network').click();
    await range.fill('10.147.0.0/16');
    await dialog.getByText('It clashes with: lab.').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('are found by name and ID, shown as a picture, and deleted with a way back', async () => {
    const search = page.getByRole('searchbox');
    await search.fill('nothing has this');
    await page.getByText('No network has that').waitFor();
    await search.fill(network.slice(4, 12));
    await page.getByRole('link', { name: 'lab' }).waitFor();
    await button('Show as QR code').click();
    await page.getByRole('img', { name: `QR code of network ${network}` }).waitFor();
    await page.keyboard.press('Escape');
    await button('Delete network lab').click();
    await page.getByRole('link', { name: 'lab' }).waitFor({ state: 'detached' });
    expect(await focusedId()).toBe('content');
    await button('Undo').click();
    await looksRight();
    await page.getByRole('link', { name: 'lab' }).click();
    await page.getByRole('heading', { name: 'lab' }).waitFor();
  });
});

describeStory('the menu', () => {
  it('says where one is, and leads into the page', async () => {
    const link = page.getByRole('link', { name: 'Node', exact: true });
    await link.click();
    await page.getByRole('heading', { name: 'Node' }).waitFor();
    expect(await link.getAttribute('aria-current')).toBe('page');
    expect(await page.title()).toBe('Node · Overspan');
    expect(await focusedId()).toBe('content');
  });

  it('of a narrow window is there when it is open, and only then', async () => {
    await page.setViewportSize({ width: 360, height: 800 });
    const link = page.getByRole('link', { name: 'Networks', exact: true });
    await link.waitFor({ state: 'hidden' });
    const menu = button('Menu');
    expect(await menu.getAttribute('aria-expanded')).toBe('false');
    await menu.click();
    expect(await menu.getAttribute('aria-expanded')).toBe('true');
    await link.click();
    await link.waitFor({ state: 'hidden' });
    await page.setViewportSize({ width: 1_280, height: 900 });
    await page.getByRole('link', { name: 'lab' }).click();
    await page.getByRole('heading', { name: 'lab' }).waitFor();
    expect(await page.title()).toBe('lab · Overspan');
  });
});

describeStory('members', () => {
  it('are shown when they ask, without looking again, and let in with a click', async () => {
    await Promise.all([a.overspan('join', network), b.overspan('join', network)]);
    await row(idA).waitFor();
    await page.getByText('2 members have asked').waitFor();
    await looksRight();
    await row(idA)
      .getByRole('button', { name: `Authorise ${idA}` })
      .click();
    await row(idA).getByText('10.147.17.').waitFor();
    await button(`Authorise ${idB}`).click();
    await row(idB).getByText('10.147.17.').waitFor();
    expect((await memberOf(idB)).isAuthorized).toBe(true);
  });

  it('are renamed in place; whatever is in a name is text', async () => {
    const name = page.getByLabel(`Name of ${idA}`);
    await button(`Rename ${idA}`).click();
    await name.fill('mistake');
    await name.press('Enter');
    await page.getByText('Renamed: mistake').waitFor();
    await page.keyboard.press('Control+z');
    await button(`Rename ${idA}`).click();
    await name.fill('<b>bold</b>');
    await name.press('Enter');
    await page.getByRole('link', { name: '<b>bold</b>' }).waitFor();
    expect((await memberOf(idA)).name).toBe('<b>bold</b>');
    await expect.poll(focusedLabel).toBe('Rename <b>bold</b>');
    await root.json('member', 'rename', network, idB, 'b\u001b[31m<img src=x onerror=x>');
    await page.getByRole('link', { name: 'b\\u{1b}[31m<img src=x onerror=x>' }).waitFor();
    expect(await page.locator('img').count()).toBe(0);
    await root.json('member', 'rename', network, idB, 'bee');
    await page.getByRole('link', { name: 'bee' }).waitFor();
  });

  it('say why they are in their state, and what that rests on', async () => {
    await row('bee').getByRole('button', { name: 'Why is bee ok?' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('it asked the controller').waitFor();
    await dialog.getByRole('row').filter({ hasText: 'Runs' }).getByText('Overspan').waitFor();
    await dialog.getByText("the controller's node").first().waitFor();
    await looksRight();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    // In a window of one width: what opened it is still there.
    await button('Why is bee ok?').click();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(focusedLabel).toBe('Why is bee ok?');
  });

  it('get addresses that a person gives them, if they are addresses', async () => {
    await button('Edit bee').click();
    const dialog = page.getByRole('dialog');
    const addresses = dialog.getByLabel('Addresses', { exact: true });
    await addresses.fill('10.147.17.256');
    await dialog.getByText('10.147.17.256 is no IPv4').waitFor();
    expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await addresses.fill('10.147.17.200 10.9.9.9');
    await dialog.getByText('10.9.9.9 is in no route').waitFor();
    await looksRight();
    await addresses.fill('10.147.17.200');
    await dialog.getByLabel('Is a bridge').check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await row('bee').getByText('10.147.17.200').waitFor();
    expect(await memberOf(idB)).toMatchObject({
      ipAssignments: ['10.147.17.200'],
      isActiveBridge: true,
    });
  });

  it('are shut out after it was said what follows, and that is undone', async () => {
    await button('Deauthorise bee').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('the other members are told to leave it out').waitFor();
    await dialog.getByText('What is behind a bridge is cut off.').waitFor();
    await looksRight();
    await dialog.getByRole('button', { name: 'Deauthorise' }).click();
    await row('bee').getByText('denied').waitFor();
    expect((await memberOf(idB)).isAuthorized).toBe(false);
    // What was done before may still be undone, too.
    await button('Undo').last().click();
    await button('Deauthorise bee').waitFor();
    expect((await memberOf(idB)).isAuthorized).toBe(true);
  });

  it('are banned, and let in again only when the ban was lifted', async () => {
    await page.getByLabel('Select bee').check();
    await button('Ban').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Nothing but a person lets it in again').waitFor();
    await dialog.getByRole('button', { name: 'Ban' }).click();
    await button('Lift the ban of bee').click();
    expect(await memberOf(idB)).toMatchObject({ isBanned: false, isAuthorized: false });
    await button('Authorise bee').click();
    await button('Deauthorise bee').waitFor();
    await button('Select none').click();
  });

  it('have a page each, with what happens to them', async () => {
    await page.getByRole('link', { name: 'bee' }).click();
    await page.getByRole('heading', { name: 'bee' }).waitFor();
    await page.getByText('Nothing has happened since').waitFor();
    await page.getByText(`shut out ${idB}`).first().waitFor();
    await root.json('member', 'rename', network, idB, 'bee of b');
    await page.getByRole('heading', { name: 'bee of b' }).waitFor();
    await page.getByRole('log').getByText('its record changed; it is authorised').waitFor();
    await looksRight();
    await root.json('member', 'rename', network, idB, 'bee');
    await page.getByRole('heading', { name: 'bee', exact: true }).waitFor();
    await page.goBack();
    await row('bee').waitFor();
  });

  it('are let in by ID before they ask, and deleted when nobody has undone it', async () => {
    await button('Add by ID').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('ID of the member').fill('abcdef012');
    await dialog.getByText('ten digits').waitFor();
    await dialog.getByLabel('ID of the member').fill('abcdef0123');
    await dialog.getByLabel('Name').fill('later');
    await dialog.getByRole('button', { name: 'Authorise' }).click();
    await row('later').getByText('never configured').waitFor();
    await root.json('member', 'authorize', network, 'abcdef0124');
    await page.getByLabel('Select later').check();
    await page.getByLabel('Select abcdef0124').check();
    await button('Delete').click();
    await dialog.getByText('are forgotten').waitFor();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await row('later').waitFor({ state: 'detached' });
    expect((await memberOf('abcdef0123')).name).toBe('later');
    // Who leaves the page has not undone it.
    await page.reload();
    await row('bee').waitFor();
    for (const gone of ['abcdef0123', 'abcdef0124'])
      await expect
        .poll(async () => (await root.overspan('member', 'show', network, gone)).code)
        .toBe(4);
    expect(await row('later').count()).toBe(0);
  });

  it('are a thousand on pages, found by what is typed, and put out together', async () => {
    await root.json('member', 'authorize', network, ...manyMembers);
    await page.getByText('1,002 members').waitFor();
    expect(await page.getByRole('row').count()).toBe(51);
    await page.getByText('1 to 50 of 1,002').waitFor();
    await button('Next').click();
    await page.getByText('51 to 100 of 1,002').waitFor();
    await page.getByRole('searchbox').fill('10000003e');
    await page.getByText('8 of 1,002 members').waitFor();
    await looksRight();
    await page.getByLabel('State').selectOption('never-configured');
    await page.getByRole('searchbox').fill('');
    await page.getByText('1,000 of 1,002 members').waitFor();
    await page.getByLabel('Select all of this page').check();
    await button('Select all 1,000 that are found').click();
    await button('Deauthorise').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Deauthorise 1,000 members?').waitFor();
    await dialog.getByRole('button', { name: 'Deauthorise' }).click();
    await page.getByText('No member is like that').waitFor();
    await page.getByLabel('State').selectOption('denied');
    await page.getByText('1,000 of 1,002 members').waitFor();
    expect((await memberOf(manyMembers[999]!)).isAuthorized).toBe(false);
  });

  it('stay as they were last while nothing answers, with a word about it', async () => {
    expect(complaints).toEqual([]);
    await page.getByRole('searchbox').fill('10000003e');
    await page.getByText('8 of 1,002 members').waitFor();
    await page.route('**/services/**', (route) => route.abort());
    await page.getByText('This page cannot reach its server').first().waitFor();
    expect(await page.getByRole('row').count()).toBe(9);
    await looksRight();
  });

  it('are still there when another part of the page cannot be loaded', async () => {
    await page.route('**/assets/node-page-*', (route) => route.abort());
    await page.getByRole('link', { name: 'Node', exact: true }).click();
    const alert = page.getByRole('alert').filter({ hasText: 'cannot be shown' });
    await alert.getByRole('button', { name: 'Reload' }).waitFor();
    await page.goBack();
    await row('10000003e').first().waitFor();
  });

  it('are not looked for under an address that is none', async () => {
    await page.unrouteAll();
    await page.reload();
    await row('10000003e').first().waitFor();
    for (const path of ['%25/networks', 'here/node/nothing', `here/networks/${network}/nothing`]) {
      await page.evaluate(`history.pushState(null, '', '/s/${path}')`);
      await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
      await page.evaluate("history.pushState(null, '', '/s/here/networks')");
      await page.getByRole('heading', { name: 'Networks' }).waitFor();
    }
  });
});
