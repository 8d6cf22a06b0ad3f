/**
 * The HTML report: one file that needs nothing else, no script, no font, no network. The verdict stands on top, in words;
 * what it rests on follows in the order in which a doubter asks for it.
 */
import { formatNs } from '../stats/duration-format.ts';
import type { Analysis } from './analysis.ts';
import { grouped, scaleOf } from './figures.ts';
import { environmentTable } from './html-environment.ts';
import { figures } from './html-figures.ts';
import { quantileTable, setupTable } from './html-metrics.ts';
import { pathTable, settingsList } from './html-parts.ts';
import { html, Html } from './markup.ts';
import { reportStyle } from './style.ts';
import { calibrationSentence, headline, taskSentence, verdictSentences } from './words.ts';

/** Renders a report with a section for each run, in the order given. */
export function renderHtml(analyses: readonly Analysis[]): string {
  const [first] = analyses;
  const title =
    analyses.length === 1 && first !== undefined ? headline(first) : `${analyses.length} runs`;
  const version = first?.run.tool.version ?? '';
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'"
        />
        <meta name="generator" content="overspan ${version}" />
        <title>${title}</title>
        <style>
          ${new Html(reportStyle)}
        </style>
      </head>
      <body>
        <main>
          <p class="brand"><b>overspan</b> · what a virtual network costs</p>
          ${analyses.length === 1 ? null : contents(analyses)}
          ${analyses.map((analysis, i) => section(analysis, `run-${i + 1}`, analyses.length > 1))}
        </main>
      </body>
    </html> `.toString();
}

function contents(analyses: readonly Analysis[]): Html {
  return html`<h1>${analyses.length} runs</h1>
    <nav aria-label="runs">
      <ol>
        ${analyses.map(
          (analysis, i) =>
            html`<li>
              <a href="#run-${i + 1}">${unbroken(headline(analysis))}</a>
              <span class="soft">${startedAt(analysis)}</span>
            </li>`,
        )}
      </ol>
    </nav>`;
}

function section(analysis: Analysis, id: string, isOneOfMany: boolean): Html {
  const scale = scaleOf(analysis);
  const { run, warnings, notes } = analysis;
  const name = (text: string, word: string): Html =>
    isOneOfMany
      ? html`<h3 class="part" id="${id}-${word}">${text}</h3>`
      : html`<h2 class="part" id="${id}-${word}">${text}</h2>`;
  const verdicts = verdictSentences(analysis);
  return html`<section id="${id}">
    ${isOneOfMany ? html`<h2 class="run">${unbroken(headline(analysis))}</h2>` : html`<h1>${unbroken(headline(analysis))}</h1>`}
    ${verdicts.map((sentence) => html`<p class="verdict">${unbroken(sentence)}.</p>`)}
    <p class="task">${unbroken(taskSentence(analysis))}.</p>
    <p class="task">${unbroken(calibrationSentence(analysis))}.</p>
    ${
      warnings.length === 0
        ? null
        : html`<ul class="warnings" aria-label="warnings">
            ${warnings.map(({ message }) => html`<li>${message}</li>`)}
          </ul>`
    }
    ${name('Latency', 'latency')} ${quantileTable(analysis, scale)} ${figures(analysis, scale, id)}
    ${name('Before the first request', 'setup')} ${setupTable(analysis, scale)}
    ${name('Requests, and the two ends', 'ends')} ${pathTable(analysis, scale)}
    <p class="note">
      The server’s processing time is by the server’s clock. The send call ends when the kernel
      takes the bytes. Neither is network latency.
    </p>
    ${name('The harness itself', 'harness')} ${harnessList(analysis)}
    ${name('Environment', 'environment')} ${environmentTable(analysis)}
    ${name('Settings', 'settings')} ${settingsList(run.effective)}
    ${name('How this was measured, and its limits', 'method')} ${method(analysis)}
    ${
      notes.length === 0
        ? null
        : html`${name('Notes of the run', 'notes')}
            <ul>
              ${notes.map(({ message }) => html`<li>${message}</li>`)}
            </ul>`
    }
    <footer>
      Run ${run.runId}, started
      ${startedAt(analysis)}${
        run.durationNs === null ? '' : `, ${formatNs(run.durationNs, 1e8, 's')} long`
      },
      ${run.state}. ${run.tool.name} ${run.tool.version}, command
      ${run.command}${run.seed === null ? '' : `, seed ${run.seed}`}. The record holds every sample:
      this page is made from it alone.
    </footer>
  </section>`;
}

function harnessList({ health, calibration, resolutionNs }: Analysis): Html {
  const three = (delay: { p50: number; p99: number; max: number } | null): string =>
    delay === null
      ? 'not recorded'
      : `p50 ${formatNs(delay.p50, 1e3)}, p99 ${formatNs(delay.p99, 1e3)}, most ${formatNs(delay.max, 1e3)}`;
  const floorNs = calibration?.floorNs ?? null;
  return html`<dl>
    <dt>floor</dt>
    <dd>
      ${floorNs === null ? 'not calibrated' : `${formatNs(floorNs, resolutionNs)} at p50 over loopback, ${grouped(calibration?.floorCount ?? 0)} requests`}
    </dd>
    ${
      health === null
        ? html`<dt>lateness</dt>
            <dd>the run did not come to its end</dd>`
        : html`<dt>event loop’s delay</dt>
            <dd>${three(health.eventLoopDelayNs)}</dd>
            <dt>sends after they were due</dt>
            <dd>
              ${health.sendLatenessNs === null ? 'nothing was scheduled' : three(health.sendLatenessNs)}
            </dd>
            <dt>processor time</dt>
            <dd>
              ${formatNs(health.cpuUserNs, 1e7, 's')} user,
              ${formatNs(health.cpuSystemNs, 1e7, 's')} system
            </dd>`
    }
  </dl>`;
}

function method({ workload, paths, run, calibration }: Analysis): Html {
  const arrival =
    workload === null
      ? null
      : workload.arrival === 'closed'
        ? 'Each request left when the reply to the one before was there (a closed loop): these are latencies of a connection that is kept busy by one request at a time, not of one under load.'
        : `Requests were due every ${formatNs(workload.intervalNs, 1_000)} and latency counts from when each was due (an open loop). A processor that idles between requests adds its waking up.`;
  return html`<div class="prose">
    ${paths.length < 2 ? html`<p>One path was measured by itself. Intervals treat its samples as independent, which neighbours in time are not quite: compare paths with <b>overspan compare</b>, not by two reports.</p>` : html`<p>The paths were visited in rounds, each path once a round, in an order drawn from a recorded seed and written down before the first round. Differences are taken within the same rounds, and intervals come from resampling whole rounds. Each interval stands at 95 % by itself: of twenty comparisons without a difference one is expected to show one.</p>`}
    ${arrival === null ? null : html`<p>${arrival}</p>`}
    <p>
      ${workload === null ? '' : `Before each visit ${grouped(workload.warmupPerVisit)} requests warmed it up and were discarded. `}A
      lost request has no latency and is counted apart. A quantile is shown only where there are
      enough samples for its interval.
      ${run.stopRule === null ? '' : `The run was to stop ${run.stopRule}.`}
    </p>
    <p>
      ${calibration === null ? 'This run did not calibrate: how large a difference the harness makes by itself is not known.' : 'The same request to a server over loopback gives the harness’s own floor, which is in every figure of this page; the same path under two names gives the difference that the harness finds where there is none.'}
    </p>
    <p>
      The client is one Node.js process. Its own time per request is part of every latency, equally
      on every path, and is the greater part of a small one. Another host, kernel or hour gives
      other figures; what can be carried elsewhere is the difference between paths measured
      together.
    </p>
  </div>`;
}

/** Keeps a number and its unit on one line. */
function unbroken(sentence: string): string {
  return sentence.replace(/(\d) (?=(?:ns|µs|ms|s|B)\b)/g, '$1\u00a0');
}

/** `2026-11-22 18:45 UTC`. */
function startedAt({ run }: Analysis): string {
  // A file of somebody else's may hold a time beyond what a Date can be.
  const date = new Date(Math.min(8.64e15, Math.max(-8.64e15, run.startedAtUnixMs)));
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
