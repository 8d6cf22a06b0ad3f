/**
 * The web UI as somebody meets it, in Chromium on the host of a daemon whose network has many members: how much comes over the wire
 * before the first page is there, how long the page takes to show what a person did (to the next frame, by the Event Timing API),
 * and how long until something that happens to a member is on the screen.
 *
 * Not ratios but limits that the page is held to: 250 kB, 100 ms, 1 s. `npm run bench ui [-- --members N]`
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import type { Page } from 'playwright-core';

import { tableLines } from '../src/cli/table.ts';
import { quantileSorted } from '../src/harness/stats/quantile.ts';
import { openBrowser, settled } from '../test/programs/browser.ts';
import { nodeHosts } from '../test/programs/node-hosts.ts';
import { openPrograms } from '../test/programs/program.ts';

const firstLoadBytesMax = 250_000;
const interactionMsMax = 100;
const eventMsMax = 1_000;
const events = 20;

/** Measures and prints. @returns whether the page keeps to its limits */
export async function run(words: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...words],
    options: { members: { type: 'string', default: '1000' } },
  });
  const count = Number(values.members);
  const programs = openPrograms('bench-ui');
  const lab = nodeHosts(programs, ['root']);
  try {
    await lab.raise();
    const root = lab.host('root');
    await root.up('--ui');
    const made = await root.json<{ network: { id: string } }>('network', 'create', '--name', 'lab');
    const { id } = made.network;
    const addresses = Array.from({ length: count }, (_, i) => (0x1000000000 + i).toString(16));
    await root.json('member', 'authorize', id, ...addresses);
    const browser = await openBrowser(programs, root);
    try {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      const loaded = await firstLoad(page, join(root.home, 'authtoken.secret'));
      await page.goto(`http://127.0.0.1:9994/s/here/networks/${id}`);
      await page.getByRole('searchbox').waitFor();
      await settled(page);
      const shown = await interactions(page);
      const seen = await eventsToScreen(page, id, addresses);
      return print(count, { loaded, shown, seen });
    } finally {
      await browser.close();
    }
  } finally {
    await programs.close();
    await lab.close();
  }
}

/** Bytes of all that is sent until the list of networks is there, with nothing kept from before. */
async function firstLoad(page: Page, tokenFile: string): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto('http://127.0.0.1:9994/');
  await page.getByLabel('Token', { exact: true }).fill(readFileSync(tokenFile, 'utf8'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Networks' }).waitFor();
  await settled(page);
  await session.detach();
  return bytes;
}

/** What a person does, and how long the page takes to show it, ms; the longest event of each. */
async function interactions(page: Page): Promise<ReadonlyMap<string, number>> {
  await page.evaluate(
    `globalThis.timings = [];
     new PerformanceObserver((list) => timings.push(...list.getEntries().map((each) => each.duration)))
       .observe({ type: 'event', durationThreshold: 16, buffered: false });`,
  );
  const longest = new Map<string, number>();
  const time = async (name: string, act: () => Promise<unknown>): Promise<void> => {
    await page.evaluate('timings.length = 0');
    await act();
    // Two frames: the observer is told after the next paint.
    await page.evaluate(
      'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))',
    );
    const took = await page.evaluate<number[]>('[...timings]');
    // What took less than 16 ms is not told.
    longest.set(name, Math.max(16, ...took));
  };
  const search = page.getByRole('searchbox');
  await search.click();
  for (const letter of '10000001')
    await time(`type "${letter}" into the search`, () => page.keyboard.press(letter));
  await time('clear the search', () => search.fill(''));
  await time('sort by address', () =>
    page.getByRole('button', { name: 'ID', exact: true }).click(),
  );
  await time('sort the other way', () =>
    page.getByRole('button', { name: 'ID', exact: true }).click(),
  );
  await time('select all of a page', () =>
    page.getByRole('checkbox', { name: 'Select all of this page' }).click(),
  );
  await time('next page', () => page.getByRole('button', { name: 'Next' }).click());
  return longest;
}

/** From the moment a change is sent to its being on the screen, by the event stream alone, ms. */
async function eventsToScreen(
  page: Page,
  network: string,
  addresses: readonly string[],
): Promise<readonly number[]> {
  await page.getByRole('searchbox').fill(addresses[0] ?? '');
  const took: number[] = [];
  for (let i = 0; i < events; i++)
    took.push(
      await page.evaluate<number>(`(async () => {
        const proof = localStorage.getItem('overspan-proof');
        const begun = performance.now();
        const shown = new Promise((done) => {
          const look = () => document.body.textContent.includes('event-${i};') && done(performance.now());
          new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
        });
        await fetch('/services/here/api/v1/networks/${network}/members/${addresses[0]}', {
          method: 'PATCH',
          headers: { 'Content-Type': 'application/json', 'X-Overspan-Proof': proof },
          body: JSON.stringify({ name: 'event-${i};' }),
        });
        return (await shown) - begun;
      })()`),
    );
  return took.sort((a, b) => a - b);
}

function print(
  count: number,
  {
    loaded,
    shown,
    seen,
  }: {
    readonly loaded: number;
    readonly shown: ReadonlyMap<string, number>;
    readonly seen: readonly number[];
  },
): boolean {
  const slowest = Math.max(...shown.values());
  const lastSeen = seen.at(-1) ?? Infinity;
  const rows = [
    ['first load, compressed, kB', (loaded / 1_000).toFixed(0), firstLoadBytesMax / 1_000],
    ...[...shown].map(([name, ms]) => [`${name}, ms`, ms.toFixed(0), interactionMsMax]),
    ['event to screen, median ms', quantileSorted(seen, 0.5).toFixed(0), eventMsMax],
    [`event to screen, longest of ${events}, ms`, lastSeen.toFixed(0), eventMsMax],
  ].map((row) => row.map(String));
  for (const line of tableLines([`${count} members`, 'measured', 'limit'], rows)) console.log(line);
  return loaded <= firstLoadBytesMax && slowest <= interactionMsMax && lastSeen <= eventMsMax;
}
