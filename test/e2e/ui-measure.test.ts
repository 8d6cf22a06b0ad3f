/** Measuring from the page: a comparison of a network with the link below it is started, watched, stopped, and shown. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import type { RunDetail, RunList } from '../../src/api/schema/run.ts';
import { barriers, complaintsOf, openBrowser } from '../programs/browser.ts';
import { describeStory, nodeLab } from './node-lab.ts';
import { stage, type Listening, type Program } from './program.ts';

const here = stage('ui-measure');
const lab = nodeLab(here, ['root', 'b']);
const [root, b] = [lab.host('root'), lab.host('b')];
const page0 = 'http://127.0.0.1:9994';
let browser: Browser;
let node: Program;
let page: Page;
let invitation = '';
let overlay = '';
let complaints: readonly string[];

const start = () => page.getByRole('button', { name: 'Start', exact: true });
const idOf = (url: string): string =>
  /measure\/((?:compare|characterize)-[\w-]+)/.exec(url)?.[1] ?? '';
/** What the page's server answers to the page itself: its cookie goes with it, and the proof that it shows. */
const asked = (path: string, proof = "localStorage.getItem('overspan-proof')"): Promise<Asked> =>
  page.evaluate<Asked>(
    `fetch(${JSON.stringify(path)}, { headers: { 'X-Overspan-Proof': ${proof} } })
      .then(async (answer) => ({
        status: answer.status,
        policy: answer.headers.get('content-security-policy'),
        text: await answer.text(),
      }))`,
  );
const runs = async (): Promise<RunList['runs']> =>
  (JSON.parse((await asked('/runs')).text) as RunList).runs;

interface Asked {
  readonly status: number;
  readonly policy: string | null;
  readonly text: string;
}

async function fill(label: string, text: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).fill(text);
}

