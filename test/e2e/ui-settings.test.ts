/** Settings, rules, invitations, the audit log and API tokens in the browser: of one network whose members are there. */
import { writeFileSync } from 'node:fs';

import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import { barriers, complaintsOf, openBrowser, signIn } from '../programs/browser.ts';
import { describeStory, nodeLab } from './node-lab.ts';
import { stage } from './program.ts';

const here = stage('ui-settings');
const lab = nodeLab(here, ['root', 'a', 'b']);
const [root, a, b] = [lab.host('root'), lab.host('a'), lab.host('b')];
let browser: Browser;
let page: Page;
/** What the browser itself complained of: the policy, mostly. */
let complaints: readonly string[];
let network = '';

interface Shown {
  readonly network: { readonly mtu: number; readonly name: string; readonly isPrivate: boolean };
}

/** What the service says of the network. */
async function shown(): Promise<Shown['network']> {
  return (await root.json<Shown>('network', 'show', network)).network;
}

/** The tab of the network's page. */
async function open(tab: string): Promise<void> {
  await page.getByRole('tab', { name: tab }).click();
  await page.getByRole('tabpanel', { name: tab }).waitFor();
}

/** A script that changes the MTU of the network as often as there are values. */
function changes(id: string, mtus: readonly number[]): string {
  return `(async () => {
    const proof = localStorage.getItem('overspan-proof');
    for (const mtu of ${JSON.stringify(mtus)})
      await fetch('/services/here/api/v1/networks/${id}', {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/json', 'X-Overspan-Proof': proof },
        body: JSON.stringify({ mtu }),
      });
  })()`;
}

/** Whether a field or button has the focus. */
async function hasFocus(what: Locator): Promise<boolean> {
  return (await what.and(page.locator(':focus')).count()) === 1;
}

// Looking takes seconds on a machine that has other things to do.
vi.setConfig({ testTimeout: 180_000 });

/** Nothing that axe finds, and nothing to push the page sideways for. */
async function looksRight(): Promise<void> {
  expect(await barriers(page)).toEqual([]);
}

beforeAll(async () => {
  await root.up('--ui', '--join-listen', '127.0.0.1:9995');
  await Promise.all([a.up(), b.up()]);
  await Promise.all([a.online(), b.online()]);
  const made = await root.json<{ network: { id: string } }>('network', 'create', '--name', 'lab');
  network = made.network.id;
  await a.overspan('join', network);
  browser = await openBrowser(here, root);
  page = await (await browser.newContext()).newPage();
  complaints = complaintsOf(page);
  page.setDefaultTimeout(15_000);
  await signIn(page, root);
  await page.getByRole('link', { name: 'lab' }).click();
});

afterAll(async () => {
  await browser.close();
});

