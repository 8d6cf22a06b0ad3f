/**
 * `npm run screenshots [-- --only NAME …] [--out DIRECTORY]`: every page of the web UI, in both themes, at 1280 and 360 pixels, as
 * Chromium shows it of a real daemon with members in many states; and what axe finds wrong with each. Needs what the end-to-end
 * tests need.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, Page } from 'playwright-core';

import { openBrowser, settled } from '../programs/browser.ts';
import { nodeHosts, type NodeHost } from '../programs/node-hosts.ts';
import { openPrograms } from '../programs/program.ts';
import type { Listening } from '../e2e/program.ts';
import { pages, type ShownPage } from './pages.ts';

const themes = ['light', 'dark'] as const;
const widths = [1280, 360] as const;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    out: { type: 'string', default: 'screenshots' },
  },
});
const wants = (name: string): boolean => values.only.length === 0 || values.only.includes(name);
const chosen = pages.filter(({ name }) => wants(name));
/** The name of the picture of a run that goes on. */
const liveRun = 'live-run';
mkdirSync(values.out, { recursive: true });
process.exitCode = (await run()) ? 0 : 1;

async function run(): Promise<boolean> {
  const programs = openPrograms('screenshots');
  const lab = nodeHosts(programs, ['root', 'a', 'b', 'c']);
  try {
    await lab.raise();
    const root = lab.host('root');
    const { network, invitation } = await furnish(root, [
      lab.host('a'),
      lab.host('b'),
      lab.host('c'),
    ]);
    const member = readFileSync(join(lab.host('a').home, 'identity.public'), 'utf8').slice(0, 10);
    const { runs, targets } = await measured(root, lab.host('a'), network);
    const browser = await openBrowser(programs, root);
    try {
      let isClean = true;
      for (const theme of themes)
        for (const width of widths) {
          const context = await browser.newContext({
            colorScheme: theme,
            viewport: { width, height: 800 },
          });
          await signIn(context, root, theme);
          for (const page of chosen) {
            const path = page.path
              .replace('{network}', network)
              .replace('{member}', member)
              .replace('{run}', runs[0])
              .replace('{other}', runs[1])
              .replace('{invitation}', invitation);
            const found = await shoot(context, { ...page, path }, `${page.name}-${width}-${theme}`);
            if (!found) isClean = false;
          }
          if (wants(liveRun)) {
            const isFine = await shootLive(context, targets, `${liveRun}-${width}-${theme}`);
            if (!isFine) isClean = false;
          }
          await context.close();
        }
      return isClean;
    } finally {
      await browser.close();
    }
  } finally {
    await programs.close();
    await lab.close();
  }
}

/** Three nodes and members that only exist, in every state that one can wait for. @returns the network, and an invitation to it */
async function furnish(
  root: NodeHost,
  [a, b, c]: readonly NodeHost[],
): Promise<{ readonly network: string; readonly invitation: string }> {
  await root.up('--ui', '--join-listen', '127.0.0.1:9995');
  await Promise.all([a!.up(), b!.up(), c!.up()]);
  await Promise.all([a!.online(), b!.online(), c!.online()]);
  const { network } = await root.json<{ network: { id: string } }>(
    ...['network', 'create', '--name', 'office', '--description', 'Laptops and the build hosts'],
  );
  await root.json('network', 'create', '--name', 'empty', '--public', '--subnet', '10.9.0.0/16');
  const addressOf = (host: NodeHost): string =>
    readFileSync(join(host.home, 'identity.public'), 'utf8').slice(0, 10);
  const named: readonly (readonly [string, string])[] = [
    [addressOf(a!), "Ada's laptop"],
    [addressOf(b!), 'build-01'],
    ['89e92ceee5', '<b>not bold</b>'],
    ['0f00ba4b1e', 'a member with a name that is longer than any column would like it to be'],
    ['ab01cd23ef', 'printer'],
  ];
  for (const [address] of named) await root.json('member', 'authorize', network.id, address);
  for (const [address, name] of named)
    await root.json('member', 'rename', network.id, address, name);
  await Promise.all([a!, b!].map((host) => host.json('join', network.id, '--wait')));
  await c!.overspan('join', network.id);
  await root.json('member', 'deauthorize', network.id, 'ab01cd23ef');
  const { invite } = await root.json<{ invite: { invitation: string } }>(
    ...['invite', 'create', network.id],
  );
  return { network: network.id, invitation: invite.invitation };
}

/** Two ways to one server. */
interface Measured {
  readonly runs: readonly [string, string];
  readonly targets: readonly [direct: string, overlay: string];
}

