/** Smaller parts of the HTML report: what became of the requests, and the settings. */
import type { Analysis } from './analysis.ts';
import { bare, grouped, medianText, withUnit, type Scale } from './figures.ts';
import { html, type Html } from './markup.ts';
import type { PathAnalysis } from './path-analysis.ts';
import { settingsInWords } from './settings-words.ts';

/** What the ends themselves took, and what became of the requests. */
export function pathTable({ paths }: Analysis, scale: Scale): Html {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="table">
    <table class="stack">
      <caption>
        Requests, and the time that the two ends took of each (medians)
      </caption>
      <thead>
        <tr>
          <th scope="col">Path</th>
          <th scope="col">Measured</th>
          <th scope="col">Lost</th>
          <th scope="col">Warm-up</th>
          <th scope="col">Server processing</th>
          <th scope="col">Send call</th>
          <th scope="col">Jitter</th>
        </tr>
      </thead>
      <tbody>
        ${paths.map(
          (path) =>
            html`<tr>
              <th scope="row">
                ${path.label}<br /><span class="soft"
                  >${path.host}:${path.port}${path.description === null ? '' : `, ${path.description}`}</span
                >
              </th>
              <td data-head="measured">${grouped(path.measuredCount)}</td>
              <td data-head="lost">${lostText(path)}</td>
              <td data-head="warm-up discarded">${grouped(path.warmupCount)}</td>
              <td class="figure" data-head="server processing">
                ${withUnit(medianText(path.serverProcessing, scale.serverProcessing), scale.serverProcessing)}
              </td>
              <td class="figure" data-head="send call">
                ${withUnit(medianText(path.sendCall, scale.sendCall), scale.sendCall)}
              </td>
              <td class="figure" data-head="jitter">
                ${withUnit(bare(path.latency.jitter, scale.latency), scale.latency)}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** The settings, as names and values. */
export function settingsList(settings: Readonly<Record<string, unknown>>): Html {
  return html`<dl>
    ${settingsInWords(settings).map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

function lostText({ lostCount, lostByReason }: PathAnalysis): string {
  if (lostCount === 0) return '0';
  const reasons = Object.entries(lostByReason).map(
    ([reason, count]) => `${grouped(count)} ${reason}`,
  );
  return `${grouped(lostCount)} (${reasons.join(', ')})`;
}