describeStory('the settings of a network', () => {
  it('are refused in place where a field is wrong', async () => {
    await open('Settings');
    const mtu = page.getByLabel('MTU');
    await mtu.fill('12');
    await page.getByText('a whole number from 1280 to 10000').waitFor();
    await page.getByRole('button', { name: 'Look at what it does' }).click();
    await expect.poll(() => hasFocus(mtu)).toBe(true);
    await looksRight();
  });

  it('say what they do to members before they are saved', async () => {
    await page.getByLabel('MTU').fill('1400');
    await page.getByRole('switch', { name: 'Private' }).click();
    await page.getByRole('button', { name: 'Look at what it does' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('1 member waits and would be let in when it asks next.').waitFor();
    await looksRight();
    expect((await shown()).mtu).toBe(2_800);
    await dialog.getByRole('button', { name: 'Save' }).click();
    const saved = page.getByRole('status').filter({ hasText: 'The settings are saved.' });
    await expect.poll(() => hasFocus(saved)).toBe(true);
    expect(await shown()).toMatchObject({ mtu: 1_400, isPrivate: false });
    await looksRight();
  });

  it('are what they were before when that is undone', async () => {
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The settings are what they were before.').waitFor();
    expect(await shown()).toMatchObject({ mtu: 2_800, isPrivate: true });
    expect(await page.getByLabel('MTU').inputValue()).toBe('2800');
  });

  it('of somebody else are not overwritten unseen', async () => {
    await page.getByLabel('MTU').fill('1300');
    await root.overspan('network', 'set', network, '--name', 'office', '--mtu', '1500');
    const alert = page.getByRole('alert').filter({ hasText: 'Somebody else has changed' });
    await alert.getByText('you have changed it, too').waitFor();
    await looksRight();
    await alert.getByRole('button', { name: 'Keep mine' }).click();
    expect(await page.getByLabel('Name').inputValue()).toBe('office');
    await page.getByRole('button', { name: 'Look at what it does' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('The settings are saved.').waitFor();
    expect(await shown()).toMatchObject({ mtu: 1_300, name: 'office' });
  });

  it('that are not saved are still there after a look elsewhere', async () => {
    await page.getByLabel('Name').fill('not saved');
    await open('Members');
    await open('Settings');
    expect(await page.getByLabel('Name').inputValue()).toBe('not saved');
    await page.getByRole('button', { name: 'Discard' }).click();
    expect(await page.getByLabel('Name').inputValue()).toBe('office');
  });
});

describeStory('the rules of a network', () => {
  const field = (): Locator => page.getByLabel('Rules of the network');

  it('show where a mistake is, and lead there', async () => {
    await open('Rules');
    await field().fill('accept\n  and nonsense 5\n;\n');
    const place = page.getByRole('button', { name: 'line 2, column 7' });
    await place.waitFor();
    expect(await page.getByRole('button', { name: 'Save rules' }).isDisabled()).toBe(true);
    await looksRight();
    await place.click();
    const selected = await page.evaluate<string>('getSelection().toString()');
    expect(selected).toBe('nonsense');
  });

  it('are not saved while a test fails', async () => {
    await field().fill(
      'drop ipprotocol tcp and dport 22;\naccept;\nexpect accept from member to member ipprotocol tcp dport 22;\n',
    );
    await page.getByText('Tests that fail: 1 of 1.').waitFor();
    expect(await page.getByRole('button', { name: 'Save rules' }).isDisabled()).toBe(true);
    await looksRight();
  });

  it('are tried on packets, which are kept as tests, and saved', async () => {
    await field().fill('drop ipprotocol tcp and dport 22;\naccept;\n');
    await page.getByLabel('Packet').fill('from member to member ipprotocol tcp dport 22');
    await page.getByText('is dropped').waitFor();
    await page.getByRole('button', { name: 'Keep as a test' }).click();
    await page.getByText('The test holds.').waitFor();
    await looksRight();
    await page.getByRole('button', { name: 'Save rules' }).click();
    await page.getByText('The rules are saved').waitFor();
    const { stdout } = await root.overspan('rule', 'show', network);
    expect(stdout).toContain('expect drop from member to member ipprotocol tcp dport 22;');
  });

  it('are what they were before when that is undone', async () => {
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The rules are what they were before.').waitFor();
    expect((await root.overspan('rule', 'show', network)).stdout).not.toContain('expect');
  });

  it('of somebody else do not go with an undo', async () => {
    await field().fill('accept;\n# mine\n');
    await page.getByRole('button', { name: 'Save rules' }).click();
    await page.getByText('The rules are saved').waitFor();
    const theirs = here.path('theirs.rules');
    writeFileSync(theirs, 'accept;\n# theirs\n');
    await root.overspan('rule', 'apply', network, theirs);
    await expect.poll(() => field().inputValue()).toContain('# theirs');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Somebody has written other rules since').waitFor();
    expect((await root.overspan('rule', 'show', network)).stdout).toContain('# theirs');
  });

  it('that a template took the place of come back', async () => {
    await field().fill('accept;\n# kept\n');
    await page.getByRole('combobox', { name: 'Begin from' }).selectOption('servers');
    const taken = page.getByRole('status').filter({ hasText: 'in the place of what was there' });
    await taken.getByRole('button', { name: 'Undo' }).click();
    expect(await field().inputValue()).toBe('accept;\n# kept\n');
    await page.getByRole('button', { name: 'Discard' }).click();
  });

  it('are written with keys that help, and Tab does not stay', async () => {
    await page.getByRole('combobox', { name: 'Begin from' }).selectOption('servers');
    await page.getByText('All 7 tests hold.').waitFor();
    await field().fill('accept\n  ethertype ipv4');
    await field().press('Control+End');
    await field().press('Enter');
    await field().press('Control+]');
    expect(await field().inputValue()).toBe('accept\n  ethertype ipv4\n    ');
    await field().press('Tab');
    await expect.poll(() => hasFocus(field())).toBe(false);
    await page.getByRole('button', { name: 'Discard' }).click();
  });
});

describeStory('invitations', () => {
  let invitation = '';

  it('are made, and shown once', async () => {
    await open('Invitations');
    await page.getByText('There are no invitations').waitFor();
    await page.getByRole('button', { name: 'Invite' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Note').fill('<b>for Ann</b>');
    await dialog.getByRole('button', { name: 'Invite' }).click();
    const command = await dialog.getByText('overspan join').textContent();
    invitation = command!.replace('overspan join ', '');
    await dialog.getByText(`http://127.0.0.1:9995/join/${network}#${invitation}`).waitFor();
    await looksRight();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByText('<b>for Ann</b>').waitFor();
    await looksRight();
    const button = page.getByRole('button', { name: 'Invite' });
    await expect.poll(() => hasFocus(button)).toBe(true);
  });

  it('let in who has one, and nobody when they are revoked', async () => {
    await b.json('join', invitation, '--wait', '--timeout', '20');
    await page.getByText('used up').waitFor();
    await page.getByRole('button', { name: 'Revoke' }).click();
    const dialog = page.getByRole('dialog');
    await looksRight();
    await dialog.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByText('The invitation is revoked.').waitFor();
    await page.getByText('There are no invitations').waitFor();
  });
});

describeStory('the audit log', () => {
  it('says in words what was done', async () => {
    await open('Audit log');
    await page.getByText('set name to office; MTU to 1500').waitFor();
    const line = page.getByRole('listitem').filter({ hasText: 'made an invitation for 1 node' });
    await line.getByText('As it was asked for').click();
    await line.getByText('"expiresInMs": 86400000').waitFor();
    await looksRight();
  });

  it('shows older lines when they are asked for', async () => {
    const mtus = Array.from({ length: 50 }, (_, i) => 2_000 + i);
    // As the page itself would, so that no command is started for each.
    await page.evaluate(changes(network, mtus));
    await page.getByText('set MTU to 2049').waitFor();
    expect(await page.getByText('made the network').count()).toBe(0);
    await page.getByRole('button', { name: 'Show older ones' }).click();
    await page.getByText('made the network').waitFor();
  });
});

describeStory('API tokens', () => {
  it('are made with what they may do, shown once, and revoked', async () => {
    await page.getByRole('link', { name: 'API tokens' }).click();
    await page.getByText('There are no API tokens').waitFor();
    await looksRight();
    // Somebody else's are seen without looking again.
    await root.overspan('api-token', 'create', 'theirs', '--scope', 'read');
    await page.getByText('theirs').waitFor();
    await page.getByRole('button', { name: 'Revoke token theirs' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByText('There are no API tokens').waitFor();
    await page.getByRole('button', { name: 'Create a token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Create a token' }).click();
    await dialog.getByText('it needs a name').waitFor();
    await dialog.getByLabel('Name').fill('ci');
    await dialog.getByLabel('members: let members in').check();
    await looksRight();
    await dialog.getByRole('button', { name: 'Create a token' }).click();
    await dialog.getByText('It is shown only now').waitFor();
    await looksRight();
    await dialog.getByRole('button', { name: 'Done' }).click();
    const { tokens } = await root.json<{ tokens: unknown[] }>('api-token', 'list');
    expect(tokens).toMatchObject([{ name: 'ci', scopes: ['read', 'members'] }]);
    await looksRight();
    await page.getByRole('button', { name: 'Revoke token ci' }).click();
    await dialog.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByText('There are no API tokens').waitFor();
  });
});

describeStory('the browser', () => {
  it('had no reason to complain', () => {
    // What was refused because somebody else came first is seen by the browser, too.
    expect(complaints.filter((text) => !text.includes('status of 412'))).toEqual([]);
  });
});