/** Compares the two ways from the root to a member, twice, where the page looks for runs. */
async function measured(root: NodeHost, a: NodeHost, network: string): Promise<Measured> {
  const { address } = await root.json<{ address: string }>('info');
  await root.json('member', 'authorize', network, address);
  await root.json('join', network, '--wait');
  const { network: joined } = await a.json<{ network: { assignedAddresses: string[] } }>(
    ...['join', network, '--wait'],
  );
  const overlay = joined.assignedAddresses.find((each) => each.startsWith('10.'))!.split('/')[0]!;
  const words = a.overspanWords('serve', '--json', '--port', '8443', '--host', '0.0.0.0');
  const server = a.start(words, { timeoutMs: 3_600_000 });
  const { invitations } = JSON.parse(await server.line(/"event":"listening"/)) as Listening;
  const runs = ['compare-20270101T090000Z-0001', 'compare-20270101T090000Z-0002'] as const;
  const targets = [`${a.ip}:8443`, `${overlay}:8443`] as const;
  mkdirSync(join(root.home, 'runs'), { recursive: true });
  for (const name of runs) {
    const ended = await root.overspan(
      ...['compare', `direct=${targets[0]}`, `overlay=${targets[1]}`, '--rounds', '20'],
      ...['--invite', invitations[0]!.text, '--record', join(root.home, 'runs', `${name}.ndjson`)],
    );
    if (ended.code !== 0) throw new Error(ended.stderr);
  }
  return { runs, targets };
}

async function signIn(context: BrowserContext, root: NodeHost, theme: string): Promise<void> {
  const page = await context.newPage();
  await page.goto('http://127.0.0.1:9994/');
  await page.getByLabel('Token', { exact: true }).waitFor();
  await picture(page, `sign-in-${page.viewportSize()?.width ?? 0}-${theme}`);
  await page
    .getByLabel('Token', { exact: true })
    .fill(readFileSync(join(root.home, 'authtoken.secret'), 'utf8'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Networks' }).waitFor();
  await page.close();
}

/** Starts a run by the form, and stops it when it has been looked at. @returns what {@link looksFine} says */
async function shootLive(
  context: BrowserContext,
  targets: Measured['targets'],
  name: string,
): Promise<boolean> {
  const page = await context.newPage();
  await page.goto('http://127.0.0.1:9994/s/here/measure/new');
  for (const [index, target] of targets.entries())
    await page.getByLabel(`Host and port of path ${index + 1}`).fill(target);
  await page.getByLabel("Measure the harness's own floor first").uncheck({ force: true });
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByRole('img', { name: /answered within.*direct: p50 .*overlay: p50/ }).waitFor();
  await delay(5_000);
  await stretch(page);
  await picture(page, name);
  const isFine = await looksFine(page, name);
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.locator('iframe.report[data-ready="true"]').waitFor();
  await page.close();
  return isFine;
}

async function shoot(context: BrowserContext, shown: ShownPage, name: string): Promise<boolean> {
  const page = await context.newPage();
  await page.goto(new URL(shown.path, 'http://127.0.0.1:9994').href);
  await page.getByRole('main').waitFor();
  await settled(page);
  // No script enters the frame of a report, axe's neither: what is in it has a test of its own.
  if (shown.path.includes('/compare-'))
    await page.locator('iframe.report[data-ready="true"]').first().waitFor();
  if (shown.click !== undefined) {
    await page.getByRole(shown.click.role, { name: shown.click.name }).first().click();
    await settled(page);
  }
  // A dialogue is in the middle of the window, however high that is.
  if (shown.click?.role !== 'button') await stretch(page);
  await picture(page, name);
  const isFine = await looksFine(page, name);
  await page.close();
  return isFine;
}

/** @returns whether axe found nothing, and the page is no wider than the window */
async function looksFine(page: Page, name: string): Promise<boolean> {
  await page.evaluate("document.querySelectorAll('iframe').forEach((each) => each.remove())");
  const { violations } = await new AxeBuilder({ page }).analyze();
  for (const { id, help, nodes } of violations)
    console.log(`${name}: ${id}: ${help}\n  ${nodes.map(({ html }) => html).join('\n  ')}`);
  const overhang = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  if (overhang > 0) console.log(`${name}: ${overhang} pixels wider than the window`);
  return violations.length === 0 && overhang <= 0;
}

/** Makes the window as high as the page is: the menu beside it is whole then, too. */
async function stretch(page: Page): Promise<void> {
  // What takes a share of the window grows with it: once more is enough for what has a greatest height.
  for (let turn = 0; turn < 2; turn++) {
    const { width, height } = page.viewportSize()!;
    const whole = await page.evaluate<number>('document.documentElement.scrollHeight');
    if (whole <= height) return;
    await page.setViewportSize({ width, height: whole });
    await settled(page);
  }
}

async function picture(page: Page, name: string): Promise<void> {
  writeFileSync(join(values.out, `${name}.png`), await page.screenshot());
}
