/** The tables of figures in the HTML report: quantiles of latency, and set-up times. */
import type { Analysis } from './analysis.ts';
import type { Comparison, Metric, MetricValue } from './comparison.ts';
import {
  bare,
  bareInterval,
  grouped,
  metricNames,
  needsText,
  ratioText,
  rulerOf,
  setupEventOf,
  setupNames,
  signedEstimate,
  symbol,
  typicalText,
  withUnit,
  type Ruler,
  type Scale,
} from './figures.ts';
import { html, type Hole, type Html } from './markup.ts';
import { setupEvents, type PathAnalysis } from './path-analysis.ts';
import { verdictWord } from './words.ts';

/** Each metric of latency: every path's value, and what separates it from the first. */
export function quantileTable(analysis: Analysis, scale: Scale): Html {
  const { metrics, paths } = analysis;
  if (paths.length === 1) return singleQuantiles(paths[0], scale);
  const shown = metrics.filter(({ id }) => setupEventOf(id) === null);
  return html`${
    shown.length === 0
      ? html`<p class="note">Nothing was measured.</p>`
      : metricTable(
          shown,
          scale,
          `Latency, ${symbol(scale.latency.unit)}, with 95 % intervals from resampling rounds`,
        )
  }`;
}

/** Set-up times of each path, apart from latency. */
export function setupTable({ metrics, paths }: Analysis, scale: Scale): Html {
  const shown = metrics.filter(({ id }) => setupEventOf(id) !== null);
  if (paths.length > 1 && shown.length > 0)
    return metricTable(
      shown,
      scale,
      'Medians of what happens once a connection, with 95 % intervals',
    );
  return html`<div class="scroll" tabindex="0" role="group" aria-label="table">
    <table>
      <caption>
        Median with its 95 % interval, or what was seen of it
      </caption>
      <thead>
        <tr>
          <th scope="col">Event</th>
          ${paths.map(({ label }) => html`<th scope="col">${label}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${setupEvents.map(
          (event) =>
            html`<tr>
              <th scope="row">${setupNames[event]}</th>
              ${paths.map(
                ({ setup }) =>
                  html`<td class="figure">
                    ${withUnit(typicalText(setup[event], scale.setup[event]), scale.setup[event])}
                  </td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** With two paths the difference has a column; with more it stands under each value, or the table would not fit. */
function metricTable(metrics: readonly Metric[], scale: Scale, caption: string): Html {
  const labels = metrics[0]?.values.map(({ path }) => path) ?? [];
  const [first, second] = labels;
  const apart = labels.length === 2;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="table">
    <table class="stack">
      <caption>
        ${caption}${apart ? '' : `; below it the difference from ${first ?? ''}`}
      </caption>
      <thead>
        <tr>
          <th scope="col">Metric</th>
          ${labels.map((label) => html`<th scope="col">${label}</th>`)}
          ${apart ? html`<th scope="col">${second} against ${first}</th>` : null}
        </tr>
      </thead>
      <tbody>
        ${metrics.map((metric) => metricRow(metric, scale, apart))}
      </tbody>
    </table>
  </div>`;
}

function metricRow(metric: Metric, scale: Scale, apart: boolean): Html {
  const ruler = rulerOf(metric.id, scale);
  const unit = setupEventOf(metric.id) === null ? '' : `, ${symbol(ruler.unit)}`;
  const differenceOf = ({ path, count }: MetricValue): Html | null => {
    const comparison = metric.comparisons.find((candidate) => candidate.path === path);
    return comparison === undefined ? null : differenceText(comparison, count, ruler, apart);
  };
  const last = metric.values.at(-1);
  return html`<tr>
    <th scope="row">${metricNames[metric.id]}${unit}</th>
    ${metric.values.map((value) => {
      const below = apart || value.estimate === null ? null : differenceOf(value);
      return html`<td class="figure" data-head="${value.path}">
        ${valueText(value, ruler)}${below === null ? null : html`<br />${below}`}
      </td>`;
    })}
    ${
      apart && last !== undefined
        ? html`<td class="figure" data-head="difference">${differenceOf(last)}</td>`
        : null
    }
  </tr>`;
}

function valueText({ estimate, needs, count }: MetricValue, ruler: Ruler): Html {
  return estimate === null
    ? html`<i>${count === 0 || needs === null ? '–' : needsText(needs, { count })}</i>`
    : html`${bare(estimate.value, ruler)} <i>${bareInterval(estimate.interval, ruler)}</i>`;
}

function differenceText(
  comparison: Comparison,
  count: number,
  ruler: Ruler,
  onOneLine: boolean,
): Html {
  const { difference, verdict } = comparison;
  const word = verdictWord(comparison, count);
  if (difference === null) return html`<i>${count === 0 ? '–' : word}</i>`;
  const said = verdict === 'no-difference' ? word : `${ratioText(comparison, ruler)}, ${word}`;
  const between = onOneLine ? ' ' : html`<br />`;
  return html`${signedEstimate(difference, ruler)}${between}<i>${said}</i>`;
}

function singleQuantiles(path: PathAnalysis | undefined, scale: Scale): Html {
  if (path === undefined) return html``;
  const { latency } = path;
  const row = (name: string, value: Hole, interval: Hole): Html =>
    html`<tr>
      <th scope="row">${name}</th>
      <td class="figure">${value}</td>
      <td class="figure"><i>${interval}</i></td>
    </tr>`;
  const ruler = scale.latency;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="table">
    <table>
      <caption>
        Latency, ${symbol(ruler.unit)}, of ${grouped(latency.count)} requests; intervals by order
        statistics
      </caption>
      <thead>
        <tr>
          <th scope="col">Metric</th>
          <th scope="col">Value</th>
          <th scope="col">95 % interval</th>
        </tr>
      </thead>
      <tbody>
        ${row('min', bare(latency.min, ruler), '')}${latency.quantiles.map(
          ({ p, value, interval, needsCount }) => {
            const name = `p${Number((p * 100).toFixed(3))}`;
            return value === null || interval === null
              ? row(name, '–', needsText({ count: needsCount, rounds: 1 }, latency))
              : row(name, bare(value, ruler), bareInterval(interval, ruler));
          },
        )}${row('max', bare(latency.max, ruler), '')}${row('mean', bare(latency.mean, ruler), '')}
      </tbody>
    </table>
  </div>`;
}
