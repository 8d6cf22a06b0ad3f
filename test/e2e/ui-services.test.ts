/**
 * Services of other makes in the browser: an account at ZeroTier Central (a stub of it) and an official service (where there is one).
 * What they have is worked with, what they have not is said, and what is away is back by itself.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { barriers, complaintsOf, openBrowser } from '../programs/browser.ts';
import { CentralStub } from '../programs/central-stub.ts';
import { describeStory, nodeLab } from './node-lab.ts';
import { overspanArgv, stage, type Program } from './program.ts';

const here = stage('ui-services');
const lab = nodeLab(here, ['root']);
const root = lab.host('root');
const environment = {
  XDG_CONFIG_HOME: here.path('config'),
  XDG_STATE_HOME: here.path('state'),
  OVERSPAN_HOME: '',
  OVERSPAN_CONTEXT: '',
};
/** Of the stub, on the loopback of the host. */
const centralPort = 9980;
const zerotierHome = here.path('zerotier');
const zerotierOne = officialProgram();
const [alice, bob] = ['45ad10e047', 'bfb8eb1884'] as const;
let central: CentralStub;
/** What connects the host with the stub; without it the stub is away. */
let relay: Program;
let official: Program;
let browser: Browser;
let page: Page;
let complaints: readonly string[];

function officialProgram(): string | undefined {
  const named = process.env['ZEROTIER_ONE'];
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined;
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((directory) => join(directory, 'zerotier-one'))
    .find((file) => existsSync(file));
}

vi.setConfig({ testTimeout: 60_000 });

/** Runs `overspan` on the host as a user who has contexts. */
function start(...words: readonly string[]): Program {
  return root.start(overspanArgv(...words), { environment, timeoutMs: 600_000 });
}

/** Connects the loopback of the host with the stub, which is not in the lab. */
async function connectStub(): Promise<Program> {
  const script = `
    const net = require('node:net');
    net.createServer((from) => {
      const to = net.connect(${JSON.stringify(here.path('central.sock'))});
      from.pipe(to).pipe(from);
      for (const end of [from, to]) end.on('error', () => { from.destroy(); to.destroy(); });
    }).listen(${centralPort}, '127.0.0.1', () => console.log('connected'));`;
  const program = root.start([process.execPath, '-e', script], { timeoutMs: 600_000 });
  await program.line(/connected/);
  return program;
}

/** Starts the official service, which makes what its home lacks, and waits until it can be asked. */
async function startOfficial(path: string, port: number): Promise<Program> {
  mkdirSync(zerotierHome, { recursive: true });
  const settings = { portMappingEnabled: false, allowSecondaryPort: false };
  writeFileSync(join(zerotierHome, 'local.conf'), JSON.stringify({ settings }));
  for (const name of ['zerotier-one.port', 'authtoken.secret'])
    rmSync(join(zerotierHome, name), { force: true });
  const program = root.start([path, '-U', `-p${port}`, zerotierHome], { timeoutMs: 600_000 });
  const isUp = async (): Promise<boolean> => {
    const words = overspanArgv('info', '--home', zerotierHome);
    return (await root.start(words, { environment }).ended).code === 0;
  };
  for (let turn = 0; !(await isUp()); turn++) {
    if (turn === 50) throw new Error(`the official service does not answer: ${program.errors}`);
    await delay(100);
  }
  return program;
}

/** Goes to a page of the service, and loads it anew. */
async function open(service: string, path: string): Promise<void> {
  await page.goto(`http://127.0.0.1:9994/s/${service}/${path}`);
}

async function openTab(name: string): Promise<Locator> {
  await page.getByRole('tab', { name }).click();
  const panel = page.getByRole('tabpanel', { name });
  await panel.waitFor();
  return panel;
}