/** Signs in, wherever the form is. */
async function enter(): Promise<void> {
  await fill('Token', readFileSync(join(root.home, 'authtoken.secret'), 'utf8'));
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Starts one that is over in a second or two, but for its rounds. @returns its name */
async function startRun(rounds: number): Promise<string> {
  await page.getByRole('link', { name: 'Measure', exact: true }).click();
  await page.getByRole('link', { name: 'New comparison' }).click();
  await fill('Host and port of path 1', `${b.ip}:8443`);
  await fill('Host and port of path 2', `${overlay}:8443`);
  await fill('Rounds', String(rounds));
  await fill('Requests of a visit', '20');
  await page.getByLabel("Measure the harness's own floor first").uncheck({ force: true });
  await start().click();
  await page.waitForURL(/measure\/compare-/);
  return idOf(page.url());
}

/** Chooses overlays, and no others. */
async function choose(...names: string[]): Promise<void> {
  await page.getByRole('checkbox', { name: 'direct' }).waitFor();
  for (const box of await page.getByRole('checkbox', { disabled: false }).all())
    await box.setChecked(names.includes((await box.getAttribute('value')) ?? ''));
}

beforeAll(async () => {
  [node] = await Promise.all([root.up('--ui'), b.up()]);
  await Promise.all([root.online(), b.online()]);
  const { network } = await root.json<{ network: { id: string } }>('network', 'create', '--public');
  const entry = ['join', network.id, '--wait', '--timeout', '20'] as const;
  await root.json(...entry);
  const joined = await b.json<{ network: { assignedAddresses: string[] } }>(...entry);
  overlay = joined.network.assignedAddresses.find((each) => each.startsWith('10.'))!.split('/')[0]!;
  expect((await root.ping(overlay, 3)).received).toBe(3);
  const words = b.overspanWords('serve', '--json', '--port', '8443', '--host', '0.0.0.0');
  const server = b.start(words, { timeoutMs: 600_000 });
  const facts = JSON.parse(await server.line(/"event":"listening"/)) as Listening;
  invitation = facts.invitations[0]!.text;
  browser = await openBrowser(here, root);
  const context = await browser.newContext();
  page = await context.newPage();
  complaints = complaintsOf(page);
  await page.goto(`${page0}/measure`);
  await enter();
  await page.getByRole('heading', { name: 'Measure', exact: true }).waitFor();
}, 120_000);

afterAll(async () => {
  await browser.close();
});

describeStory('measuring from the page', () => {
  it('says what is wrong with what was typed, and starts nothing', async () => {
    await page.getByRole('link', { name: 'New comparison' }).click();
    await fill('Rounds', 'many');
    await start().click();
    await page.getByText('2 to 1000').waitFor();
    expect(await page.getByLabel('Host and port of path 1').getAttribute('aria-invalid')).toBe(
      'true',
    );
    expect(await runs()).toEqual([]);
  });

  it('says why a run came to nothing, and keeps what was typed', async () => {
    await fill('Rounds', '40');
    await fill('Host and port of path 1', `${b.ip}:8444`);
    await fill('Host and port of path 2', `${overlay}:8444`);
    await start().click();
    await page.getByRole('alert').filter({ hasText: '8444' }).waitFor();
    await page.getByRole('link', { name: 'Change it and try again' }).click();
    expect(await page.getByLabel('Host and port of path 1').inputValue()).toBe(`${b.ip}:8444`);
  });

  it('shows a run while it goes on, refuses a second, and keeps what was measured when it is stopped', async () => {
    await fill('Invitation', invitation);
    const id = await startRun(1_000);
    await page.getByText(/^Measuring, round \d+ of 1000: (direct|overlay)$/).waitFor();
    await page.getByText(/^about .+ left$/).waitFor();
    await page.getByRole('img', { name: /answered within.*direct: p50 .*overlay: p50/ }).waitFor();
    expect(await page.getByRole('progressbar').getAttribute('aria-valuenow')).not.toBeNull();
    const live = JSON.parse((await asked(`/runs/${id}`)).text) as RunDetail;
    expect(live.live?.paths.map(({ label }) => label)).toEqual(['direct', 'overlay']);
    expect(live.commandLine).not.toContain(invitation);
    // The cookie goes to every port of the host: it is nothing by itself.
    expect((await asked(`/runs/${id}`, "''")).status).toBe(401);
    await page.getByRole('link', { name: 'All runs' }).click();
    await page.getByRole('link', { name: 'New comparison' }).click();
    await page.getByText('two would disturb each other').waitFor();
    expect(await start().isDisabled()).toBe(true);
    await page.getByRole('link', { name: 'Watch it' }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    const report = page.frameLocator('iframe.report');
    await report.getByText('the run was interrupted').waitFor({ timeout: 30_000 });
    const record = readFileSync(join(root.home, 'runs', `${id}.ndjson`), 'utf8');
    expect(record).toContain('"reason":"interrupted"');
    expect(record).not.toContain(invitation);
  }, 90_000);

  it('shows the report of a run that came to its end, without being told to', async () => {
    const id = await startRun(20);
    const report = page.frameLocator('iframe.report');
    await report.getByRole('heading', { level: 1 }).waitFor({ timeout: 30_000 });
    expect(await report.getByRole('heading', { level: 1 }).textContent()).toMatch(/overlay/);
    expect(await report.locator('svg.plot').count()).toBe(6);
    // The same file as that of the command line.
    const made = await root.overspan(
      'report',
      join(root.home, 'runs', `${id}.ndjson`),
      '--format',
      'html',
    );
    const shown = await asked(`/runs/${id}/report`);
    expect(shown.text.trim()).toBe(made.stdout.trim());
    expect(shown.policy).toContain('sandbox allow-same-origin');
    expect((await asked(`/runs/${id}/record`)).text).toBe(
      readFileSync(join(root.home, 'runs', `${id}.ndjson`), 'utf8'),
    );
    await page.getByText('complete', { exact: true }).waitFor();
    for (const [button, ending] of [
      ['Save the report', 'html'],
      ['Save the record', 'ndjson'],
    ] as const) {
      const saving = page.waitForEvent('download');
      await page.getByRole('button', { name: button }).click();
      const saved = await saving;
      expect(saved.suggestedFilename()).toBe(`${id}.${ending}`);
      expect(await saved.failure()).toBeNull();
    }
  }, 60_000);

  it('lists runs with what came of them, and shows two side by side', async () => {
    await page.getByRole('link', { name: 'All runs' }).click();
    const both = page.getByRole('button', { name: 'Show two side by side' });
    expect(await both.isDisabled()).toBe(true);
    const boxes = page.getByRole('checkbox', { disabled: false });
    await boxes.nth(1).waitFor();
    await boxes.nth(0).check();
    await boxes.nth(1).check();
    await both.click();
    await page.getByRole('heading', { name: 'Two runs side by side' }).waitFor();
    await page
      .locator('iframe.report')
      .first()
      .contentFrame()
      .getByRole('heading', { level: 1 })
      .waitFor();
    await page
      .locator('iframe.report')
      .last()
      .contentFrame()
      .getByRole('heading', { level: 1 })
      .waitFor();
    expect(await page.getByRole('row', { name: /^overlay/ }).count()).toBe(1);
    expect((await runs()).map(({ state }) => state)).toEqual(['complete', 'interrupted', 'failed']);
  });

  it('is whole for everybody: both themes, wide and narrow', async () => {
    const [done] = await runs();
    const paths = ['', '/new', `/${done!.id}`, new URL(page.url()).pathname.split('/measure')[1]!];
    for (const path of paths) {
      await page.goto(`${page0}/s/here/measure${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      if (path.includes('compare-'))
        await page.locator('iframe.report[data-ready="true"]').first().waitFor();
      // As of paths that are slow and unsteady.
      await page.evaluate(
        "document.querySelectorAll('.figures td').forEach((each) => (each.textContent = '123456 [102345, 1234567] µs'))",
      );
      // No script enters the frame, so that what is in it is looked at by itself, below.
      await page.evaluate("document.querySelectorAll('iframe').forEach((each) => each.remove())");
      expect(await barriers(page), path).toEqual([]);
    }
  }, 120_000);

  it('has a report that is whole for everybody, too', async () => {
    const html = (await asked(`/runs/${(await runs())[0]!.id}/report`)).text;
    const other = await page.context().newPage();
    await other.setContent(html);
    expect(await barriers(other)).toEqual([]);
    await other.close();
  }, 60_000);

  it('deletes a run and its report when nobody has undone it', async () => {
    const [, interrupted] = await runs();
    const { id } = interrupted!;
    const remove = page.getByRole('button', { name: `Delete ${id}` });
    const undo = page.getByRole('button', { name: 'Undo' });
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`${page0}/s/here/measure`);
    await remove.click();
    await remove.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await remove.click();
    await undo.hover();
    expect((await runs()).map((run) => run.id)).toContain(id);
    // Who leaves the page has not undone it.
    await page.goto(`${page0}/s/here/measure`);
    await page.getByRole('listitem').first().waitFor();
    await expect.poll(async () => (await runs()).map((run) => run.id)).not.toContain(id);
    expect(readdirSync(join(root.home, 'runs')).filter((name) => name.includes(id))).toEqual([]);
    expect(await remove.count()).toBe(0);
  }, 60_000);

  it('compares overlays in a lab of this machine, which is taken down', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`${page0}/s/here/measure/new`);
    await page.getByRole('radio', { name: 'Overlays in a lab of this machine' }).check();
    await choose('direct', 'vxlan');
    expect(await barriers(page)).toEqual([]);
    await fill('Rounds', '5');
    await fill('Requests of a visit', '20');
    await start().click();
    await page.waitForURL(/measure\/characterize-/);
    const report = page.frameLocator('iframe.report');
    await report.getByRole('heading', { level: 1 }).waitFor({ timeout: 60_000 });
    expect(await report.getByRole('heading', { level: 1 }).textContent()).toMatch(/^vxlan /);
    const [done] = await runs();
    expect(done).toMatchObject({ id: idOf(page.url()), state: 'complete' });
    expect((await root.json<{ labs: unknown[] }>('lab', 'list')).labs).toEqual([]);
  }, 90_000);

  it('takes a lab down that is stopped while it is made', async () => {
    await page.goto(`${page0}/s/here/measure/new`);
    await page.getByRole('radio', { name: 'Overlays in a lab of this machine' }).check();
    await choose('direct', 'overspan');
    await start().click();
    await page.getByText('Bringing up overspan').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('The run was stopped before anything was measured').waitFor();
    expect((await root.json<{ labs: unknown[] }>('lab', 'list')).labs).toEqual([]);
  }, 60_000);

  it('gave the browser no reason to complain', () => {
    expect(complaints.filter((text) => !text.includes('status of 401'))).toEqual([]);
  });

  it('forgets what was typed when the session ends, and with signing out', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    const typed = page.getByLabel('Invitation', { exact: true });
    await page.goto(`${page0}/s/here/measure/new`);
    await typed.fill('a secret');
    // As after a restart of the page's server.
    await page.context().clearCookies();
    await enter();
    await typed.waitFor();
    expect(await typed.inputValue()).toBe('');
    await typed.fill('a secret');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${page0}/`);
    await enter();
    await page.getByRole('link', { name: 'Measure', exact: true }).click();
    await page.getByRole('link', { name: 'New comparison' }).click();
    expect(await typed.inputValue()).toBe('');
  });

  it('is over when the node ends, and what was measured is kept', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await startRun(1_000);
    await page.getByText(/^Measuring/).waitFor();
    node.signal('SIGINT');
    expect((await node.ended).code).toBe(0);
    const files = readdirSync(join(root.home, 'runs')).filter((name) => name.endsWith('.ndjson'));
    const records = files.map((name) => readFileSync(join(root.home, 'runs', name), 'utf8'));
    expect(records.every((record) => record.includes('"kind":"end"'))).toBe(true);
  }, 60_000);
});
