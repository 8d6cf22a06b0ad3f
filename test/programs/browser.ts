/** Chromium on a host of a lab, driven by Playwright. It speaks with the host's loopback and with nobody else: there is no way out. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Page } from 'playwright-core';

import type { NodeHost } from './node-hosts.ts';
import type { Programs } from './program.ts';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** Where Debian has it. */
export const chromiumPath = '/usr/bin/chromium';

/** Starts it on a host. The caller closes it. */
export async function openBrowser(here: Omit<Programs, 'close'>, host: NodeHost): Promise<Browser> {
  const wrapper = here.path(`chromium-${host.name}`);
  const words = host.argv(chromiumPath).map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  writeFileSync(wrapper, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`);
  chmodSync(wrapper, 0o755);
  return await chromium.launch({ executablePath: wrapper, args: flags, headless: true });
}

/** Signs in to the page of a host's node. */
export async function signIn(page: Page, host: NodeHost): Promise<void> {
  await page.goto('http://127.0.0.1:9994/');
  const token = readFileSync(join(host.home, 'authtoken.secret'), 'utf8');
  await page.getByLabel('Token', { exact: true }).fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Networks' }).waitFor();
}

/** What the browser itself complains of from now on: the policy, mostly, and errors that nobody caught. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return complaints;
}

/**
 * How a page is looked at: each theme and each width once, the second time at what hangs on colours and room. Everything in every
 * pair of them: `npm run screenshots`.
 */
const looks = [
  { colorScheme: 'light', width: 1280, rules: null },
  {
    colorScheme: 'dark',
    width: 360,
    rules: ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size'],
  },
] as const;

/** What is wrong with a page as it is now for who does not see or point, and where it is wider than its window. */
export async function barriers(page: Page): Promise<string[]> {
  const found: string[] = [];
  const before = page.viewportSize();
  await page.mouse.move(0, 0);
  for (const { colorScheme, width, rules } of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await settled(page);
    // Else it opens a page of its own for what it found in frames, of which there is one at most.
    const axe = new AxeBuilder({ page }).setLegacyMode();
    const { violations } = await (rules === null ? axe : axe.withRules([...rules])).analyze();
    const what = `${colorScheme} ${width}`;
    for (const { id, nodes } of violations)
      found.push(`${what}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    const overhang = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    if (overhang > 0) found.push(`${what}: ${overhang} pixels wider than the window`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  if (before !== null) await page.setViewportSize(before);
  return found;
}

/** Nothing is loading, and nothing moves: also a moment later, for what has come may have parts that load. */
export async function settled(page: Page): Promise<void> {
  const busy = page.locator('[aria-busy="true"]');
  do {
    await busy.first().waitFor({ state: 'detached' });
    await page.evaluate(
      'Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null)))',
    );
    await page.waitForTimeout(50);
  } while ((await busy.count()) > 0);
}