async function createNetwork(name: string): Promise<string> {
  await page.getByRole('button', { name: 'Create a network' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('IPv4 address range').fill('10.147.17.0/24');
  await dialog.getByRole('button', { name: 'Create a network' }).click();
  await page.getByRole('heading', { name }).waitFor();
  return /networks\/([0-9a-f]{16})/.exec(page.url())?.[1] ?? '';
}

async function setMtu(mtu: number): Promise<void> {
  await openTab('Settings');
  await page.getByLabel('MTU').fill(String(mtu));
  await page.getByRole('button', { name: 'Look at what it does' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('row').filter({ hasText: 'MTU' }).getByText(String(mtu)).waitFor();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The settings are saved.').waitFor();
}

async function setRules(source: string): Promise<void> {
  const panel = await openTab('Rules');
  await panel.getByLabel('Rules of the network').fill(source);
  await panel.getByRole('button', { name: 'Save rules' }).click();
  await page.getByText('The rules are saved').waitFor();
}

/** Every page of a network says that its service is away; the last one recovers when it is back. */
async function awayAndBack(
  service: string,
  network: string,
  { says, back }: { readonly says: RegExp; readonly back: () => Promise<void> },
): Promise<void> {
  const base = `networks/${network}`;
  const paths = [`${base}/members/${alice}`, `${base}/settings`, `${base}/rules`, base, 'networks'];
  for (const path of paths) {
    await open(service, path);
    await page.getByRole('alert').filter({ hasText: says }).first().waitFor();
    expect(await page.getByRole('tab').count(), path).toBe(0);
  }
  await back();
  await page.getByRole('link', { name: 'office', exact: true }).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
}

beforeAll(async () => {
  central = await CentralStub.open({ path: here.path('central.sock') });
  relay = await connectStub();
  writeFileSync(here.path('token'), `${central.token}\n`);
  const url = `http://127.0.0.1:${centralPort}/api/v1`;
  const words = ['--central', '--url', url, '--token-file', here.path('token')];
  const added = await start('context', 'add', 'account', ...words).ended;
  expect(added.code, added.stderr).toBe(0);
  if (zerotierOne !== undefined) {
    official = await startOfficial(zerotierOne, 9993);
    const named = await start(
      ...['context', 'add', 'official', '--zerotier-one', '--home', zerotierHome],
    ).ended;
    expect(named.code, named.stderr).toBe(0);
  }
  const ui = start('ui', '--json', '--context', 'account');
  const ready = JSON.parse(await ui.line(/"event":"ready"/)) as { token: string };
  browser = await openBrowser(here, root);
  page = await (await browser.newContext()).newPage();
  complaints = complaintsOf(page);
  page.setDefaultTimeout(15_000);
  await page.goto('http://127.0.0.1:9994/');
  await page.getByLabel('Token', { exact: true }).fill(ready.token);
  await page.getByRole('button', { name: 'Sign in' }).click();
});

afterAll(async () => {
  await browser.close();
  await central.close();
});

describeStory('an account at ZeroTier Central', () => {
  let network = '';

  it('has networks, and makes one', async () => {
    await page.getByText('This controller owns no networks yet').waitFor();
    const services = page.getByRole('combobox', { name: 'Service' });
    expect(await services.locator('option').allTextContents()).toEqual([
      'account (ZeroTier Central)',
      ...(zerotierOne === undefined ? [] : ['official (official service)']),
      'here (Overspan)',
    ]);
    network = await createNetwork('office');
    expect(central.networks.get(network)?.config).toMatchObject({
      name: 'office',
      routes: [{ target: '10.147.17.0/24' }],
    });
  });

  it('shows who waits, whom it saw and when, and lets them in', async () => {
    central.seen(network, alice, 30_000);
    central.seen(network, bob, 400_000);
    await page.reload();
    await page.getByText('2 members have asked to come in').waitFor();
    await page.getByRole('button', { name: 'Authorise all 2' }).click();
    const row = (address: string): Locator => page.getByRole('row').filter({ hasText: address });
    await row(alice).getByText('ok', { exact: true }).waitFor();
    await row(bob).getByText('silent', { exact: true }).waitFor();
    await row(alice).getByText('ZeroTier Central').waitFor();
    expect(central.networks.get(network)?.members.get(alice)?.config['authorized']).toBe(true);
  });

  it('says of a member what it knows, and that it knows no more', async () => {
    await open('account', `networks/${network}/members/${alice}`);
    await page.getByText('Central saw it').first().waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('takes settings and rules', async () => {
    await open('account', `networks/${network}`);
    await setMtu(1_400);
    const source = 'drop ipprotocol tcp and dport 22;\naccept;\n';
    await setRules(source);
    const { config, rulesSource } = central.networks.get(network)!;
    expect([config['mtu'], rulesSource]).toEqual([1_400, source]);
  });

  it('says what it has not, as no failure', async () => {
    expect(await page.getByRole('tab').allTextContents()).toEqual(['Members', 'Settings', 'Rules']);
    expect(await page.getByRole('link', { name: 'API tokens' }).count()).toBe(0);
    for (const path of ['join', 'node', `networks/${network}/audit`]) {
      await open('account', path);
      await page.getByText(/ZeroTier Central (is no node|keeps no)/).waitFor();
      expect(await page.getByRole('alert').count(), path).toBe(0);
    }
    expect(await barriers(page)).toEqual([]);
  });

  it('is said to be away on every page while it is, and is back by itself', async () => {
    await relay.kill();
    await awayAndBack('account', network, {
      says: /cannot reach http:\/\/127\.0\.0\.1:9980/,
      back: async () => {
        relay = await connectStub();
      },
    });
  });
});

const why =
  zerotierOne === undefined ? ' (skipped: no zerotier-one in ZEROTIER_ONE or the PATH)' : '';

describe.skipIf(zerotierOne === undefined)(`an official service${why}`, () => {
  describeStory('in the browser', () => {
    let network = '';

    it('has networks, and makes one', async () => {
      await open('official', 'networks');
      await page.getByText('This controller owns no networks yet').waitFor();
      network = await createNetwork('office');
    });

    it('lets in who has not asked yet, and says what it knows of it', async () => {
      await page.getByRole('button', { name: 'Add by ID' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('ID of the member').fill(alice);
      await dialog.getByRole('button', { name: 'Authorise' }).click();
      const row = page.getByRole('row').filter({ hasText: alice });
      await row.getByText('never configured', { exact: true }).waitFor();
      await open('official', `networks/${network}/members/${alice}`);
      await page.getByText('authorised; it has never asked').waitFor();
      expect(await page.getByRole('alert').count()).toBe(0);
    });

    it('takes settings and rules', async () => {
      await open('official', `networks/${network}`);
      await setMtu(1_400);
      expect(await page.getByLabel('Description').count()).toBe(0);
      await setRules('drop ipprotocol tcp and dport 22;\naccept;\n');
      await page.getByText('Nobody wrote these').waitFor();
    });

    it('shows its node, and says what it has not, as no failure', async () => {
      expect(await page.getByRole('tab').allTextContents()).toEqual([
        ...['Members', 'Settings', 'Rules'],
      ]);
      await open('official', 'node');
      await page.getByText('in contact with no root').waitFor();
      await open('official', 'join');
      await page.getByText('This node is in no network').waitFor();
      await open('official', 'node/log');
      await page.getByText('the official service shows no log over its API').waitFor();
      expect(await page.getByRole('alert').count()).toBe(0);
    });

    it('is back by itself, also on another port and with another token', async () => {
      await official.kill();
      await awayAndBack('official', network, {
        says: /nothing answers at http:\/\/127\.0\.0\.1:9993/,
        back: async () => {
          official = await startOfficial(zerotierOne!, 9997);
        },
      });
    });
  });
});

describeStory('the browser', () => {
  it('complained of nothing but refusals', () => {
    expect(complaints.filter((text) => !/status of (400|503)/.test(text))).toEqual([]);
  });
});
